import { addressText, isIPv4, type Address } from "../ip.ts";
import { addressesOf, sameSubnet } from "../local.ts";
import type { LinkRow } from "../link/row.ts";
import type { Namespace } from "../namespace.ts";
import { findNeighbour, putNeighbour } from "../neighbour.ts";
import { addressType } from "../route/address-type.ts";
import type { Choice } from "../route/fib.ts";
import { selectSource } from "../route/source.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { ask, type Tunnel } from "./ask.ts";
import { icmpError } from "./icmp.ts";
import { isNeighbour } from "./route-input.ts";
import { REDIRECT, type Packet } from "./packet.ts";
import type { Answer, Walker } from "./walker.ts";

/** ICMP_REDIR_HOST. */
const HOST = 1;

/** ip_rt_gc_timeout: five minutes. */
const EXPIRES = 300_000_000;

/**
 * A router that sends a packet back where it came from tells its sender of the shorter way: to a gateway, or straight to the
 * destination (ip_rt_send_redirect).
 */
export function redirectFor(walker: Walker, input: LinkRow, output: LinkRow, choice: Choice): Answer | undefined {
  const { ns, packet } = walker;
  const { src, dst } = packet;
  if (input.index !== output.index || !isIPv4(src) || !isIPv4(dst)) return undefined;
  if (!configurationOf(ns).device(input.index).sendRedirects) return undefined;
  // Of flows that are translated none is let out (nf_nat_icmp_reply_translation).
  const flow = packet.tracking?.row;
  if (flow?.sourceNat || flow?.destinationNat) return undefined;
  const answer = icmpError(ns, packet, REDIRECT, HOST);
  if (!answer) return undefined;
  // Another subnet on the same wire is told only where wires are shared (RTCF_DOREDIRECT in __mkroute_input).
  if (!isNeighbour(ns, walker.flow, input.index)) return undefined;
  const { sharedMedia } = configurationOf(ns).device(input.index);
  if (!sharedMedia && !onLink(ns, input.index, src, choice.via ?? dst)) return undefined;
  const own = selectSource(ns, input.index, src, "link");
  if (own !== undefined) answer.packet.src = own;
  answer.packet.gateway = choice.via ?? dst;
  return answer;
}

function isDefaultGateway(ns: Namespace, link: number, gateway: Address): boolean {
  return (ns.routes.get("254 0.0.0.0/0") ?? []).some(({ hops }) =>
    hops.some((hop) => hop.link === link && hop.via === addressText(gateway)),
  );
}

/** One address of the link has both in its subnet (inet_addr_onlink). */
function onLink(ns: Namespace, link: number, one: Address, other: Address): boolean {
  return addressesOf(ns, link).some((row) => !row.secondary && sameSubnet(row, one) && sameSubnet(row, other));
}

/**
 * Takes a redirect, unless the setting says no, it comes from another than the gateway, or the new one is not known yet: then it is
 * only asked for (__ip_do_redirect).
 */
export function learnRedirect(tunnel: Tunnel, ns: Namespace, link: LinkRow, packet: Packet): void {
  const quote = packet.quote!;
  if (!configurationOf(ns).device(link.index).acceptRedirects) return;
  if (addressType(ns, packet.gateway) !== "UNICAST") return;
  const { sharedMedia, secureRedirects } = configurationOf(ns).device(link.index);
  // Where wires are not shared, only to a neighbour of the old gateway, and one that is a gateway already (fib_check_default).
  if (!sharedMedia && !onLink(ns, link.index, packet.gateway, packet.src)) return;
  if (!sharedMedia && secureRedirects && !isDefaultGateway(ns, link.index, packet.gateway)) return;
  const known = findNeighbour(ns, link.index, packet.gateway);
  if (known?.lladdr === undefined) return meet(tunnel, ns, link, packet);
  ns.redirects.set(addressText(quote.dst), {
    gateway: addressText(packet.gateway),
    link: link.index,
    until: ns.kernel.now + EXPIRES,
  });
}

function meet(tunnel: Tunnel, ns: Namespace, link: LinkRow, { gateway, dst }: Packet): void {
  const lladdr = ask(tunnel, ns, link, { target: gateway, sender: dst, mac: link.address });
  if (lladdr === undefined) return;
  putNeighbour(ns, {
    link: link.index,
    address: addressText(gateway),
    kind: "learned",
    lladdr,
    confirmed: ns.kernel.now,
  });
}
