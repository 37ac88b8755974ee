import { Unsimulated } from "./cursor.ts";
import { fieldNamed, fieldsOf, UNSIMULATED_FIELDS, type Field } from "./field.ts";
import { ValueReader } from "./read-value.ts";
import type { BinaryOperator, Expression, NftFamily } from "./row.ts";
import type { Place } from "./scan.ts";

const HEADERS: ReadonlySet<string> = new Set(["ip", "ip6", "tcp", "udp", "sctp", "th", "icmp", "icmpv6", "ether", "meta", "ct", "fib"]); // prettier-ignore

/** Keys of `meta` that may stand without it. */
const UNQUALIFIED: ReadonlySet<string> = new Set(["mark", "iif", "iifname", "oif", "oifname", "l4proto", "nfproto", "skuid", "pkttype"]); // prettier-ignore

const UNSIMULATED_HEADERS: ReadonlySet<string> = new Set("udplite dccp ah esp comp vlan arp rt hbh mh frag dst socket osf ipsec exthdr symhash rt0 srh xfrm iifgroup oifgroup iiftype oiftype skgid cgroup rtclassid".split(" ")); // prettier-ignore

const OPERATORS: Readonly<Record<string, BinaryOperator>> = {
  and: "&",
  "&": "&",
  or: "|",
  "|": "|",
  xor: "^",
  "^": "^",
  "<<": "<<",
  lshift: "<<",
  ">>": ">>",
  rshift: ">>",
};

const PROTOCOLS: Readonly<Record<number, string>> = { 1: "icmp", 6: "tcp", 17: "udp", 58: "icmpv6", 132: "sctp" };

/** An expression with the types of its parts. */
export interface Typed {
  readonly expression: Expression;
  readonly types: readonly string[];
  readonly place: Place;
}

/** Reads what rules look at, and sees to it that one rule does not ask for two protocols (struct proto_ctx). */
export class ExpressionReader extends ValueReader {
  readonly family: NftFamily;
  network: 4 | 6 | undefined;
  transport: number | undefined;
  #numbered = 0;

  constructor(cursor: ValueReader["cursor"], context: ValueReader["context"], family: NftFamily) {
    super(cursor, context);
    this.family = family;
    this.network = family === "ip" ? 4 : family === "ip6" ? 6 : undefined;
  }

  /** Whether an expression of the packet begins here. */
  get atExpression(): boolean {
    const { token } = this.cursor;
    if (token.kind !== "string") return false;
    if (UNSIMULATED_HEADERS.has(token.text)) throw new Unsimulated(token.text);
    return HEADERS.has(token.text) || UNQUALIFIED.has(token.text) || token.text === "numgen" || token.text === "jhash";
  }

  /** Fields joined by `.`, with what is done to them. */
  expression(): Typed {
    const { cursor } = this;
    const first = cursor.token;
    const parts = [this.#primary()];
    while (cursor.take(".")) parts.push(this.#primary());
    const types = parts.flatMap((part) => part.types);
    const expression: Expression =
      parts.length === 1 ? parts[0]!.expression : { kind: "concat", parts: parts.map((part) => part.expression) };
    return this.#operations({ expression, types, place: cursor.since(first) });
  }

  #operations(typed: Typed): Typed {
    const { cursor } = this;
    let { expression } = typed;
    while (cursor.token.kind !== "quoted" && Object.hasOwn(OPERATORS, cursor.token.text)) {
      const op = OPERATORS[cursor.next().text]!;
      const right = this.#operand(typed.types[0]!);
      expression = { kind: "binary", op, left: expression, right };
    }
    return expression === typed.expression ? typed : { ...typed, expression, place: cursor.since(typed.place) };
  }

  #operand(type: string): number {
    const right = this.right(type, false);
    if (right.kind === "bits") return right.value;
    if (right.kind !== "value") this.cursor.fail();
    // Addresses are masked with addresses.
    if (typeof right.value === "string") throw new Unsimulated(`& ${right.value}`);
    return right.value;
  }

