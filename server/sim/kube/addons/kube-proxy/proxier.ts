import { ensureAccount, type Namespace } from "../../../net/index.ts";
import { BLOCK_LOCALNET, ensureJumps } from "./base-chains.ts";
import { Batch, type Written } from "./batch.ts";
import { categorize } from "./categorize.ts";
import { isServiceChain } from "./chain-names.ts";
import type { Endpoint } from "./endpoints.ts";
import { NodePortAddresses } from "./node-port-addresses.ts";
import { LAST_WORDS, writeIpv6, type Ipv6Result } from "./ipv6.ts";
import { destination, draft, jump, TO_LOCAL, type ChainRule } from "./rule.ts";
import { ServiceMap } from "./service-map.ts";
import type { ServicePort } from "./service-port.ts";
import { LOCALHOST_NODE_PORTS_COUNTER, serviceRules, type RuleSettings, type ServiceRules } from "./service-rules.ts";
import { INVALID_COUNTER, sharedRules, type SharedRules } from "./shared-rules.ts";

/** Above so many endpoints, rules are made for speed (largeClusterEndpointsThreshold). */
const LARGE_CLUSTER = 1_000;

export interface ProxierSettings extends Omit<RuleSettings, "large"> {
  /** 0x4000 for bit 14. */
  readonly masqueradeMark: number;
  readonly nodePortAddresses: readonly string[];
  /** net.netfilter.nf_conntrack_tcp_be_liberal was set when the proxier was made: no rule against INVALID packets. */
  readonly conntrackTcpLiberal: boolean;
}

export interface SyncRequest {
  readonly full: boolean;
  /** Services that have changed since the last sync: their chains are written, those of others stay as they are. */
  readonly changed: ReadonlySet<string>;
  /** Whether chains that nobody needs any more are looked for also in a large cluster. */
  readonly cleanup: boolean;
  /**
   * Leaves a table alone in which all is as it would be written: for the full sync of every hour, so that it does not change
   * a world at rest. The real one writes it all the same, which only sets counters to zero.
   */
  readonly unlessSame?: boolean;
}

export interface SyncResult {
  /** Why iptables-restore refused; nothing else counts then. */
  readonly problem?: string;
  /** Addresses that NodePorts should answer at and cannot. */
  readonly refusedAddresses: readonly string[];
  readonly large: boolean;
  readonly services: number;
  readonly endpoints: number;
  readonly filterChains: number;
  readonly filterRules: number;
  readonly natChains: number;
  readonly natRules: number;
  readonly natRulesWritten: number;
  readonly noLocalEndpoints: { readonly internal: number; readonly external: number };
}

interface Prepared {
  readonly endpoints: readonly Endpoint[];
  readonly stamp: string;
  readonly rules: ServiceRules;
}

/**
 * The rules of all services on one node (pkg/proxy/iptables/proxier.go, v1.33). It holds what the informers have told and
 * rules made ready; what is in force is in the tables of the namespace alone.
 */
export class Proxier extends ServiceMap {
  readonly #settings: ProxierSettings;
  readonly #nodePorts: NodePortAddresses;
  readonly #shared: SharedRules;
  readonly #prepared = new WeakMap<ServicePort, Prepared>();

  constructor(settings: ProxierSettings) {
    super();
    this.#settings = settings;
    this.#nodePorts = new NodePortAddresses(settings.nodePortAddresses);
    this.#shared = sharedRules(settings);
  }

