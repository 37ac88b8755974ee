import { SECOND } from "../../kernel/index.ts";
import { parseIPv4 } from "../ip.ts";
import type { Namespace } from "../namespace.ts";
import type { Counter } from "../netfilter/row.ts";
import type { Rows } from "../rows.ts";
import { setType, type ElementRow, type SetRow } from "./row.ts";

/** What the kernel refuses, in the words that ipset has for it (lib/errcode.c). */
export type Refusal = string | undefined;

export const NO_SET = "The set with the given name does not exist";

export function setsOf(ns: Namespace): Rows<string, SetRow> {
  return ns.rows("ipset/sets");
}

/** Elements by their text, in the order in which they came. */
export function elementsOf(ns: Namespace, set: SetRow): Rows<string, ElementRow> {
  return ns.rows(`ipset/${set.id}`);
}

export function elementCounters(ns: Namespace, set: SetRow): Rows<string, Counter> {
  return ns.quietRows(`ipset/${set.id}/counters`);
}

/** Sets as the kernel tells of them: lists of sets behind the others (IPSET_DUMP_LAST). */
export function listSets(ns: Namespace): [string, SetRow][] {
  const last = (set: SetRow): number => (set.type === "list:set" ? 1 : 0);
  return [...setsOf(ns).entries()].sort(([, a], [, b]) => last(a) - last(b) || a.slot - b.slot);
}

export type SetDraft = Omit<SetRow, "id" | "slot" | "initval">;

/** Makes a set; with `exist` one like it may be there already. */
export function createSet(ns: Namespace, name: string, draft: SetDraft, exist = false): Refusal {
  const sets = setsOf(ns);
  const known = sets.get(name);
  if (known) {
    const same = known.type === draft.type && known.family === draft.family && known.timeout === draft.timeout;
    return exist && same ? undefined : "Set cannot be created: set with the same name already exists";
  }
  const ids = ns.rows<string, number>("ipset/ids");
  const id = (ids.get("last") ?? 0) + 1;
  ids.set("last", id);
  const taken = new Set([...sets.values()].map((set) => set.slot));
  let slot = 0;
  while (taken.has(slot)) slot++;
  sets.set(name, { ...draft, id, slot, initval: ns.kernel.random.uint32(`ipset/${ns.id}`) });
  return undefined;
}

/** Empties a set. */
export function clearSet(ns: Namespace, set: SetRow): void {
  elementsOf(ns, set).clear();
  elementCounters(ns, set).clear();
}

export function flushSet(ns: Namespace, name: string): Refusal {
  const set = setsOf(ns).get(name);
  if (!set) return NO_SET;
  clearSet(ns, set);
  return undefined;
}

/** The contents change places; rules keep looking at the names that they were written with. */
export function swapSets(ns: Namespace, from: string, to: string): Refusal {
  const sets = setsOf(ns);
  const [a, b] = [sets.get(from), sets.get(to)];
  if (!a) return NO_SET;
  if (!b) return "Sets cannot be swapped: the second set does not exist";
  if (setType(a.type)!.parts.length !== setType(b.type)!.parts.length || a.family !== b.family || !alike(a, b))
    return "The sets cannot be swapped: their type does not match";
  sets.set(from, { ...b, slot: a.slot });
  sets.set(to, { ...a, slot: b.slot });
  return undefined;
}

/** Sets of one kind of elements may be swapped (ip_set_swap compares features and family). */
function alike(a: SetRow, b: SetRow): boolean {
  const features = (row: SetRow): string =>
    setType(row.type)!
      .parts.map((part) => (part === "net" ? "net" : part))
      .join();
  return features(a) === features(b);
}

export interface ElementDraft {
  readonly key: string;
  readonly timeout?: number;
  readonly comment?: string;
  readonly nomatch?: true;
  readonly packets?: number;
  readonly bytes?: number;
}

/** Puts an element into a set; with `exist` what is there already is only renewed. */
export function addElement(ns: Namespace, set: SetRow, draft: ElementDraft, exist = false): Refusal {
  const elements = elementsOf(ns, set);
  const { key } = draft;
  const refusal = checkElement(ns, set, key);
  if (refusal !== undefined) return refusal;
  const known = alive(ns, elements, key);
  if (known && !exist) return "Element cannot be added to the set: it's already added";
  if (!known && isFull(ns, set)) return "Hash is full, cannot add more elements";
  const seconds = draft.timeout ?? set.timeout;
  const expires = set.timeout === undefined || !seconds ? undefined : ns.kernel.now + seconds * SECOND;
  elements.set(key, {
    ...(expires === undefined ? {} : { expires }),
    ...(draft.nomatch ? { nomatch: true as const } : {}),
    ...(draft.comment === undefined ? {} : { comment: draft.comment }),
  });
  if (set.counters) {
    const { packets = 0, bytes = 0 } = draft;
    if (packets > 0 || bytes > 0) elementCounters(ns, set).set(key, { packets, bytes });
    else elementCounters(ns, set).delete(key);
  }
  return undefined;
}

export function deleteElement(ns: Namespace, set: SetRow, key: string, exist = false): Refusal {
  const elements = elementsOf(ns, set);
  const refusal = checkElement(ns, set, key);
  if (refusal !== undefined) return refusal;
  const known = alive(ns, elements, key);
  elements.delete(key);
  elementCounters(ns, set).delete(key);
  return known || exist ? undefined : "Element cannot be deleted from the set: it's not added";
}

function checkElement(ns: Namespace, set: SetRow, key: string): Refusal {
  const { method, parts } = setType(set.type)!;
  if (method === "list") {
    const member = setsOf(ns).get(key);
    if (!member) return "Set to be added/deleted/tested as element does not exist.";
    if (member.type === "list:set") return "Sets with list:set type cannot be added to the set.";
  } else if (method === "bitmap") {
    const value = bitmapValue(parts[0] === "port", key.split(",")[0]!);
    const [from, to] = set.range!.map((end) => bitmapValue(parts[0] === "port", end)) as [number, number];
    if (value < from || value > to) return "Element is out of the range of the set";
  }
  return undefined;
}

/** Bitmaps are ordered by it. */
export function bitmapValue(port: boolean, text: string): number {
  return port ? Number(text) : (parseIPv4(text) ?? 0) >>> 0;
}

function isFull(ns: Namespace, set: SetRow): boolean {
  if (setType(set.type)!.method !== "hash" || elementsOf(ns, set).size < set.maxelem) return false;
  return listElements(ns, set).length >= set.maxelem;
}

function alive(ns: Namespace, elements: Rows<string, ElementRow>, key: string): ElementRow | undefined {
  const row = elements.get(key);
  if (!row || (row.expires !== undefined && row.expires <= ns.kernel.now)) return undefined;
  return row;
}

/** An element that has not expired. */
export function findElement(ns: Namespace, set: SetRow, key: string): ElementRow | undefined {
  return alive(ns, elementsOf(ns, set), key);
}

/** Elements that have not expired. */
export function listElements(ns: Namespace, set: SetRow): [string, ElementRow][] {
  const { now } = ns.kernel;
  const list: [string, ElementRow][] = [];
  for (const [key, row] of elementsOf(ns, set).entries())
    if (row.expires === undefined || row.expires > now) list.push([key, row]);
  return list;
}
