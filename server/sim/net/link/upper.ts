import { fail, notSimulated, ok, type Result } from "../errno.ts";
import type { Mac } from "../mac.ts";
import type { Namespace } from "../namespace.ts";
import { getLink, lowerOf, peerId, updateLink, uppersOf } from "./links.ts";
import { base, check, register, type CommonSpec } from "./register.ts";
import type { LinkRow, MacvlanLink, MacvlanMode, UpperLink, VlanLink } from "./row.ts";
import { followLower } from "./state.ts";

interface MacvlanSpec {
  readonly kind: "macvlan";
  readonly mode?: MacvlanMode;
  readonly bcqueuelen?: number;
  readonly nopromisc?: boolean;
}

interface VlanSpec {
  readonly kind: "vlan";
  readonly id?: number;
  readonly protocol?: VlanLink["protocol"];
  readonly reorderHeader?: boolean;
  readonly looseBinding?: boolean;
}

/** `dev` is the index of the lower link, in the namespace where the link is asked for. */
export type UpperSpec = CommonSpec & { readonly dev?: number } & (MacvlanSpec | VlanSpec);

/** Makes a macvlan or vlan in `ns` on a link of `from` (macvlan_common_newlink, vlan_newlink). */
export function createUpper(ns: Namespace, spec: UpperSpec, from: Namespace): Result<LinkRow> {
  const checked = check(ns, spec);
  if (!checked.ok) return checked;
  const found = spec.dev === undefined ? undefined : from.links.get(spec.dev);
  const made = spec.kind === "vlan" ? makeVlan(ns, spec, from, found) : makeMacvlan(ns, spec, from, found);
  if (!made.ok) return made;
  const upper = register<UpperLink>(ns, made.value);
  hang(ns, upper);
  followLower(ns, upper);
  return ok(getLink(ns, upper.index));
}

function makeMacvlan(
  ns: Namespace,
  spec: CommonSpec & MacvlanSpec,
  from: Namespace,
  found: LinkRow | undefined,
): Result<MacvlanLink> {
  if (!found) return fail("EINVAL");
  // A macvlan on a macvlan stands beside it.
  const below = found.kind === "macvlan" ? lowerOf(from, found) : { ns: from, link: found };
  if (!below || below.link.kind === "loopback") return fail("EINVAL");
  const lower = below.link;
  const mode = spec.mode ?? "vepa";
  if (spec.mtu !== undefined && spec.mtu > lower.mtu) return fail("EINVAL");
  const siblings = macvlansOn(below.ns, lower);
  if (siblings.some((other) => other.mode === "passthru") || (mode === "passthru" && siblings.length > 0))
    return fail("EINVAL");
  if (lower.master !== undefined) return fail("EBUSY");
  const address = mode === "passthru" ? lower.address : spec.address;
  if (spec.address !== undefined && mode !== "passthru" && usesAddress(below.ns, lower, spec.address))
    return fail("EADDRINUSE");
  if (below.ns !== ns) peerId(ns, below.ns.id);
  return ok({
    ...base(ns, { ...spec, ...(address === undefined ? {} : { address }) }, lower.mtu),
    kind: "macvlan",
    lower: { namespace: below.ns.id, index: lower.index },
    mode,
    ...(mode === "passthru" ? { lowerAddress: lower.address } : {}),
    bcqueuelen: spec.bcqueuelen ?? 1000,
    ...(spec.nopromisc ? { nopromisc: true } : {}),
  });
}

function makeVlan(
  ns: Namespace,
  spec: CommonSpec & VlanSpec,
  from: Namespace,
  lower: LinkRow | undefined,
): Result<VlanLink> {
  if (spec.id === undefined) return fail("EINVAL", "8021q: VLAN id not specified");
  if (spec.id >= 4095) return fail("ERANGE", "8021q: Invalid VLAN id");
  if (!lower) return fail("EINVAL", "8021q: link not specified");
  if (lower.kind === "loopback") return fail("EOPNOTSUPP", "8021q: VLANs not supported on device");
  const protocol = spec.protocol ?? "802.1Q";
  const twin = uppersOf(from, lower).some(
    ({ link }) => link.kind === "vlan" && link.id === spec.id && link.protocol === protocol,
  );
  if (twin) return fail("EEXIST", "8021q: VLAN device already exists");
  if (spec.mtu !== undefined && spec.mtu > lower.mtu) return fail("EINVAL");
  if (from !== ns) peerId(ns, from.id);
  return ok({
    ...base(
      ns,
      { ...spec, prefix: "vlan", ...(spec.address === undefined ? { address: lower.address } : {}) },
      lower.mtu,
    ),
    addressSet: spec.address !== undefined,
    kind: "vlan",
    lower: { namespace: from.id, index: lower.index },
    id: spec.id,
    protocol,
    reorderHeader: spec.reorderHeader ?? true,
    looseBinding: spec.looseBinding ?? false,
  });
}

