import { Unsimulated } from "./cursor.ts";
import { ExpressionReader, type Typed } from "./read-expression.ts";
import { tidy } from "./tidy.ts";
import { isUnreadable, readValue } from "./data-type.ts";
import type { Comparison, Expression, Statement, SetReference, Right } from "./row.ts";
import { KEYWORDS, type Place } from "./scan.ts";
import { readTime } from "./time.ts";

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  "==": "==",
  eq: "==",
  "!=": "!=",
  ne: "!=",
  neq: "!=",
  "<": "<",
  lt: "<",
  ">": ">",
  gt: ">",
  "<=": "<=",
  le: "<=",
  ">=": ">=",
  ge: ">=",
};

const SECONDS = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 } as const;
const LEVELS = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"];
const UNSIMULATED: ReadonlySet<string> = new Set(["queue", "tproxy", "dup", "fwd", "flow", "synproxy", "quota", "objref", "xt", "secmark", "meter", "tcpreset"]); // prettier-ignore
const TERMINAL: ReadonlySet<string> = new Set(["accept", "drop", "return", "jump", "goto", "continue", "queue"]);

type Source = ReturnType<ExpressionReader["source"]>;

/** A rule as it was written. */
export interface RuleDraft {
  readonly statements: readonly Statement[];
  readonly comment?: string;
}

export class RuleReader extends ExpressionReader {
  rule(): RuleDraft {
    const { cursor } = this;
    const statements: Statement[] = [];
    let decided: { place: Place } | undefined;
    while (!cursor.ends && !cursor.is("}", "comment")) {
      const first = cursor.token;
      const statement = this.#statement();
      const place = cursor.since(first);
      if (decided) cursor.complain("Statement after terminal statement has no effect", place, decided.place);
      if (isTerminal(statement)) decided = { place };
      statements.push(statement);
    }
    if (statements.length === 0) cursor.fail();
    const comment = cursor.take("comment") ? cursor.quoted() : undefined;
    return { statements: tidy(statements, this.family), ...(comment === undefined ? {} : { comment }) };
  }

