import { MILLISECOND } from "../../sim/kernel/index.ts";
import type { Process, Program } from "../../sim/host/index.ts";
import { dnsQuery, parseAddress, type DnsRecord, type RecordType } from "../../sim/net/index.ts";
import { parseOptions, type Flags, type Options } from "../options.ts";
import { askServers, type Reply } from "./exchange.ts";
import { searchNames } from "./search.ts";
import { illegalName } from "./legal-name.ts";
import { bindConfiguration, namedServers, serversOf, type NameServer } from "./servers.ts";
import { dataText, headerText, questionText, RCODE_NUMBERS, recordText, reverseOf } from "./text.ts";
import { recordType, typeText } from "./types.ts";
import { bindVersion } from "./version.ts";

const FLAGS = {
  all: { short: "a" },
  allButDnssec: { short: "A" },
  class: { short: "c", arg: "class", simulated: false },
  compare: { short: "C", simulated: false },
  debug: { short: "dv" },
  list: { short: "l", simulated: false },
  memory: { short: "m", arg: "flag" },
  ndots: { short: "N", arg: "ndots" },
  port: { short: "p", arg: "port" },
  nonRecursive: { short: "r" },
  retries: { short: "R", arg: "number" },
  servfailStops: { short: "s" },
  type: { short: "t", arg: "type" },
  tcp: { short: "T" },
  udp: { short: "U" },
  version: { short: "V" },
  forever: { short: "w" },
  wait: { short: "W", arg: "time" },
  four: { short: "4" },
  six: { short: "6" },
  ignored: { short: "in" },
} as const satisfies Flags;

const USAGE = `Usage: host [-aCdilrTvVw] [-c class] [-N ndots] [-t type] [-W time]
            [-R number] [-m flag] [-p port] hostname [server]
       -a is equivalent to -v -t ANY
       -A is like -a but omits RRSIG, NSEC, NSEC3
       -c specifies query class for non-IN data
       -C compares SOA records on authoritative nameservers
       -d is equivalent to -v
       -l lists all hosts in a domain, using AXFR
       -m set memory debugging flag (trace|record|usage)
       -N changes the number of dots allowed before root lookup is done
       -p specifies the port on the server to query
       -r disables recursive processing
       -R specifies number of retries for UDP packets
       -s a SERVFAIL response should stop query
       -t specifies the query type
       -T enables TCP/IP mode
       -U enables UDP mode
       -v enables verbose output
       -V print version number and exit
       -w specifies to wait forever for a reply
       -W specifies how long to wait for a reply
       -4 use IPv4 query transport only
       -6 use IPv6 query transport only
`;

/** bind's host. */
export const host: Program = {
  name: "host",
  summary: "DNS lookup utility",
  async run(process, args) {
    const parsed = parseOptions(FLAGS, args);
    if ("notSimulated" in parsed) {
      await process.error(`drydock: host: '${parsed.notSimulated}' is not simulated\n`);
      return 64;
    }
    if ("problem" in parsed) {
      await process.error(
        `host: ${parsed.problem.replace(/'(.)'$/, "$1").replace(/^invalid option/, "illegal option")}\n${USAGE}`,
      );
      return 1;
    }
    if (parsed.has("version")) {
      await process.error(`host ${bindVersion(process)}\n`);
      return 0;
    }
    const [name, server] = parsed.operands;
    if (name === "-") {
      await process.error(`host: illegal option -- -\n${USAGE}`);
      return 1;
    }
    if (name === undefined) {
      await process.error(USAGE);
      return 1;
    }
    return new HostLookup(process, parsed).run(name, server);
  },
};

type Given = Options<keyof typeof FLAGS>;

class HostLookup {
  readonly #process: Process;
  readonly #given: Given;
  readonly #verbose: boolean;
  readonly #type: RecordType | undefined;
  #servers: readonly NameServer[];
  #unknownType: string | undefined;
  /** Said once, before what the server answers. */
  #heading = "";

