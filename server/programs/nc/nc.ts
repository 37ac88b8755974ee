import { SECOND } from "../../sim/kernel/index.ts";
import { Errno, type Process, type Program } from "../../sim/host/index.ts";
import { ConnectFailed, connectTcp, findLink, namespaceOf, UdpSocket, type TcpSocket } from "../../sim/net/index.ts";
import { getaddrinfo, numericAddress, type Family } from "../netdb/getaddrinfo.ts";
import { errorWords, gaiWords } from "../netdb/libc.ts";
import { serviceByName, serviceByPort } from "../netdb/services.ts";
import { parseOptions } from "../options.ts";
import { TIMED_OUT, within } from "../sockets/within.ts";
import { converse, fail } from "./converse.ts";
import { listen } from "./listen.ts";
import { NC_FLAGS, SUMMARY, USAGE, type NcOptions } from "./options.ts";
import { overUnix } from "./unix.ts";

/** netcat-openbsd, as Debian and Ubuntu have it. */
export const nc: Program = {
  name: "nc",
  summary: "TCP/IP swiss army knife",
  async run(process, args) {
    const given = parseOptions(NC_FLAGS, args);
    if ("notSimulated" in given) {
      await process.error(`drydock: nc: '${given.notSimulated}' is not simulated\n`);
      return 64;
    }
    if ("problem" in given) {
      await process.error(`nc: ${given.problem}\n${USAGE}`);
      return 1;
    }
    if (given.has("help")) {
      const version = process.machine.row.profile === "debian12" ? "1.219-1" : "1.226-1ubuntu2";
      await process.error(`OpenBSD netcat (Debian patchlevel ${version})\n${USAGE}${SUMMARY}`);
      return 0;
    }
    const wrong = contradiction(given);
    if (wrong !== undefined) return fail(process, wrong);
    if (given.has("proxyProtocol")) {
      await process.error("drydock: nc: '-X' is not simulated\n");
      return 64;
    }
    if (given.has("unix")) return overUnix(process, given);
    if (given.has("listen")) return listenWith(process, given);
    const [host, ...ports] = given.operands;
    if (host === undefined) {
      await process.error(USAGE);
      return 1;
    }
    if (ports.length === 0) return fail(process, "missing port number");
    return new Client(process, given, host).run(ports);
  },
};

/** Options whose value is a number, as messages call them. */
const NUMBERS = [["wait", "timeout"], ["interval", "interval"], ["quit", "quit timer"]] as const; // prettier-ignore

/** What is said of options that make no sense, alone or together; undefined if they do. */
function contradiction(given: NcOptions): string | undefined {
  for (const [flag, word] of NUMBERS) {
    const text = given.value(flag);
    if (text === undefined || /^\d+$/.test(text)) continue;
    if (flag === "quit" && /^-\d+$/.test(text)) continue;
    return /^-\d+$/.test(text) ? `${word} too small: ${text}` : `${word} invalid: ${text}`;
  }
  if (given.has("routing")) return "no alternate routing table support available";
  if (!/^(?:4|5|connect)$/i.test(given.value("proxyProtocol") ?? "5")) return "unsupported proxy protocol";
  if (given.has("listen") && given.has("zero")) return "cannot use -z and -l";
  if (!given.has("listen") && given.has("keep")) return "must use -l with -k";
  return given.has("unix") && given.operands.length === 0 ? "missing socket pathname" : undefined;
}

async function listenWith(process: Process, given: NcOptions): Promise<number> {
  const [first, second] = given.operands;
  const [source, local] = [given.value("source"), given.value("port")];
  if (first !== undefined && second === undefined && (source !== undefined || local !== undefined)) {
    await process.error(USAGE);
    return 1;
  }
  const port = second ?? first ?? local;
  const host = second === undefined ? source : first;
  if (port === undefined) return fail(process, "missing port number");
  const number = /^\d+$/.test(port) ? Number(port) & 0xffff : serviceByName(process.host, port, given.has("udp") ? "udp" : "tcp")?.port; // prettier-ignore
  if (number === undefined) return fail(process, "getaddrinfo: Servname not supported for ai_socktype");
  if (host === undefined) return listen(process, given, undefined, number);
  const family: Family | undefined = given.has("four") ? 4 : given.has("six") ? 6 : undefined;
  const found = await getaddrinfo(process, host, family);
  if (found.failure !== undefined) return fail(process, `getaddrinfo: ${gaiWords(process.host, found.failure)}`);
  return listen(process, given, found.addresses[0], number);
}

class Client {
  readonly #process: Process;
  readonly #given: NcOptions;
  readonly #host: string;

  constructor(process: Process, given: NcOptions, host: string) {
    this.#process = process;
    this.#given = given;
    this.#host = host;
  }

