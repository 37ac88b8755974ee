import { address, contains, parsePrefix } from "../../../../net/index.ts";
import type { Categories } from "../categorize.ts";
import type { Endpoint } from "../endpoints.ts";
import { isExternallyAccessible, usesClusterEndpoints, usesLocalEndpoints, type ServicePort } from "../service-port.ts";
import { endpointBase, portBase } from "./names.ts";
import type { CONTAINERS } from "./set-up.ts";

export type Container = (typeof CONTAINERS)[number];

/** An element of a set or map: `10.96.0.10 . udp . 53`, `goto service-…`. */
export interface Element {
  readonly container: Container;
  readonly key: string;
  readonly value?: string;
  readonly comment?: string;
}

export interface RuleSettings {
  readonly masqueradeAll: boolean;
  /** `ip saddr 10.244.0.0/16` and the opposite; undefined: local traffic is not told from other. */
  readonly detector: { readonly local: string; readonly notLocal: string } | undefined;
  readonly nodeIP: string;
}

/** What one service port adds to the table. */
export interface PortCommands {
  readonly elements: readonly Element[];
  readonly chains: readonly string[];
  readonly affinitySets: readonly string[];
  /** Sets and rules of its own chains, which are empty before. */
  readonly commands: readonly string[];
  readonly noLocalEndpoints: { readonly internal: boolean; readonly external: boolean };
}

const TABLE = "ip kube-proxy";

/** The commands for one service port (pkg/proxy/nftables/proxier.go syncProxyRules, the body of its loop). */
export function portCommands(port: ServicePort, found: Categories, settings: RuleSettings): PortCommands {
  return new Writer(port, found, settings).write();
}

class Writer {
  readonly #port: ServicePort;
  readonly #found: Categories;
  readonly #settings: RuleSettings;
  readonly #elements: Element[] = [];
  readonly #chains: string[] = [];
  readonly #commands: string[] = [];
  readonly #base: string;
  readonly #hasInternal: boolean;
  readonly #hasExternal: boolean;

  constructor(port: ServicePort, found: Categories, settings: RuleSettings) {
    this.#port = port;
    this.#found = found;
    this.#settings = settings;
    this.#base = portBase(port);
    const here = found.local.length > 0;
    this.#hasInternal = found.any && (!port.internalLocal || here);
    this.#hasExternal = found.any && (!port.externalLocal || here);
  }

