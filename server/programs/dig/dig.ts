import { MILLISECOND } from "../../sim/kernel/index.ts";
import type { Process, Program } from "../../sim/host/index.ts";
import { dnsQuery, encodeDns, type DnsMessage } from "../../sim/net/index.ts";
import { strftime, zoneOf } from "../gnu/strftime.ts";
import { numericAddress, type Family } from "../netdb/getaddrinfo.ts";
import { askServers, type Reply } from "./exchange.ts";
import { applyPlus, defaultLookup, type Lookup } from "./options.ts";
import { searchNames } from "./search.ts";
import { illegalName } from "./legal-name.ts";
import { bindConfiguration, namedServers, serversOf, type BindConfiguration, type NameServer } from "./servers.ts";
import { dataText, headerText, questionText, recordText, reverseOf } from "./text.ts";
import { isClass, recordType } from "./types.ts";
import { bindVersion } from "./version.ts";

/** bind's dig. */
export const dig: Program = {
  name: "dig",
  summary: "DNS lookup utility",
  run: (process, args) => new Dig(process, args).run(),
};

const USAGE = `Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}
            {global-d-opt} host [@local-server] {local-d-opt}
            [ host [@local-server] {local-d-opt} [...]]

Use "dig -h" (or "dig -h | more") for complete list of options
`;

/** The program ends with this code; its words were said. */
class Quit extends Error {
  readonly code: number;

  constructor(code: number) {
    super();
    this.code = code;
  }
}

class Dig {
  readonly #process: Process;
  readonly #args: readonly string[];
  readonly #configuration: BindConfiguration;
  #family: Family | undefined;
  #headed = false;
  #source: string | undefined;
  #microseconds = false;
  #batch: string | undefined;
  /** Set by any word, they stand for all lookups (`short_form` and `printcmd` of dig.c). */
  #short = false;
  #cmd = true;

  constructor(process: Process, args: readonly string[]) {
    this.#process = process;
    this.#args = args;
    this.#configuration = bindConfiguration(process);
  }

  async run(): Promise<number> {
    try {
      if (this.#configuration.malformed) return await this.#fatal("parse of /etc/resolv.conf failed", 1);
      const lookups = await this.#parse();
      let code = 0;
      for (const lookup of lookups) code = Math.max(code, await this.#look(lookup));
      return code;
    } catch (error) {
      if (error instanceof Quit) return error.code;
      throw error;
    }
  }

  /** Words in turn: what stands before the first name holds for all names (dig.c parse_args). */
  async #parse(): Promise<Lookup[]> {
    const lookups: Lookup[] = [];
    const common = defaultLookup();
    await this.#words(this.#ownWords(), lookups, common);
    if (this.#batch !== undefined) await this.#readBatch(this.#batch, lookups, common);
    if (lookups.length === 0) lookups.push({ ...common, name: ".", type: common.type === "A" ? "NS" : common.type });
    for (const lookup of lookups) [lookup.short, lookup.cmd] = [this.#short, this.#cmd];
    return lookups;
  }

  /** ~/.digrc goes first, unless `-r` says otherwise. */
  #ownWords(): readonly string[] {
    const args = this.#args;
    const text =
      args[0] === "-r" ? undefined : this.#process.host.readText(`${this.#process.env["HOME"] ?? "/"}/.digrc`);
    const words = (text ?? "")
      .split("\n")
      .flatMap((line) => line.trim().split(/\s+/))
      .filter((word) => word !== "");
    return [...words, ...args];
  }

  /** `-f FILE`: a lookup in each line. */
  async #readBatch(name: string, lookups: Lookup[], common: Lookup): Promise<void> {
    const { host } = this.#process;
    const text = host.files.exists(name, this.#process) ? host.files.read(name, this.#process) : undefined;
    if (text === undefined) {
      await this.#process.error(`${name}: No such file or directory\n`);
      await this.#fatal("couldn't open specified batch file", 8);
    }
    for (const line of text!.split("\n")) {
      const words = line
        .trim()
        .split(/\s+/)
        .filter((word) => word !== "");
      if (words.length === 0 || /^[#;]/.test(words[0]!)) continue;
      const own: Lookup[] = [];
      await this.#words(words, own, { ...common });
      lookups.push(...own);
    }
  }

  async #fatal(words: string, code: number): Promise<never> {
    await this.#process.error(`dig: ${words}\n`);
    throw new Quit(code);
  }

  async #words(args: readonly string[], lookups: Lookup[], common: Lookup): Promise<void> {
    const current = (): Lookup => lookups.at(-1) ?? common;
    const typed = new Set<Lookup>();
    for (let at = 0; at < args.length; at++) {
      const word = args[at]!;
      if (word.startsWith("@")) current().server = word.slice(1);
      else if (word.startsWith("+")) await this.#plus(current(), word);
      else if (word.startsWith("-") && word.length > 1) at += await this.#dash(lookups, common, word, args[at + 1]);
      else if (/^ixfr(?:=|$)/i.test(word)) await this.#notSimulated(word);
      else {
        const type = recordType(word);
        if (type) {
          if (typed.has(current())) await this.#process.error(";; Warning, extra type option\n");
          typed.add(current());
          current().type = type;
        } else if (isClass(word)) current().class = /^ch/i.test(word) ? "CH" : "IN";
        else lookups.push({ ...common, name: word });
      }
    }
  }

  async #plus(lookup: Lookup, word: string): Promise<void> {
    const problem = applyPlus(lookup, word.slice(1));
    if (problem === undefined) {
      if (/^\+(?:no)?short$/.test(word)) this.#short = lookup.short;
      if (/^\+(?:no)?(?:cmd|all|short)$/.test(word)) this.#cmd = lookup.cmd;
      return;
    }
    if (typeof problem === "object") {
      await this.#process.error(`invalid ${problem.what} '${problem.value}': not a valid number\n`);
      await this.#fatal(`Couldn't parse ${problem.what}`, 10);
    }
    if (problem === "not simulated") return this.#notSimulated(word);
    await this.#process.error(`Invalid option: ${word}\n${USAGE}`);
    throw new Quit(1);
  }

  async #notSimulated(what: string): Promise<never> {
    await this.#process.error(`drydock: dig: '${what}' is not simulated\n`);
    throw new Quit(64);
  }

