import type { PacketTrace, TraceHop } from "../../../grader/trace.ts";
import { changesOf } from "./headers.ts";
import { placeWords } from "./place.ts";

/** A hop as a sentence: where, what, what it changed. */
export function hopSentence(hop: TraceHop): string {
  const changes = changesOf(hop).map(({ field, from, to }) => `${field} ${from} becomes ${to}`);
  const changed = changes.length > 0 && hop.at !== "conntrack" ? ` (${changes.join(", ")})` : "";
  return `${placeWords(hop)}: ${hop.what}${changed}`;
}

/** How a packet ended, in words: `dropped at node01`. */
export function verdictWords({ verdict, by, hops }: PacketTrace): string {
  const hop = hops[by];
  return hop ? `${verdict} at ${placeWords(hop)}` : verdict;
}

/** What the deciding hop decided, in a sentence. */
export function decidedWords({ verdict }: PacketTrace): string {
  return verdict === "delivered" ? "It arrived here." : `This decided: ${verdict}.`;
}

/** Simulated time that a packet needed: `0.9 µs`, `12 ms`, `3 s`. */
export function timeWords(ns: number): string {
  const units = [
    ["s", 1e9],
    ["ms", 1e6],
    ["µs", 1e3],
  ] as const;
  for (const [unit, size] of units) if (ns >= size) return `${Number((ns / size).toPrecision(2))} ${unit}`;
  return `${ns} ns`;
}

/** A packet, the packet that answered it, and so on. */
export function waysOf(trace: PacketTrace): PacketTrace[] {
  return trace.reply ? [trace, ...waysOf(trace.reply)] : [trace];
}
