import { capture, watched } from "../capture/tap.ts";
import { addressText } from "../ip.ts";
import { findFdb, learn } from "../fdb.ts";
import { bridgePorts, getLink } from "../link/links.ts";
import type { BridgeLink, LinkRow } from "../link/row.ts";
import { isGroupMac } from "../mac.ts";
import { findNeighbour } from "../neighbour.ts";
import type { Namespace } from "../namespace.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { countFrames } from "./counters.ts";
import { dropped } from "./dropped.ts";
import { cut } from "./fragments.ts";
import { runHook } from "./hooks.ts";
import { LATENCY } from "./latency.ts";
import { fits } from "./forwardable.ts";
import { isOwnMac, reaches } from "./reach.ts";
import { routeInput } from "./route-input.ts";
import { toUpper, upperFor } from "./stacked.ts";
import type { Description } from "./trace.ts";
import { question } from "./transmit.ts";
import type { Walker } from "./walker.ts";

/** A frame comes in by a port of a bridge (br_handle_frame). */
export function bridgeInput(walker: Walker, port: LinkRow): void {
  const { ns, packet } = walker;
  const bridge = getLink(ns, port.master!) as BridgeLink;
  if (port.port!.state !== "forwarding") {
    const reason = bridge.up ? `${port.name} does not forward` : `bridge ${bridge.name} is down`;
    return walker.end("dropped", "bridge", 0, () => ({ what: reason }));
  }
  walker.wait(LATENCY.bridge);
  if (port.port!.learning) learn(ns, bridge, port.index, packet.srcMac);
  walker.local = false;
  const shows = packet.tags.length === 0 && typeof packet.dst === "number" && showsIptables(ns, bridge);
  if (shows && !prerouting(walker, bridge, port)) return;
  const upper = bridge.uppers && upperFor(ns, bridge, packet);
  const own = !bridge.openvswitch && isOwnMac(ns, bridge, packet.dstMac);
  if (ns.network.taps && !walker.silent && (own || isGroupMac(packet.dstMac) || watched(ns, bridge)))
    capture(ns, bridge, packet, "in", walker.at);
  if (upper && (upper.link.kind === "macvlan" || own)) return toUpper(walker, bridge, upper);
  if (own) {
    if (packet.tags.length === 0) {
      // Without the Ethernet header, unlike what it sends (br_pass_frame_up).
      countFrames(ns, bridge, "rx", packet.segments, packet.bytes);
      return walker.go("receive", ns, bridge);
    }
    return walker.end("dropped", "bridge", 0, () => ({ what: `no vlan ${packet.tags.at(-1)} on ${bridge.name}` }));
  }
  if (isGroupMac(packet.dstMac))
    return walker.end("dropped", "bridge", 0, () => ({ what: `nobody behind ${bridge.name} takes this broadcast` }));
  const out = choosePort(walker, bridge, port);
  if (out) forwardFrame(walker, bridge, port, out);
}

/** The stack sends a frame by the bridge (br_dev_xmit). */
export function bridgeOutput(walker: Walker, bridge: BridgeLink): void {
  walker.wait(LATENCY.bridge);
  const out = choosePort(walker, bridge, undefined);
  if (!out) return;
  noteForward(walker, bridge, undefined, out);
  walker.go("frame-out", walker.ns, out);
}

/** br_netfilter is loaded and asked to show bridged packets to iptables. */
function showsIptables(ns: Namespace, bridge: BridgeLink): boolean {
  return !bridge.openvswitch && (configurationOf(ns).callIptables || bridge.callIptables);
}

/**
 * PREROUTING for a bridged packet. A destination that a rule changed may live behind the same bridge: then the frame goes
 * there; else the stack routes it (br_nf_pre_routing_finish). False if the walk ended.
 */
