import { addressText, type Address } from "../ip.ts";
import type { LinkRow } from "../link/row.ts";
import type { Namespace } from "../namespace.ts";
import type { Choice } from "../route/fib.ts";
import { ICMP, protocolName } from "../netfilter/protocols.ts";
import type { RouteType } from "../route/row.ts";
import { routeText } from "../route/text.ts";
import type { Description } from "./trace.ts";
import { isIcmp, type Packet } from "./packet.ts";

/** The ends of a packet at a time, for words that are made later. */
export type PacketFlow = Pick<Packet, "src" | "dst" | "sport" | "dport" | "protocol" | "icmpType">;

export function flowOf({ src, dst, sport, dport, protocol, icmpType }: Packet): PacketFlow {
  return { src, dst, sport, dport, protocol, icmpType };
}

/** `10.244.1.5:40112 to 10.96.0.10:53 (udp)`. */
export function flowWords(flow: PacketFlow): string {
  const { src, dst, sport, dport, protocol } = flow;
  const name = protocolName(protocol) ?? `protocol ${protocol}`;
  if (isIcmp(flow)) return `${addressText(src)} to ${addressText(dst)} (${name} ${icmpName(protocol, flow.icmpType)})`;
  return `${endWords(src, sport)} to ${endWords(dst, dport)} (${name})`;
}

export function endWords(address: Address, port: number): string {
  const text = addressText(address);
  return text.includes(":") ? `[${text}]:${port}` : `${text}:${port}`;
}

const ICMP_NAMES: Readonly<Record<number, string>> = {
  0: "echo reply",
  3: "destination unreachable",
  8: "echo request",
  11: "time exceeded",
};
const ICMPV6_NAMES: Readonly<Record<number, string>> = {
  1: "destination unreachable",
  3: "time exceeded",
  128: "echo request",
  129: "echo reply",
};

function icmpName(protocol: number, type: number): string {
  return (protocol === ICMP ? ICMP_NAMES : ICMPV6_NAMES)[type] ?? `type ${type}`;
}

/** Codes of ICMP type 3 (RFC 792, RFC 1812) and ICMPv6 type 1 (RFC 4443). */
const UNREACHABLE_NAMES: Readonly<Record<number, string>> = {
  0: "network unreachable",
  1: "host unreachable",
  2: "protocol unreachable",
  3: "port unreachable",
  4: "fragmentation needed",
  9: "network prohibited",
  10: "host prohibited",
  13: "administratively prohibited",
};
const UNREACHABLE6_NAMES: Readonly<Record<number, string>> = {
  0: "no route",
  1: "administratively prohibited",
  3: "address unreachable",
  4: "port unreachable",
};

/** `port unreachable (type 3 code 3)`. */
export function icmpErrorWords({ protocol, icmpType: type, icmpCode: code }: Packet): string {
  const unreachable = protocol === ICMP ? type === 3 : type === 1;
  const names = protocol === ICMP ? UNREACHABLE_NAMES : UNREACHABLE6_NAMES;
  return `${(unreachable ? names[code] : undefined) ?? icmpName(protocol, type)} (type ${type} code ${code})`;
}

/** Why there is no way to a destination: no route at all, a route that refuses, or a rule of `ip rule` that does. */
export function refusalDescription(ns: Namespace, choice: Choice | undefined, destination: Address): Description {
  const to = addressText(destination);
  if (!choice) return { what: `no route to ${to}` };
  const { row } = choice.entry;
  const verb = REFUSALS[row.type] ?? `is of type ${row.type}`;
  if (row.table === 0) return { what: `a rule (ip rule) for ${to} ${verb}` };
  return { what: `the route for ${to} ${verb}`, ref: { kind: "route", text: routeText(ns, row) } };
}

const REFUSALS: Partial<Record<RouteType, string>> = {
  blackhole: "is a blackhole: dropped without a word",
  unreachable: "says unreachable",
  prohibit: "prohibits it",
  broadcast: "is a broadcast address, which nothing here may be sent to",
};

export function routeDescription(ns: Namespace, choice: Choice, link: LinkRow, destination: Address): Description {
  const { row } = choice.entry;
  const via = choice.via === undefined ? "directly" : `via ${addressText(choice.via)}`;
  const text = routeText(ns, row);
  return { what: `route to ${addressText(destination)}: ${via}, out ${link.name}`, ref: { kind: "route", text } };
}
