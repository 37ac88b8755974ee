import type { IptablesOp, Op, RouteKind, RouteOp, RuleOp } from "./op.ts";

/*
 * The oracle's own idea of namespaces, written from documents and the kernel's source alone, as simple as can be: everything is
 * a list that is searched from the front, nothing is kept in two places. It shares no code with the rest of sim/net.
 */

export interface Link {
  readonly name: string;
  stack: Stack;
  readonly kind: "lo" | "veth" | "bridge";
  up: boolean;
  mtu: number;
  peer: Link | undefined;
  master: Link | undefined;
  addresses: Address[];
  readonly conf: Map<string, number>;
}

export interface Address {
  readonly ip: number;
  readonly length: number;
  readonly secondary: boolean;
}

export interface Prefix {
  readonly ip: number;
  readonly length: number;
}

export const UNIVERSE = 0;
export const LINK = 253;
export const HOST = 254;

export interface Route {
  readonly type: RouteKind | "local" | "broadcast";
  readonly to: Prefix;
  readonly table: number;
  readonly metric: number;
  readonly scope: number;
  readonly dev: Link | undefined;
  readonly via: number | undefined;
  /** The gateway is one of our own addresses, so that it is no gateway (nh_scope is host). */
  readonly ownGateway: boolean;
  readonly src: number | undefined;
  readonly mtu: number | undefined;
}

export interface Rule {
  readonly pref: number;
  readonly from: Prefix | undefined;
  readonly to: Prefix | undefined;
  readonly iif: string | undefined;
  readonly mark: number | undefined;
  readonly action: RuleOp["action"];
}

export interface Chain {
  policy: "ACCEPT" | "DROP" | undefined;
  rules: IptablesOp[];
}

/** Of a connection, as its first packet was and as its answers are expected to be. */
export interface Flow {
  readonly protocol: string;
  readonly original: Tuple;
  reply: Tuple;
  answered: boolean;
  confirmed: boolean;
  sourceNat: boolean;
  destinationNat: boolean;
  sourceDone: boolean;
  destinationDone: boolean;
}

export interface Tuple {
  readonly src: number;
  readonly dst: number;
  readonly sport: number;
  readonly dport: number;
}

export interface Stack {
  readonly name: string;
  links: Link[];
  routes: Route[];
  rules: Rule[];
  readonly conf: Map<string, number>;
  readonly all: Map<string, number>;
  readonly chains: Map<string, Chain>;
  flows: Flow[];
}

const MASK = [...Array(33).keys()].map((length) => (length === 0 ? 0 : (-1 << (32 - length)) >>> 0));

