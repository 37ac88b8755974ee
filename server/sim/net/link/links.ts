import type { Namespace } from "../namespace.ts";
import { isUpper, type LinkRow, type UpperLink } from "./row.ts";

/** Links of a namespace by name, as of a version of its rows. */
export interface LinkIndex {
  version: number;
  readonly byName: Map<string, LinkRow>;
  readonly loopback: number;
}

export function linkIndex(ns: Namespace): LinkIndex {
  const version = ns.links.version;
  if (ns.linkIndex?.version === version) return ns.linkIndex;
  const byName = new Map<string, LinkRow>();
  let loopback = 0;
  for (const link of ns.links.values()) {
    byName.set(link.name, link);
    if (link.altnames) for (const name of link.altnames) byName.set(name, link);
    if (link.kind === "loopback") loopback = link.index;
  }
  return (ns.linkIndex = { version, byName, loopback });
}

export function findLink(ns: Namespace, name: string): LinkRow | undefined {
  return linkIndex(ns).byName.get(name);
}

/** The link of that index; a missing one is a bug of the caller. */
export function getLink(ns: Namespace, index: number): LinkRow {
  const link = ns.links.get(index);
  if (!link) throw new Error(`no link ${index} in ${ns.id}`);
  return link;
}

/** Links in the order of their index, as all tools list them. */
export function listLinks(ns: Namespace): LinkRow[] {
  return [...ns.links.values()].sort((a, b) => a.index - b.index);
}

/** Replaces some fields of a link. */
export function updateLink<L extends LinkRow>(ns: Namespace, link: L, change: Partial<L>): L {
  const row = { ...link, ...change };
  const { linkIndex: index } = ns;
  const known = index?.version === ns.links.version && row.name === link.name && row.altnames === link.altnames;
  ns.links.set(row.index, row);
  if (known && index.byName.get(row.name)?.index === row.index) {
    // The names are as they were.
    index.byName.set(row.name, row);
    if (row.altnames) for (const name of row.altnames) index.byName.set(name, row);
    index.version = ns.links.version;
  }
  return row;
}

/** Ports of a bridge in the order of their numbers: in which it floods. */
export function bridgePorts(ns: Namespace, bridge: number): LinkRow[] {
  const ports = [...ns.links.values()].filter((link) => link.master === bridge);
  return ports.sort((a, b) => a.port!.number - b.port!.number);
}

export function loopbackIndex(ns: Namespace): number {
  return linkIndex(ns).loopback;
}

/** The other end of a veth. Both ends are made and deleted together. */
export function peerOf(ns: Namespace, link: LinkRow): { ns: Namespace; link: LinkRow } | undefined {
  if (link.kind !== "veth") return undefined;
  const other = ns.network.find(link.peer.namespace);
  const peer = other?.links.get(link.peer.index);
  return other && peer ? { ns: other, link: peer } : undefined;
}

/** What a macvlan or vlan stands on. */
export function lowerOf(ns: Namespace, link: UpperLink): { ns: Namespace; link: LinkRow } | undefined {
  const other = ns.network.find(link.lower.namespace);
  const lower = other?.links.get(link.lower.index);
  return other && lower ? { ns: other, link: lower } : undefined;
}

/** What stands on a link, each with its namespace. */
export function uppersOf(ns: Namespace, link: LinkRow): { ns: Namespace; link: UpperLink }[] {
  return (link.uppers ?? []).flatMap(({ namespace, index }) => {
    const other = ns.network.find(namespace);
    const upper = other?.links.get(index);
    return other && upper && isUpper(upper) ? [{ ns: other, link: upper }] : [];
  });
}

/** The number under which `ns` knows `other`: given when first asked for, the lowest that is free. */
export function peerId(ns: Namespace, other: string): number {
  const row = ns.row;
  const known = row.peerIds[other];
  if (known !== undefined) return known;
  const taken = new Set(Object.values(row.peerIds));
  let id = 0;
  while (taken.has(id)) id++;
  ns.network.namespaces.set(ns.id, { ...row, peerIds: { ...row.peerIds, [other]: id } });
  return id;
}
