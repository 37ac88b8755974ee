import { SECOND } from "../../../sim/kernel/index.ts";
import { Errno, type Process } from "../../../sim/host/index.ts";
import {
  decodeDns,
  dnsQuery,
  encodeDns,
  parseResolvConf,
  UdpSocket,
  type DnsMessage,
  type DnsRecord,
  type RecordType,
} from "../../../sim/net/index.ts";
import { getaddrinfo, numericAddress } from "../../netdb/getaddrinfo.ts";
import { reverseName } from "../../netdb/getnameinfo.ts";
import { errorWords } from "../../netdb/libc.ts";
import type { Applet, AppletCall } from "../applet.ts";
import { dotted } from "../resolve.ts";
import { oldNslookup } from "./nslookup-old.ts";

const TYPES: readonly RecordType[] = ["SOA", "NS", "A", "AAAA", "CNAME", "MX", "TXT", "PTR", "SRV", "ANY"];
const RETRIES = 2;
const TIMEOUT = 5 * SECOND;

/** networking/nslookup.c */
export const nslookup: Applet = {
  // Its options look like long ones with a single dash, so that it takes them apart itself.
  options: "",
  split: (args) => ({ options: args.filter((word) => !word.startsWith("-")), rest: args }),
  usage: (version) =>
    version.isAtLeast("1.29")
      ? `[-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]

Query DNS about HOST

QUERY_TYPE: soa,ns,a,aaaa,cname,mx,txt,ptr,srv,any`
      : `[HOST] [SERVER]

Query the nameserver for the IP address of the given HOST
optionally using a specified DNS server`,
  run,
};

async function run(call: AppletCall, words: readonly string[]): Promise<number> {
  if (!call.version.isAtLeast("1.29")) return oldNslookup(call);
  const types: RecordType[] = [];
  const operands: string[] = [];
  let port = 53;
  for (const word of words) {
    if (!word.startsWith("-")) {
      operands.push(word);
      continue;
    }
    const [, name, value] = /^--?([a-z]+)(?:=(.*))?$/.exec(word) ?? [];
    if (name === undefined) return call.usage();
    if ("type".startsWith(name) || "querytype".startsWith(name)) {
      const type = TYPES.find((one) => one === (value ?? "").toUpperCase());
      if (!type) return call.die(`invalid query type "${value ?? ""}"`);
      types.push(type);
    } else if (name === "port") port = Number(value);
    else if (name === "debug" || name === "stats") return call.notSimulated(word);
    else if (name !== "timeout" && name !== "retry") return call.usage();
  }
  const [host, server] = operands;
  if (host === undefined || operands.length > 2) return call.usage();
  return new Lookup(call, port).run(host, server, types);
}

interface Query {
  readonly name: string;
  readonly type: RecordType;
  readonly message: DnsMessage;
  reply?: DnsMessage;
}

class Lookup {
  readonly #call: AppletCall;
  readonly #process: Process;
  readonly #port: number;

  constructor(call: AppletCall, port: number) {
    this.#call = call;
    this.#process = call.process;
    this.#port = port;
  }

  async run(host: string, server: string | undefined, types: readonly RecordType[]): Promise<number> {
    const process = this.#process;
    const { nameservers, search } = parseResolvConf(process.host.readText("/etc/resolv.conf") ?? "");
    let servers = nameservers;
    if (server !== undefined) {
      const found = await getaddrinfo(process, server);
      if (found.failure !== undefined) return this.#call.die(`bad address '${server}'`);
      servers = found.addresses.slice(0, 1);
    }
    const queries = this.#queries(host, types, search);
    let answered: string | undefined;
    for (const address of servers) {
      if (await this.#ask(address, queries)) {
        answered = address;
        break;
      }
    }
    if (answered === undefined) {
      await process.print(";; connection timed out; no servers could be reached\n\n");
      return 1;
    }
    await process.print(`Server:\t\t${server ?? answered}\nAddress:\t${dotted(answered, this.#port)}\n\n`);
    let code = 0;
    for (const query of queries) {
      const text = replyText(query);
      await process.print(`${text}\n`);
      if (query.reply?.rcode !== "NOERROR") code = 1;
    }
    return code;
  }