function macvlansOn(ns: Namespace, lower: LinkRow): MacvlanLink[] {
  return uppersOf(ns, lower).flatMap(({ link }) => (link.kind === "macvlan" ? [link] : []));
}

/** An address that the lower link or another macvlan on it has (macvlan_addr_busy). */
function usesAddress(ns: Namespace, lower: LinkRow, mac: Mac): boolean {
  return (
    lower.address === mac || uppersOf(ns, lower).some(({ link }) => link.kind === "macvlan" && link.address === mac)
  );
}

/** Notes an upper link with its lower one. */
export function hang(ns: Namespace, upper: UpperLink): void {
  const below = lowerOf(ns, upper);
  if (!below) return;
  const uppers = [...(below.link.uppers ?? []), { namespace: ns.id, index: upper.index }];
  updateLink(below.ns, below.link, { uppers });
}

/** Takes an upper link from its lower one's list, before it moves or is deleted. */
export function unhang(ns: Namespace, upper: UpperLink): void {
  const below = lowerOf(ns, upper);
  if (!below) return;
  const left = (below.link.uppers ?? []).filter(({ namespace, index }) => namespace !== ns.id || index !== upper.index);
  const { uppers: _uppers, ...rest } = below.link;
  below.ns.links.set(below.link.index, left.length > 0 ? { ...rest, uppers: left } : rest);
}

/** An upper link is deleted: what passthru did to the lower link's address is undone (macvlan_port_destroy). */
export function release(ns: Namespace, upper: UpperLink): void {
  const below = lowerOf(ns, upper);
  unhang(ns, upper);
  if (!below || upper.kind !== "macvlan" || upper.lowerAddress === undefined) return;
  updateLink(below.ns, getLink(below.ns, below.link.index), { address: upper.lowerAddress });
}

/** The link moved, with its index: those on it and below it know it by the new one. */
export function follow(from: Namespace, oldIndex: number, to: Namespace, moved: LinkRow): void {
  for (const upper of uppersOf(to, moved)) {
    updateLink(upper.ns, upper.link, { lower: { namespace: to.id, index: moved.index } });
    if (upper.ns !== to) peerId(upper.ns, to.id);
  }
  if (moved.kind !== "macvlan" && moved.kind !== "vlan") return;
  const below = lowerOf(to, moved);
  if (!below) return;
  if (below.ns !== to) peerId(to, below.ns.id);
  const uppers = (below.link.uppers ?? []).map((one) =>
    one.namespace === from.id && one.index === oldIndex ? { namespace: to.id, index: moved.index } : one,
  );
  updateLink(below.ns, below.link, { uppers });
}

/** A macvlan's or vlan's own address; with passthru the lower link's changes with it (macvlan_set_mac_address). */
export function setUpperAddress(ns: Namespace, upper: UpperLink, mac: Mac): Result {
  const below = lowerOf(ns, upper);
  if (upper.kind === "macvlan" && below && mac !== upper.address) {
    if (upper.mode === "passthru") updateLink(below.ns, below.link, { address: mac });
    else if (usesAddress(below.ns, below.link, mac)) return fail("EADDRINUSE");
  }
  updateLink(ns, getLink(ns, upper.index), { address: mac });
  return ok();
}

/** Mode and queue of a macvlan that is there (macvlan_changelink). */
export function setMacvlan(
  ns: Namespace,
  index: number,
  change: { readonly mode?: MacvlanMode; readonly bcqueuelen?: number },
): Result {
  const link = getLink(ns, index);
  if (link.kind !== "macvlan") return fail("EOPNOTSUPP");
  const { mode = link.mode } = change;
  if ((mode === "passthru") !== (link.mode === "passthru")) return fail("EINVAL");
  if (mode === "source" && link.mode !== "source") return notSimulated("macvlan mode source");
  updateLink(ns, link, { mode, bcqueuelen: change.bcqueuelen ?? link.bcqueuelen });
  return ok();
}
