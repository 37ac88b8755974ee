import type { Time } from "../../kernel/index.ts";
import { primitive, type Primitive } from "./data-type.ts";
import { overlap, sortIntervals } from "./interval.ts";
import { keyOf } from "./lookup.ts";
import type { ElementRow, Right, SetRow, Verdict } from "./row.ts";

export type ElementDraft = ElementRow;

/** What identifies an element in its set. */
export function elementKey(key: readonly Right[], types: readonly string[]): Primitive {
  if (key.every(({ kind }) => kind === "value"))
    return keyOf(key.map((part, at) => (part.kind === "value" ? primitive(part.value, types[at]!) : 0)));
  return JSON.stringify(key);
}

/** A set's elements with more; the number of the one that the kernel refuses. What is there already changes nothing. */
export function mergeElements(
  row: SetRow,
  elements: readonly ElementDraft[],
  create: boolean,
  now: Time,
): readonly ElementRow[] | number {
  const known = new Map(row.elements.map((element) => [elementKey(element.key, row.key), element]));
  const added: ElementRow[] = [];
  for (const [at, element] of elements.entries()) {
    if ((row.data !== undefined) !== (element.data !== undefined)) return at;
    const key = elementKey(element.key, row.key);
    const old = known.get(key);
    const gone = old?.expires !== undefined && old.expires <= now;
    if (old && !gone) {
      if (create || !sameData(old.data, element.data)) return at;
      continue;
    }
    const lasts = element.timeout ?? (row.timeouts || row.timeout !== undefined ? row.timeout : undefined);
    const stored = lasts === undefined ? element : { ...element, expires: now + lasts * 1000 };
    known.set(key, stored);
    added.push(stored);
  }
  if (added.length === 0) return row.elements;
  const all = [...known.values()];
  return row.autoMerge && row.key.length === 1 && !row.data ? sortIntervals(all, row.key[0]!, true) : all;
}

/** The same without some; the number of the one that is not there. */
export function removeElements(
  row: SetRow,
  elements: readonly ElementDraft[],
  forget: (key: Primitive) => boolean,
): readonly ElementRow[] | number {
  const known = new Map(row.elements.map((element) => [elementKey(element.key, row.key), element]));
  for (const [at, element] of elements.entries()) {
    const key = elementKey(element.key, row.key);
    if (!known.delete(key) && !forget(key)) return at;
  }
  return [...known.values()];
}

function sameData(one: Verdict | readonly Right[] | undefined, other: Verdict | readonly Right[] | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Two elements of an interval set that overlap, of which nft speaks before it asks the kernel. */
export function conflict(
  row: SetRow,
  elements: readonly ElementDraft[],
): readonly [ElementRow, ElementRow] | undefined {
  if (!row.interval || row.autoMerge || row.key.length > 1) return undefined;
  return overlap([...row.elements, ...elements], row.key[0]!);
}
