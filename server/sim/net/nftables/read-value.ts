import { addressText, networkOf, parseAddress } from "../ip.ts";
import { Unsimulated, type Cursor } from "./cursor.ts";
import { dataType, isUnreadable, primitive, readValue, type ValueContext } from "./data-type.ts";
import type { ElementRow, Right, SetBody, SetReference, Value, Verdict } from "./row.ts";
import { KEYWORDS, type Place, type Token } from "./scan.ts";
import { readTime } from "./time.ts";

/** What reading values needs to know: how words become numbers, and the sets of the table. */
export interface ReadContext {
  readonly values: ValueContext;
  /** The key and data types of a set; undefined if there is none of that name. */
  set(name: string): { readonly key: readonly string[]; readonly data?: readonly string[] } | undefined;
  /** What nft says of a set that it does not find. */
  missingSet(name: string): string;
}

/** Chains that a rule or element leads to, with the place to blame if one is missing. */
export interface Jump {
  readonly chain: string;
  readonly place: Place;
}

/** Sets within sets: what variables stand for. */
const DEEPEST = 32;

/** An element with where it was written. */
export interface PlacedElement extends ElementRow {
  readonly place: Place;
}

export function withoutPlace({ key, data, comment, timeout }: PlacedElement): ElementRow {
  return {
    key,
    ...(data === undefined ? {} : { data }),
    ...(comment === undefined ? {} : { comment }),
    ...(timeout === undefined ? {} : { timeout }),
  };
}

/** Reads values, sets and verdicts. */
export class ValueReader {
  readonly cursor: Cursor;
  readonly context: ReadContext;
  readonly jumps: Jump[] = [];

  constructor(cursor: Cursor, context: ReadContext) {
    this.cursor = cursor;
    this.context = context;
  }

  /** One value, which may be a keyword where its type knows it. */
  value(type: string): Value {
    const token = this.#word();
    return this.convert(token, type);
  }

  convert(token: Token, type: string): Value {
    const value = readValue(token.text, type, this.context.values);
    if (!isUnreadable(value)) return value;
    if (token.kind === "string" && KEYWORDS.has(token.text)) this.cursor.fail(undefined, token);
    this.cursor.complain(value.unreadable, token);
    return type === "ipv4_addr" ? "0.0.0.0" : type === "ipv6_addr" ? "::" : 0;
  }

