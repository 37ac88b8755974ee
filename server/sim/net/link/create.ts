import { fail, notSimulated, ok, type Result } from "../errno.ts";
import { ZERO_MAC } from "../mac.ts";
import type { Namespace } from "../namespace.ts";
import { peerId } from "./links.ts";
import { base, check, freeName, nextIndex, plug, register, type CommonSpec } from "./register.ts";
import type { BridgeLink, LinkRow, PhysicalLink, VethLink, VxlanLink } from "./row.ts";
import { changeBridgeAddress, refreshOperState } from "./state.ts";
import { createIpip, type IpipSpec } from "./ipip.ts";
import { createTun, type TunSpec } from "./tun.ts";
import { createUpper, type UpperSpec } from "./upper.ts";

/** A link as a program asks for it. */
export type LinkSpec =
  | (CommonSpec & { readonly kind: "loopback" | "dummy" | "ifb" })
  | (CommonSpec & { readonly kind: "physical"; readonly segment?: string })
  | (CommonSpec & { readonly kind: "veth"; readonly peer?: CommonSpec & { readonly namespace?: string } })
  | (CommonSpec &
      Partial<
        Pick<
          BridgeLink,
          "ageing" | "callIptables" | "openvswitch" | "priority" | "forwardDelay" | "helloTime" | "maxAge"
        >
      > & {
        readonly kind: "bridge";
      })
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
    })
  | UpperSpec
  | IpipSpec
  | TunSpec;

/** Makes a link, down, with its peer if it has one (rtnl_newlink). Who asks is in `from`: `dev` counts there. */
export function createLink(ns: Namespace, spec: LinkSpec, from = ns): Result<LinkRow> {
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
      return ok(register(ns, { ...base(ns, spec, 1500), kind: "dummy", arp: false, multicast: false }));
    case "ifb":
      return ok(
        register(ns, { ...base(ns, { txqlen: 32, ...spec }, 1500), kind: "ifb", arp: false, multicast: false }),
      );
    case "macvlan":
    case "vlan":
      return createUpper(ns, spec, from);
    case "ipip":
      return createIpip(ns, spec);
    case "tun":
      return ok(createTun(ns, spec));
    case "physical":
      return ok(createPhysical(ns, spec));
    case "bridge": {
      const { ageing = 300, callIptables = false, openvswitch, priority, forwardDelay, helloTime, maxAge } = spec;
      const bridge = register<BridgeLink>(ns, {
        ...base(ns, spec, 1500),
        kind: "bridge",
        ageing,
        callIptables,
        ...(openvswitch ? { openvswitch } : {}),
        ...(priority === undefined ? {} : { priority }),
        ...(forwardDelay === undefined ? {} : { forwardDelay }),
        ...(helloTime === undefined ? {} : { helloTime }),
        ...(maxAge === undefined ? {} : { maxAge }),
      });
      // br_dev_newlink: a given address is set as if it were changed, which looks at the ports: there are none.
      if (spec.address !== undefined) changeBridgeAddress(ns, bridge.index, bridge.address);
      return ok(ns.links.get(bridge.index)!);
    }
  }
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
