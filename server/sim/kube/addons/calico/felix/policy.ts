import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from "../../../api/index.ts";
import { ipv4, networkOf, prefixText } from "../../../../net/index.ts";
import { ipSetForPorts, ipSetForSelector, type IpSetId } from "./ip-set-id.ts";
import { peerSelector, policySelector, type Selector } from "./selector.ts";

export type Direction = "ingress" | "egress";

/** First and last port. */
export type PortRange = readonly [first: number, last: number];

/** One rule as felix writes it into the tables. All that is there must hold (felix/calc ParsedRule). */
export interface PolicyRule {
  /** `tcp`. */
  readonly protocol?: string;
  readonly peerNets: readonly string[];
  readonly notPeerNets: readonly string[];
  readonly peerSets: readonly IpSetId[];
  readonly ports: readonly PortRange[];
  /** Sets of addresses and ports that stand for named ports. */
  readonly namedPorts: readonly IpSetId[];
  /** The number of the rule in the NetworkPolicy that it was made of. */
  readonly from: number;
}

/** A NetworkPolicy as felix sees it. */
export interface Policy {
  /** `default/knp.default.web`. */
  readonly name: string;
  readonly namespace: string;
  readonly selector: Selector;
  readonly types: readonly Direction[];
  readonly ingress: readonly PolicyRule[];
  readonly egress: readonly PolicyRule[];
  /** All sets that its rules look into. */
  readonly sets: readonly IpSetId[];
}

const parsed = new WeakMap<NetworkPolicy, Policy>();

/** conversion.go K8sNetworkPolicyToCalico, and what felix/calc makes of it. */
export function policyOf(object: NetworkPolicy): Policy {
  let policy = parsed.get(object);
  if (!policy) parsed.set(object, (policy = parse(object)));
  return policy;
}

function parse({ metadata, spec }: NetworkPolicy): Policy {
  const { name, namespace = "" } = metadata;
  const types: Direction[] = [];
  if (spec.policyTypes?.includes("Ingress") ?? true) types.push("ingress");
  if (spec.policyTypes?.includes("Egress")) types.push("egress");
  const ingress = (spec.ingress ?? []).flatMap(({ from, ports }, at) => rules("ingress", namespace, from, ports, at));
  const egress = (spec.egress ?? []).flatMap(({ to, ports }, at) => rules("egress", namespace, to, ports, at));
  const sets = new Map<string, IpSetId>();
  const used = [...(types.includes("ingress") ? ingress : []), ...(types.includes("egress") ? egress : [])];
  for (const { peerSets, namedPorts } of used) for (const set of [...peerSets, ...namedPorts]) sets.set(set.id, set);
  return {
    name: `${namespace}/knp.default.${name}`,
    namespace,
    selector: policySelector(spec.podSelector, namespace),
    types,
    ingress,
    egress,
    sets: [...sets.values()],
  };
}

/** One rule for each protocol and peer (k8sRuleToCalico). */
function rules(
  direction: Direction,
  namespace: string,
  peers: readonly NetworkPolicyPeer[] = [],
  ports: readonly NetworkPolicyPort[] = [],
  from: number,
): PolicyRule[] {
  const list: PolicyRule[] = [];
  for (const [protocol, wanted] of byProtocol(ports))
    for (const peer of peers.length === 0 ? [undefined] : peers) {
      const rule = ruleFor(direction, namespace, peer, protocol, wanted, from);
      if (rule) list.push(rule);
    }
  return list;
}

/** No ports at all: all protocols. A protocol without a port: all its ports. */
function byProtocol(ports: readonly NetworkPolicyPort[]): [string | undefined, readonly NetworkPolicyPort[]][] {
  if (ports.length === 0) return [[undefined, []]];
  const found = new Map<string, NetworkPolicyPort[]>();
  const whole = new Set<string>();
  for (const wish of ports) {
    const { protocol = "TCP", port } = wish;
    if (port === undefined) whole.add(protocol);
    if (!found.has(protocol)) found.set(protocol, []);
    found.get(protocol)!.push(wish);
  }
  return [...found.keys()].sort().map((protocol) => [protocol, whole.has(protocol) ? [] : found.get(protocol)!]);
}

function ruleFor(
  direction: Direction,
  namespace: string,
  peer: NetworkPolicyPeer | undefined,
  protocol: string | undefined,
  wanted: readonly NetworkPolicyPort[],
  from: number,
): PolicyRule | undefined {
  const block = peer?.ipBlock;
  const nets = block ? [block.cidr].filter(isFour).map(normal) : [];
  // A block of IPv6 is no rule for IPv4 (FilterRuleToIPVersion).
  if (block && nets.length === 0) return undefined;
  const notNets = (block?.except ?? []).filter(isFour).map(normal);
  const selector = peer && !block ? peerSelector(peer.podSelector, peer.namespaceSelector, namespace) : undefined;
  const names = wanted.flatMap(({ port }) => (typeof port === "string" ? [port] : []));
  const numbers = simplify(wanted.flatMap(({ port, endPort }) => rangeOf(port, endPort)));
  // Named ports are the destination's: its selector is already in their set, unless there are numbers beside them.
  const filter = direction === "egress" ? selector : undefined;
  const sets = selector && !(filter && names.length > 0 && numbers.length === 0) ? [ipSetForSelector(selector)] : [];
  return {
    ...(protocol === undefined ? {} : { protocol: protocol.toLowerCase() }),
    peerNets: nets,
    notPeerNets: notNets,
    peerSets: sets,
    ports: numbers,
    namedPorts: names.map((name) => ipSetForPorts(filter, protocol!.toLowerCase(), name)),
    from,
  };
}

function rangeOf(port: number | string | undefined, endPort: number | undefined): PortRange[] {
  return typeof port === "number" ? [[port, endPort ?? port]] : [];
}

/** The fewest ranges, in order (SimplifyPorts). */
function simplify(ranges: readonly PortRange[]): PortRange[] {
  const list: [number, number][] = [];
  for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const before = list.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else list.push([first, last]);
  }
  return list;
}

function isFour(cidr: string): boolean {
  return !cidr.includes(":");
}

/** With no bits beyond its prefix. */
function normal(cidr: string): string {
  const [address, digits] = cidr.split("/") as [string, string];
  const length = Number(digits);
  return prefixText({ address: networkOf(ipv4(address), length), length });
}
