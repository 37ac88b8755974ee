import { addressText } from "../ip.ts";
import { getLink } from "../link/links.ts";
import type { Errno } from "../errno.ts";
import type { LinkRow } from "../link/row.ts";
import type { Choice } from "../route/fib.ts";
import { count, countReceived } from "../mib.ts";
import { dropped } from "./dropped.ts";
import { runHook } from "./hooks.ts";
import { icmpError } from "./icmp.ts";
import { CODE } from "./icmp-code.ts";
import { LATENCY } from "./latency.ts";
import { leave, pathMtu } from "./leave.ts";
import { logMartian } from "./martian.ts";
import { isIcmp, TIME_EXCEEDED, UNREACHABLE } from "./packet.ts";
import { redirectFor } from "./redirect.ts";
import { routeInput } from "./route-input.ts";
import type { Verdict } from "./trace.ts";
import type { Walker } from "./walker.ts";
import { refusalDescription, routeDescription } from "./words.ts";

/** A packet comes up from a link: hook PREROUTING, then where to (ip_rcv). */
export function receive(walker: Walker): void {
  const { ns, packet } = walker;
  const link = walker.link!;
  walker.inLink = link;
  walker.local = false;
  countReceived(ns, packet);
  if (packet.prerouted) packet.prerouted = false;
  else {
    const refused = runHook(walker, "PREROUTING", ns, link, undefined);
    if (refused) return dropped(walker, refused);
  }
  // What went out by lo keeps the decision that took it there.
  if (link.kind === "loopback") return walker.go("deliver", ns, link);
  const { flow } = walker;
  flow.destination = packet.dst;
  flow.source = packet.src;
  flow.iif = link.index;
  flow.oif = 0;
  flow.mark = packet.mark;
  flow.protocol = packet.protocol;
  flow.sport = isIcmp(packet) ? 0 : packet.sport;
  flow.dport = isIcmp(packet) ? 0 : packet.dport;
  flow.uid = 0;
  flow.tos = packet.tos & 0xfc;
  const route = routeInput(ns, flow);
  switch (route.kind) {
    case "local":
      return walker.go("deliver", ns, link);
    case "forward":
      return forward(walker, link, route.choice);
    case "broadcast":
      return walker.end("dropped", "socket", LATENCY.deliver, () => ({ what: "nobody takes this broadcast" }));
    case "martian":
      logMartian(walker, link, route.of);
      return walker.end("dropped", "route", LATENCY.forward, () => ({
        what: `martian: ${route.reason} (${addressText(flow.source!)} to ${addressText(flow.destination)}, in ${link.name})`,
      }));
    case "reverse path":
      count(ns, "TcpExt.IPReversePathFilter");
      logMartian(walker, link, "source");
      return walker.end("dropped", "sysctl", LATENCY.forward, () => ({
        what: `rp_filter on ${link.name}: ${route.reason} (${addressText(flow.source!)})`,
        ref: { kind: "sysctl", text: `net.ipv4.conf.${link.name}.rp_filter` },
      }));
    case "no route":
      return unroutable(walker, link, route.errno, route.choice);
  }
}

const REPORTS: Partial<Record<Errno, readonly [verdict: Verdict, code: number]>> = {
  ENETUNREACH: ["net unreachable", CODE.net],
  EHOSTUNREACH: ["host unreachable", CODE.host],
  EACCES: ["prohibited", CODE.filtered],
};

/** A router tells the sender why; a host that does not forward says nothing (ip_error). */
function unroutable(walker: Walker, link: LinkRow, errno: Errno | undefined, choice: Choice | undefined): void {
  const { ns, packet } = walker;
  const { dst } = packet;
  if (errno === undefined)
    return walker.end("dropped", "sysctl", LATENCY.forward, () => ({
      what: `not for this host, and it does not forward (net.ipv4.conf.${link.name}.forwarding is 0)`,
      ref: { kind: "sysctl", text: "net.ipv4.ip_forward = 0" },
    }));
  if (errno === "ENETUNREACH") count(ns, "IpExt.InNoRoutes");
  const report = REPORTS[errno];
  if (report) walker.answer = icmpError(ns, packet, UNREACHABLE, report[1]);
  walker.end(report ? report[0] : "dropped", "route", LATENCY.forward, () => refusalDescription(ns, choice, dst));
}

/** ip_forward. */
function forward(walker: Walker, input: LinkRow, choice: Choice): void {
  const { ns, packet } = walker;
  const link = getLink(ns, choice.link);
  if (walker.tracing) {
    const { dst } = packet;
    walker.hop("route", LATENCY.forward, () => routeDescription(ns, choice, link, dst));
  } else walker.wait(LATENCY.forward);
  if (packet.ttl <= 1) {
    count(ns, "Ip.InHdrErrors");
    walker.answer = icmpError(ns, packet, TIME_EXCEEDED, 0);
    return walker.end("ttl exceeded", "route", 0, () => ({ what: "its time to live ends here" }));
  }
  walker.choice = choice;
  walker.nexthop = choice.via ?? packet.dst;
  if (link.index === input.index) walker.aside ??= redirectFor(walker, input, link, choice);
  const mtu = pathMtu(ns, packet, choice, link);
  if (packet.size > mtu && packet.df) {
    walker.answer = icmpError(ns, packet, UNREACHABLE, CODE.fragmentation, { mtu });
    return walker.end("too big", "link", 0, () => ({
      what: `${packet.size} bytes don't fit ${link.name} (mtu ${mtu}) and must not be cut`,
    }));
  }
  packet.ttl--;
  count(ns, "Ip.ForwDatagrams", packet.segments);
  const refused = runHook(walker, "FORWARD", ns, input, link);
  if (refused) return dropped(walker, refused);
  leave(walker, link);
}