  constructor(process: Process, given: Given) {
    this.#process = process;
    this.#given = given;
    this.#verbose = given.has("debug") || given.has("all") || given.has("allButDnssec");
    const type = given.value("type");
    this.#type =
      given.has("all") || given.has("allButDnssec") ? "ANY" : type === undefined ? undefined : recordType(type);
    if (type !== undefined && this.#type === undefined) this.#unknownType = type;
    const family = given.has("six") ? 6 : given.has("four") ? 4 : undefined;
    this.#servers = serversOf(process, bindConfiguration(process), family);
  }

  async run(text: string, server: string | undefined): Promise<number> {
    const process = this.#process;
    if (bindConfiguration(process).malformed) {
      await process.error("host: parse of /etc/resolv.conf failed\n");
      return 1;
    }
    if (this.#unknownType !== undefined) {
      await process.error(`host: invalid type: ${this.#unknownType}\n\n`);
      return 2;
    }
    if (server !== undefined) {
      this.#servers = await namedServers(process, server);
      const [first] = this.#servers;
      if (!first) {
        await process.error(`host: couldn't get address for '${server}': not found\n`);
        return 1;
      }
      this.#heading = `Using domain server:\nName: ${first.name}\nAddress: ${first.address}#${this.#port}\nAliases: \n\n`;
    }
    const illegal =
      text === "" ? { words: "'' is not in legal name syntax (unexpected end of input)" } : illegalName(text);
    if (illegal) {
      await process.error(`host: ${illegal.words.replace("is not a legal name", "is not in legal name syntax")}\n`);
      return 1;
    }
    const reverse = parseAddress(text) !== undefined;
    const configuration = bindConfiguration(process);
    const ndots = this.#given.value("ndots");
    const settings = { ...configuration, ...(ndots === undefined ? {} : { ndots: Number(ndots) }) };
    const names = reverse ? [reverseOf(text)] : searchNames(text, settings);
    const type = reverse ? "PTR" : (this.#type ?? "A");
    for (const [at, name] of names.entries()) {
      const reply = await this.#ask(name, type);
      if (!reply) return 1;
      const { rcode } = reply.message;
      if (rcode === "NXDOMAIN" && at < names.length - 1) continue;
      if (rcode !== "NOERROR") {
        const shown = reverse ? (text.includes(":") ? name.replace(/\.$/, "") : name) : text;
        await this.#head();
        await process.print(`Host ${shown} not found: ${RCODE_NUMBERS[rcode] ?? rcode.slice(5)}(${rcode})\n`);
        if (this.#verbose) await process.print(this.#receipt(reply));
        return 1;
      }
      return this.#found(reply, name, reverse);
    }
    return 1;
  }

  get #port(): number {
    return Number(this.#given.value("port") ?? 53);
  }

  async #found(reply: Reply, name: string, reverse: boolean): Promise<number> {
    await this.#head();
    await this.#show(reply, name);
    if (this.#type !== undefined || reverse) return 0;
    const aliases = reply.message.answers.flatMap((record) => (record.type === "CNAME" ? [record.target] : []));
    const target = aliases.at(-1) ?? name;
    for (const type of ["AAAA", "MX"] as const) {
      const more = await this.#ask(target, type);
      if (!more) return 1;
      if (more.message.rcode === "NOERROR") await this.#show(more, target, true);
    }
    return 0;
  }

  /** Which server answers, once. */
  async #head(): Promise<void> {
    await this.#process.print(this.#heading);
    this.#heading = "";
  }

  #receipt({ size, server, time }: Reply): string {
    return `Received ${size} bytes from ${server.address}#${this.#port} in ${Math.floor(time / MILLISECOND)} ms\n`;
  }

  async #show(reply: Reply, name: string, more = false): Promise<void> {
    const { message } = reply;
    if (this.#verbose) {
      const section = (title: string, records: readonly DnsRecord[]): string => (records.length === 0 ? "" : `;; ${title} SECTION:\n${records.map((record) => `${recordText(record)}\n`).join("")}\n`); // prettier-ignore
      await this.#process.print(
        `${headerText(message, message.edns !== undefined)}\n;; QUESTION SECTION:\n${message.questions.map((question) => `${questionText(question)}\n`).join("")}\n${section("ANSWER", message.answers)}${section("AUTHORITY", message.authorities)}${section("ADDITIONAL", message.additionals)}`,
      );
      await this.#process.print(this.#receipt(reply));
      return;
    }
    await this.#process.print(message.answers.map((record) => `${sentence(record)}\n`).join(""));
    if (message.answers.length === 0 && !more && this.#type !== undefined)
      await this.#process.print(`${name.replace(/\.$/, "")} has no ${typeText(this.#type)} record\n`);
  }

  async #ask(name: string, type: RecordType): Promise<Reply | undefined> {
    const process = this.#process;
    const { attempts, timeout } = bindConfiguration(process);
    const id = process.kernel.random.below(`dig/${process.machine.name}`, 0x10000);
    if (this.#verbose) await process.print(`Trying "${name.replace(/\.$/, "")}"\n`);
    const retries = this.#given.value("retries");
    const wait = this.#given.value("wait");
    const reply = await askServers(
      process,
      this.#servers,
      dnsQuery(id, name, type, { recursionDesired: !this.#given.has("nonRecursive") }),
      {
        port: this.#port,
        tcp: this.#given.has("tcp") || type === "ANY",
        tries: retries === undefined ? (attempts ?? 2) : Number(retries) + 1,
        timeout: this.#given.has("forever") ? 86_400 : wait === undefined ? (timeout ?? 5) : Number(wait),
        comment: (text) => process.print(`;; ${text}\n`),
        label: name.replace(/\.$/, ""),
      },
    );
    if (typeof reply !== "string") {
      return reply;
    }
    await process.print(";; no servers could be reached\n");
    return undefined;
  }
}

/** host.c: a record in words. */
function sentence(record: DnsRecord): string {
  const name = record.name.replace(/\.$/, "");
  switch (record.type) {
    case "A":
      return `${name} has address ${record.address}`;
    case "AAAA":
      return `${name} has IPv6 address ${record.address}`;
    case "CNAME":
      return `${name} is an alias for ${record.target}`;
    case "PTR":
      return `${name} domain name pointer ${record.target}`;
    case "MX":
      return `${name} mail is handled by ${dataText(record)}`;
    case "NS":
      return `${name} name server ${record.target}`;
    case "TXT":
      return `${name} descriptive text ${dataText(record)}`;
    default:
      return `${name} has ${typeText(record.type)} record ${dataText(record)}`;
  }
}