  async run(texts: readonly string[]): Promise<number> {
    const process = this.#process;
    const given = this.#given;
    const local = given.value("port");
    if (local !== undefined && !/^\d+$/.test(local) && !serviceByName(process.host, local, "tcp"))
      return fail(process, "getaddrinfo: Servname not supported for ai_socktype");
    const ports: number[] = [];
    for (const text of texts) {
      const some = this.#ports(text);
      if (typeof some === "string") return fail(process, some);
      ports.push(...some);
    }
    const family: Family | undefined = given.has("four") ? 4 : given.has("six") ? 6 : undefined;
    const numeric = numericAddress(this.#host);
    if (given.has("numeric") && numeric === undefined)
      return fail(process, `getaddrinfo for host "${this.#host}" port ${ports[0]}: Name or service not known`);
    const found = await getaddrinfo(process, this.#host, family);
    if (found.failure !== undefined)
      return fail(
        process,
        `getaddrinfo for host "${this.#host}" port ${ports[0]}: ${gaiWords(process.host, found.failure)}`,
      );
    let code = 1;
    for (const port of ports) {
      const connected = given.has("udp")
        ? await this.#udp(found.addresses, port)
        : await this.#tcp(found.addresses, port);
      if (connected) code = 0;
      else if (given.has("udp")) code = 1;
    }
    return code;
  }

  /** `80`, `http`, `79-81` (build_ports). */
  #ports(text: string): number[] | string {
    const protocol = this.#given.has("udp") ? "udp" : "tcp";
    const service = /^\d/.test(text) ? undefined : serviceByName(this.#process.host, text, protocol);
    if (service) return [service.port];
    const ends = /^(\d[^-]*)-(.*)$/.exec(text);
    const numbers: number[] = [];
    for (const end of ends ? [ends[1]!, ends[2]!] : [text]) {
      if (!/^\d+$/.test(end)) return `port number invalid: ${end}`;
      if (Number(end) > 65_535) return `port number too large: ${end}`;
      if (Number(end) < 1) return `port number too small: ${end}`;
      numbers.push(Number(end));
    }
    if (!ends) return numbers;
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
    const all = Array.from({ length: high - low + 1 }, (_, at) => low + at);
    if (this.#given.has("random")) all.sort(() => this.#process.kernel.random.below("nc", 3) - 1);
    return all;
  }

  /** The host as it stands in messages: a name with the address that was tried. */
  #shown(address: string): string {
    return this.#host === address ? address : `${this.#host} (${address})`;
  }

  async #tcp(addresses: readonly string[], port: number): Promise<boolean> {
    const process = this.#process;
    const given = this.#given;
    const wait = given.value("wait") === undefined ? Infinity : Number(given.value("wait")) * SECOND || Infinity;
    for (const address of addresses) {
      let socket: TcpSocket;
      try {
        const opened = await within(process, wait, () => connectTcp(process, { to: address, port, ...this.#from() }));
        if (opened === TIMED_OUT) {
          await this.#told(
            `connect to ${this.#shown(address)} port ${port} (tcp) timed out: Operation now in progress`,
          );
          continue;
        }
        socket = opened;
      } catch (error) {
        if (!(error instanceof ConnectFailed)) throw error;
        if (error.code === "EADDRNOTAVAIL" && given.value("source") !== undefined) return this.#unbound(error.code);
        await this.#told(
          `connect to ${this.#shown(address)} port ${port} (tcp) failed: ${errorWords(process.host, error.code)}`,
        );
        continue;
      }
      const fd = process.fds.add(socket, 3);
      await this.#succeeded(address, port, "tcp");
      if (!given.has("zero")) await converse(process, socket, given);
      process.fds.close(fd);
      return true;
    }
    return false;
  }

  async #unbound(code: "EADDRNOTAVAIL"): Promise<false> {
    await this.#process.error(`nc: bind failed: ${errorWords(this.#process.host, code)}\n`);
    return false;
  }

  #from(): { from?: { address?: string; port?: number }; device?: string } {
    const source = this.#given.value("source");
    const port = this.#given.value("port");
    if (source !== undefined && findLink(namespaceOf(this.#process), source)) return { device: source };
    if (source === undefined && port === undefined) return {};
    return {
      from: {
        ...(source === undefined ? {} : { address: source }),
        ...(port === undefined ? {} : { port: Number(port) }),
      },
    };
  }

  async #udp(addresses: readonly string[], port: number): Promise<boolean> {
    const process = this.#process;
    const given = this.#given;
    const [address] = addresses as [string];
    let socket: UdpSocket;
    try {
      socket = UdpSocket.connected(process, { to: address, port, ...this.#from() });
    } catch (error) {
      if (!(error instanceof Errno) || error.code === "EINTR") throw error;
      await this.#told(
        `connect to ${this.#shown(address)} port ${port} (udp) failed: ${errorWords(process.host, error.code)}`,
      );
      return false;
    }
    const fd = process.fds.add(socket, 3);
    try {
      if (given.has("verbose")) {
        if (!(await this.#probe(socket))) return false;
        await this.#succeeded(address, port, "udp");
      }
      if (!given.has("zero")) await converse(process, socket, given);
      return true;
    } finally {
      process.fds.close(fd);
    }
  }

  /** Two datagrams, then one each second as long as -w says, else three; a port that is closed answers by ICMP (udptest). */
  async #probe(socket: UdpSocket): Promise<boolean> {
    const wait = this.#given.value("wait");
    const seconds = wait === undefined ? 3 : Number(wait);
    for (let count = 0; count < 2 + seconds; count++) {
      try {
        if (count >= 2) await this.#process.sleep(SECOND);
        socket.send("X");
        if (socket.readable) await socket.receive(this.#process, 0);
      } catch (error) {
        if (error instanceof Errno && error.code !== "EINTR") return false;
        throw error;
      }
    }
    return true;
  }

  async #told(words: string): Promise<void> {
    if (this.#given.has("verbose")) await this.#process.error(`nc: ${words}\n`);
  }

  async #succeeded(address: string, port: number, protocol: "tcp" | "udp"): Promise<void> {
    if (!this.#given.has("verbose")) return;
    const service = this.#given.has("numeric") ? undefined : serviceByPort(this.#process.host, port, protocol);
    await this.#process.error(
      `Connection to ${this.#shown(address)} ${port} port [${protocol}/${service?.name ?? "*"}] succeeded!\n`,
    );
  }
}
