import { SECOND, type Time } from "../kernel/index.ts";
import { address, addressText, type Address } from "./ip.ts";
import type { Mac } from "./mac.ts";
import type { Namespace } from "./namespace.ts";

/**
 * What a link knows of a neighbour. `permanent` and `noarp` were configured; `learned` has an address that was confirmed at
 * a time (0: never, only heard of); `asked` waits for an answer, or had none. The states that tools show follow from these
 * and the clock, so that no timer runs.
 */
export interface NeighbourRow {
  readonly link: number;
  readonly address: string;
  readonly kind: "permanent" | "noarp" | "learned" | "asked";
  readonly lladdr?: Mac;
  readonly confirmed: Time;
  /** When a packet was first sent to it after it went stale, or when it was asked for. */
  readonly used?: Time;
}

export type NeighbourState =
  | "PERMANENT"
  | "NOARP"
  | "REACHABLE"
  | "STALE"
  | "DELAY"
  | "PROBE"
  | "INCOMPLETE"
  | "FAILED";

/** Linux draws 0.5 to 1.5 times 30 s anew from time to time; the middle stands for all (base_reachable_time). */
const REACHABLE_TIME = 30 * SECOND;
const DELAY_TIME = 5 * SECOND;
/** Three questions, a second apart (mcast_solicit, ucast_solicit, retrans_time_ms). */
export const ASKING_TIME = 3 * SECOND;

/** The state as of now. `answers` tells whether the neighbour would answer a question now; asked only where it matters. */
export function neighbourState(row: NeighbourRow, now: Time, answers: () => boolean): NeighbourState {
  if (row.kind === "permanent") return "PERMANENT";
  if (row.kind === "noarp") return "NOARP";
  if (row.kind === "asked") return now - row.used! < ASKING_TIME ? "INCOMPLETE" : "FAILED";
  if (row.confirmed > 0 && now - row.confirmed < REACHABLE_TIME) return "REACHABLE";
  if (row.used === undefined) return "STALE";
  const probing = row.used + DELAY_TIME;
  if (now < probing) return "DELAY";
  if (answers()) return now - probing < REACHABLE_TIME ? "REACHABLE" : "STALE";
  return now - probing < ASKING_TIME ? "PROBE" : "FAILED";
}

/** IPv4 keys are numbers, which the hot path makes without building text. */
export function neighbourKey(link: number, neighbour: Address): number | string {
  return typeof neighbour === "number" ? link * 0x1_0000_0000 + (neighbour >>> 0) : `${link}/${addressText(neighbour)}`;
}

export function findNeighbour(ns: Namespace, link: number, neighbour: Address): NeighbourRow | undefined {
  const key = neighbourKey(link, neighbour);
  return ns.neighbours.get(key) ?? ns.neighboursLearned.get(key);
}

/** All neighbours, those that were configured first. */
export function listNeighbours(ns: Namespace): NeighbourRow[] {
  return [...ns.neighbours.values(), ...ns.neighboursLearned.values()];
}

/** Keeps a configured neighbour, or one that the kernel learns, in the place of what was known. */
export function putNeighbour(ns: Namespace, row: NeighbourRow): void {
  const key = neighbourKey(row.link, address(row.address));
  if (row.kind === "permanent" || row.kind === "noarp") {
    ns.neighboursLearned.delete(key);
    ns.neighbours.set(key, row);
  } else {
    ns.neighbours.delete(key);
    ns.neighboursLearned.set(key, row);
  }
}

export function deleteNeighbour(ns: Namespace, row: NeighbourRow): void {
  const key = neighbourKey(row.link, address(row.address));
  ns.neighbours.delete(key);
  ns.neighboursLearned.delete(key);
}

/** Forgets the neighbours on a link: all when it goes down, all but permanent ones when it loses its carrier. */
export function flushNeighbours(ns: Namespace, link: number, options: { keepPermanent: boolean }): void {
  for (const [key, row] of [...ns.neighboursLearned.entries()]) if (row.link === link) ns.neighboursLearned.delete(key);
  for (const [key, row] of [...ns.neighbours.entries()])
    if (row.link === link && !(options.keepPermanent && row.kind === "permanent")) ns.neighbours.delete(key);
}
