import { SECOND, type Time } from "../kernel/index.ts";
import type { BridgeLink } from "./link/row.ts";
import type { Mac } from "./mac.ts";
import type { Namespace } from "./namespace.ts";

/** Behind which port of a bridge (`link`), or behind which other ends of a vxlan (`remotes`), a MAC address lives. */
export interface FdbRow {
  readonly mac: Mac;
  /** The bridge, or the vxlan itself, whose table this is in. */
  readonly table: number;
  /** The port; for a vxlan the vxlan. */
  readonly link: number;
  readonly state: "permanent" | "static" | "learned";
  readonly remotes?: readonly string[];
  readonly updated: Time;
}

export function fdbKey(table: number, mac: Mac): string {
  return `${table}/${mac}`;
}

/** The entry for a MAC address, unless it was learned and is older than the bridge remembers. `ageing` in seconds. */
export function findFdb(ns: Namespace, table: number, mac: Mac, ageing: number): FdbRow | undefined {
  const key = fdbKey(table, mac);
  const set = ns.fdb.get(key);
  if (set) return set;
  const learned = ns.fdbLearned.get(key);
  return learned && ns.kernel.now - learned.updated < ageing * SECOND ? learned : undefined;
}

/** Notes where a frame came from (br_fdb_update). A configured entry stays. */
export function learn(ns: Namespace, bridge: BridgeLink, port: number, mac: Mac): void {
  const key = fdbKey(bridge.index, mac);
  if (ns.fdb.has(key)) return;
  const known = ns.fdbLearned.get(key);
  if (known?.link === port && ns.kernel.now - known.updated < SECOND) return;
  ns.fdbLearned.set(key, { mac, table: bridge.index, link: port, state: "learned", updated: ns.kernel.now });
}

/** Notes behind which other end of a vxlan a MAC address lives (vxlan_snoop). */
export function learnRemote(ns: Namespace, vxlan: number, mac: Mac, remote: string): void {
  const key = fdbKey(vxlan, mac);
  // A link without Ethernet headers has answered.
  if (mac === "" || ns.fdb.has(key)) return;
  const row: FdbRow = {
    mac,
    table: vxlan,
    link: vxlan,
    state: "learned",
    remotes: [remote],
    updated: ns.kernel.now,
  };
  ns.fdbLearned.set(key, row);
}

export function listFdb(ns: Namespace): FdbRow[] {
  return [...ns.fdb.values(), ...ns.fdbLearned.values()];
}

export function putFdb(ns: Namespace, row: FdbRow): void {
  const key = fdbKey(row.table, row.mac);
  ns.fdbLearned.delete(key);
  ns.fdb.set(key, row);
}

export function deleteFdb(ns: Namespace, table: number, mac: Mac): boolean {
  const key = fdbKey(table, mac);
  return ns.fdb.delete(key) || ns.fdbLearned.delete(key);
}

/** Forgets what was learned behind a port (it went down), or everything behind it (it left). */
export function flushFdb(ns: Namespace, link: number, options: { learnedOnly: boolean }): void {
  const all = options.learnedOnly ? [ns.fdbLearned] : [ns.fdbLearned, ns.fdb];
  for (const rows of all)
    for (const [key, row] of rows.entries()) if (row.link === link || row.table === link) rows.delete(key);
}
