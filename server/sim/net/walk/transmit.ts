import { capture } from "../capture/tap.ts";
import { ANY, BROADCAST, addressText, isIPv4, isMulticast, type Address } from "../ip.ts";
import type { LinkRow } from "../link/row.ts";
import { addressesOf, sameSubnet } from "../local.ts";
import { BROADCAST_MAC, type Mac } from "../mac.ts";
import { findNeighbour, neighbourState, neighbourTimes, putNeighbour, type NeighbourRow } from "../neighbour.ts";
import type { Namespace } from "../namespace.ts";
import { isLocal } from "../route/address-type.ts";
import { selectSource } from "../route/source.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { ask, type Question } from "./ask.ts";
import { icmpError } from "./icmp.ts";
import { CODE } from "./icmp-code.ts";
import { LATENCY } from "./latency.ts";
import { UNREACHABLE } from "./packet.ts";
import type { Walker } from "./walker.ts";

/** Hands a packet to a link, once it is known whom it goes to there (neigh_output). */
export function transmit(walker: Walker): void {
  const { ns, packet } = walker;
  const link = walker.link!;
  if (link.kind === "loopback") {
    if (!link.up) return walker.end("dropped", "link", 0, () => ({ what: `${link.name} is down` }));
    walker.wait(LATENCY.loopback);
    packet.srcMac = packet.dstMac = link.address;
    if (ns.network.taps && !walker.silent) capture(ns, link, packet, "out", walker.at);
    return walker.go("frame-in", ns, link);
  }
  const nexthop = walker.nexthop ?? packet.dst;
  const mac = resolve(walker, ns, link, nexthop);
  if (mac === undefined) return;
  packet.srcMac = link.address;
  packet.dstMac = mac;
  walker.go("frame-out", ns, link);
}

/** The MAC address of the next hop: known, or asked for. Ends the walk if nobody answers. */
function resolve(walker: Walker, ns: Namespace, link: LinkRow, nexthop: Address): Mac | undefined {
  if (!link.arp) return link.address;
  if (isMulticast(nexthop) || nexthop === BROADCAST || walker.choice?.entry.row.type === "broadcast")
    return BROADCAST_MAC;
  const known = findNeighbour(ns, link.index, nexthop);
  if (known?.lladdr !== undefined) {
    const { now } = ns.kernel;
    const answers = (): boolean => question(walker, ns, link, nexthop, { silent: true }) !== undefined;
    const state = neighbourState(known, now, answers, neighbourTimes(ns, link.index, nexthop));
    if (state === "REACHABLE" || state === "PERMANENT" || state === "NOARP") {
      if (known.used !== undefined) refresh(ns, known, state);
      return known.lladdr;
    }
    // Used again, however long ago it answered last: not asked again before its delay is over.
    if (state === "STALE") putNeighbour(ns, { ...known, used: now });
    if (state !== "FAILED") return known.lladdr;
  }
  return askFor(walker, ns, link, nexthop, known);
}

/** What was stale and answered in the meantime is reachable again. */
function refresh(ns: Namespace, known: NeighbourRow, state: string): void {
  if (state !== "REACHABLE" || known.kind !== "learned") return;
  const { used: _used, ...rest } = known;
  putNeighbour(ns, { ...rest, confirmed: ns.kernel.now });
}

/** Asks who has an address, in the name that arp_solicit chooses: the packet's own source only if this machine has it. */
export function question(
  walker: Walker,
  ns: Namespace,
  link: LinkRow,
  nexthop: Address,
  options: Pick<Question, "silent" | "at" | "answered" | "refused"> = {},
): Mac | undefined {
  const { packet } = walker;
  const given =
    isIPv4(packet.src) === isIPv4(nexthop) && isLocal(ns, packet.src) && mayAnnounce(ns, link, packet.src, nexthop);
  const own = given ? packet.src : selectSource(ns, link.index, nexthop, "link");
  return ask(walker.tunnel, ns, link, { target: nexthop, sender: own ?? ANY, mac: link.address, ...options });
}

/** With arp_announce 1 only a source of the target's subnet is told, with 2 none but the link's own (arp_solicit). */
function mayAnnounce(ns: Namespace, link: LinkRow, source: Address, target: Address): boolean {
  if (!isIPv4(target)) return true;
  const { arpAnnounce } = configurationOf(ns).device(link.index);
  if (arpAnnounce === 0) return true;
  if (arpAnnounce >= 2) return false;
  return addressesOf(ns, link.index).some(
    (row) => !row.secondary && sameSubnet(row, source) && sameSubnet(row, target),
  );
}

function askFor(
  walker: Walker,
  ns: Namespace,
  link: LinkRow,
  nexthop: Address,
  known: NeighbourRow | undefined,
): Mac | undefined {
  const text = addressText(nexthop);
  const { now } = ns.kernel;
  let took = 0;
  const answered = (at: number): void => void (took = at - walker.at);
  let reason = link.carrier ? undefined : `${link.name} has no carrier`;
  const refused = (why: string): void => void (reason ??= why);
  const mac = question(walker, ns, link, nexthop, { at: walker.at, silent: walker.silent, answered, refused });
  if (mac !== undefined) {
    putNeighbour(ns, { link: link.index, address: text, kind: "learned", lladdr: mac, confirmed: now });
    walker.hop("neighbour", Math.max(LATENCY.ask, took), () => ({
      what: `asks on ${link.name} who has ${text}: ${mac}`,
      ref: { kind: "neighbour", text: `${text} dev ${link.name} lladdr ${mac} REACHABLE` },
    }));
    return mac;
  }
  // A question that is under way ends when it would have anyway: packets behind it wait less.
  const times = neighbourTimes(ns, link.index, nexthop);
  const asked = known?.kind === "asked" && now - known.used! < times.asking ? known.used! : now;
  if (asked === now) {
    putNeighbour(ns, { link: link.index, address: text, kind: "asked", confirmed: 0, used: now });
    // Asked twice more, a second apart, before it gives up (mcast_solicit, retrans_time_ms).
    for (let again = 1; again < times.questions; again++)
      question(walker, ns, link, nexthop, {
        at: walker.at + again * times.retransmit * 1000,
        silent: walker.silent,
      });
  }
  const wait = (asked + times.asking - now) * 1000;
  walker.wait(wait);
  walker.answer = icmpError(ns, walker.packet, UNREACHABLE, CODE.host);
  walker.end("host unreachable", "neighbour", 0, () => ({
    what: `nobody on ${link.name} answers for ${text}${reason === undefined ? "" : `: ${reason}`}`,
    ref: { kind: "neighbour", text: `${text} dev ${link.name} FAILED` },
  }));
  return undefined;
}
