import { SECOND } from "../../sim/kernel/index.ts";
import {
  bitmapValue,
  compareAddresses,
  elementCounters,
  listElements,
  parsePrefix,
  setReferences,
  setType,
  type ElementRow,
  type Namespace,
  type SetRow,
} from "../../sim/net/index.ts";
import { spanOf } from "./options.ts";

/** Elements as the kernel tells them: bitmaps from the lowest on, lists and hashes as they came (a hash has no order). */
function ordered(ns: Namespace, set: SetRow, sorted: boolean): [string, ElementRow][] {
  const list = listElements(ns, set);
  const { method, parts } = setType(set.type)!;
  if (method === "bitmap") {
    const value = ([key]: [string, ElementRow]): number => bitmapValue(parts[0] === "port", key.split(",")[0]!);
    return list.sort((a, b) => value(a) - value(b));
  }
  if (sorted && method === "hash") list.sort(([a], [b]) => compareElements(a, b));
  return list;
}

/** Part by part: addresses, then ports before messages, as `-s` has them. */
function compareElements(a: string, b: string): number {
  const [first, second] = [a.split(","), b.split(",")];
  for (const [at, word] of first.entries()) {
    const other = second[at]!;
    if (word === other) continue;
    const [icmp, otherIcmp] = [word.startsWith("icmp"), other.startsWith("icmp")];
    if (icmp !== otherIcmp) return icmp ? 1 : -1;
    const [one, two] = [parsePrefix(word), parsePrefix(other)];
    if (one && two) return compareAddresses(one.address, two.address) || one.length - two.length;
    return word < other ? -1 : 1;
  }
  return 0;
}

/** `10.0.0.1 timeout 597 packets 0 bytes 0 comment "x"`. */
function elementText(ns: Namespace, set: SetRow, key: string, row: ElementRow): string {
  let text = key;
  if (set.timeout !== undefined) {
    const left = row.expires === undefined ? 0 : Math.max(1, Math.floor((row.expires - ns.kernel.now) / SECOND));
    text += ` timeout ${left}`;
  }
  if (row.nomatch) text += " nomatch";
  if (set.counters) {
    const { packets, bytes } = elementCounters(ns, set).get(key) ?? { packets: 0, bytes: 0 };
    text += ` packets ${packets} bytes ${bytes}`;
  }
  if (row.comment !== undefined) text += ` comment "${row.comment}"`;
  return text;
}

/** What a set was made with, as `ipset save` writes it behind its type and `ipset list` behind `Header:`. */
function optionsText(set: SetRow): string {
  const { method, parts } = setType(set.type)!;
  const words: string[] = [];
  if (method === "bitmap") words.push(`range ${set.range!.join("-")}`);
  if (method === "list") words.push(`size ${set.size!}`);
  if (method === "hash") {
    if (parts.includes("ip") || parts.includes("net")) words.push(`family ${set.family}`);
    if (set.markmask !== undefined) words.push(`markmask 0x${set.markmask.toString(16)}`);
    words.push(`hashsize ${set.hashsize}`, `maxelem ${set.maxelem}`);
  }
  if (set.netmask !== undefined) words.push(`netmask ${set.netmask}`);
  if (set.timeout !== undefined) words.push(`timeout ${set.timeout}`);
  if (set.counters) words.push("counters");
  if (set.comment) words.push("comment");
  if (set.forceadd) words.push("forceadd");
  if (method === "hash")
    words.push(`bucketsize ${set.bucketsize}`, `initval 0x${set.initval.toString(16).padStart(8, "0")}`);
  return words.join(" ");
}

/** Bytes that the kernel needs: each element of a hash sits in a bucket of its own, which has room for two. */
function sizeInMemory(set: SetRow, elements: readonly (readonly [string, ElementRow])[]): number {
  const type = setType(set.type)!;
  const at = set.family === "inet6" ? 1 : 0;
  const extensions = (set.counters ? 16 : 0) + (set.timeout === undefined ? 0 : 8) + (set.comment ? 8 : 0);
  const aligned = extensions === 0 ? type.element[at] : Math.ceil(type.element[at] / 8) * 8 + extensions;
  const comments = elements.reduce(
    (sum, [, { comment }]) => sum + (comment === undefined ? 0 : comment.length + 17),
    0,
  );
  const base = type.base[at];
  switch (type.method) {
    case "list":
      return base + elements.length * (type.element[0] + extensions) + comments;
    case "bitmap": {
      const span = spanOf(set, set.range![0], set.range![1]);
      const bits = Math.ceil(span / 64) * 8;
      return base + bits + (type.element[0] + extensions) * span + comments;
    }
    case "hash":
      return base + elements.length * (32 + 2 * aligned) + comments;
  }
}

/** One set as `ipset list` prints it. */
export function listSet(
  ns: Namespace,
  name: string,
  set: SetRow,
  { sorted, terse }: { readonly sorted: boolean; readonly terse: boolean },
): string {
  const elements = ordered(ns, set, sorted);
  const lines = [
    `Name: ${name}`,
    `Type: ${set.type}`,
    `Revision: ${setType(set.type)!.revision}`,
    `Header: ${optionsText(set)}`,
    `Size in memory: ${sizeInMemory(set, elements)}`,
    `References: ${setReferences(ns, name)}`,
    `Number of entries: ${elements.length}`,
  ];
  if (!terse) {
    lines.push("Members:");
    for (const [key, row] of elements) lines.push(elementText(ns, set, key, row));
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** One set as the commands that would make it. */
export function saveSet(ns: Namespace, name: string, set: SetRow, { sorted }: { readonly sorted: boolean }): string {
  const lines = [`create ${name} ${set.type} ${optionsText(set)}`];
  for (const [key, row] of ordered(ns, set, sorted)) lines.push(`add ${name} ${elementText(ns, set, key, row)}`);
  return lines.map((line) => `${line}\n`).join("");
}
