import { HOST, inside, ip, isLocal, network, setting, type Link, type Route, type Stack } from "./stack.ts";
import { lookup } from "./routes.ts";
import type { Packet } from "./packet.ts";

/** arp_process. */
export function answers(link: Link, sender: number, target: number): boolean {
  const { stack } = link;
  if (sender === 0) return isLocal(stack, target);
  const found = routeIn(link, { protocol: "icmp", src: sender, dst: target, mark: 0 });
  if (found.kind === "local") {
    const ignore = setting(link, "arp_ignore");
    return ignore === 0 || link.addresses.some(({ ip: own }) => own === target);
  }
  return found.kind === "forward" && setting(link, "proxy_arp") > 0 && found.out !== link;
}

/** ip_route_input_slow and fib_validate_source. */
export function routeIn(
  link: Link,
  packet: Pick<Packet, "protocol" | "src" | "dst" | "mark">,
):
  | { kind: "local" }
  | { kind: "drop" }
  | { kind: "forward"; route: Route; out: Link }
  | { kind: "refuse"; errno: "ENETUNREACH" | "EHOSTUNREACH" | "EACCES" } {
  const { stack } = link;
  const loopback = (address: number): boolean => network(address, 8) === ip("127.0.0.0");
  if (loopback(packet.src) || loopback(packet.dst)) return { kind: "drop" };
  const route = lookup(stack, { dst: packet.dst, src: packet.src, mark: packet.mark, iif: link.name });
  if (route?.type === "local") return { kind: believes(link, packet, "lo") ? "local" : "drop" };
  if (route?.type === "broadcast" || setting(link, "forwarding") === 0) return { kind: "drop" };
  const errno = refusalOf(route);
  if (errno === "nothing") return { kind: "drop" };
  if (errno) return { kind: "refuse", errno };
  const out = route!.dev!;
  return believes(link, packet, out.name) ? { kind: "forward", route: route!, out } : { kind: "drop" };
}

function believes(link: Link, packet: Pick<Packet, "src" | "dst">, towards: string): boolean {
  const { stack } = link;
  const filter = setting(link, "rp_filter");
  const custom = stack.rules.some(({ pref }) => pref !== 0 && pref < 32766);
  const own = setting(link, "accept_local") > 0;
  if (filter === 0 && !custom) return own || !isOwn(stack, packet.src);
  const back = lookup(stack, { dst: packet.src, src: packet.dst, mark: 0, iif: towards });
  if (back?.type === "broadcast" || (back?.type === "local" && !own)) return false;
  if (!back || refusalOf(back)) return filter === 0;
  if (back.dev === link) return true;
  if (link.addresses.length === 0) return filter === 0;
  return filter !== 1;
}

export function outOf(stack: Stack, route: Route): Link {
  return route.type === "local" ? stack.links[0]! : route.dev!;
}

export function refusalOf(route: Route | undefined): "ENETUNREACH" | "EHOSTUNREACH" | "EACCES" | "nothing" | undefined {
  if (!route || (route.type === "unicast" && !route.dev)) return "ENETUNREACH";
  if (route.type === "blackhole") return "nothing";
  if (route.type === "unreachable") return "EHOSTUNREACH";
  return route.type === "prohibit" || route.type === "broadcast" ? "EACCES" : undefined;
}

function isOwn(stack: Stack, address: number): boolean {
  return stack.links.some(({ addresses }) => addresses.some((one) => one.ip === address));
}

export function sourceOf(stack: Stack, route: Route, dst: number): number {
  if (route.type === "local") return route.src ?? dst;
  return route.src ?? selectSource(stack, route.dev!, route.via ?? 0, route.scope);
}

/** inet_select_addr. */
export function selectSource(stack: Stack, link: Link, towards: number, _scope: number): number {
  const primary = link.addresses.filter(({ secondary, ip: own }) => !secondary && scopeOf(own) < HOST);
  const same = primary.find((one) => towards !== 0 && inside(one, towards)) ?? primary[0];
  if (same) return same.ip;
  for (const other of stack.links)
    for (const one of other.addresses) if (!one.secondary && scopeOf(one.ip) === 0) return one.ip;
  return 0;
}

/** As iproute2 gives it: host for 127.0.0.0/8. */
function scopeOf(address: number): number {
  return network(address, 8) === ip("127.0.0.0") ? HOST : 0;
}
