import { fail, notSimulated, ok, type Result } from "../errno.ts";
import { isGroupMac, isUnicastMac, parseMac, randomMac, ZERO_MAC, type Mac } from "../mac.ts";
import type { Namespace } from "../namespace.ts";
import { inheritSettings } from "../sysctl/sysctl.ts";
import { findLink, linkIndex, peerId } from "./links.ts";
import { linkDefaults, type LinkRow, type PhysicalLink, type VethLink, type VxlanLink } from "./row.ts";
import { changeBridgeAddress, refreshOperState } from "./state.ts";

interface CommonSpec {
  /** Without a name the kernel makes one of the kind: `veth0`. */
  readonly name?: string;
  readonly index?: number;
  readonly address?: Mac;
  readonly mtu?: number;
  readonly txqlen?: number;
}

/** A link as a program asks for it. */
export type LinkSpec =
  | (CommonSpec & { readonly kind: "loopback" | "dummy" })
  | (CommonSpec & { readonly kind: "physical"; readonly segment?: string })
  | (CommonSpec & { readonly kind: "veth"; readonly peer?: CommonSpec & { readonly namespace?: string } })
  | (CommonSpec & { readonly kind: "bridge"; readonly ageing?: number; readonly vlanFiltering?: boolean })
  | (CommonSpec & {
      readonly kind: "vxlan";
      readonly id?: number;
      readonly local?: string;
      readonly remote?: string;
      readonly dev?: number;
      readonly dstport?: number;
      readonly learning?: boolean;
      readonly ttl?: number;
      readonly ageing?: number;
    });

/** Makes a link, down, with its peer if it has one (rtnl_newlink). */
export function createLink(ns: Namespace, spec: LinkSpec): Result<LinkRow> {
  const checked = check(ns, spec);
  if (!checked.ok) return checked;
  switch (spec.kind) {
    case "veth":
      return createVeth(ns, spec);
    case "vxlan":
      return createVxlan(ns, spec);
    case "loopback":
      return ok(register(ns, { ...base(ns, spec, 65536, ZERO_MAC), kind: "loopback" }));
    case "dummy":
      return ok(register(ns, { ...base(ns, spec, 1500), kind: "dummy" }));
    case "physical":
      return ok(createPhysical(ns, spec));
    case "bridge": {
      const bridge = register(ns, {
        ...base(ns, spec, 1500),
        kind: "bridge",
        ageing: spec.ageing ?? 300,
        vlanFiltering: spec.vlanFiltering ?? false,
        callIptables: false,
      });
      // br_dev_newlink: a given address is set as if it were changed, which looks at the ports: there are none.
      if (spec.address !== undefined) changeBridgeAddress(ns, bridge.index, bridge.address);
      return ok(ns.links.get(bridge.index)!);
    }
  }
}

/** Letters, digits and most signs, up to 15 (dev_valid_name). */
export function isLinkName(name: string): boolean {
  return name.length > 0 && name.length < 16 && name !== "." && name !== ".." && !/[/:\s]/.test(name);
}

