import { decode } from "../../sim/kernel/index.ts";
import { LineInput, type Process, type Program } from "../../sim/host/index.ts";
import { dnsQuery, type DnsMessage, type DnsRecord, type RecordType } from "../../sim/net/index.ts";
import { numericAddress } from "../netdb/getaddrinfo.ts";
import { askServers, type Reply } from "./exchange.ts";
import { illegalName } from "./legal-name.ts";
import { searchNames } from "./search.ts";
import { bindConfiguration, namedServers, type NameServer } from "./servers.ts";
import { dataText, escapedName, reverseOf } from "./text.ts";
import { recordType } from "./types.ts";
import { bindVersion } from "./version.ts";

/** bind's nslookup. */
export const nslookup: Program = {
  name: "nslookup",
  summary: "query Internet name servers interactively",
  run: (process, args) => new Nslookup(process).run(args),
};

class Nslookup {
  readonly #process: Process;
  #servers: readonly NameServer[] | undefined;
  /** Undefined: addresses of both families. */
  #type: RecordType | undefined;
  #port = 53;
  #tries = 3;
  #timeout: number | undefined;
  #tcp = false;
  #search = true;
  #recurse = true;
  /** A server answered. */
  #reached = false;
  #failed = false;
  #class = "IN";
  #debug = false;
  /** `domain`: in place of the search list. */
  #domain: string | undefined;
  #ndots: number | undefined;
  /** `Server:` and `Address:` stand before the first thing that a lookup shows. */
  #headed = false;

  constructor(process: Process) {
    this.#process = process;
    const { attempts, timeout } = bindConfiguration(process);
    this.#tries = attempts ?? 3;
    this.#timeout = timeout;
  }