export function ip(text: string): number {
  return text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function text(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

export function prefix(words: string): Prefix {
  const [address, length = "32"] = words === "all" ? ["0.0.0.0", "0"] : words.split("/");
  return { ip: ip(address!), length: Number(length) };
}

export function network(address: number, length: number): number {
  return (address & MASK[length]!) >>> 0;
}

export function inside(to: Prefix, address: number): boolean {
  return network(to.ip, to.length) === network(address, to.length);
}

export function hasCarrier(link: Link): boolean {
  if (link.kind === "veth") return link.up && link.peer?.up === true;
  if (link.kind === "bridge") return link.up && ports(link).some(hasCarrier);
  return link.up;
}

export function ports(bridge: Link): Link[] {
  return bridge.stack.links.filter(({ master }) => master === bridge);
}

export function isLocal(stack: Stack, address: number): boolean {
  return stack.routes.some(({ table, type, to }) => table === 255 && type === "local" && inside(to, address));
}

/** A setting of a link: its own or `all`'s, whichever is larger (IN_DEV_MAXCONF, IN_DEV_ORCONF). */
export function setting(link: Link, name: string): number {
  const own = link.conf.get(name) ?? 0;
  return name === "forwarding" ? own : Math.max(own, link.stack.all.get(name) ?? 0);
}

/** What applies to the namespaces of a scenario. An op that a tool refuses changes nothing. */
export class Model {
  readonly stacks = new Map<string, Stack>();

  /** Does what an op says; false where the kernel refuses. */
  apply(op: Op): boolean {
    if (op.do === "netns") return this.#add(op.ns);
    const stack = this.stacks.get(op.ns);
    if (!stack) return false;
    switch (op.do) {
      case "route":
        return op.verb === "del" ? deleteRoute(stack, op) : addRoute(stack, op);
      case "rule":
        return rule(stack, op);
      case "sysctl":
        return sysctl(stack, op.name, op.value);
      case "iptables":
        return iptables(stack, op);
      case "veth":
        return this.#veth(stack, op.dev, op.peerNs, op.peer);
      case "bridge":
        if (find(stack, op.dev)) return false;
        stack.links.push(newLink(stack, op.dev, "bridge"));
        return true;
      case "probe":
        return true;
      default: {
        const link = find(stack, op.dev);
        return link !== undefined && this.#onLink(stack, link, op);
      }
    }
  }

  #onLink(stack: Stack, link: Link, op: Extract<Op, { dev: string }>): boolean {
    switch (op.do) {
      case "link":
        if (op.up !== link.up) (op.up ? bringUp : bringDown)(link);
        return true;
      case "mtu":
        link.mtu = op.mtu;
        return true;
      case "master": {
        const bridge = op.bridge === undefined ? undefined : find(stack, op.bridge);
        if (op.bridge !== undefined && bridge?.kind !== "bridge") return false;
        link.master = bridge;
        return true;
      }
      case "unlink":
        if (link.kind === "lo") return false;
        if (link.peer) remove(link.peer);
        remove(link);
        return true;
      case "move":
        return this.#move(link, op.to);
      case "address":
        return op.verb === "add" ? addAddress(link, op) : deleteAddress(link, op);
      default:
        return false;
    }
  }

  #add(name: string): boolean {
    if (this.stacks.has(name)) return false;
    const none = (): Map<string, number> => new Map();
    const stack: Stack = { name, links: [], routes: [], rules: [], conf: none(), all: none(), chains: new Map(), flows: [] };
    stack.links.push({ ...newLink(stack, "lo", "lo"), mtu: 65536 });
    stack.rules.push(...[255, 254, 253].map((action, at) => plainRule([0, 32766, 32767][at]!, action)));
    for (const chain of ["nat PREROUTING", "nat INPUT", "nat OUTPUT", "nat POSTROUTING"]) newChain(stack, chain);
    for (const chain of ["INPUT", "FORWARD", "OUTPUT"]) newChain(stack, `filter ${chain}`);
    for (const chain of ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"]) newChain(stack, `mangle ${chain}`);
    this.stacks.set(name, stack);
    return true;
  } // prettier-ignore

  #veth(stack: Stack, dev: string, peerNs: string, peer: string): boolean {
    const there = this.stacks.get(peerNs);
    if (!there || find(stack, dev) || find(there, peer)) return false;
    const [one, two] = [newLink(stack, dev, "veth"), newLink(there, peer, "veth")];
    one.peer = two;
    two.peer = one;
    // The peer is made first.
    there.links.push(two);
    stack.links.push(one);
    return true;
  }

  /** A link comes to another namespace down, without addresses and with that one's defaults. */
  #move(link: Link, to: string): boolean {
    const there = this.stacks.get(to);
    if (!there || link.kind !== "veth" || find(there, link.name)) return false;
    if (there === link.stack) return true;
    remove(link);
    link.stack = there;
    link.master = undefined;
    link.conf.clear();
    inherit(link);
    there.links.push(link);
    return true;
  }
}

function newLink(stack: Stack, name: string, kind: Link["kind"]): Link {
  const base = { name, stack, kind, up: false, mtu: 1500, peer: undefined, master: undefined, addresses: [] };
  const link: Link = { ...base, conf: new Map() };
  inherit(link);
  return link;
}

/** `default` is only ever written by ip_forward here (inet_forward_change). */
function inherit(link: Link): void {
  link.conf.set("forwarding", link.stack.conf.get("ip_forward") ?? 0);
}

function newChain(stack: Stack, name: string): void {
  stack.chains.set(name, { policy: "ACCEPT", rules: [] });
}

