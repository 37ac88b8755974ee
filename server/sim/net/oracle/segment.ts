import { hasCarrier, ports, type Link } from "./stack.ts";

/** Whoever takes frames that are sent by a link: the ends of its cable, of the bridges behind it. */
export function listeners(
  link: Link,
  seen: Set<Link>,
  way: readonly Link[] = [],
): { end: Link; way: readonly Link[] }[] {
  if (!link.up || !hasCarrier(link) || seen.has(link)) return [];
  seen.add(link);
  if (link.kind === "bridge") return ports(link).flatMap((port) => listeners(port, seen, [...way, port]));
  const { peer } = link;
  if (!peer?.up) return [];
  seen.add(peer);
  const { master } = peer;
  if (!master) return [{ end: peer, way: [...way, peer] }];
  if (!master.up) return [];
  seen.add(master);
  const others = ports(master).flatMap((port) => listeners(port, seen, [...way, peer, port]));
  return [...others, { end: master, way: [...way, peer] }];
}

/** Cables and ports on a way pass a VLAN tag's four bytes beyond their MTU (is_skb_forwardable). */
export function fitsThrough(out: Link, there: Link, size: number): boolean {
  const { way } = listeners(out, new Set()).find(({ end }) => end === there)!;
  return way.every(({ mtu }) => size <= mtu + 4);
}
