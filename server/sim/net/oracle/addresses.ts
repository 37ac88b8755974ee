import {
  type Address,
  HOST,
  inside,
  ip,
  LINK,
  type Link,
  MASK,
  network,
  type Prefix,
  type Route,
  type Stack,
} from "./stack.ts";

export function addAddress(link: Link, op: { address: string; length: number }): boolean {
  const [address, length] = [ip(op.address), op.length];
  let secondary = false;
  for (const other of link.addresses) {
    if (other.length !== length || network(other.ip, length) !== network(address, length)) continue;
    if (other.ip === address) return false;
    secondary = true;
  }
  const made = { ip: address, length, secondary };
  const { addresses } = link;
  // Primary ones stand before secondary ones (__inet_insert_ifa).
  const at = secondary ? -1 : addresses.findIndex((other) => other.secondary);
  if (at < 0) addresses.push(made);
  else addresses.splice(at, 0, made);
  addressRoutes(link, made);
  return true;
}

/** fib_add_ifaddr. */
export function addressRoutes(link: Link, { ip: address, length, secondary }: Address): void {
  const whole = { ip: address, length: 32 };
  const base = { metric: 0, dev: link, via: undefined, ownGateway: false, mtu: undefined };
  const primary = secondary
    ? link.addresses.find((other) => !other.secondary && other.length === length && inside(other, address))!.ip
    : address;
  const local = { ...base, table: 255, src: primary, type: "local", scope: HOST } as const;
  put(link.stack, { ...local, to: whole });
  if (!link.up) return;
  if (secondary || length === 32) return;
  const to = { ip: network(address, length), length };
  if (link.kind === "lo") put(link.stack, { ...local, to });
  else put(link.stack, { ...base, table: 254, src: primary, type: "unicast", scope: LINK, to });
  if (length < 31) {
    const last = { ip: (to.ip | ~MASK[length]!) >>> 0, length: 32 };
    put(link.stack, { ...base, table: 255, src: primary, type: "broadcast", scope: LINK, to: last });
  }
}

function put(stack: Stack, route: Route): void {
  if (!stack.routes.some((other) => other.src === route.src && other.dev === route.dev && sameKey(other, route)))
    stack.routes.push(route);
}

export function sameKey(a: Route, b: Route): boolean {
  return (
    a.table === b.table &&
    a.type === b.type &&
    a.to.ip === b.to.ip &&
    a.to.length === b.to.length &&
    a.metric === b.metric
  );
}

export function deleteAddress(link: Link, op: { address: string; length: number }): boolean {
  const [address, length] = [ip(op.address), op.length];
  const gone = link.addresses.find((other) => other.ip === address && other.length === length);
  if (!gone) return false;
  const followers = gone.secondary
    ? []
    : link.addresses.filter((other) => other.secondary && other.length === length && inside(gone, other.ip));
  for (const one of [...followers, gone]) {
    link.addresses = link.addresses.filter((other) => other !== one);
    withdraw(link, one);
  }
  // Without any address left IP is off there, with all routes (fib_inetaddr_event).
  if (link.addresses.length === 0) link.stack.routes = link.stack.routes.filter(({ dev }) => dev !== link);
  return true;
}

/** fib_del_ifaddr: what no other address of the namespace has need of. */
function withdraw(link: Link, { ip: address, length, secondary }: Address): void {
  const { stack } = link;
  const to = { ip: network(address, length), length };
  const goes = (type: Route["type"], { ip: key, length: bits }: Prefix): void => {
    stack.routes = stack.routes.filter(
      (route) => !(route.dev === link && route.type === type && route.to.ip === key && route.to.length === bits && route.src === address && route.metric === 0),
    );
  }; // prettier-ignore
  if (!secondary && length < 32) {
    goes("unicast", to);
    if (length < 31) goes("broadcast", { ip: (to.ip | ~MASK[length]!) >>> 0, length: 32 });
  }
  if (link.addresses.some((other) => other.ip === address)) return;
  stack.routes = stack.routes.filter((route) => !(route.dev === link && route.type === "local" && route.to.ip === address && route.to.length === 32)); // prettier-ignore
  forgetSource(stack, address);
}

/** Routes of table main that name a source that is nobody's any more go (fib_sync_down_addr). */
export function forgetSource(stack: Stack, address: number): void {
  if (stack.links.some((other) => other.addresses.some(({ ip: one }) => one === address))) return;
  stack.routes = stack.routes.filter(({ src, table }) => src !== address || table !== 254);
}
