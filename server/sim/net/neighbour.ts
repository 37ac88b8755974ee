import { SECOND, type Time } from "../kernel/index.ts";
import { address, addressText, type Address } from "./ip.ts";
import type { Mac } from "./mac.ts";
import type { Namespace } from "./namespace.ts";
import { configurationOf, type NeighbourTimes } from "./sysctl/configuration.ts";

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
  /** What `ip neigh` was told of it besides, and tells again. */
  readonly router?: boolean;
  readonly externLearn?: boolean;
  readonly protocol?: string;
}

/** An address for which this machine answers in the name of others (`ip neigh add proxy`); link 0 stands for all. */
export interface ProxyRow {
  readonly link: number;
  readonly address: string;
}

function proxies(ns: Namespace) {
  return ns.rows<string, ProxyRow>("neighbour-proxies");
}

/** The kernel's order: by a hash of the address, of one hash the newest first (net/core/neighbour.c: pneigh_hash). */
export function listProxies(ns: Namespace): ProxyRow[] {
  const bucket = ({ address: text }: ProxyRow): number => {
    const value = address(text);
    const word = Number(typeof value === "bigint" ? value & 0xffff_ffffn : BigInt(value >>> 0));
    let hash = ((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
    hash ^= hash >>> 16;
    hash ^= hash >>> 8;
    hash ^= hash >>> 4;
    return hash & 0xf;
  };
  return [...proxies(ns).values()].reverse().sort((a, b) => bucket(a) - bucket(b));
}

export function putProxy(ns: Namespace, row: ProxyRow): void {
  proxies(ns).set(`${row.link}/${row.address}`, row);
}

export function deleteProxy(ns: Namespace, row: ProxyRow): boolean {
  return proxies(ns).delete(`${row.link}/${row.address}`);
}

/** True if questions that come in by the link for the address are answered for somebody else. */
export function isProxied(ns: Namespace, link: number, target: Address): boolean {
  const rows = proxies(ns);
  if (rows.size === 0) return false;
  const text = addressText(target);
  return rows.has(`${link}/${text}`) || rows.has(`0/${text}`);
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

/** The times of the table below net/ipv4/neigh or net/ipv6/neigh that an address is in. */
export function neighbourTimes(ns: Namespace, link: number, neighbour: Address): NeighbourTimes {
  return configurationOf(ns).neighbourTimes(link, typeof neighbour === "number" ? 4 : 6);
}

/** What a table holds at most (gc_thresh3), and how long a row is left alone when it is full (gc_stale_time). */
const MOST = 1024;
const UNUSED_TIME = 60 * SECOND;

/**
 * The state as of now. Linux draws 0.5 to 1.5 times the time that a neighbour counts as reachable anew from time to time; the middle
 * stands for all. `answers` tells whether the neighbour would answer a question now; asked only where it matters.
 */
export function neighbourState(
  row: NeighbourRow,
  now: Time,
  answers: () => boolean,
  times: NeighbourTimes,
): NeighbourState {
  if (row.kind === "permanent") return "PERMANENT";
  if (row.kind === "noarp") return "NOARP";
  if (row.kind === "asked") return now - row.used! < times.asking ? "INCOMPLETE" : "FAILED";
  if (row.confirmed > 0 && now - row.confirmed < times.reachable) return "REACHABLE";
  if (row.used === undefined) return "STALE";
  const probing = row.used + times.delay;
  if (now < probing) return "DELAY";
  if (answers()) return now - probing < times.reachable ? "REACHABLE" : "STALE";
  return now - probing < times.probing ? "PROBE" : "FAILED";
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
    if (ns.neighboursLearned.size >= MOST && !ns.neighboursLearned.has(key)) makeRoom(ns);
    ns.neighboursLearned.set(key, row);
  }
}

/** Failed and long unused ones go; if there are none, the oldest (neigh_forced_gc). */
function makeRoom(ns: Namespace): void {
  const { now } = ns.kernel;
  for (const [key, row] of ns.neighboursLearned.entries())
    if (now - Math.max(row.confirmed, row.used ?? 0) > UNUSED_TIME) ns.neighboursLearned.delete(key);
  if (ns.neighboursLearned.size < MOST) return;
  for (const key of ns.neighboursLearned.keys()) {
    ns.neighboursLearned.delete(key);
    return;
  }
}

export function deleteNeighbour(ns: Namespace, row: NeighbourRow): void {
  const key = neighbourKey(row.link, address(row.address));
  ns.neighbours.delete(key);
  ns.neighboursLearned.delete(key);
}

/** Forgets the neighbours on a link: all when it goes down, all but permanent ones when it loses its carrier. */
export function flushNeighbours(ns: Namespace, link: number, options: { keepPermanent: boolean }): void {
  for (const [key, row] of ns.neighboursLearned.entries()) if (row.link === link) ns.neighboursLearned.delete(key);
  for (const [key, row] of ns.neighbours.entries())
    if (row.link === link && !(options.keepPermanent && row.kind === "permanent")) ns.neighbours.delete(key);
}