  /** An option with its value attached or in the next word; returns how many more words it took. */
  async #dash(lookups: Lookup[], common: Lookup, word: string, next: string | undefined): Promise<number> {
    const letter = word[1]!;
    const lookup = lookups.at(-1) ?? common;
    if (word === "-4" || word === "-6") {
      const other = word === "-4" ? 6 : 4;
      if (this.#family === other) await this.#fatal("only one of -4 and -6 allowed", 1);
      this.#family = word === "-4" ? 4 : 6;
      return 0;
    }
    if (word === "-h") {
      await this.#process.print(USAGE);
      throw new Quit(0);
    }
    if (word === "-v") {
      await this.#process.print(`DiG ${bindVersion(this.#process)}\n`);
      throw new Quit(0);
    }
    if (word === "-u") this.#microseconds = true;
    if (word === "-r" || word === "-u" || word === "-m" || word === "-i") return 0;
    if (!"xtcpqbfky".includes(letter)) {
      await this.#process.error(`Invalid option: ${word}\n${USAGE}`);
      throw new Quit(1);
    }
    const value = word.length > 2 ? word.slice(2) : next;
    if (value === undefined) {
      await this.#process.error(`Invalid option: ${word}\n${USAGE}`);
      throw new Quit(1);
    }
    const took = word.length > 2 ? 0 : 1;
    switch (letter) {
      case "x":
        lookups.push({ ...common, name: reverseOf(value), type: "PTR", reverse: true });
        break;
      case "q":
        lookups.push({ ...common, name: value });
        break;
      case "t": {
        const type = recordType(value);
        if (type) lookup.type = type;
        else await this.#process.error(`;; Warning, ignoring invalid type ${value}\n`);
        break;
      }
      case "c":
        if (isClass(value)) lookup.class = /^ch/i.test(value) ? "CH" : "IN";
        else await this.#process.error(`;; Warning, ignoring invalid class ${value}\n`);
        break;
      case "p":
        if (!/^\d+$/.test(value) || Number(value) > 65_535) {
          await this.#process.error(
            `invalid port number '${value}': ${/^\d+$/.test(value) ? "out of range" : "not a valid number"}\ndig: Couldn't parse port number\n`,
          );
          throw new Quit(1);
        }
        lookup.port = Number(value);
        break;
      case "b":
        this.#source = numericAddress(value.split("#")[0]!);
        if (this.#source === undefined) await this.#fatal(`invalid address ${value}`, 1);
        break;
      case "f":
        this.#batch = value;
        break;
      default:
        await this.#notSimulated(`-${letter}`);
    }
    return took;
  }