  #word(): Token {
    const { token } = this.cursor;
    if (token.kind !== "string" && token.kind !== "number" && token.kind !== "quoted") this.cursor.fail();
    return this.cursor.next();
  }

  /** A value, range, prefix, list of bits or name with an asterisk. */
  right(type: string, element: boolean): Right {
    const { cursor } = this;
    const { token } = cursor;
    if (type === "ifname" && (token.kind === "wildcard" || (token.kind === "quoted" && token.text.endsWith("*")))) {
      cursor.next();
      return { kind: "wildcard", start: token.text.slice(0, -1) };
    }
    if (element && cursor.take("*")) return { kind: "any" };
    if (cursor.is("(")) return this.#bits(type);
    const value = this.value(type);
    if (!element && cursor.is(",") && !dataType(type)?.bitmask) this.#noList(type, token);
    if (cursor.take("-")) return this.#range(value, type, token);
    if (cursor.is("/") && type !== "tcp_flag") return this.#prefix(value, type, token);
    if (dataType(type)?.bitmask && !element && cursor.is(",", "|")) return this.#list(value, type);
    return { kind: "value", value };
  }

  #noList(type: string, first: Token): void {
    this.cursor.complain(`Basetype of type ${dataType(type)!.description} is not bitmask`, first);
    while (this.cursor.take(",")) this.value(type);
  }

  #range(from: Value, type: string, first: Token): Right {
    const to = this.value(type);
    if (primitive(from, type) > primitive(to, type))
      this.cursor.complain("Range has zero or negative size", this.cursor.since(first));
    return { kind: "range", from, to };
  }

  #prefix(value: Value, type: string, first: Token): Right {
    const { cursor } = this;
    cursor.next();
    const length = cursor.number();
    const { bits } = dataType(type)!;
    if (length > bits) {
      cursor.complain(`Prefix length ${length} is invalid for type of ${bits} bits width`, cursor.since(first));
      return { kind: "value", value };
    }
    const address = typeof value === "string" ? parseAddress(value) : undefined;
    if (address === undefined) return { kind: "value", value };
    return { kind: "prefix", value: addressText(networkOf(address, length)), length };
  }

  #list(first: Value, type: string): Right {
    let value = Number(first);
    let count = 1;
    while (this.cursor.take(",", "|")) {
      value |= Number(this.value(type));
      count++;
    }
    return { kind: "bits", value, count };
  }

  #bits(type: string): Right {
    this.cursor.next();
    const inner = this.#list(this.value(type), type) as Extract<Right, { kind: "bits" }>;
    this.cursor.expect(")");
    return inner.count === 1 ? { kind: "value", value: inner.value } : inner;
  }

  /** What a key is compared with: values, or a set. */
  rightOf(types: readonly string[], places: Place): readonly Right[] | SetReference {
    const { cursor } = this;
    if (cursor.is("@")) return this.namedSet(types, places, undefined);
    if (cursor.is("{")) return { kind: "anonymous", set: this.set(types, undefined) };
    return this.parts(types, false);
  }

  parts(types: readonly string[], element: boolean): readonly Right[] {
    const first = this.cursor.token;
    const out = [this.right(types[0]!, element)];
    if (out[0]!.kind === "any" && types.length > 1) return out;
    for (const type of types.slice(1)) {
      if (!this.cursor.take(".")) {
        this.cursor.complain(
          "datatype mismatch, expected concatenation of " +
            `(${types.map((one) => dataType(one)!.description).join(", ")})`,
          this.cursor.since(first),
        );
        return out;
      }
      out.push(this.right(type, element));
    }
    if (this.cursor.is(".") && element) {
      this.cursor.complain("Can't parse symbolic invalid expressions", first);
      while (this.cursor.take(".")) this.cursor.next();
    }
    return out;
  }

  namedSet(types: readonly string[], left: Place, data: "map" | "vmap" | undefined): SetReference {
    const { cursor } = this;
    const at = cursor.next();
    const token = cursor.name();
    const place = cursor.since(at);
    const name = token.text;
    const found = this.context.set(name);
    if (!found) cursor.complain(this.context.missingSet(name), place);
    else if (data && !found.data) cursor.complain("Expression is not a map", place);
    else if (!sameTypes(types, found.key))
      cursor.complain(
        data
          ? `datatype mismatch, map expects ${describe(found.key)}, mapping expression has type ${describe(types)}`
          : `datatype mismatch, expected ${describe(types)}, expression has type ${describe(found.key)}`,
        place,
        left,
      );
    return { kind: "named", name };
  }

  /** `{ a, b-c, d : verdict }` */
  set(key: readonly string[], data: readonly string[] | undefined): SetBody {
    const elements = this.elements(key, data).map(withoutPlace);
    const interval = elements.some((element) => element.key.some(({ kind }) => kind !== "value"));
    return { key, ...(data ? { data: usedTypes(data, elements) } : {}), interval, elements };
  }

  elements(key: readonly string[], data: readonly string[] | undefined, depth = 0): PlacedElement[] {
    const { cursor } = this;
    if (depth > DEEPEST) cursor.fail();
    cursor.expect("{");
    const out: PlacedElement[] = [];
    cursor.skipNewlines();
    while (!cursor.is("}")) {
      if (cursor.is("{")) out.push(...this.elements(key, data, depth + 1));
      else out.push(this.element(key, data));
      cursor.skipNewlines();
      if (!cursor.take(",")) {
        if (!cursor.is("}")) cursor.fail("comma or '}'");
        break;
      }
      cursor.skipNewlines();
    }
    cursor.expect("}", "comma or '}'");
    return out;
  }

  element(key: readonly string[], data: readonly string[] | undefined): PlacedElement {
    const { cursor } = this;
    const first = cursor.token;
    const parts = this.parts(key, true);
    const place = cursor.since(first);
    let comment: string | undefined;
    let timeout: number | undefined;
    for (;;) {
      if (cursor.take("comment")) comment = cursor.quoted();
      else if (cursor.take("timeout")) timeout = readTime(cursor);
      else if (cursor.is("counter", "expires", "limit")) throwCounted(cursor.token.text);
      else break;
    }
    const value = this.#data(data, place);
    return {
      key: parts,
      ...(value === undefined ? {} : { data: value }),
      ...(comment === undefined ? {} : { comment }),
      ...(timeout === undefined ? {} : { timeout }),
      place,
    };
  }

  #data(data: readonly string[] | undefined, place: Place): Verdict | readonly Right[] | undefined {
    const { cursor } = this;
    if (!data || !cursor.is(":")) return undefined;
    cursor.next();
    if (data[0] === "verdict") return this.verdict(place) ?? cursor.fail();
    const out = [this.right(data[0]!, true)];
    for (const type of data.slice(1)) if (cursor.take(".")) out.push(this.right(type, true));
    return out;
  }

  /** `place`: what is to blame if its chain is missing, if not the chain's name. */
  verdict(place?: Place): Verdict | undefined {
    const { cursor } = this;
    if (cursor.is("accept", "drop", "continue", "return"))
      return { verdict: cursor.next().text as "accept" | "drop" | "continue" | "return" };
    if (!cursor.is("jump", "goto")) return undefined;
    const verdict = cursor.next().text as "jump" | "goto";
    const name = cursor.name(undefined);
    this.jumps.push({ chain: name.text, place: place ?? name });
    return { verdict, chain: name.text };
  }
}

function throwCounted(what: string): never {
  throw new Unsimulated(`element … ${what}`);
}

/** Data of fewer parts than could be: an address without its port. */
function usedTypes(data: readonly string[], elements: readonly ElementRow[]): readonly string[] {
  const first = elements.find((element) => Array.isArray(element.data))?.data as readonly Right[] | undefined;
  return first ? data.slice(0, first.length) : data;
}

export function sameTypes(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((type, at) => type === other[at]);
}

export function describe(types: readonly string[]): string {
  const names = types.map((type) => dataType(type)?.description ?? type);
  return names.length === 1 ? names[0]! : `concatenation of (${names.join(", ")})`;
}
