import { fail, ok, type Result } from "../errno.ts";
import type { Namespace } from "../namespace.ts";
import { leaveBridge } from "./bridge.ts";
import { bridgePorts, getLink, peerOf, uppersOf } from "./links.ts";
import { isUpper } from "./row.ts";
import { dismantle } from "./set.ts";
import { release } from "./upper.ts";

/** `ip link del`: of a veth both ends go; ports of a bridge are freed; lo and cards cannot be deleted. */
export function deleteLink(ns: Namespace, index: number): Result {
  const link = getLink(ns, index);
  if (link.kind === "loopback" || link.kind === "physical") return fail("EOPNOTSUPP");
  const peer = peerOf(ns, link);
  destroyLink(ns, index);
  if (peer) destroyLink(peer.ns, peer.link.index);
  return ok();
}

/** Removes one link without its peer. */
export function destroyLink(ns: Namespace, index: number): void {
  const link = getLink(ns, index);
  if (link.kind === "bridge") for (const port of bridgePorts(ns, index)) leaveBridge(ns, port.index);
  for (const upper of uppersOf(ns, link))
    if (upper.ns.links.has(upper.link.index)) destroyLink(upper.ns, upper.link.index);
  dismantle(ns, index);
  const last = getLink(ns, index);
  if (isUpper(last)) release(ns, last);
  ns.links.delete(index);
  for (const other of ns.links.values())
    if (other.kind === "vxlan" && other.dev === index) destroyLink(ns, other.index);
}
