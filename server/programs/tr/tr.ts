import { encode, fromUint8Array, toUint8Array, type Bytes } from "../../sim/kernel/index.ts";
import { chunks } from "../gnu/input.ts";
import { tool, type Call } from "../gnu/tool.ts";
import { expand, parseSet, type Element } from "./set.ts";

export const tr = tool({
  name: "tr",
  package: "coreutils",
  summary: "translate or delete characters",
  usage: ["[OPTION]... STRING1 [STRING2]"],
  about: "Translate, squeeze, and/or delete characters from standard input,\nwriting to standard output.",
  stopAtOperand: true,
  flags: {
    complement: { short: "cC", long: "complement", help: "use the complement of STRING1" },
    delete: { short: "d", long: "delete", help: "delete characters in STRING1, do not translate" },
    squeeze: { short: "s", long: "squeeze-repeats", help: "replace each sequence of a repeated character that is listed in the last specified STRING, with a single occurrence of that character" }, // prettier-ignore
    truncate: { short: "t", long: "truncate-set1", help: "first truncate STRING1 to length of STRING2" },
  },
  async run(call) {
    const { operands } = call;
    const [deleting, squeezing] = [call.has("delete"), call.has("squeeze")];
    const wanted = deleting === squeezing ? 2 : 1;
    if (operands.length === 0) return call.usage("missing operand");
    if (operands.length < wanted) {
      const why = squeezing
        ? "Two strings must be given when both deleting and squeezing repeats."
        : "Two strings must be given when translating.";
      await call.say(`missing operand after ${call.quote(operands.at(-1)!)}`);
      await call.process.error(`${why}\n`);
      return call.usage();
    }
    const most = deleting && !squeezing ? 1 : 2;
    if (operands.length > most) {
      await call.say(`extra operand ${call.quote(operands[most]!)}`);
      if (operands.length === 2)
        await call.process.error("Only one string may be given when deleting without squeezing repeats.\n");
      return call.usage();
    }
    const sets: Element[][] = [];
    for (const operand of operands) {
      const remarks: string[] = [];
      const set = parseSet(
        encode(operand),
        (text) => call.quote(text),
        (remark) => remarks.push(remark),
      );
      for (const remark of remarks) await call.say(remark);
      if (typeof set === "string") return call.fail(set);
      sets.push(set);
    }
    const [first, second] = sets as [Element[], Element[] | undefined];
    const problem = checkSets(call, first, second);
    if (problem !== undefined) return call.fail(problem);
    const translate = !deleting && second !== undefined;
    let codes = expand(first);
    if (call.has("complement")) {
      const given = new Set(codes);
      codes = Array.from({ length: 256 }, (_, code) => code).filter((code) => !given.has(code));
    }
    if (translate && endsInClass(second) && !call.has("truncate") && codes.length > expand(second).length)
      return call.fail(
        "when translating with string1 longer than string2,\nthe latter string must not end with a character class",
      );
    if (
      translate &&
      call.has("complement") &&
      first.some(({ kind }) => kind === "class") &&
      new Set(expand(second, 256)).size > 1
    )
      return call.fail(
        "when translating with complemented character classes,\nstring2 must map all characters in the domain to one",
      );
    const change = new Change({
      deleted: deleting ? codes : [],
      map: translate ? mapping(codes, second, call.has("truncate")) : undefined,
      squeezed: squeezing ? (second ? expand(second, codes.length) : codes) : [],
    });
    for await (const chunk of chunks(call.process, call.process.fds.get(0), call.out))
      await call.out.put(change.apply(chunk));
    return 0;
  },
});

function checkSets(call: Call, first: readonly Element[], second: readonly Element[] | undefined): string | undefined {
  if (first.some((element) => element.kind === "repeat")) return "the [c*] repeat construct may not appear in string1";
  if (!second) return undefined;
  const fills = second.filter((element) => element.kind === "repeat" && element.count === 0).length;
  if (fills > 1) return "only one [c*] repeat construct may appear in string2";
  if (call.has("delete")) return undefined;
  const length = expand(second).length;
  if (length === 0 && fills === 0 && !call.has("truncate") && first.length > 0)
    return "when not truncating set1, string2 must be non-empty";
  const cased = second.find(
    (element) => element.kind === "class" && element.name !== "upper" && element.name !== "lower",
  );
  if (cased) return "when translating, the only character classes that may appear in\nstring2 are 'upper' and 'lower'";
  if (call.has("complement")) return undefined;
  return misaligned(first, second) ? "misaligned [:upper:] and/or [:lower:] construct" : undefined;
}

/** Each upper or lower class of the second set must stand across one of the first. */
function misaligned(first: readonly Element[], second: readonly Element[]): boolean {
  const starts = (set: readonly Element[]): Map<number, string> => {
    const found = new Map<number, string>();
    let at = 0;
    for (const element of set) {
      if (element.kind === "class" && (element.name === "upper" || element.name === "lower"))
        found.set(at, element.name);
      at += element.kind === "byte" ? 1 : element.kind === "class" ? element.codes.length : element.count;
    }
    return found;
  };
  const across = starts(first);
  return [...starts(second).keys()].some((at) => !across.has(at));
}

function endsInClass(set: readonly Element[]): boolean {
  return set.at(-1)?.kind === "class";
}

function mapping(from: readonly number[], second: readonly Element[], truncate: boolean): Uint8Array {
  const map = Uint8Array.from({ length: 256 }, (_, code) => code);
  const to = expand(second, from.length);
  if (to.length === 0) return map;
  const count = truncate ? Math.min(from.length, to.length) : from.length;
  for (let at = 0; at < count; at++) map[from[at]!] = to[Math.min(at, to.length - 1)]!;
  return map;
}

/** Deletes, translates, then squeezes, as the options ask; remembers the last byte between chunks. */
class Change {
  readonly #deleted: Uint8Array | undefined;
  readonly #map: Uint8Array | undefined;
  readonly #squeezed: Uint8Array | undefined;
  #last = -1;

  constructor(what: { deleted: readonly number[]; map: Uint8Array | undefined; squeezed: readonly number[] }) {
    this.#deleted = what.deleted.length > 0 ? flags(what.deleted) : undefined;
    this.#map = what.map;
    this.#squeezed = what.squeezed.length > 0 ? flags(what.squeezed) : undefined;
  }

  apply(chunk: Bytes): Bytes {
    const bytes = toUint8Array(chunk);
    let end = 0;
    for (let at = 0; at < bytes.length; at++) {
      let byte = bytes[at]!;
      if (this.#deleted && this.#deleted[byte] === 1) continue;
      if (this.#map) byte = this.#map[byte]!;
      if (this.#squeezed) {
        if (byte === this.#last && this.#squeezed[byte] === 1) continue;
        this.#last = byte;
      }
      bytes[end++] = byte;
    }
    return fromUint8Array(end === bytes.length ? bytes : bytes.subarray(0, end));
  }
}

function flags(codes: readonly number[]): Uint8Array {
  const set = new Uint8Array(256);
  for (const code of codes) set[code] = 1;
  return set;
}
