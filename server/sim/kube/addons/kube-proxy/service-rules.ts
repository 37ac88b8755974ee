import { address, contains, parsePrefix, type RuleDraft } from "../../../net/index.ts";
import type { Categories } from "./categorize.ts";
import type { Endpoint } from "./endpoints.ts";
import {
  ACCEPT,
  anyPort,
  comment,
  counted,
  destination,
  destinationPort,
  dnat,
  draft,
  DROP,
  FROM_LOCAL,
  jump,
  oneIn,
  protocol,
  REJECT,
  remember,
  seenSince,
  source,
  TO_LOCAL,
  type ChainRule,
} from "./rule.ts";
import { isExternallyAccessible, usesClusterEndpoints, usesLocalEndpoints, type ServicePort } from "./service-port.ts";

/** Counts what reaches NodePorts through 127.0.0.0/8. */
export const LOCALHOST_NODE_PORTS_COUNTER = "localhost_nps_accepted_pkts";

/** How Pods of this node (or cluster) are told from others: `-s 10.244.0.0/16`, `-i cni0` (util/localdetector.go). */
export interface LocalDetector {
  readonly local: Omit<RuleDraft, "matches" | "target">;
  readonly notLocal: Omit<RuleDraft, "matches" | "target">;
}

export interface RuleSettings {
  readonly masqueradeAll: boolean;
  readonly detector: LocalDetector | undefined;
  readonly localhostNodePorts: boolean;
  readonly nodeIP: string;
  /** More than 1000 endpoints in all: no comments in the chains of services. */
  readonly large: boolean;
}

/** What one service port adds to the tables. */
export interface ServiceRules {
  /** Rules of shared chains in filter and nat, written anew with every sync. */
  readonly filter: readonly ChainRule[];
  readonly nat: readonly ChainRule[];
  /** Its own chains in nat. */
  readonly chains: ReadonlyMap<string, readonly RuleDraft[]>;
  readonly noLocalEndpoints: { readonly internal: boolean; readonly external: boolean };
}

/** The rules of one service port (proxier.go syncProxyRules, the body of its loop). */
export function serviceRules(port: ServicePort, found: Categories, settings: RuleSettings): ServiceRules {
  return new Writer(port, found, settings).write();
}

class Writer {
  readonly #port: ServicePort;
  readonly #found: Categories;
  readonly #settings: RuleSettings;
  readonly #filter: ChainRule[] = [];
  readonly #nat: ChainRule[] = [];
  readonly #chains = new Map<string, RuleDraft[]>();
  readonly #clusterChain: string;
  readonly #localChain: string;
  readonly #externalChain: string;
  readonly #firewallChain: string;
  readonly #internalEndpoints: boolean;
  readonly #externalEndpoints: boolean;

  constructor(port: ServicePort, found: Categories, settings: RuleSettings) {
    this.#port = port;
    this.#found = found;
    this.#settings = settings;
    this.#clusterChain = `KUBE-SVC-${port.hash}`;
    this.#localChain = `KUBE-SVL-${port.hash}`;
    this.#externalChain = `KUBE-EXT-${port.hash}`;
    this.#firewallChain = `KUBE-FW-${port.hash}`;
    const here = found.local.length > 0;
    this.#internalEndpoints = found.any && (!port.internalLocal || here);
    this.#externalEndpoints = found.any && (!port.externalLocal || here);
  }

