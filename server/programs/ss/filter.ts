import { isIPv4, networkOf, parseAddress, type Address } from "../../sim/net/index.ts";
import { Exit } from "../ip/exit.ts";
import { readPrefix, type TypedPrefix } from "../ip/prefix.ts";

/** Both ends of a socket, as an expression looks at them. */
export interface Ends {
  readonly local: Address;
  readonly port: number;
  readonly peer: Address;
  readonly peerPort: number;
  readonly device?: string;
}

export type Test = (ends: Ends) => boolean;

/** Ports by service name, of any protocol. */
export type Services = (name: string) => number | undefined;

const OPERATORS: Readonly<Record<string, "eq" | "ne" | "ge" | "le" | "gt" | "lt">> = {
  "=": "eq", "==": "eq", eq: "eq", "!=": "ne", ne: "ne", neq: "ne", ">=": "ge", geq: "ge", ge: "ge",
  "<=": "le", leq: "le", le: "le", ">": "gt", gt: "gt", "<": "lt", lt: "lt",
}; // prettier-ignore

/** Reads an expression (iproute2 misc/ssfilter.y). Undefined if there is none. */
export function readExpression(words: readonly string[], services: Services, usage: string): Test | undefined {
  const tokens = words.join(" ").match(/[()]|[^\s()]+/g) ?? [];
  if (tokens.length === 0) return undefined;
  return new Parser(tokens, services, usage).read();
}

class Parser {
  readonly #tokens: readonly string[];
  readonly #services: Services;
  readonly #usage: string;
  #at = 0;
  /** The last word that named a kind of condition: what comes without one is read as that kind (ssfilter.y: tok_type). */
  #kind: string | undefined;

  constructor(tokens: readonly string[], services: Services, usage: string) {
    this.#tokens = tokens;
    this.#services = services;
    this.#usage = usage;
  }

  read(): Test {
    const test = this.#either();
    if (this.#at < this.#tokens.length) throw this.#syntaxError();
    return test;
  }

  #syntaxError(): Exit {
    return new Exit(255, `ss: bison bellows (while parsing filter): "syntax error!" Sorry.\n${this.#usage}`);
  }

  get #token(): string | undefined {
    return this.#tokens[this.#at];
  }

  #either(): Test {
    let left = this.#both();
    while (this.#token === "or" || this.#token === "|" || this.#token === "||") {
      this.#at++;
      const [a, b] = [left, this.#both()];
      left = (ends) => a(ends) || b(ends);
    }
    return left;
  }

  /** `and` may be left out. */
  #both(): Test {
    let left = this.#one();
    for (;;) {
      const token = this.#token;
      if (token === "and" || token === "&" || token === "&&") this.#at++;
      else if (token === undefined || token === ")" || ["or", "|", "||"].includes(token)) return left;
      const [a, b] = [left, this.#one()];
      left = (ends) => a(ends) && b(ends);
    }
  }

  #one(): Test {
    const token = this.#token;
    this.#at++;
    if (token === undefined) throw this.#syntaxError();
    if (token === "not" || token === "!") {
      const inner = this.#one();
      return (ends) => !inner(ends);
    }
    if (token === "(") {
      const inner = this.#either();
      if (this.#token !== ")") throw this.#syntaxError();
      this.#at++;
      return inner;
    }
    if (token === "sport" || token === "dport" || token === "src" || token === "dst") {
      this.#kind = token;
      return token.endsWith("port") ? this.#port(token as "sport") : this.#host(token as "src");
    }
    if (token === "dev") {
      const operator = this.#operator() ?? "eq";
      const name = this.#operand();
      return ({ device }) => (device === name) === (operator === "eq");
    }
    if (token === "autobound" || token === "fwmark" || token === "cgroup")
      throw new Exit(64, `drydock: ss: '${token}' is not simulated\n`);
    this.#at--;
    if (this.#kind?.endsWith("port")) this.#condition(token, true);
    return this.#host("dst");
  }

  #operator(): string | undefined {
    const operator = OPERATORS[this.#token ?? ""];
    if (operator !== undefined) this.#at++;
    return operator;
  }

  #operand(): string {
    const word = this.#token;
    if (word === undefined || word === ")") throw this.#syntaxError();
    this.#at++;
    return word;
  }

  #port(which: "sport" | "dport"): Test {
    const operator = this.#operator() ?? "eq";
    const { address, port: wanted } = this.#condition(this.#operand(), true);
    if (address) throw this.#syntaxError();
    return (ends) => {
      const port = which === "sport" ? ends.port : ends.peerPort;
      switch (operator) {
        case "ne":
          return port !== wanted;
        case "ge":
          return port >= wanted!;
        case "le":
          return port <= wanted!;
        case "gt":
          return port > wanted!;
        case "lt":
          return port < wanted!;
        default:
          return port === wanted;
      }
    };
  }

  #host(which: "src" | "dst"): Test {
    const operator = this.#operator() ?? "eq";
    const { address, port } = this.#condition(this.#operand(), false);
    const fits: Test = (ends) => {
      const [own, number] = which === "src" ? [ends.local, ends.port] : [ends.peer, ends.peerPort];
      if (port !== undefined && number !== port) return false;
      return !address || inside(address, own);
    };
    return operator === "ne" ? (ends) => !fits(ends) : fits;
  }

  /** `10.0.0.1:80`, `10.0.0.0/8`, `[::1]:80`, `:80`, `*:80`; a port alone where one is meant (parse_hostcond). */
  #condition(word: string, isPort: boolean): { address?: TypedPrefix; port?: number } {
    const bracket = /^\[([^\]]*)\](?::(.*))?$/.exec(word);
    let [host, service]: [string, string | undefined] = ["", undefined];
    if (bracket) [host, service] = [bracket[1]!, bracket[2]];
    else {
      const colon = word.lastIndexOf(":");
      const plain6 = word.indexOf(":") !== colon && parseAddress(word.replace(/\/\d+$/, "")) !== undefined;
      if (colon >= 0 && !plain6) [host, service] = [word.slice(0, colon), word.slice(colon + 1)];
      else if (isPort) service = word;
      else host = word;
    }
    const port = service === undefined || service === "" || service === "*" ? undefined : this.#portNumber(service);
    if (host === "" || host === "*") return port === undefined ? {} : { port };
    const address = readPrefix(host);
    if (!address)
      throw new Exit(1, `Error: an inet prefix is expected rather than "${host}".\nCannot parse dst/src address.\n`);
    return { address, ...(port === undefined ? {} : { port }) };
  }

  #portNumber(service: string): number {
    const port = /^\d+$/.test(service) ? Number(service) : this.#services(service);
    if (port !== undefined && port <= 65535) return port;
    throw new Exit(1, `Error: "${service}" does not look like a port.\nCannot parse dst/src address.\n`);
  }
}

/** An IPv4 prefix also fits addresses of that kind in IPv6 sockets. */
function inside(prefix: TypedPrefix, address: Address): boolean {
  if (isIPv4(address) === (prefix.family === 4))
    return networkOf(address, prefix.length) === networkOf(prefix.address, prefix.length);
  if (prefix.length === 0) return true;
  if (isIPv4(address) || prefix.family !== 4 || address >> 32n !== 0xffffn) return false;
  return networkOf(Number(address & 0xffff_ffffn) | 0, prefix.length) === networkOf(prefix.address, prefix.length);
}