  #primary(): Typed {
    const { cursor } = this;
    const first = cursor.token;
    if (cursor.take("numgen")) return this.#numgen(first);
    if (cursor.take("jhash")) return this.#jhash(first);
    const field = this.field();
    const place = cursor.since(first);
    this.#depend(field, place);
    return { expression: { kind: "field", name: field.name }, types: [field.type], place };
  }

  /** `ip saddr`, `meta mark`, `mark`, `fib daddr type`. */
  field(): Field {
    const { cursor } = this;
    const { token } = cursor;
    if (UNQUALIFIED.has(token.text)) {
      cursor.next();
      return fieldNamed(`meta ${token.text}`)!;
    }
    if (!HEADERS.has(token.text)) cursor.fail();
    cursor.next();
    if (token.text === "fib") return this.#fib();
    const words = token.text === "ct" ? this.#ctWords() : this.#fieldWord(token.text);
    const found = fieldNamed(`${token.text} ${words}`);
    if (found) return found;
    throw new Unsimulated(`${token.text} ${words}`);
  }

  #fieldWord(header: string): string {
    const { cursor } = this;
    const { token } = cursor;
    const known = fieldsOf(header).includes(token.text) || UNSIMULATED_FIELDS[header]?.includes(token.text);
    if (token.kind !== "string" || !known) cursor.fail();
    return cursor.next().text;
  }

  #ctWords(): string {
    const { cursor } = this;
    if (
      !cursor.is("original", "reply") ||
      !["ip", "ip6", "saddr", "daddr", "proto-src", "proto-dst"].includes(cursor.peek().text)
    )
      // prettier-ignore
      return this.#fieldWord("ct");
    const direction = cursor.next().text;
    const family = cursor.is("ip", "ip6") ? cursor.next().text : this.family === "ip6" ? "ip6" : "ip";
    const word = cursor.next().text;
    return `${direction} ${word.startsWith("proto") ? "" : `${family} `}${word}`;
  }

  #fib(): Field {
    const { cursor } = this;
    const words: string[] = [];
    for (;;) {
      if (!cursor.is("saddr", "daddr", "mark", "iif", "oif")) cursor.fail();
      words.push(cursor.next().text);
      if (!cursor.take(".")) break;
    }
    if (!cursor.is("type", "oif", "oifname")) cursor.fail();
    const name = `fib ${words.join(" . ")} ${cursor.next().text}`;
    const found = fieldNamed(name);
    if (!found) throw new Unsimulated(name);
    return found;
  }

  #depend({ family, protocol }: Field, place: Place): void {
    const { cursor } = this;
    const names = { 4: "ip", 6: "ip6" } as const;
    if (family !== undefined && protocol === undefined) {
      if (this.network !== undefined && this.network !== family)
        cursor.complain(`conflicting protocols specified: ${names[this.network]} vs. ${names[family]}`, place);
      this.network = family;
    }
    if (protocol === undefined) return;
    if (this.transport !== undefined && this.transport !== protocol)
      cursor.complain(
        `conflicting protocols specified: ${PROTOCOLS[this.transport] ?? "unknown"} vs. ${PROTOCOLS[protocol]}`,
        place,
      );
    this.transport = protocol;
  }

  #numgen(first: Place): Typed {
    const { cursor } = this;
    if (!cursor.is("random", "inc")) cursor.fail("inc or random");
    const mode = cursor.next().text as "random" | "inc";
    cursor.expect("mod", "mod");
    const mod = cursor.number();
    const offset = cursor.take("offset") ? cursor.number() : 0;
    const expression = { kind: "numgen", mode, mod, offset, id: this.#numbered++ } as const;
    return { expression, types: ["integer"], place: cursor.since(first) };
  }

  #jhash(first: Place): Typed {
    const { cursor } = this;
    const { expression: of } = this.expression();
    cursor.expect("mod", "mod");
    const mod = cursor.number();
    const seed = cursor.take("seed") ? cursor.number() : 0;
    const offset = cursor.take("offset") ? cursor.number() : 0;
    return { expression: { kind: "jhash", of, mod, seed, offset }, types: ["integer"], place: cursor.since(first) };
  }

  /** What a statement sets or translates to: a value, a field, or a map of fields. `types`: of the value. */
  source(types: readonly string[]): { readonly expression: Expression; readonly types: readonly string[] } {
    const { cursor } = this;
    const type = types[0]!;
    if (!this.atExpression) return { expression: this.#constant(type), types: [type] };
    const typed = this.expression();
    if (!cursor.take("map")) return typed;
    if (cursor.is("@")) {
      const map = this.namedSet(typed.types, typed.place, "map");
      const data = map.kind === "named" ? this.context.set(map.name)?.data : undefined;
      return { expression: { kind: "map", key: typed.expression, map }, types: data ?? types };
    }
    const set = this.set(typed.types, types);
    const map = { kind: "anonymous", set } as const;
    return { expression: { kind: "map", key: typed.expression, map }, types: set.data! };
  }

  #constant(type: string): Expression {
    const right = this.right(type, false);
    if (right.kind === "range") return { kind: "range", from: right.from, to: right.to, type };
    if (right.kind === "prefix") throw new Unsimulated("prefix");
    if (right.kind === "bits") return { kind: "value", value: right.value, type };
    if (right.kind !== "value") this.cursor.fail();
    return { kind: "value", value: right.value, type };
  }
}