function prerouting(walker: Walker, bridge: BridgeLink, port: LinkRow): boolean {
  const { ns, packet } = walker;
  packet.physIn = port.index;
  packet.prerouted = true;
  const { dst } = packet;
  const refused = runHook(walker, "PREROUTING", ns, bridge, undefined);
  if (refused) {
    dropped(walker, refused);
    return false;
  }
  if (packet.dst === dst) return true;
  const { flow } = walker;
  flow.destination = packet.dst;
  flow.source = packet.src;
  flow.iif = bridge.index;
  flow.oif = 0;
  flow.mark = packet.mark;
  const route = routeInput(ns, flow);
  if (route.kind !== "forward" || route.choice.link !== bridge.index) {
    packet.dstMac = bridge.address;
    return true;
  }
  const nexthop = route.choice.via ?? packet.dst;
  const mac = findNeighbour(ns, bridge.index, nexthop)?.lladdr ?? question(walker, ns, bridge, nexthop);
  if (mac === undefined) {
    walker.end("dropped", "neighbour", 0, () => ({
      what: `nobody behind ${bridge.name} answers for ${addressText(nexthop)}`,
    }));
    return false;
  }
  packet.dstMac = mac;
  return true;
}

/** The port that leads to a frame's destination: known, or found by sending it out of all. Ends the walk if there is none. */
function choosePort(walker: Walker, bridge: BridgeLink, from: LinkRow | undefined): LinkRow | undefined {
  const { ns, packet } = walker;
  const mac = packet.dstMac;
  const entry = findFdb(ns, bridge.index, mac, bridge.ageing);
  const known = entry && ns.links.get(entry.link);
  if (known && known.master === bridge.index) {
    const refusal = refuses(bridge, from, known);
    if (!refusal) return known;
    walker.end("dropped", "bridge", 0, () => ({ what: refusal }));
    return undefined;
  }
  for (const port of bridgePorts(ns, bridge.index))
    if (!refuses(bridge, from, port) && port.port!.flood && reaches(ns, port, mac, packet.tags)) return port;
  walker.end("dropped", "bridge", 0, () => ({
    what: `${bridge.name} does not know ${mac}, sends it to all ports, and nobody takes it`,
  }));
  return undefined;
}

/** should_deliver: why a port does not pass a frame on. */
function refuses(bridge: BridgeLink, from: LinkRow | undefined, to: LinkRow): string | undefined {
  if (to.port!.state !== "forwarding") return `port ${to.name} of ${bridge.name} does not forward`;
  if (from?.index === to.index && !to.port!.hairpin)
    return `${bridge.name} does not send back to ${to.name} what came from there (hairpin is off)`;
  if (from?.port?.isolated && to.port!.isolated) return `${from.name} and ${to.name} are isolated from each other`;
  return undefined;
}

/** From port to port, with FORWARD and POSTROUTING where iptables is shown bridged packets. */
function forwardFrame(walker: Walker, bridge: BridgeLink, from: LinkRow, to: LinkRow): void {
  const { ns, packet } = walker;
  if (!fits(packet, to))
    return walker.end("dropped", "bridge", 0, () => ({
      what: `${packet.fragmentSize || packet.size} bytes don't fit port ${to.name} (mtu ${to.mtu})`,
    }));
  if (packet.prerouted) {
    packet.physOut = to.index;
    const refused =
      runHook(walker, "FORWARD", ns, bridge, bridge) ?? runHook(walker, "POSTROUTING", ns, undefined, bridge);
    if (refused) return dropped(walker, refused);
    if (packet.fragmentSize > 0 && packet.size > to.mtu) cut(packet, to.mtu);
  }
  noteForward(walker, bridge, from, to);
  walker.go("frame-out", ns, to);
}

function noteForward(walker: Walker, bridge: BridgeLink, from: LinkRow | undefined, to: LinkRow): void {
  if (!walker.tracing) return;
  const mac = walker.packet.dstMac;
  const describe = (): Description => ({
    what: `bridge ${bridge.name}${from ? ` from ${from.name}` : ""} to port ${to.name}`,
    ref: { kind: "bridge", text: `${mac} dev ${to.name} master ${bridge.name}` },
  });
  walker.hop("bridge", 0, describe);
}
