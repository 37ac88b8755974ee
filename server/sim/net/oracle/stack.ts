import type { IptablesOp, RouteKind, RuleOp } from "./op.ts";

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

export const MASK = [...Array(33).keys()].map((length) => (length === 0 ? 0 : (-1 << (32 - length)) >>> 0));

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

export function find(stack: Stack, name: string): Link | undefined {
  return stack.links.find((link) => link.name === name);
}