  async run(args: readonly string[]): Promise<number> {
    const operands: string[] = [];
    for (const word of args) {
      if (!word.startsWith("-") || word === "-") operands.push(word);
      else if (word === "-version" || word === "-V") {
        await this.#process.print(`nslookup ${bindVersion(this.#process)}\n`);
        return 0;
      } else if (!(await this.#set(word.slice(1)))) {
        await this.#process.error(`*** Invalid option: ${word.slice(1)}\n`);
      }
    }
    if (bindConfiguration(this.#process).malformed) {
      await this.#process.error("nslookup: parse of /etc/resolv.conf failed\n");
      return 1;
    }
    if (operands.length > 2) {
      await this.#process.print(USAGE);
      return 1;
    }
    const [name, server] = operands;
    if (server !== undefined && !(await this.#use(server))) return 1;
    if (name === undefined || name === "-") return this.#converse();
    return (await this.#look(name)) ? this.#end() : 1;
  }

  async #end(): Promise<number> {
    await this.#process.print("\n");
    return this.#reached && !this.#failed ? 0 : 1;
  }

  /** `set` in a conversation, an option on the command line. False if there is none of that name. */
  async #set(text: string): Promise<boolean> {
    const [, name, value] = /^([a-z0-9]+)(?:=(.*))?$/i.exec(text) ?? [];
    if (name === undefined) return false;
    if (/^(?:q(?:u(?:e(?:r(?:y(?:t(?:y(?:pe?)?)?)?)?)?)?)?|ty(?:pe?)?)$/.test(name) && value !== undefined) {
      const type = recordType(value);
      if (type) this.#type = type;
      else await this.#process.print(`unknown query type: ${value}\n`);
    } else if (/^cl(?:a(?:ss?)?)?$/.test(name) && value !== undefined) {
      if (/^(?:in|ch|chaos|hs|hesiod|any)$/i.test(value)) this.#class = value;
      else await this.#process.print(`unknown query class: ${value}\n`);
    } else if (/^do(?:m(?:a(?:in?)?)?)?$/.test(name) && value !== undefined) this.#domain = value;
    else if (/^nd(?:o(?:ts?)?)?$/.test(name)) this.#ndots = Number(value);
    else if (/^(?:timeo?u?t?|retr?y?)$/.test(name) && !/^\d+$/.test(value ?? ""))
      await this.#process.print(
        `invalid ${name.startsWith("t") ? "timeout" : "tries"} '${value ?? ""}': not a valid number\n`,
      );
    else if (/^timeo?u?t?$/.test(name)) this.#timeout = Number(value);
    else if (/^retr?y?$/.test(name)) this.#tries = Math.max(1, Number(value));
    else if (/^po(?:rt?)?$/.test(name)) this.#port = Number(value);
    else if (name === "vc" || name === "novc") this.#tcp = name === "vc";
    else if (/^(?:no)?(?:sea?r?c?h?|defn?a?m?e?)$/.test(name)) this.#search = !name.startsWith("no");
    else if (/^(?:no)?rec/.test(name)) this.#recurse = !name.startsWith("no");
    else if (/^(?:no)?deb(?:ug?)?$/.test(name)) this.#debug = !name.startsWith("no");
    else if (name === "d2") {
      await this.#process.error(`drydock: nslookup: '${name}' is not simulated\n`);
    } else if (!/^(?:all|fail|nofail|nod2)$/.test(name)) return false;
    return true;
  }

  async #use(server: string): Promise<boolean> {
    const found = await namedServers(this.#process, server);
    if (found.length > 0) {
      this.#servers = found;
      return true;
    }
    await this.#process.error(`nslookup: couldn't get address for '${server}': not found\n`);
    return false;
  }

  async #converse(): Promise<number> {
    const process = this.#process;
    const input = new LineInput(process, process.fds.get(0));
    for (;;) {
      if (process.isTty(0)) await process.print("> ");
      const line = await input.next();
      if (line === undefined) return this.#end();
      const words = decode(line).trim().split(/\s+/);
      if (words[0] === "exit") return this.#end();
      if (words[0] === "set" && words[1] === "all") await this.#showSettings();
      else if (words[0] === "set") {
        for (const word of words.slice(1))
          if (!(await this.#set(word))) await process.print(`*** Invalid option: ${word}\n`);
      } else if (words[0] === "server" || words[0] === "lserver") {
        if (words[1] === undefined || (await this.#use(words[1])))
          await process.print((this.#servers ?? bindConfiguration(process).servers).map(({ name, address }) => `Default server: ${name}\nAddress: ${address}#${this.#port}\n`).join("")); // prettier-ignore
      } else if (/^(?:help|\?|finger|view|ls|root)$/.test(words[0]!)) {
        const yet = /^(?:help|\?)$/.test(words[0]!) ? " yet" : "";
        await process.print(`The '${words[0]!}' command is not${yet} implemented.\n`);
      } else if (words[0] !== "") {
        this.#headed = false;
        if ((words[1] === undefined || (await this.#use(words[1]))) && !(await this.#look(words[0]!))) return 1;
      }
    }
  }

  /** `set all`: the servers and what is set. */
  async #showSettings(): Promise<void> {
    const { servers, ndots, search } = bindConfiguration(this.#process);
    const shown = (this.#servers ?? servers).map(
      ({ name, address }) => `Default server: ${name}\nAddress: ${address}#${this.#port}\n`,
    );
    const yes = (set: boolean, word: string): string => (set ? word : `no${word}`);
    await this.#process.print(
      `${shown.join("")}\nSet options:\n  ${yes(this.#tcp, "vc")}\t\t\t${yes(this.#debug, "debug")}\t\tnod2\n  ${yes(this.#search, "search")}\t\t${yes(this.#recurse, "recurse")}\n  timeout = ${this.#timeout ?? 0}\t\tretry = ${this.#tries}\tport = ${this.#port}\tndots = ${ndots}\n  querytype = ${(this.#type ?? "A").padEnd(8)}\tclass = ${this.#class.toLowerCase() === "in" ? "IN" : this.#class}\n  srchlist = ${search.join("/")}\n`,
    );
  }

  /** False: the name is none, which ends the program. */
  async #look(text: string): Promise<boolean> {
    const reverse = numericAddress(text) !== undefined && (this.#type === undefined || this.#type === "PTR");
    const type = reverse ? "PTR" : (this.#type ?? "A");
    const illegal =
      text === "" ? { words: "'' is not in legal name syntax (unexpected end of input)" } : illegalName(text);
    if (illegal) {
      await this.#process.error(
        `nslookup: ${illegal.words.replace("is not a legal name", "is not in legal name syntax")}\n`,
      );
      return false;
    }
    const { search, ndots } = bindConfiguration(this.#process);
    const configuration = {
      search: this.#domain === undefined ? search : [this.#domain],
      ndots: this.#ndots ?? ndots,
    };
    const names = reverse
      ? [reverseOf(text)]
      : this.#search
        ? searchNames(text, configuration)
        : [`${text.replace(/\.$/, "")}.`];
    // The address of the server is not shown with the name of an address.
    if (reverse && this.#type === undefined) this.#headed = true;
    for (const [at, name] of names.entries()) {
      const reply = await this.#ask(name, type);
      if (!reply) return true;
      this.#reached = true;
      const { rcode } = reply.message;
      const goesOn = rcode === "NXDOMAIN" && at < names.length - 1;
      if (goesOn && !this.#debug) continue;
      const shown = name.replace(/(?<=.)\.$/, "");
      if (rcode === "NOERROR") {
        const typed = reverse || this.#type !== undefined;
        await this.#showAll(reply, shown, typed ? { text, type } : undefined);
        return true;
      }
      await this.#head(reply.server);
      await this.#explain(reply.message);
      await this.#process.print(`** server can't find ${escapedName(shown)}: ${rcode}\n`);
      this.#failed = true;
      if (!goesOn) return true;
      // With `debug` each name of the search list is shown for itself.
      this.#headed = false;
    }
    return true;
  }

  /** With `debug`: the whole message (nslookup.c detailsection). */
  async #explain({ questions, answers, authorities, additionals }: DnsMessage): Promise<void> {
    if (!this.#debug) return;
    const asked = questions.map(
      ({ name, type }) => `\t${bare(name)}, type = ${type}, class = ${this.#class.toUpperCase()}\n`,
    );
    const section = (title: string, records: readonly DnsRecord[]): string =>
      `    ${title}:\n${records.map(detailText).join("")}`;
    const sections = [
      section("ANSWERS", answers),
      section("AUTHORITY RECORDS", authorities),
      section("ADDITIONAL RECORDS", additionals),
    ];
    await this.#process.print(`------------\n    QUESTIONS:\n${asked.join("")}${sections.join("")}------------\n`);
  }

  /** What was found, and for names whose type was not said also their IPv6 addresses. */
  async #showAll(
    reply: Reply,
    name: string,
    typed: { readonly text: string; readonly type: RecordType } | undefined,
  ): Promise<void> {
    const { message, server } = reply;
    const hasAnswers = message.answers.length > 0;
    if (typed) {
      await this.#head(server);
      await this.#explain(message);
      return this.#show(message, typed.text, typed.type, true);
    }
    if (hasAnswers || this.#debug) await this.#head(server);
    await this.#explain(message);
    if (hasAnswers) await this.#show(message, name, "A", true);
    const canonical = message.answers.findLast((record) => record.type === "CNAME" || record.type === "A");
    const target = canonical?.type === "CNAME" ? canonical.target : (canonical?.name ?? `${name}.`);
    const second = await this.#ask(target, "AAAA");
    if (!second) return;
    if (second.message.answers.length > 0 || !hasAnswers) await this.#head(server);
    await this.#explain(second.message);
    if (second.message.answers.length > 0) await this.#show(second.message, name, "AAAA", !hasAnswers);
    else if (!hasAnswers) {
      await this.#process.print(`*** Can't find ${name}: No answer\n`);
      this.#failed = true;
    }
  }

  /** printmessage of nslookup.c; `name` as it was asked for. */
  async #show(message: DnsMessage, name: string, type: RecordType, first: boolean): Promise<void> {
    const { authoritative, answers, authorities, additionals } = message;
    if (!authoritative && first) await this.#process.print("Non-authoritative answer:\n");
    if (answers.length === 0) await this.#process.print(`*** Can't find ${name}: No answer\n`);
    else await this.#process.print(answers.map(answerText).join(""));
    if (authoritative || /^A{1,4}$/.test(type)) return;
    const others = [...authorities, ...additionals];
    await this.#process.print(`\nAuthoritative answers can be found from:\n${others.map(answerText).join("")}`);
  }

  async #head({ address, name }: NameServer): Promise<void> {
    if (this.#headed) return;
    this.#headed = true;
    await this.#process.print(`Server:\t\t${name}\nAddress:\t${address}#${this.#port}\n\n`);
  }

  /** Asks; a server that fails, or would not ask others, is passed over if there is another. */
  async #ask(name: string, type: RecordType): Promise<Reply | undefined> {
    const process = this.#process;
    const { servers, timeout } = bindConfiguration(process);
    const id = process.kernel.random.below(`dig/${process.machine.name}`, 0x10000);
    const comment = (text: string): Promise<void> => process.print(`;; ${text}\n`);
    const reply = await askServers(
      process,
      this.#servers ?? servers,
      ofClass(dnsQuery(id, name, type, { recursionDesired: this.#recurse }), this.#class),
      { port: this.#port, tcp: this.#tcp || type === "ANY", tries: this.#tries, timeout: this.#timeout ?? timeout ?? 5, comment, label: name.replace(/\.$/, "") }, // prettier-ignore
      async ({ message, server }, next) => {
        // Of a server that was named nobody expects that it asks others.
        const refusesRecursion = this.#recurse && !message.recursionAvailable && this.#servers === undefined;
        if (message.rcode !== "SERVFAIL" && !refusesRecursion) return true;
        const what = message.rcode === "SERVFAIL" ? "SERVFAIL reply" : "recursion not available";
        await comment(`Got ${what} from ${server.address}${next ? ", trying next server" : ""}`);
        return false;
      },
    );
    if (typeof reply !== "string") return reply;
    await process.print(";; no servers could be reached\n");
    this.#failed = true;
    return undefined;
  }
}

function ofClass(query: DnsMessage, wanted: string): DnsMessage {
  if (!/^ch/i.test(wanted)) return query;
  return { ...query, questions: query.questions.map((question) => ({ ...question, class: "CH" as const })) };
}

function bare(name: string): string {
  return name.replace(/(?<=.)\.$/, "");
}

/** A record of the whole message that `debug` shows. */
function detailText(record: DnsRecord): string {
  const told =
    record.type === "A"
      ? `\tinternet address = ${record.address}\n`
      : record.type === "AAAA"
        ? `\thas AAAA address ${record.address}\n`
        : `\t${answerText(record).replace(/^[^\t\n]*[\t\n]+/, "")}`;
  return `    ->  ${bare(record.name)}\n${told}\tttl = ${record.ttl}\n`;
}

const USAGE = `Usage:
   nslookup [-opt ...]             # interactive mode using default server
   nslookup [-opt ...] - server    # interactive mode using 'server'
   nslookup [-opt ...] host        # just look up 'host' using default server
   nslookup [-opt ...] host server # just look up 'host' using 'server'
`;

/** nslookup.c printsection */
function answerText(record: DnsRecord): string {
  const name = bare(record.name);
  switch (record.type) {
    case "A":
    case "AAAA":
      return `Name:\t${name}\nAddress: ${record.address}\n`;
    case "CNAME":
      return `${name}\tcanonical name = ${record.target}\n`;
    case "PTR":
      return `${name}\tname = ${record.target}\n`;
    case "NS":
      return `${name}\tnameserver = ${record.target}\n`;
    case "MX":
      return `${name}\tmail exchanger = ${dataText(record)}\n`;
    case "SRV":
      return `${name}\tservice = ${dataText(record)}\n`;
    case "TXT":
      return `${name}\ttext = ${dataText(record)}\n`;
    case "SOA": {
      const { mname, rname, serial, refresh, retry, expire, minimum } = record;
      return `${name}\n\torigin = ${bare(mname)}\n\tmail addr = ${bare(rname)}\n\tserial = ${serial}\n\trefresh = ${refresh}\n\tretry = ${retry}\n\texpire = ${expire}\n\tminimum = ${minimum}\n`; // prettier-ignore
    }
    default:
      return `${name}\trdata_${record.type.slice(4)} = ${dataText(record)}\n`;
  }
}
