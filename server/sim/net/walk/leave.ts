import { addressText } from "../ip.ts";
import type { LinkRow } from "../link/row.ts";
import type { Namespace } from "../namespace.ts";
import type { Choice } from "../route/fib.ts";
import { dropped } from "./dropped.ts";
import { runHook } from "./hooks.ts";
import type { Packet } from "./packet.ts";
import type { Walker } from "./walker.ts";

/** The last hook before a link (ip_output). */
export function leave(walker: Walker, link: LinkRow): void {
  const refused = runHook(walker, "POSTROUTING", walker.ns, walker.inLink, link);
  if (refused) return dropped(walker, refused);
  walker.go("transmit", walker.ns, link);
}

/** The largest packet that the way to a destination takes, as far as is known. */
export function pathMtu(ns: Namespace, packet: Packet, choice: Choice | undefined, link: LinkRow): number {
  const routed = choice?.entry.row.mtu ?? link.mtu;
  if (ns.pathMtu.size === 0) return Math.min(routed, link.mtu);
  const learned = ns.pathMtu.get(addressText(packet.dst));
  const known = learned && learned.until > ns.kernel.now ? learned.mtu : Infinity;
  return Math.min(routed, link.mtu, known);
}