function check(ns: Namespace, spec: CommonSpec): Result {
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

function base(ns: Namespace, spec: CommonSpec & { kind: LinkRow["kind"] }, mtu: number, mac?: Mac) {
  const index = spec.index ?? nextIndex(ns);
  const prefix = spec.kind === "loopback" ? "lo" : spec.kind === "physical" ? "eth" : spec.kind;
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

function freeName(ns: Namespace, prefix: string): string {
  if (prefix === "lo") return "lo";
  const names = linkIndex(ns).byName;
  let number = 0;
  while (names.has(`${prefix}${number}`)) number++;
  return `${prefix}${number}`;
}

function register<L extends LinkRow>(ns: Namespace, link: L): L {
  ns.links.set(link.index, link);
  inheritSettings(ns, link.index);
  return link;
}

function createPhysical(ns: Namespace, spec: CommonSpec & { kind: "physical"; segment?: string }): LinkRow {
  const segment = spec.segment === undefined ? {} : { segment: spec.segment };
  const link: PhysicalLink = {
    ...base(ns, spec, 1500),
    kind: "physical",
    carrier: false,
    operstate: "DOWN",
    ...segment,
  };
  register(ns, link);
  if (spec.segment !== undefined) plug(ns, link.index, spec.segment);
  return link;
}

/** Adds a card to a segment's list. */
export function plug(ns: Namespace, index: number, segment: string): void {
  const row = ns.network.segment(segment);
  const cards = [...row.cards, { namespace: ns.id, index }];
  ns.network.segments.set(segment, { ...row, cards });
}

/** The peer is made first, so that it has the lower index (veth_newlink). */
function createVeth(ns: Namespace, spec: Extract<LinkSpec, { kind: "veth" }>): Result<LinkRow> {
  const peerSpec = spec.peer ?? {};
  const there = peerSpec.namespace === undefined ? ns : ns.network.namespace(peerSpec.namespace);
  const checked = check(there, peerSpec);
  if (!checked.ok) return checked;
  const peerName = peerSpec.name ?? freeName(there, "veth");
  if (there === ns && (peerName === spec.name || (spec.index !== undefined && spec.index === peerSpec.index))) {
    // By then the peer was there: its index is used up.
    nextIndex(ns);
    return fail("EEXIST");
  }
  const nowhere = { namespace: ns.id, index: 0 };
  const down = { kind: "veth", carrier: false } as const;
  const peer = register<VethLink>(there, {
    ...base(there, { ...peerSpec, name: peerName, kind: "veth" }, 1500),
    ...down,
    peer: nowhere,
  });
  const link: VethLink = {
    ...base(ns, spec, 1500),
    ...down,
    peer: { namespace: there.id, index: peer.index },
  };
  register(ns, link);
  const joined = { ...peer, peer: { namespace: ns.id, index: link.index } };
  there.links.set(peer.index, joined);
  // Both have lost a carrier that they never had by the time that the kernel first looks.
  refreshOperState(there, joined);
  refreshOperState(ns, link);
  if (there !== ns) {
    peerId(ns, there.id);
    peerId(there, ns.id);
  }
  return ok(ns.links.get(link.index)!);
}

function createVxlan(ns: Namespace, spec: Extract<LinkSpec, { kind: "vxlan" }>): Result<LinkRow> {
  if (spec.id === undefined) return fail("EINVAL", "Required attributes not provided to perform the operation");
  if (spec.id < 0 || spec.id > 0xffffff) return fail("ERANGE", "VXLAN ID must be lower than 16777216");
  if ([spec.local, spec.remote].some((end) => end?.includes(":"))) return notSimulated("vxlan over IPv6");
  const lower = spec.dev === undefined ? undefined : ns.links.get(spec.dev);
  if (spec.dev !== undefined && !lower) return fail("ENODEV", "Invalid local interface, device not found");
  const dstport = spec.dstport ?? 8472;
  for (const other of ns.links.values()) {
    if (other.kind === "vxlan" && other.id === spec.id && other.dstport === dstport)
      return fail("EEXIST", "A VXLAN device with the specified VNI already exists");
  }
  // vxlan_config_apply: the outer headers take 50 bytes of the lower link's MTU.
  const link: VxlanLink = {
    ...base(ns, spec, lower ? lower.mtu - 50 : 1500),
    kind: "vxlan",
    id: spec.id,
    ...(spec.local === undefined ? {} : { local: spec.local }),
    ...(spec.remote === undefined ? {} : { remote: spec.remote }),
    ...(spec.dev === undefined ? {} : { dev: spec.dev }),
    dstport,
    learning: spec.learning ?? true,
    ttl: spec.ttl ?? 0,
    ageing: spec.ageing ?? 300,
  };
  return ok(register(ns, link));
}