  write(): ServiceRules {
    const { any, cluster, local, reachable } = this.#found;
    this.#clusterIP();
    this.#externalIPs();
    this.#loadBalancerIPs();
    this.#nodePort();
    if (any) {
      this.#masqueradeInternal();
      if (isExternallyAccessible(this.#port)) this.#external();
      if (this.#firewalled) this.#firewall();
    }
    if (cluster.length > 0 && usesClusterEndpoints(this.#port)) this.#spread(this.#clusterChain, cluster);
    if (local.length > 0 && usesLocalEndpoints(this.#port)) this.#spread(this.#localChain, local);
    for (const endpoint of reachable) this.#endpoint(endpoint);
    return {
      filter: this.#filter,
      nat: this.#nat,
      chains: this.#chains,
      noLocalEndpoints: { internal: any && !this.#internalEndpoints, external: any && !this.#externalEndpoints },
    };
  }

  get #firewalled(): boolean {
    const { loadBalancerVIPs, sourceRanges } = this.#port;
    return this.#found.any && loadBalancerVIPs.length > 0 && sourceRanges.length > 0;
  }

  /** Traffic that finds no endpoint: refused if there is none anywhere, dropped if only none is here. */
  get #nowhere(): { words: string; target: typeof REJECT } {
    const { name } = this.#port;
    return this.#found.any
      ? { words: `${name} has no local endpoints`, target: DROP }
      : { words: `${name} has no endpoints`, target: REJECT };
  }

  /** `-d <ip>/32 -p tcp -m comment --comment "<words>" -m tcp --dport <port>`. */
  #portal(ip: string, words: string, target: Parameters<typeof draft>[1]): RuleDraft {
    const { protocol: name, port } = this.#port;
    return draft([comment(words), destinationPort(name, port)], target, { ...destination(ip), ...protocol(name) });
  }

  #clusterIP(): void {
    const { clusterIP, name, internalLocal } = this.#port;
    if (this.#internalEndpoints) {
      const chain = internalLocal ? this.#localChain : this.#clusterChain;
      this.#nat.push({ chain: "KUBE-SERVICES", rule: this.#portal(clusterIP, `${name} cluster IP`, jump(chain)) });
    } else {
      const { words, target } = this.#nowhere;
      this.#filter.push({ chain: "KUBE-SERVICES", rule: this.#portal(clusterIP, words, target) });
    }
  }

  #externalIPs(): void {
    const { externalIPs, name } = this.#port;
    const { words, target } = this.#nowhere;
    for (const ip of externalIPs) {
      if (this.#found.any)
        this.#nat.push({
          chain: "KUBE-SERVICES",
          rule: this.#portal(ip, `${name} external IP`, jump(this.#externalChain)),
        });
      if (!this.#externalEndpoints)
        this.#filter.push({ chain: "KUBE-EXTERNAL-SERVICES", rule: this.#portal(ip, words, target) });
    }
  }

  #loadBalancerIPs(): void {
    const { loadBalancerVIPs, name } = this.#port;
    const chain = this.#firewalled ? this.#firewallChain : this.#externalChain;
    for (const ip of loadBalancerVIPs) {
      if (this.#found.any)
        this.#nat.push({ chain: "KUBE-SERVICES", rule: this.#portal(ip, `${name} loadbalancer IP`, jump(chain)) });
      if (this.#firewalled)
        this.#filter.push({
          chain: "KUBE-PROXY-FIREWALL",
          rule: this.#portal(ip, `${name} traffic not accepted by ${this.#firewallChain}`, DROP),
        });
    }
    if (this.#externalEndpoints) return;
    const { words, target } = this.#nowhere;
    for (const ip of loadBalancerVIPs)
      this.#filter.push({ chain: "KUBE-EXTERNAL-SERVICES", rule: this.#portal(ip, words, target) });
  }

  #nodePort(): void {
    const { nodePort, name, protocol: transport, healthCheckNodePort } = this.#port;
    if (nodePort !== 0) {
      const matches = [comment(name), destinationPort(transport, nodePort)];
      const target = jump(this.#externalChain);
      if (this.#found.any) {
        if (this.#settings.localhostNodePorts)
          this.#nat.push({
            chain: "KUBE-NODEPORTS",
            rule: draft([...matches, counted(LOCALHOST_NODE_PORTS_COUNTER)], target, {
              ...destination("127.0.0.0/8"),
              ...protocol(transport),
            }),
          });
        this.#nat.push({ chain: "KUBE-NODEPORTS", rule: draft(matches, target, protocol(transport)) });
      }
      if (!this.#externalEndpoints) {
        const nowhere = this.#nowhere;
        this.#filter.push({
          chain: "KUBE-EXTERNAL-SERVICES",
          rule: draft(
            [comment(nowhere.words), TO_LOCAL, destinationPort(transport, nodePort)],
            nowhere.target,
            protocol(transport),
          ),
        });
      }
    }
    if (healthCheckNodePort === 0) return;
    const matches = [comment(`${name} health check node port`), destinationPort("tcp", healthCheckNodePort)];
    this.#filter.push({ chain: "KUBE-NODEPORTS", rule: draft(matches, ACCEPT, protocol("tcp")) });
  }