  async #look(lookup: Lookup): Promise<number> {
    const illegal = illegalName(lookup.name);
    if (illegal) await this.#fatal(illegal.words, illegal.code);
    const servers = await this.#servers(lookup);
    const { search, ndots } = this.#configuration;
    const searched = lookup.search || lookup.domain !== undefined;
    const list = lookup.domain === undefined ? search : [lookup.domain];
    const names = searched && !lookup.reverse ? searchNames(lookup.name, { search: list, ndots: lookup.ndots ?? ndots }) : [lookup.name]; // prettier-ignore
    for (const [at, name] of names.entries()) {
      const reply = await this.#ask(lookup, servers, name);
      if (typeof reply === "string") {
        if (reply === "silent") await this.#heading(lookup, servers);
        await this.#process.print(";; no servers could be reached\n");
        return 9;
      }
      if (lookup.type === ZONE_TRANSFER) {
        await this.#heading(lookup, servers);
        const { answers, authorities } = reply.message;
        const records = [...answers, ...authorities].map((record) => `${recordText(record)}\n`).join("");
        // Nobody hands out zones here: what comes back is no transfer.
        await this.#process.print(`${records}; Transfer failed.\n`);
        return 0;
      }
      if (reply.message.rcode === "NXDOMAIN" && at < names.length - 1) continue;
      await this.#heading(lookup, servers);
      await this.#process.print(lookup.short ? shortText(reply, lookup) : this.#text(lookup, reply));
      return 0;
    }
    return 0;
  }

  async #servers(lookup: Lookup): Promise<readonly NameServer[]> {
    if (lookup.server === undefined) return serversOf(this.#process, this.#configuration, this.#family);
    const found = await namedServers(this.#process, lookup.server, this.#family);
    if (found.length > 0) return found;
    await this.#process.error(`dig: couldn't get address for '${lookup.server}': not found\n`);
    throw new Quit(1);
  }

  async #ask(lookup: Lookup, servers: readonly NameServer[], name: string): ReturnType<typeof askServers> {
    const { random } = this.#process.kernel;
    const stream = `dig/${this.#process.machine.name}`;
    const cookie = Buffer.from(random.hex(stream, 16), "hex").toString("latin1");
    const edns = {
      udpSize: lookup.bufsize,
      dnssecOk: lookup.dnssec,
      options: lookup.cookie ? [{ code: 10, data: cookie }] : [],
    };
    const query = dnsQuery(random.below(stream, 0x10000), name, lookup.type, {
      recursionDesired: lookup.recurse,
      authenticData: lookup.adflag,
      ...(lookup.edns || lookup.dnssec ? { edns } : {}),
    });
    const asked: DnsMessage = {
      ...query,
      checkingDisabled: lookup.cdflag,
      questions: query.questions.map((question) => ({ ...question, class: lookup.class })),
    };
    const { timeout, attempts } = this.#configuration;
    if (lookup.qr) await this.#showQuery(lookup, asked);
    return askServers(this.#process, servers, asked, {
      port: lookup.port,
      tcp: lookup.tcp || lookup.type === "ANY" || lookup.type === ZONE_TRANSFER,
      tries: lookup.tries ?? attempts ?? 3,
      timeout: lookup.time ?? timeout ?? 5,
      ignoreTruncation: lookup.ignore,
      ...(this.#source === undefined ? {} : { source: this.#source }),
      comment: (text) => this.#process.print(`;; ${text}\n`),
      label: lookup.name,
    });
  }

  /** `+qr`: the query as it goes out. */
  async #showQuery(lookup: Lookup, asked: DnsMessage): Promise<void> {
    await this.#heading(lookup, await this.#servers(lookup));
    const leak = /(?:^|\.)local\.?$/i.test(lookup.name) ? LEAK : "";
    const edns = asked.edns ? ednsText(asked, "") : "";
    const question = asked.questions.map((one) => `${questionText(one)}\n`).join("");
    await this.#process.print(
      `;; Sending:\n${leak}${headerText(asked, asked.edns !== undefined)}\n${edns};; QUESTION SECTION:\n${question}\n;; QUERY SIZE: ${encodeDns(asked).length}\n\n`,
    );
  }

  /** The first lines, once: what was asked of whom. */
  async #heading(lookup: Lookup, servers: readonly NameServer[]): Promise<void> {
    if (this.#headed || !lookup.cmd) return;
    this.#headed = true;
    const found =
      lookup.server === undefined ? "" : `; (${servers.length} server${servers.length === 1 ? "" : "s"} found)\n`;
    const args = this.#args.map((word) => ` ${word}`).join("");
    await this.#process.print(
      `\n; <<>> DiG ${bindVersion(this.#process)} <<>>${args}\n${found};; global options: +cmd\n`,
    );
  }

  #text(lookup: Lookup, reply: Reply): string {
    const { message } = reply;
    let text = "";
    if (lookup.comments) {
      text += ";; Got answer:\n";
      if (/(?:^|\.)local\.?$/i.test(message.questions[0]?.name ?? "")) text += LEAK;
      text += headerText(message, message.edns !== undefined);
      if (message.recursionDesired && !message.recursionAvailable)
        text += ";; WARNING: recursion requested but not available\n";
      text += "\n";
      if (message.edns) text += ednsText(message, this.#isOurCookie(reply));
    }
    const style = { ttl: lookup.ttlid, class: lookup.class_, multiline: lookup.multiline, units: lookup.ttlunits };
    const section = (title: string, lines: readonly string[]): void => {
      if (lines.length === 0) return;
      text += `${lookup.comments ? `;; ${title} SECTION:\n` : ""}${lines.map((line) => `${line}\n`).join("")}${lookup.comments ? "\n" : ""}`;
    };
    if (lookup.question)
      section(
        "QUESTION",
        message.questions.map((one) => questionText(one, lookup.multiline)),
      );
    if (lookup.answer)
      section(
        "ANSWER",
        message.answers.map((record) => recordText(record, style)),
      );
    if (lookup.authority)
      section(
        "AUTHORITY",
        message.authorities.map((record) => recordText(record, style)),
      );
    if (lookup.additional)
      section(
        "ADDITIONAL",
        message.additionals.map((record) => recordText(record, style)),
      );
    if (lookup.stats) return text + this.#statistics(lookup, reply);
    const { server, size, time } = reply;
    const place = `${server.address}#${lookup.port}(${server.name})`;
    return lookup.identify ? `${text};; Received ${size} bytes from ${place} in ${Math.floor(time / MILLISECOND)} ms\n\n` : text; // prettier-ignore
  }

  #isOurCookie({ message }: Reply): string {
    const cookie = message.edns?.options.find(({ code }) => code === 10);
    return cookie === undefined ? "" : cookie.data.length > 8 ? " (good)" : " (echoed)";
  }

  #statistics(lookup: Lookup, { server, time, size, tcp }: Reply): string {
    const when = strftime("%a %b %d %H:%M:%S %Z %Y", this.#process.now, zoneOf(this.#process.env["TZ"]));
    const place = `${server.address}#${lookup.port}(${server.name}) (${tcp ? "TCP" : "UDP"})`;
    const took = this.#microseconds ? `${Math.round(time)} usec` : `${Math.floor(time / MILLISECOND)} msec`;
    return `;; Query time: ${took}\n;; SERVER: ${place}\n;; WHEN: ${when}\n;; MSG SIZE  rcvd: ${size}\n\n`;
  }
}

/** AXFR */
const ZONE_TRANSFER = "TYPE252";

const LEAK =
  ";; WARNING: .local is reserved for Multicast DNS\n;; You are currently testing what happens when an mDNS query is leaked to DNS\n";

function ednsText({ edns }: DnsMessage, note: string): string {
  const { udpSize, dnssecOk, options } = edns!;
  let text = `;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:${dnssecOk ? " do" : ""}; udp: ${udpSize}\n`;
  for (const { code, data } of options) {
    const hex = Buffer.from(data, "latin1").toString("hex");
    text += code === 10 ? `; COOKIE: ${hex}${note}\n` : `; OPT=${code}: ${hex.replace(/../g, "$& ").trimEnd()}\n`;
  }
  return text;
}

function shortText({ message, server, time }: Reply, lookup: Lookup): string {
  const from = lookup.identify ? ` from server ${server.address} in ${Math.floor(time / MILLISECOND)} ms.` : "";
  return message.answers.map((record) => `${dataText(record)}${from}\n`).join("");
}