  /** Writes the rules of IPv6, which no Service changes. */
  syncIpv6(ns: Namespace, unlessSame: boolean): Ipv6Result {
    return writeIpv6(ns, this.#settings, this.#shared, unlessSame);
  }

  /** Writes the rules of IPv4, as one run of iptables-restore would. */
  sync(ns: Namespace, request: SyncRequest): SyncResult {
    if (request.full) {
      ensureJumps(ns);
      for (const name of [INVALID_COUNTER, LOCALHOST_NODE_PORTS_COUNTER]) ensureAccount(ns, name);
    }
    const ports = this.ports();
    let endpoints = 0;
    for (const [, of] of ports) endpoints += of.length;
    const large = endpoints > LARGE_CLUSTER;
    const rules = ports.map(([port, of]) => [port, this.#prepare(port, of, large)] as const);
    const portals = this.#nodePortPortals(ns);
    const filter = this.#writeFilter(ns, rules, request);
    const nat = filter.problem === undefined ? this.#writeNat(ns, rules, portals.rules, request, large) : undefined;
    const problem = filter.problem ?? nat?.problem;
    const count = (kind: "internal" | "external"): number =>
      rules.reduce((sum, [, { noLocalEndpoints }]) => sum + (noLocalEndpoints[kind] ? 1 : 0), 0);
    return {
      ...(problem === undefined ? {} : { problem }),
      refusedAddresses: portals.refused,
      large,
      services: ports.length,
      endpoints,
      filterChains: filter.chains,
      filterRules: filter.rules,
      natChains: nat?.chains ?? 0,
      natRules: nat?.total ?? 0,
      natRulesWritten: nat?.written ?? 0,
      noLocalEndpoints: { internal: count("internal"), external: count("external") },
    };
  }

  #prepare(port: ServicePort, endpoints: readonly Endpoint[], large: boolean): ServiceRules {
    const stamp = `${large} ${this.zone ?? ""}`;
    const known = this.#prepared.get(port);
    if (known && known.endpoints === endpoints && known.stamp === stamp) return known.rules;
    const rules = serviceRules(port, categorize(endpoints, port, this.zone), { ...this.#settings, large });
    this.#prepared.set(port, { endpoints, stamp, rules });
    return rules;
  }

  #writeFilter(
    ns: Namespace,
    services: readonly (readonly [ServicePort, ServiceRules])[],
    { unlessSame = false }: SyncRequest,
  ): Written {
    const batch = new Batch(ns, "filter", unlessSame);
    for (const chain of this.#shared.filterChains) batch.declare(chain);
    if (this.#settings.localhostNodePorts) {
      batch.declare("KUBE-FIREWALL");
      batch.append("KUBE-FIREWALL", BLOCK_LOCALNET);
    }
    for (const [, { filter }] of services) batch.appendAll(filter);
    batch.appendAll(this.#shared.filter);
    return batch.commit();
  }

  #writeNat(
    ns: Namespace,
    services: readonly (readonly [ServicePort, ServiceRules])[],
    portals: readonly ChainRule[],
    { full, changed, cleanup, unlessSame = false }: SyncRequest,
    large: boolean,
  ): Written & { total: number; written: number } {
    const batch = new Batch(ns, "nat", unlessSame);
    for (const chain of this.#shared.natChains) batch.declare(chain);
    for (const [{ service }, { chains }] of services)
      if (full || changed.has(service)) for (const name of chains.keys()) batch.declare(name);
    const stale = !large || cleanup ? staleChains(batch.existing(), services) : [];
    for (const name of stale) batch.declare(name);
    batch.appendAll(this.#shared.nat);
    let skipped = 0;
    for (const [{ service }, { nat, chains }] of services) {
      batch.appendAll(nat);
      if (full || changed.has(service))
        for (const [name, rules] of chains) for (const rule of rules) batch.append(name, rule);
      else skipped += rulesIn(chains);
    }
    batch.appendAll(portals);
    batch.deleteChains(stale);
    const written = batch.commit();
    return { ...written, written: written.rules, total: written.rules + skipped };
  }

  /** The last rules of KUBE-SERVICES: what is for the node itself may be for a NodePort. */
  #nodePortPortals(ns: Namespace): { rules: readonly ChainRule[]; refused: readonly string[] } {
    const words = LAST_WORDS;
    const target = jump("KUBE-NODEPORTS");
    const { localhostNodePorts } = this.#settings;
    if (this.#nodePorts.matchAll) {
      const head = localhostNodePorts
        ? {}
        : { destination: { ...destination("127.0.0.0/8").destination!, not: true as const } };
      return { rules: [{ chain: "KUBE-SERVICES", rule: draft([words, TO_LOCAL], target, head) }], refused: [] };
    }
    const rules: ChainRule[] = [];
    const refused: string[] = [];
    for (const ip of this.#nodePorts.nodeIPs(ns)) {
      if (ip.startsWith("127.") && !localhostNodePorts) refused.push(ip);
      else rules.push({ chain: "KUBE-SERVICES", rule: draft([words], target, destination(ip)) });
    }
    return { rules, refused };
  }
}

function staleChains(
  existing: readonly string[],
  services: readonly (readonly [ServicePort, ServiceRules])[],
): readonly string[] {
  const active = new Set<string>();
  for (const [, { chains }] of services) for (const name of chains.keys()) active.add(name);
  return existing.filter((name) => isServiceChain(name) && !active.has(name));
}

const counts = new WeakMap<ServiceRules["chains"], number>();

/** How many rules the chains of a service port have; asked for every one of them in every sync. */
function rulesIn(chains: ServiceRules["chains"]): number {
  let count = counts.get(chains);
  if (count === undefined) {
    count = 0;
    for (const rules of chains.values()) count += rules.length;
    counts.set(chains, count);
  }
  return count;
}