  /** What comes to the ClusterIP from outside the cluster must come back through this node. */
  #masqueradeInternal(): void {
    const { clusterIP, name, internalLocal, protocol: transport, port } = this.#port;
    const { masqueradeAll, detector } = this.#settings;
    if (!this.#internalEndpoints || (!masqueradeAll && !detector)) return;
    const matches = [comment(`${name} cluster IP`), destinationPort(transport, port)];
    const head = { ...destination(clusterIP), ...protocol(transport) };
    this.#add(
      internalLocal ? this.#localChain : this.#clusterChain,
      draft(matches, jump("KUBE-MARK-MASQ"), masqueradeAll ? head : { ...detector!.notLocal, ...head }),
    );
  }

  #external(): void {
    const { name, externalLocal } = this.#port;
    const { detector } = this.#settings;
    const add = (rule: RuleDraft): void => this.#add(this.#externalChain, rule);
    if (!externalLocal)
      add(draft([comment(`masquerade traffic for ${name} external destinations`)], jump("KUBE-MARK-MASQ")));
    else {
      if (detector) {
        const words = comment(`pod traffic for ${name} external destinations`);
        add(draft([words], jump(this.#clusterChain), detector.local));
      }
      const masquerade = comment(`masquerade LOCAL traffic for ${name} external destinations`);
      add(draft([masquerade, FROM_LOCAL], jump("KUBE-MARK-MASQ")));
      const route = comment(`route LOCAL traffic for ${name} external destinations`);
      add(draft([route, FROM_LOCAL], jump(this.#clusterChain)));
    }
    if (this.#externalEndpoints) add(draft([], jump(externalLocal ? this.#localChain : this.#clusterChain)));
  }

  #firewall(): void {
    const { name, sourceRanges, loadBalancerVIPs } = this.#port;
    const words = [comment(`${name} loadbalancer IP`)];
    const target = jump(this.#externalChain);
    for (const range of sourceRanges) this.#add(this.#firewallChain, draft(words, target, source(range)));
    // A node that has the balancer's address itself asks from that address.
    const node = address(this.#settings.nodeIP);
    if (sourceRanges.some((range) => contains(parsePrefix(range)!, node)))
      for (const ip of loadBalancerVIPs) this.#add(this.#firewallChain, draft(words, target, source(ip)));
    const rest = comment(`other traffic to ${name} will be dropped by KUBE-PROXY-FIREWALL`);
    this.#add(this.#firewallChain, draft([rest], undefined));
  }

  /** writeServiceToEndpointRules */
  #spread(chain: string, endpoints: readonly Endpoint[]): void {
    const { name, affinity } = this.#port;
    const words = (endpoint: Endpoint) => (this.#settings.large ? [] : [comment(`${name} -> ${endpoint.text}`)]);
    if (affinity !== undefined)
      for (const endpoint of endpoints)
        this.#add(chain, draft([...words(endpoint), seenSince(endpoint.chain, affinity)], jump(endpoint.chain)));
    for (const [at, endpoint] of endpoints.entries()) {
      const left = endpoints.length - at;
      const chance = left > 1 ? [oneIn(left)] : [];
      this.#add(chain, draft([...words(endpoint), ...chance], jump(endpoint.chain)));
    }
  }

  #endpoint({ chain, ip, port }: Endpoint): void {
    const { name, protocol: transport, affinity } = this.#port;
    const words = this.#settings.large ? [] : [comment(name)];
    this.#add(chain, draft(words, jump("KUBE-MARK-MASQ"), source(ip)));
    const sticky = affinity === undefined ? [] : [remember(chain)];
    this.#add(chain, draft([...words, ...sticky, anyPort(transport)], dnat(ip, port), protocol(transport)));
  }

  #add(chain: string, rule: RuleDraft): void {
    const rules = this.#chains.get(chain);
    if (rules) rules.push(rule);
    else this.#chains.set(chain, [rule]);
  }
}
