import { addressText } from "../ip.ts";
import type { LinkRow } from "../link/row.ts";
import { count, countTransmitted } from "../mib.ts";
import type { Namespace } from "../namespace.ts";
import type { Choice } from "../route/fib.ts";
import { dropped } from "./dropped.ts";
import { runHook } from "./hooks.ts";
import { cut } from "./fragments.ts";
import type { Packet } from "./packet.ts";
import type { Walker } from "./walker.ts";

/** Every IPv4 link takes packets of this size. */
const MINIMUM = 68;

/** The last hook before a link (ip_output). */
export function leave(walker: Walker, link: LinkRow): void {
  const refused = runHook(walker, "POSTROUTING", walker.ns, walker.inLink, link);
  if (refused) return dropped(walker, refused);
  const { packet, ns, choice } = walker;
  countTransmitted(ns, packet);
  if (packet.size > link.mtu || (packet.size > MINIMUM && packet.size > pathMtu(ns, packet, choice, link)))
    countCut(ns, packet, pathMtu(ns, packet, choice, link));
  walker.go("transmit", ns, link);
}

function countCut(ns: Namespace, packet: Packet, mtu: number): void {
  const whole = packet.segments;
  cut(packet, mtu);
  count(ns, "Ip.FragOKs", whole);
  count(ns, "Ip.FragCreates", packet.segments);
}

/** The largest packet that the way to a destination takes, as far as is known. */
export function pathMtu(ns: Namespace, packet: Packet, choice: Choice | undefined, link: LinkRow): number {
  const routed = choice?.entry.row.mtu ?? link.mtu;
  if (ns.pathMtu.size === 0) return Math.min(routed, link.mtu);
  const learned = ns.pathMtu.get(addressText(packet.dst));
  const known = learned && learned.until > ns.kernel.now ? learned.mtu : Infinity;
  return Math.min(routed, link.mtu, known);
}