  /** Names without a dot are looked for in all domains of the search list, and nowhere else. */
  #queries(host: string, types: readonly RecordType[], search: readonly string[]): Query[] {
    const address = numericAddress(host);
    const wanted: readonly RecordType[] = types.length > 0 ? types : address === undefined ? ["A", "AAAA"] : ["PTR"];
    return wanted.flatMap((type) => {
      const plain = address !== undefined && type === "PTR" ? reverseName(address).replace(/\.$/, "") : host;
      const searched =
        type === "PTR" || plain.includes(".") || search.length === 0
          ? [plain]
          : search.map((domain) => `${plain}.${domain}`);
      return searched.map((name): Query => {
        const id = this.#process.kernel.random.below(`dns/${this.#process.machine.name}`, 0x10000);
        return { name: name.replace(/\.$/, ""), type, message: dnsQuery(id, name, type) };
      });
    });
  }

  /** Sends all queries at once, and again as long as some are open. False if the server gave no answer at all. */
  async #ask(address: string, queries: readonly Query[]): Promise<boolean> {
    const process = this.#process;
    let socket: UdpSocket;
    try {
      socket = UdpSocket.connected(process, { to: address, port: this.#port });
    } catch (error) {
      return this.#failed(address, error, "connect to");
    }
    const fd = process.fds.add(socket, 3);
    const started = process.kernel.now;
    try {
      for (let round = 1; round <= RETRIES; round++) {
        for (const query of queries) if (!query.reply) socket.send(encodeDns(query.message));
        const until = started + (TIMEOUT * round) / RETRIES;
        while (queries.some(({ reply }) => !reply)) {
          const datagram = await socket.receive(process, until - process.kernel.now);
          if (!datagram) break;
          const reply = decodeDns(datagram.bytes);
          const query = queries.find(({ message }) => message.id === reply?.id);
          if (query && reply) query.reply = reply;
        }
        if (queries.every(({ reply }) => reply)) return true;
      }
      return queries.some(({ reply }) => reply);
    } catch (error) {
      return this.#failed(address, error, "write to");
    } finally {
      process.fds.close(fd);
    }
  }

  async #failed(address: string, error: unknown, doing: string): Promise<false> {
    if (!(error instanceof Errno) || error.code === "EINTR") throw error;
    await this.#process.error(`nslookup: ${doing} '${address}': ${errorWords(this.#process.host, error.code)}\n`);
    return false;
  }
}

function replyText({ name, reply }: Query): string {
  if (!reply) return `*** Can't find ${name}: No answer\n`;
  if (reply.rcode !== "NOERROR") return `** server can't find ${name}: ${reply.rcode}\n`;
  const heading = reply.authoritative ? "" : "Non-authoritative answer:\n";
  return heading + reply.answers.map(recordText).join("");
}

function recordText(record: DnsRecord): string {
  const bare = (text: string): string => text.replace(/\.$/, "");
  const name = bare(record.name);
  switch (record.type) {
    case "A":
    case "AAAA":
      return `Name:\t${name}\nAddress: ${record.address}\n`;
    case "CNAME":
      return `${name}\tcanonical name = ${bare(record.target)}\n`;
    case "PTR":
      return `${name}\tname = ${bare(record.target)}\n`;
    case "NS":
      return `${name}\tnameserver = ${bare(record.target)}\n`;
    case "MX":
      return `${name}\tmail exchanger = ${record.preference} ${bare(record.target)}\n`;
    case "SRV":
      return `${name}\tservice = ${record.priority} ${record.weight} ${record.port} ${bare(record.target)}\n`;
    case "TXT":
      return `${name}\ttext = "${record.texts.join("")}"\n`;
    case "SOA":
      return `${name}\n\torigin = ${bare(record.mname)}\n\tmail addr = ${bare(record.rname)}\n\tserial = ${record.serial}\n\trefresh = ${record.refresh}\n\tretry = ${record.retry}\n\texpire = ${record.expire}\n\tminimum = ${record.minimum}\n`; // prettier-ignore
    default:
      return "";
  }
}
