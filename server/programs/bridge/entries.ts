import { listFdb, type FdbRow, type LinkRow } from "../../sim/net/index.ts";
import type { IpCall } from "../ip/call.ts";
import { filtersVlans } from "../ip/link/details.ts";
import { multicastAddresses } from "./groups.ts";

/** A line of `bridge fdb`. */
export interface Entry {
  readonly mac: string;
  readonly link: number;
  /** The bridge whose entry it is; undefined: the link's own (`self`). */
  readonly master: number | undefined;
  readonly vlan?: number;
  readonly remote?: string;
  readonly state: FdbRow["state"];
  readonly row?: FdbRow;
}

/** All entries in the order in which the kernel dumps them: link by link (net/core/rtnetlink.c: rtnl_fdb_dump). */
export function allEntries(call: IpCall): Entry[] {
  const rows = listFdb(call.ns).filter((row) => isFresh(call, row));
  return call.links().flatMap((link) => entriesOf(call, link, rows));
}

function entriesOf(call: IpCall, link: LinkRow, rows: readonly FdbRow[]): Entry[] {
  if (link.kind === "vxlan") return rows.filter((row) => row.table === link.index).flatMap(remoteEntries);
  const own = multicastAddresses(call.ns, link).map((mac): Entry => ({
    mac,
    link: link.index,
    master: undefined,
    state: "permanent",
  }));
  const self = rows
    .filter((row) => row.table === link.index && row.link === link.index)
    .map(({ mac, state }): Entry => ({ mac, link: link.index, master: undefined, state }));
  if (link.kind === "bridge") return [...own, ...local(call, link, link.index)];
  if (link.master === undefined) return [...self, ...own];
  // The newest entry of a port comes first.
  const learned = rows
    .filter((row) => row.table === link.master && row.link === link.index)
    .reverse()
    .map((row): Entry => ({ mac: row.mac, link: link.index, master: link.master!, state: row.state, row }));
  return [...learned, ...local(call, link, link.master), ...self, ...own];
}

/** The address of a port or of the bridge itself, once for each VLAN that it is in. */
function local(call: IpCall, link: LinkRow, bridge: number): Entry[] {
  const entry: Entry = { mac: link.address, link: link.index, master: bridge, state: "permanent" };
  return filtersVlans(call) ? [{ ...entry, vlan: 1 }, entry] : [entry];
}

function remoteEntries(row: FdbRow): Entry[] {
  const { mac, link, state } = row;
  return (row.remotes ?? []).map((remote) => ({ mac, link, master: undefined, remote, state, row }));
}

/** What was learned is forgotten after a while. */
function isFresh({ ns }: IpCall, row: FdbRow): boolean {
  const table = ns.links.get(row.table);
  if (row.state !== "learned" || !table || !("ageing" in table)) return true;
  return ns.kernel.now - row.updated < table.ageing * 1_000_000;
}
