import type { Time } from "../../kernel/index.ts";
import { primitive, type Primitive } from "./data-type.ts";
import { intervalOf } from "./interval.ts";
import type { ElementRow, Right, SetBody, Verdict } from "./row.ts";

/** What a map leads to, ready for packets. */
export type Found =
  | { readonly verdict: Verdict }
  | { readonly data: readonly Primitive[] }
  | { readonly data: undefined };

interface Entry {
  readonly found: Found;
  readonly expires: Time | undefined;
}

/** Tests of one part of a key. */
type PartTest = (value: Primitive) => boolean;

/** The elements of a set made ready for lookups. */
export class CompiledSet {
  readonly #exact = new Map<Primitive, Entry>();
  /** Sorted by where they begin; they don't overlap. */
  readonly #intervals: { readonly low: bigint; readonly high: bigint; readonly entry: Entry }[] = [];
  readonly #tests: { readonly tests: readonly PartTest[]; readonly entry: Entry }[] = [];
  #any: Entry | undefined;

  constructor(set: SetBody) {
    for (const element of set.elements) this.#add(element, set);
    this.#intervals.sort((a, b) => (a.low < b.low ? -1 : a.low > b.low ? 1 : 0));
  }

  /** What the values lead to; undefined if they are not in the set. */
  find(values: readonly Primitive[], now: Time): Found | undefined {
    const entry = this.#entry(values);
    if (!entry || (entry.expires !== undefined && entry.expires <= now)) return undefined;
    return entry.found;
  }

  #entry(values: readonly Primitive[]): Entry | undefined {
    const exact = this.#exact.get(keyOf(values));
    if (exact) return exact;
    const inside = this.#intervals.length > 0 && values.length === 1 ? this.#inInterval(values[0]!) : undefined;
    if (inside) return inside;
    for (const { tests, entry } of this.#tests) if (tests.every((test, at) => test(values[at]!))) return entry;
    return this.#any;
  }

  #inInterval(value: Primitive): Entry | undefined {
    if (typeof value === "string") return undefined;
    const wanted = BigInt(value);
    let low = 0;
    let high = this.#intervals.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#intervals[middle]!.high < wanted) low = middle + 1;
      else high = middle;
    }
    const found = this.#intervals[low];
    return found && found.low <= wanted ? found.entry : undefined;
  }

  #add(element: ElementRow, set: SetBody): void {
    const entry: Entry = { found: foundOf(element, set), expires: element.expires };
    const { key } = element;
    if (key[0]!.kind === "any" && key.length === 1) this.#any = entry;
    else if (key.every(({ kind }) => kind === "value"))
      this.#exact.set(keyOf(key.map((part, at) => exactOf(part, set.key[at]!))), entry);
    else if (key.length === 1 && key[0]!.kind !== "wildcard") {
      const interval = intervalOf(key[0]!, set.key[0]!)!;
      this.#intervals.push({ ...interval, entry });
    } else this.#tests.push({ tests: key.map((part, at) => testOf(part, set.key[at]!)), entry });
  }
}

function exactOf(part: Right, type: string): Primitive {
  return part.kind === "value" ? primitive(part.value, type) : 0;
}

function foundOf({ data }: ElementRow, set: SetBody): Found {
  if (data === undefined) return { data: undefined };
  if (!Array.isArray(data)) return { verdict: data as Verdict };
  return { data: (data as readonly Right[]).map((part, at) => exactOf(part, set.data![at]!)) };
}

/** One key for all parts. */
export function keyOf(values: readonly Primitive[]): Primitive {
  if (values.length === 1) return values[0]!;
  let key = "";
  for (const value of values) key += `${value}|`;
  return key;
}

/** Whether a value fits what stands on the right side. */
export function testOf(right: Right, type: string): PartTest {
  switch (right.kind) {
    case "any":
      return () => true;
    case "wildcard":
      return (value) => typeof value === "string" && value.startsWith(right.start);
    case "value": {
      const wanted = primitive(right.value, type);
      return (value) => value === wanted;
    }
    case "bits":
      return (value) => value === right.value;
    default: {
      const { low, high } = intervalOf(right, type)!;
      if (high <= BigInt(Number.MAX_SAFE_INTEGER)) {
        const [from, to] = [Number(low), Number(high)];
        return (value) => typeof value === "number" && value >= from && value <= to;
      }
      return (value) => typeof value !== "string" && value >= low && value <= high;
    }
  }
}

const compiled = new WeakMap<SetBody, CompiledSet>();

export function compileSet(set: SetBody): CompiledSet {
  let found = compiled.get(set);
  if (!found) compiled.set(set, (found = new CompiledSet(set)));
  return found;
}