function plainRule(pref: number, action: number): Rule {
  return { pref, from: undefined, to: undefined, iif: undefined, mark: undefined, action };
}

function find(stack: Stack, name: string): Link | undefined {
  return stack.links.find((link) => link.name === name);
}

function remove(link: Link): void {
  const { stack } = link;
  if (link.up) bringDown(link);
  for (const port of ports(link)) port.master = undefined;
  stack.links = stack.links.filter((other) => other !== link);
  stack.routes = stack.routes.filter(({ dev }) => dev !== link);
  for (const { ip: address } of link.addresses) forgetSource(stack, address);
  link.addresses = [];
}

function bringUp(link: Link): void {
  link.up = true;
  if (link.kind === "lo" && link.addresses.every(({ ip: address }) => address !== ip("127.0.0.1")))
    link.addresses.push({ ip: ip("127.0.0.1"), length: 8, secondary: false });
  for (const address of link.addresses) addressRoutes(link, address);
}

/** Local addresses stay (fib_sync_down_dev spares next hops of scope nowhere). */
function bringDown(link: Link): void {
  link.up = false;
  link.stack.routes = link.stack.routes.filter(({ dev, type }) => dev !== link || type === "local");
}

function addAddress(link: Link, op: { address: string; length: number }): boolean {
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
function addressRoutes(link: Link, { ip: address, length, secondary }: Address): void {
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

function sameKey(a: Route, b: Route): boolean {
  return (
    a.table === b.table &&
    a.type === b.type &&
    a.to.ip === b.to.ip &&
    a.to.length === b.to.length &&
    a.metric === b.metric
  );
}

function deleteAddress(link: Link, op: { address: string; length: number }): boolean {
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
function forgetSource(stack: Stack, address: number): void {
  if (stack.links.some((other) => other.addresses.some(({ ip: one }) => one === address))) return;
  stack.routes = stack.routes.filter(({ src, table }) => src !== address || table !== 254);
}

function addRoute(stack: Stack, op: RouteOp): boolean {
  const to = prefix(op.to);
  if (network(to.ip, to.length) !== to.ip) return false;
  const src = op.src === undefined ? undefined : ip(op.src);
  let dev = op.dev === undefined ? undefined : find(stack, op.dev);
  if (op.dev !== undefined && !dev) return false;
  const via = op.via === undefined ? undefined : ip(op.via);
  let ownGateway = false;
  if (op.kind === "unicast") {
    if (via !== undefined) {
      const way = lookup(stack, { dst: via, src: 0, mark: 0, iif: "lo", scope: LINK, oif: dev });
      if (!way || (way.type !== "unicast" && way.type !== "local")) return false;
      ownGateway = way.type === "local";
      dev ??= way.dev;
      if (!dev?.up) return false;
    } else if (!dev?.up) return false;
  }
  if (src !== undefined && !isLocal(stack, src)) return false;
  const route: Route = {
    type: op.kind,
    to,
    table: op.table ?? 254,
    metric: op.metric ?? 0,
    scope: op.kind === "unicast" && via === undefined ? LINK : UNIVERSE,
    dev,
    via,
    ownGateway,
    src,
    mtu: op.mtu,
  };
  const twin = stack.routes.findIndex((other) => sameKey({ ...other, type: route.type }, route));
  if (twin >= 0 && op.verb === "add") return false;
  if (twin >= 0) stack.routes.splice(twin, 1, route);
  else stack.routes.push(route);
  return true;
}

function deleteRoute(stack: Stack, op: RouteOp): boolean {
  const to = prefix(op.to);
  const candidates = stack.routes
    .filter(({ table, to: key }) => table === (op.table ?? 254) && key.ip === to.ip && key.length === to.length)
    .sort((a, b) => a.metric - b.metric);
  const gone = candidates.find(({ metric }) => !op.metric || op.metric === metric);
  stack.routes = stack.routes.filter((route) => route !== gone);
  return gone !== undefined;
}

export interface Wanted {
  readonly dst: number;
  /** 0: none yet. */
  readonly src: number;
  readonly mark: number;
  readonly iif: string;
  /** Only routes that reach no farther count. */
  readonly scope?: number;
  readonly oif?: Link | undefined;
}

/** The route by rules and tables; a rule that refuses looks like a route that does. */
export function lookup(stack: Stack, wanted: Wanted): Route | undefined {
  for (const one of stack.rules) {
    if (one.from && !(inside(one.from, wanted.src) && (wanted.src !== 0 || one.from.length === 0))) continue;
    if (one.to && !inside(one.to, wanted.dst)) continue;
    if (one.iif !== undefined && one.iif !== wanted.iif) continue;
    if (one.mark !== undefined && one.mark !== wanted.mark) continue;
    if (typeof one.action !== "number") return refusal(one.action);
    const best = inTable(stack, one.action, wanted);
    if (best && best.type !== "throw") return best;
  }
  return undefined;
}

function inTable(stack: Stack, table: number, { dst, scope = 0, oif }: Wanted): Route | undefined {
  let best: Route | undefined;
  for (const route of stack.routes) {
    if (route.table !== table || !inside(route.to, dst) || route.scope < scope) continue;
    if (oif && route.dev && route.dev !== oif) continue;
    if (!best || route.to.length > best.to.length || (route.to.length === best.to.length && route.metric < best.metric))
      best = route;
  }
  return best;
}

function refusal(type: "blackhole" | "unreachable" | "prohibit"): Route {
  const base = { to: prefix("all"), table: 0, metric: 0, scope: 0, dev: undefined, via: undefined };
  return {
    ...base,
    type: type === "unreachable" ? "unicast" : type,
    ownGateway: false,
    src: undefined,
    mtu: undefined,
  };
}

function rule(stack: Stack, op: RuleOp): boolean {
  const made: Rule = {
    pref: op.pref,
    from: op.from === undefined || op.from === "all" ? undefined : prefix(op.from),
    to: op.to === undefined ? undefined : prefix(op.to),
    iif: op.iif,
    mark: op.mark,
    action: op.action,
  };
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const at = stack.rules.findIndex((other) => same(other, made));
  if (op.verb === "del") {
    const fits = (other: Rule): boolean =>
      (Object.keys(made) as (keyof Rule)[]).every((key) => made[key] === undefined || same(made[key], other[key]));
    const found = stack.rules.findIndex(fits);
    if (found >= 0) stack.rules.splice(found, 1);
    return found >= 0;
  }
  if (at >= 0) return false;
  const before = stack.rules.findIndex(({ pref }) => pref > op.pref);
  stack.rules.splice(before < 0 ? stack.rules.length : before, 0, made);
  return true;
}

function sysctl(stack: Stack, name: string, value: number): boolean {
  const [, owner, key] = /^net\.ipv4\.conf\.(\w+)\.(\w+)$/.exec(name) ?? [];
  if (owner === undefined) {
    const short = name.slice("net.ipv4.".length);
    stack.conf.set(short, value);
    if (short === "ip_forward") for (const link of stack.links) link.conf.set("forwarding", value);
    return true;
  }
  const link = find(stack, owner);
  if (owner !== "all" && !link) return false;
  (link?.conf ?? stack.all).set(key!, value);
  return true;
}

function iptables(stack: Stack, op: IptablesOp): boolean {
  const name = `${op.table} ${op.chain}`;
  const chain = stack.chains.get(name);
  if (op.verb === "new") {
    if (chain) return false;
    stack.chains.set(name, { policy: undefined, rules: [] });
    return true;
  }
  if (!chain) return false;
  const jump = op.target?.name === "JUMP" ? op.target.chain : undefined;
  if (jump !== undefined && !stack.chains.has(`${op.table} ${jump}`)) return false;
  if (op.match?.port !== undefined && op.match.protocol === undefined) return false;
  if (op.verb === "policy") chain.policy = op.target!.name as "ACCEPT" | "DROP";
  else if (op.verb === "flush") chain.rules = [];
  else if (op.verb === "append") chain.rules.push(op);
  else chain.rules.unshift(op);
  return true;
}