  get #cluster(): string {
    return `service-${this.#base}`;
  }

  get #local(): string {
    return `local-${this.#base}`;
  }

  get #external(): string {
    return `external-${this.#base}`;
  }

  get #firewalled(): boolean {
    return this.#port.loadBalancerVIPs.length > 0 && this.#port.sourceRanges.length > 0;
  }

  #endpointChain(endpoint: Endpoint): string {
    return `endpoint-${endpointBase(this.#port, endpoint)}`;
  }

  #affinitySet(endpoint: Endpoint): string {
    return `affinity-${endpointBase(this.#port, endpoint)}`;
  }

  #rule(chain: string, text: string): void {
    this.#commands.push(`add rule ${TABLE} ${chain} ${text}`);
  }

  write(): PortCommands {
    const { any, cluster, local, reachable } = this.#found;
    const port = this.#port;
    const spreads = cluster.length > 0 && usesClusterEndpoints(port);
    const spreadsHere = local.length > 0 && usesLocalEndpoints(port);
    const accessible = any && isExternallyAccessible(port);
    this.#chains.push(...reachable.map((endpoint) => this.#endpointChain(endpoint)));
    if (spreads) this.#chains.push(this.#cluster);
    if (spreadsHere) this.#chains.push(this.#local);
    if (accessible) this.#chains.push(this.#external);
    if (this.#firewalled) this.#chains.push(`firewall-${this.#base}`);
    this.#capture();
    if (this.#hasInternal) this.#masqueradeInternal();
    if (accessible) this.#writeExternal();
    if (this.#firewalled) this.#writeFirewall();
    const sets = port.affinity === undefined ? [] : reachable.map((endpoint) => this.#affinitySet(endpoint));
    for (const set of sets)
      this.#commands.push(`add set ${TABLE} ${set} { type ipv4_addr ; flags dynamic,timeout ; timeout ${port.affinity!}s ; }`); // prettier-ignore
    if (spreads) this.#spread(this.#cluster, cluster);
    if (spreadsHere) this.#spread(this.#local, local);
    for (const endpoint of reachable) this.#writeEndpoint(endpoint);
    return {
      elements: this.#elements,
      chains: this.#chains,
      affinitySets: sets,
      commands: this.#commands,
      noLocalEndpoints: { internal: any && !this.#hasInternal, external: any && !this.#hasExternal },
    };
  }

  /** Addresses and NodePorts, and where they lead. */
  #capture(): void {
    const { clusterIP, externalIPs, loadBalancerVIPs, name, port, protocol, nodePort, internalLocal } = this.#port;
    const { any } = this.#found;
    const nowhere = any ? "drop" : "goto reject-chain";
    const at = (ip: string): string => `${ip} . ${protocol} . ${port}`;
    const add = (container: Container, key: string, value: string, comment?: string): void =>
      void this.#elements.push({ container, key, value, ...(comment === undefined ? {} : { comment }) });
    this.#elements.push({ container: "cluster-ips", key: clusterIP });
    if (this.#hasInternal) add("service-ips", at(clusterIP), `goto ${internalLocal ? this.#local : this.#cluster}`);
    else add("no-endpoint-services", at(clusterIP), nowhere, name);
    for (const ip of [...externalIPs, ...loadBalancerVIPs]) {
      if (any) add("service-ips", at(ip), `goto ${this.#external}`);
      if (!this.#hasExternal) add("no-endpoint-services", at(ip), nowhere, name);
    }
    if (this.#firewalled) for (const ip of loadBalancerVIPs) add("firewall-ips", at(ip), `goto firewall-${this.#base}`);
    if (nodePort === 0) return;
    if (any) add("service-nodeports", `${protocol} . ${nodePort}`, `goto ${this.#external}`);
    if (!this.#hasExternal) add("no-endpoint-nodeports", `${protocol} . ${nodePort}`, nowhere, name);
  }

  /** What comes to the ClusterIP from outside the cluster must come back through this node. */
  #masqueradeInternal(): void {
    const { clusterIP, protocol, port, internalLocal } = this.#port;
    const { masqueradeAll, detector } = this.#settings;
    if (!masqueradeAll && !detector) return;
    const from = masqueradeAll ? "" : `${detector!.notLocal} `;
    this.#rule(
      internalLocal ? this.#local : this.#cluster,
      `ip daddr ${clusterIP} ${protocol} dport ${port} ${from}jump mark-for-masquerade`,
    );
  }

  #writeExternal(): void {
    const { externalLocal } = this.#port;
    const { detector } = this.#settings;
    if (!externalLocal) this.#rule(this.#external, "jump mark-for-masquerade");
    else {
      if (detector)
        this.#rule(this.#external, `${detector.local} goto ${this.#cluster} comment "short-circuit pod traffic"`);
      this.#rule(this.#external, 'fib saddr type local jump mark-for-masquerade comment "masquerade local traffic"');
      this.#rule(this.#external, `fib saddr type local goto ${this.#cluster} comment "short-circuit local traffic"`);
    }
    if (this.#hasExternal) this.#rule(this.#external, `goto ${externalLocal ? this.#local : this.#cluster}`);
  }

  #writeFirewall(): void {
    const { sourceRanges, loadBalancerVIPs } = this.#port;
    const node = address(this.#settings.nodeIP);
    // A node that has the balancer's address itself asks from that address.
    const own = sourceRanges.some((range) => contains(parsePrefix(range)!, node)) ? loadBalancerVIPs : [];
    this.#rule(`firewall-${this.#base}`, `ip saddr != { ${[...sourceRanges, ...own].join(", ")} } drop`);
  }

  /** writeServiceToEndpointRules */
  #spread(chain: string, endpoints: readonly Endpoint[]): void {
    if (this.#port.affinity !== undefined)
      for (const endpoint of endpoints)
        this.#rule(chain, `ip saddr @${this.#affinitySet(endpoint)} goto ${this.#endpointChain(endpoint)}`);
    const turns = endpoints.map((endpoint, at) => `${at} : goto ${this.#endpointChain(endpoint)}`);
    this.#rule(chain, `numgen random mod ${endpoints.length} vmap { ${turns.join(", ")} }`);
  }

  #writeEndpoint(endpoint: Endpoint): void {
    const chain = this.#endpointChain(endpoint);
    const { affinity, protocol } = this.#port;
    // Who asks himself gets another name.
    this.#rule(chain, `ip saddr ${endpoint.ip} jump mark-for-masquerade`);
    if (affinity !== undefined) this.#rule(chain, `update @${this.#affinitySet(endpoint)} { ip saddr }`);
    this.#rule(chain, `meta l4proto ${protocol} dnat to ${endpoint.text}`);
  }
}