  #statement(): Statement {
    const { cursor } = this;
    const { token } = cursor;
    if (token.kind === "string" && UNSIMULATED.has(token.text)) throw new Unsimulated(token.text);
    const verdict = this.verdict();
    if (verdict) return { kind: "verdict", ...verdict };
    switch (token.kind === "string" ? token.text : "") {
      case "counter":
        return this.#counter();
      case "log":
        return this.#log();
      case "limit":
        return this.#limit();
      case "reject":
        return this.#reject();
      case "snat":
      case "dnat":
      case "masquerade":
      case "redirect":
        return this.#nat();
      case "notrack":
        cursor.next();
        return { kind: "notrack" };
      case "add":
      case "update":
      case "delete":
        return this.#dynamic();
      default:
        return this.#expression();
    }
  }

  #expression(): Statement {
    const { cursor } = this;
    if (!this.atExpression) this.#symbol();
    const typed = this.expression();
    if (cursor.take("vmap")) return this.#vmap(typed);
    if (cursor.is("set")) return this.#set(typed);
    if (cursor.token.kind === "string" && cursor.is("map")) cursor.fail();
    const op = COMPARISONS[cursor.token.text];
    if (op && cursor.token.kind !== "quoted") cursor.next();
    const right = this.rightOf(typed.types, typed.place);
    if (!op && cursor.is("/") && typed.types[0] === "tcp_flag") return this.#flags(typed, right);
    this.#note(typed.expression, right);
    return { kind: "match", left: typed.expression, op: op ?? "implicit", right };
  }

  /** A word that is none of the grammar is a value, for which something else must follow. */
  #symbol(): never {
    const { cursor } = this;
    const { token } = cursor;
    if (token.kind !== "string" && token.kind !== "number" && token.kind !== "quoted") cursor.fail();
    if (token.kind === "string" && KEYWORDS.has(token.text)) cursor.fail();
    cursor.next();
    return cursor.fail();
  }

  /** `tcp flags syn / fin,syn,rst,ack` */
  #flags(typed: Typed, right: readonly Right[] | SetReference): Statement {
    this.cursor.next();
    const mask = this.right("tcp_flag", false);
    const bits = (one: Right): number => ("value" in one ? Number(one.value) : 0);
    const value = Array.isArray(right) ? bits((right as readonly Right[])[0]!) : 0;
    const left = { kind: "binary", op: "&", left: typed.expression, right: bits(mask) } as const;
    return { kind: "match", left, op: "==", right: [{ kind: "value", value }] };
  }

  /** What `meta l4proto tcp` and `ip protocol tcp` say of the packet. */
  #note(left: Expression, right: readonly Right[] | SetReference): void {
    if (left.kind !== "field") return;
    const { name } = left;
    if (name.startsWith("th ") || (name === "meta l4proto" && !Array.isArray(right))) this.anyTransport = true;
    const one = Array.isArray(right) ? (right as readonly Right[])[0] : undefined;
    if (one?.kind !== "value" || typeof one.value !== "number") return;
    if (name === "meta l4proto" || name === "ip protocol" || name === "ip6 nexthdr") this.transport = one.value;
    if (name === "meta nfproto") this.network = one.value === 2 ? 4 : 6;
  }

  #vmap({ expression: key, types, place }: Typed): Statement {
    const map: SetReference = this.cursor.is("@")
      ? this.namedSet(types, place, "vmap")
      : { kind: "anonymous", set: this.set(types, ["verdict"]) };
    return { kind: "vmap", key, map };
  }

  #set({ expression, types }: Typed): Statement {
    const { cursor } = this;
    const name = expression.kind === "field" ? expression.name : "";
    if (name !== "meta mark" && name !== "ct mark") throw new Unsimulated(`${name} set`);
    cursor.next();
    return { kind: "set", field: name, value: this.source(types).expression };
  }

  #counter(): Statement {
    const { cursor } = this;
    cursor.next();
    if (cursor.take("name")) return { kind: "named counter", name: cursor.quoted() };
    if (!cursor.take("packets")) return { kind: "counter", packets: 0, bytes: 0 };
    const packets = cursor.number();
    cursor.expect("bytes");
    return { kind: "counter", packets, bytes: cursor.number() };
  }

  #log(): Statement {
    const { cursor } = this;
    cursor.next();
    const out: { prefix?: string; level?: number; group?: number; flags: string[] } = { flags: [] };
    for (;;) {
      if (cursor.take("prefix")) out.prefix = cursor.quoted();
      else if (cursor.take("level")) {
        const word = cursor.quoted();
        const level = LEVELS.indexOf(word);
        if (word === "audit") throw new Unsimulated("log level audit");
        if (level < 0) cursor.complain("invalid log level", cursor.last);
        else if (level !== 4) out.level = level;
      } else if (cursor.take("group")) out.group = cursor.number();
      else if (cursor.take("flags")) out.flags.push(this.#logFlags());
      else if (cursor.is("snaplen", "queue-threshold")) throw new Unsimulated(`log ${cursor.token.text}`);
      else break;
    }
    return { kind: "log", ...out };
  }

  #logFlags(): string {
    const { cursor } = this;
    if (cursor.take("all")) return "all";
    if (cursor.take("ether")) return "ether";
    if (cursor.take("skuid")) return "skuid";
    if (cursor.take("ip")) {
      cursor.expect("options", "options");
      return "ip options";
    }
    if (!cursor.take("tcp")) cursor.fail();
    const words = [cursor.next().text];
    while (cursor.take(",")) words.push(cursor.next().text);
    return `tcp ${words.join(",")}`;
  }

  #limit(): Statement {
    const { cursor } = this;
    cursor.next();
    if (cursor.is("name")) throw new Unsimulated("limit name");
    cursor.expect("rate", "rate");
    const over = cursor.take("over");
    if (!over) cursor.take("until");
    const rate = cursor.number();
    // The scanner takes `mbytes/second` for one word.
    const [size, per] = cursor.token.kind === "string" ? cursor.next().text.split("/") : [undefined, undefined];
    const bytes = size === undefined || ["bytes", "kbytes", "mbytes"].includes(size) ? size : cursor.fail(undefined, cursor.last); // prettier-ignore
    if (per === undefined) cursor.expect("/", "/");
    const unit = (per ?? cursor.next().text) as keyof typeof SECONDS;
    const seconds = SECONDS[unit];
    if (seconds === undefined) cursor.fail(undefined, cursor.last);
    let burst = bytes ? 0 : 5;
    let burstUnit: string | undefined;
    if (cursor.take("burst")) {
      burst = cursor.number();
      if (bytes === undefined && !cursor.is("packets")) cursor.fail("packets");
      const word = cursor.next().text;
      if (bytes !== undefined) burstUnit = word;
    }
    const more = { ...(bytes === undefined ? {} : { bytes }), ...(burstUnit === undefined ? {} : { burstUnit }) };
    return { kind: "limit", over, rate, unit, seconds, burst, ...more };
  }

  #reject(): Statement {
    const { cursor } = this;
    cursor.next();
    if (!cursor.take("with"))
      return this.network === undefined
        ? { kind: "reject", family: "icmpx", code: 1 }
        : { kind: "reject", family: this.network === 4 ? "icmp" : "icmpv6", code: this.network === 4 ? 3 : 4 };
    if (cursor.take("tcp")) {
      if (!cursor.take("reset")) cursor.fail("reset");
      return { kind: "reject", family: "tcp", code: 0 };
    }
    if (!cursor.is("icmp", "icmpv6", "icmpx")) cursor.fail();
    const family = cursor.next().text as "icmp" | "icmpv6" | "icmpx";
    cursor.take("type");
    const token = cursor.next();
    const code = readValue(token.text, `${family}_code`, this.context.values);
    if (isUnreadable(code)) cursor.complain(code.unreadable, token);
    return { kind: "reject", family, code: isUnreadable(code) ? 0 : Number(code) };
  }

  #nat(): Statement {
    const { cursor } = this;
    const first = cursor.next();
    const verb = first.text as "snat" | "dnat" | "masquerade" | "redirect";
    const flags = (): string[] => this.#natFlags();
    if (verb === "masquerade" || verb === "redirect") {
      const to = cursor.take("to");
      if (!to) return { kind: "nat", verb, flags: flags() };
      cursor.take(":");
      const start = cursor.token;
      const port = this.source(["inet_service"]).expression;
      this.#needsTransport(cursor.since(start), first);
      return { kind: "nat", verb, port, flags: flags() };
    }
    const family = cursor.is("ip", "ip6") && !this.#isField() ? (cursor.next().text as "ip" | "ip6") : undefined;
    const both = cursor.take("addr");
    if (both) {
      cursor.expect(".");
      cursor.expect("port", "port");
    }
    if (cursor.is("prefix", "interval")) throw new Unsimulated(`${verb} ${cursor.token.text}`);
    cursor.take("to");
    const kind = family ?? (this.network === 6 ? "ip6" : this.network === 4 ? "ip" : undefined);
    if (kind === undefined && !cursor.is(":")) {
      const six = cursor.token.text.includes(":") || cursor.token.text === "[";
      return this.#natTo(verb, first, six ? "ip6" : "ip", flags, false);
    }
    return this.#natTo(verb, first, kind ?? "ip", flags, family !== undefined && this.family === "inet");
  }

  #natTo(verb: "snat" | "dnat", first: Place, family: "ip" | "ip6", flags: () => string[], shown: boolean): Statement {
    const { cursor } = this;
    const address = family === "ip" ? "ipv4_addr" : "ipv6_addr";
    const start = cursor.token;
    let to: Source | undefined;
    if (!cursor.is(":")) {
      const bracket = cursor.take("[");
      to = this.source([address, "inet_service"]);
      if (bracket) cursor.expect("]");
    }
    const place = cursor.since(start);
    const port = cursor.take(":") ? this.source(["inet_service"]).expression : undefined;
    const concat = to !== undefined && to.types.length > 1;
    if (port || concat) this.#needsTransport(port ? cursor.last : place, first);
    if (to && !shown && this.family === "inet")
      cursor.complain("ip or ip6 must be specified with address for inet tables.", first);
    const inet = shown || this.family === "inet" || concat;
    return {
      kind: "nat",
      verb,
      ...(inet && to ? { family } : {}),
      ...(to ? { address: to.expression } : {}),
      ...(port ? { port } : {}),
      flags: flags(),
    };
  }

  #needsTransport(place: Place, first: Place): void {
    if (this.transport === undefined && !this.anyTransport)
      this.cursor.complain("transport protocol mapping is only valid after transport protocol match", place, first);
  }

  /** A match on several protocols, or on ports of any, was read. */
  anyTransport = false;

  #isField(): boolean {
    return ["saddr", "daddr", "protocol", "dscp", "ttl", "nexthdr"].includes(this.cursor.peek().text);
  }

  #natFlags(): string[] {
    const out: string[] = [];
    while (this.cursor.is("random", "fully-random", "persistent")) {
      out.push(this.cursor.next().text);
      this.cursor.take(",");
    }
    return ["random", "fully-random", "persistent"].filter((flag) => out.includes(flag));
  }

  #dynamic(): Statement {
    const { cursor } = this;
    const verb = cursor.next().text as "add" | "update" | "delete";
    if (!cursor.is("@")) cursor.fail("'@'");
    const at = cursor.next();
    const name = cursor.name();
    const known = this.context.set(name.text);
    if (!known) cursor.complain(this.context.missingSet(name.text), cursor.since(at));
    cursor.expect("{");
    const { expression: key } = this.expression();
    const timeout = cursor.take("timeout") ? readTime(cursor) : undefined;
    if (!cursor.is("}")) throw new Unsimulated(`${verb} @${name.text} { … ${cursor.token.text} }`);
    cursor.next();
    return { kind: "dynamic", verb, set: name.text, key, ...(timeout === undefined ? {} : { timeout }) };
  }
}

function isTerminal(statement: Statement): boolean {
  return statement.kind === "reject" || (statement.kind === "verdict" && TERMINAL.has(statement.verdict));
}
