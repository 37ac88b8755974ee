import { ANY, ANY6, BROADCAST, addressText, isLoopback, parseAddress, specified } from "../ip.ts";
import type { Errno } from "../errno.ts";
import { loopbackIndex } from "../link/links.ts";
import type { LinkRow } from "../link/row.ts";
import type { Choice } from "../route/fib.ts";
import { isLocal } from "../route/address-type.ts";
import { lookupRoute } from "../route/lookup.ts";
import { redirected } from "../route/redirected.ts";
import { routeSource, selectSource } from "../route/source.ts";
import { count, countSent } from "../mib.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { dropped } from "./dropped.ts";
import { runHook } from "./hooks.ts";
import { LATENCY } from "./latency.ts";
import { isIcmp } from "./packet.ts";
import { leave, pathMtu } from "./leave.ts";
import type { Verdict } from "./trace.ts";
import type { Walker } from "./walker.ts";
import { flowOf, flowWords, refusalDescription, routeDescription } from "./words.ts";

/** What a sender is told where a route refuses. */
const VERDICTS: Partial<Record<Errno, Verdict>> = {
  ENETUNREACH: "net unreachable",
  EHOSTUNREACH: "host unreachable",
  EACCES: "prohibited",
  EINVAL: "dropped",
};

/** A packet of the namespace's own: its way, its source, then the hook OUTPUT (ip_queue_xmit, ip_local_out). */
export function send(walker: Walker): void {
  const { ns, packet } = walker;
  walker.local = true;
  walker.inLink = undefined;
  const link = route(walker);
  if (!link) return;
  if (walker.tracing) {
    const sent = flowOf(packet);
    walker.hop("socket", LATENCY.send, () => ({ what: `sends ${flowWords(sent)}` }));
    noteRoute(walker, link);
  } else walker.wait(LATENCY.send);
  if (tooBig(walker, link)) return;
  countSent(ns, packet);
  const { dst, mark, src } = packet;
  walker.routedMark = mark;
  const refused = runHook(walker, "OUTPUT", ns, undefined, link);
  if (refused) return dropped(walker, refused);
  let out = link;
  if (packet.dst !== dst || packet.mark !== walker.routedMark || packet.src !== src) {
    const again = reroute(walker);
    if (!again) return;
    if (again.index !== link.index && walker.tracing) noteRoute(walker, again);
    if (tooBig(walker, again)) return;
    out = again;
  }
  leave(walker, out);
}

function noteRoute(walker: Walker, link: LinkRow): void {
  const { choice, ns } = walker;
  const { dst } = walker.packet;
  if (choice) walker.hop("route", 0, () => routeDescription(ns, choice, link, dst));
}

/** Finds the way and gives the packet its source (ip_route_output_key). Ends the walk where there is none. */
function route(walker: Walker): LinkRow | undefined {
  const { ns, packet } = walker;
  const unspecified = packet.src === ANY || packet.src === ANY6;
  if (!unspecified && !walker.anySource && !isLocal(ns, packet.src)) return refuse(walker, "EINVAL", undefined);
  packet.dst = specified(packet.dst, packet.src);
  const choice = find(walker);
  if (!choice || (choice.entry.error && walker.oif !== 0 && typeof packet.dst === "number")) {
    // Bound to a link, everything counts as being on it, also where a route forbids (ip_route_output_key_hash_rcu).
    if (walker.oif === 0) return refuse(walker, "ENETUNREACH", undefined);
    const source = unspecified ? selectSource(ns, walker.oif, packet.dst, "link") : packet.src;
    return usable(walker, walker.oif, undefined, source);
  }
  if (choice.entry.error) return refuse(walker, choice.entry.error, choice);
  const toAll = choice.entry.row.type === "broadcast" || packet.dst === BROADCAST;
  if (toAll && !packet.broadcast) return refuse(walker, "EACCES", choice);
  const source = unspecified ? routeSource(ns, choice, packet.dst) : packet.src;
  const index = choice.entry.row.type === "local" ? loopbackIndex(ns) : choice.link;
  return usable(walker, index, choice, source);
}

function usable(
  walker: Walker,
  index: number,
  choice: Choice | undefined,
  source: Walker["nexthop"],
): LinkRow | undefined {
  const { ns, packet } = walker;
  walker.choice = choice;
  walker.nexthop = choice?.via ?? packet.dst;
  const told = redirected(ns, packet.dst, index);
  if (told) walker.nexthop = parseAddress(told.gateway);
  if (source !== undefined) packet.src = source;
  const limit = choice?.entry.row.metrics?.["hoplimit"];
  const configuration = configurationOf(ns);
  if (packet.ttl === configuration.defaultTtl) {
    if (typeof limit === "number") packet.ttl = limit;
    else if (typeof packet.dst !== "number") packet.ttl = configuration.device(index).hopLimit;
  }
  return ns.links.get(index) ?? refuse(walker, "ENODEV", choice);
}

function find(walker: Walker): Choice | undefined {
  const { ns, packet, flow } = walker;
  flow.destination = packet.dst;
  flow.source = packet.src === ANY || packet.src === ANY6 ? undefined : packet.src;
  flow.iif = loopbackIndex(ns);
  flow.oif = walker.oif;
  flow.mark = packet.mark;
  flow.protocol = packet.protocol;
  flow.sport = isIcmp(packet) ? 0 : packet.sport;
  flow.dport = isIcmp(packet) ? 0 : packet.dport;
  flow.uid = packet.uid;
  flow.tos = packet.tos & 0xfc;
  return lookupRoute(ns, flow);
}

/** After a rule changed where it goes (ip_route_me_harder). */
function reroute(walker: Walker): LinkRow | undefined {
  const { ns, packet } = walker;
  const choice = find(walker);
  if (!choice || choice.entry.error) return refuse(walker, choice?.entry.error ?? "ENETUNREACH", choice);
  const index = choice.entry.row.type === "local" ? loopbackIndex(ns) : choice.link;
  return usable(walker, index, choice, packet.src);
}

function refuse(walker: Walker, errno: Errno, choice: Choice | undefined): undefined {
  const { ns } = walker;
  const { src, dst } = walker.packet;
  if (!choice && errno === "ENETUNREACH") count(ns, "Ip.OutNoRoutes");
  walker.fail(errno);
  walker.end(VERDICTS[errno] ?? "dropped", "route", LATENCY.send, () => {
    if (!choice && errno === "EINVAL") return { what: `${addressText(src)} is no address of this host` };
    return refusalDescription(ns, choice, dst);
  });
  return undefined;
}

/** Own packets that are too large are cut, if their sender allows that; TCP asks for smaller ones. */
function tooBig(walker: Walker, link: LinkRow): boolean {
  const { ns, packet } = walker;
  const mtu = Math.min(pathMtu(ns, packet, walker.choice, link), LONGEST);
  if (packet.size > LONGEST) return unsendable(walker, mtu);
  if (packet.size <= mtu || isLoopback(packet.dst)) return false;
  if (packet.cuttable) {
    packet.df = false;
    return false;
  }
  return unsendable(walker, mtu);
}

/** No IP packet has more bytes. */
const LONGEST = 65_535;

function unsendable(walker: Walker, mtu: number): true {
  walker.fail("EMSGSIZE");
  walker.packet.icmpMtu = mtu;
  walker.end("too big", "link", 0, () => ({ what: `larger than the MTU of its way (${mtu})` }));
  return true;
}
