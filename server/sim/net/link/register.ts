import { fail, ok, type Result } from "../errno.ts";
import { isGroupMac, isUnicastMac, parseMac, randomMac, type Mac } from "../mac.ts";
import type { Namespace } from "../namespace.ts";
import { inheritSettings } from "../sysctl/sysctl.ts";
import { findLink, linkIndex } from "./links.ts";
import { linkDefaults, type LinkRow } from "./row.ts";

/** What every kind of link may be asked to be. */
export interface CommonSpec {
  /** Without a name the kernel makes one of the kind: `veth0`. */
  readonly name?: string;
  readonly index?: number;
  readonly address?: Mac;
  readonly mtu?: number;
  readonly txqlen?: number;
}

/** Letters, digits and most signs, up to 15 (dev_valid_name). */
export function isLinkName(name: string): boolean {
  return name.length > 0 && name.length < 16 && name !== "." && name !== ".." && !/[/:\s]/.test(name);
}

/** What the kernel checks of every kind (rtnl_newlink, dev_valid_name). */
export function check(ns: Namespace, spec: CommonSpec): Result {
  if (ns.links.size >= ns.kernel.limits.networkRows) return fail("ENOBUFS");
  if (spec.name !== undefined) {
    if (spec.name.length > 15) return fail("ERANGE", "Attribute failed policy validation");
    if (!isLinkName(spec.name)) return fail("EINVAL");
    if (findLink(ns, spec.name)) return fail("EEXIST");
  }
  if (spec.index !== undefined && ns.links.has(spec.index)) return fail("EBUSY");
  if (spec.address !== undefined) {
    const mac = parseMac(spec.address);
    if (mac === undefined) return fail("EINVAL");
    if (isGroupMac(mac) || !isUnicastMac(mac)) return fail("EADDRNOTAVAIL");
  }
  return checkMtu(spec.mtu);
}

export function checkMtu(mtu: number | undefined): Result {
  if (mtu === undefined) return ok();
  if (mtu < 68) return fail("EINVAL", "mtu less than device minimum");
  if (mtu > 65535) return fail("EINVAL", "mtu greater than device maximum");
  return ok();
}

/** The fields of a fresh link, with an index and an address of its own. */
export function base(
  ns: Namespace,
  spec: CommonSpec & { kind: LinkRow["kind"]; readonly prefix?: string },
  mtu: number,
  mac?: Mac,
) {
  const index = spec.index ?? nextIndex(ns);
  const prefix = spec.prefix ?? (spec.kind === "loopback" ? "lo" : spec.kind === "physical" ? "eth" : spec.kind);
  const name = spec.name ?? freeName(ns, prefix);
  const address = spec.address === undefined ? undefined : parseMac(spec.address);
  return {
    ...linkDefaults(name, index, address ?? mac ?? randomMac(ns.kernel.random, `mac/${ns.machine}`), spec.mtu ?? mtu),
    addressSet: address !== undefined,
    mtuSet: spec.mtu !== undefined,
    ...(spec.txqlen === undefined ? {} : { txqlen: spec.txqlen }),
  };
}

/** Indices count on; a number is used again only after all others (dev_index_reserve). */
export function nextIndex(ns: Namespace): number {
  const { row } = ns;
  let index = row.lastIndex + 1;
  while (ns.links.has(index)) index++;
  ns.network.namespaces.set(ns.id, { ...row, lastIndex: index });
  return index;
}

export function freeName(ns: Namespace, prefix: string): string {
  if (prefix === "lo") return "lo";
  const names = linkIndex(ns).byName;
  let number = 0;
  while (names.has(`${prefix}${number}`)) number++;
  return `${prefix}${number}`;
}

export function register<L extends LinkRow>(ns: Namespace, link: L): L {
  ns.links.set(link.index, link);
  inheritSettings(ns, link.index);
  return link;
}

/** Adds a card to a segment's list. */
export function plug(ns: Namespace, index: number, segment: string): void {
  const row = ns.network.segment(segment);
  const cards = [...row.cards, { namespace: ns.id, index }];
  ns.network.segments.set(segment, { ...row, cards });
}
