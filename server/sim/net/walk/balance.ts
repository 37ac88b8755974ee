import { addressText } from "../ip.ts";
import { lookupRoute } from "../route/lookup.ts";
import { dropped } from "./dropped.ts";
import { runHook } from "./hooks.ts";
import { icmpError } from "./icmp.ts";
import { CODE } from "./icmp-code.ts";
import { LATENCY } from "./latency.ts";
import { leave, pathMtu } from "./leave.ts";
import { isIcmp, TIME_EXCEEDED, UNREACHABLE } from "./packet.ts";
import type { Walker } from "./walker.ts";
import { routeDescription } from "./words.ts";

/** Sends a packet on that came in for a virtual service: by its route, then as if it were the machine's own (ip_vs_nat_xmit). */
export function sendToReal(walker: Walker): void {
  const { ns, packet, flow } = walker;
  flow.destination = packet.dst;
  flow.source = undefined;
  flow.iif = 0;
  flow.oif = 0;
  flow.mark = packet.mark;
  flow.protocol = packet.protocol;
  flow.sport = isIcmp(packet) ? 0 : packet.sport;
  flow.dport = isIcmp(packet) ? 0 : packet.dport;
  flow.uid = 0;
  const choice = lookupRoute(ns, flow);
  const link = choice && !choice.entry.error ? ns.links.get(choice.link) : undefined;
  if (!choice || !link)
    return walker.end("dropped", "route", LATENCY.forward, () => ({ what: `no route to ${addressText(packet.dst)}` }));
  if (walker.tracing) {
    const { dst } = packet;
    walker.hop("route", LATENCY.forward, () => routeDescription(ns, choice, link, dst));
  } else walker.wait(LATENCY.forward);
  if (packet.ttl <= 1) {
    walker.answer = icmpError(ns, packet, TIME_EXCEEDED, 0);
    return walker.end("ttl exceeded", "route", 0, () => ({ what: "its time to live ends here" }));
  }
  walker.choice = choice;
  walker.nexthop = choice.via ?? packet.dst;
  const mtu = pathMtu(ns, packet, choice, link);
  if (packet.size > mtu && packet.df) {
    walker.answer = icmpError(ns, packet, UNREACHABLE, CODE.fragmentation, { mtu });
    return walker.end("too big", "link", 0, () => ({
      what: `${packet.size} bytes don't fit ${link.name} (mtu ${mtu})`,
    }));
  }
  packet.ttl--;
  const refused = runHook(walker, "OUTPUT", ns, undefined, link);
  if (refused) return dropped(walker, refused);
  leave(walker, link);
}
