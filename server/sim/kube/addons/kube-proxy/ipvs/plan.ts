import { address, contains, parsePrefix, serviceKey, type Scheduler, type ServiceRow } from "../../../../net/index.ts";
import { categorize } from "../categorize.ts";
import type { Endpoint } from "../endpoints.ts";
import type { PortState } from "../service-map.ts";
import type { ServicePort } from "../service-port.ts";
import type { NoNodeAccess } from "./chains.ts";
import type { SetName } from "./sets.ts";
import type { VirtualServer } from "./virtual-servers.ts";

/** What a plan depends on besides the port and its endpoints. */
export interface PlanSettings {
  readonly scheduler: Scheduler;
  readonly nodeIP: string;
  /** Addresses of the node. */
  readonly own: ReadonlySet<string>;
  /** Those at which node ports are served. */
  readonly nodePortIPs: readonly string[];
  readonly zone: string | undefined;
}

export interface PlannedServer {
  readonly server: VirtualServer;
  readonly key: string;
  readonly reals: readonly { readonly address: string; readonly port: number }[];
  /** The kernel's row as the last sync left it. */
  left: ServiceRow | undefined;
}

/** What one port of a Service needs on a node. */
export interface PortPlan {
  readonly entries: readonly (readonly [SetName, string])[];
  readonly servers: readonly PlannedServer[];
  /** Addresses for the dummy interface. */
  readonly bound: readonly string[];
  /** Load balancers whose source ranges do not let the node itself in. */
  readonly refused: readonly NoNodeAccess[];
  /** Services that want local endpoints and have none, by policy. */
  readonly noLocal: { readonly internal: readonly string[]; readonly external: readonly string[] };
}

/** The body of syncProxyRules' loop over service ports (pkg/proxy/ipvs/proxier.go, v1.33). */
export function planPort(state: PortState, settings: PlanSettings): PortPlan {
  return new Planning(state, settings).plan();
}

class Planning {
  readonly #port: ServicePort;
  readonly #endpoints: readonly Endpoint[];
  readonly #settings: PlanSettings;
  readonly #entries: (readonly [SetName, string])[] = [];
  readonly #servers: PlannedServer[] = [];
  readonly #bound: string[] = [];
  readonly #refused: NoNodeAccess[] = [];
  readonly #noLocal: { readonly internal: string[]; readonly external: string[] } = { internal: [], external: [] };

  constructor([port, endpoints]: PortState, settings: PlanSettings) {
    this.#port = port;
    this.#endpoints = endpoints;
    this.#settings = settings;
  }

  plan(): PortPlan {
    const { protocol, clusterIP, internalLocal, externalLocal, externalIPs, loadBalancerVIPs, ...port } = this.#port;
    for (const endpoint of this.#endpoints)
      if (endpoint.local) this.#put("KUBE-LOOP-BACK", `${endpoint.ip},${protocol}:${endpoint.port},${endpoint.ip}`);
    this.#put("KUBE-CLUSTER-IP", `${clusterIP},${protocol}:${port.port}`);
    this.#serve(clusterIP, port.port, internalLocal);
    this.#bound.push(clusterIP);
    for (const ip of externalIPs) {
      this.#put(externalLocal ? "KUBE-EXTERNAL-IP-LOCAL" : "KUBE-EXTERNAL-IP", `${ip},${protocol}:${port.port}`);
      this.#serveOutside(ip);
    }
    for (const ip of loadBalancerVIPs) {
      this.#loadBalancer(ip);
      this.#serveOutside(ip);
    }
    if (port.nodePort !== 0 && this.#settings.nodePortIPs.length > 0) this.#nodePort();
    if (port.healthCheckNodePort !== 0) this.#put("KUBE-HEALTH-CHECK-NODE-PORT", String(port.healthCheckNodePort));
    return {
      entries: this.#entries,
      servers: this.#servers,
      bound: this.#bound,
      refused: this.#refused,
      noLocal: this.#noLocal,
    };
  }

  #put(set: SetName, entry: string): void {
    this.#entries.push([set, entry]);
  }

  #serveOutside(ip: string): void {
    this.#serve(ip, this.#port.port, this.#port.externalLocal);
    if (!this.#settings.own.has(ip)) this.#bound.push(ip);
  }

  #loadBalancer(ip: string): void {
    const { protocol, port, sourceRanges, externalLocal } = this.#port;
    const entry = `${ip},${protocol}:${port}`;
    this.#put("KUBE-LOAD-BALANCER", entry);
    if (externalLocal) this.#put("KUBE-LOAD-BALANCER-LOCAL", entry);
    if (sourceRanges.length === 0) return;
    this.#put("KUBE-LOAD-BALANCER-FW", entry);
    for (const range of sourceRanges) this.#put("KUBE-LOAD-BALANCER-SOURCE-CIDR", `${entry},${range}`);
    const node = address(this.#settings.nodeIP);
    if (sourceRanges.some((range) => contains(parsePrefix(range)!, node)))
      this.#put("KUBE-LOAD-BALANCER-SOURCE-IP", `${entry},${ip}`);
    else this.#refused.push({ ip, protocol, port });
  }

  #nodePort(): void {
    const { protocol, nodePort, externalLocal } = this.#port;
    const { nodePortIPs } = this.#settings;
    const upper = protocol.toUpperCase() as "TCP" | "UDP" | "SCTP";
    for (const local of externalLocal ? ["", "LOCAL-"] : [""])
      if (upper === "SCTP")
        for (const ip of nodePortIPs)
          this.#put(`KUBE-NODE-PORT-${local}SCTP-HASH` as SetName, `${ip},sctp:${nodePort}`);
      else this.#put(`KUBE-NODE-PORT-${local}${upper}` as SetName, String(nodePort));
    for (const ip of nodePortIPs) this.#serve(ip, nodePort, externalLocal);
  }

  #serve(ip: string, port: number, localOnly: boolean): void {
    const { protocol, affinity } = this.#port;
    const at = { protocol, address: ip, port };
    const persistent = affinity === undefined ? {} : { persistent: affinity };
    const server: VirtualServer = { at, scheduler: this.#settings.scheduler, ...persistent };
    const reals = this.#choose(localOnly).map((one) => ({ address: one.ip, port: one.port }));
    this.#servers.push({ server, key: serviceKey(at), reals, left: undefined });
  }

  /** Without an endpoint here, traffic that should stay here goes to all of them: Pods of this node may come this way too. */
  #choose(localOnly: boolean): readonly Endpoint[] {
    const { service, internalLocal, externalLocal } = this.#port;
    const { cluster, local, any } = categorize(this.#endpoints, this.#port, this.#settings.zone);
    if (!localOnly) return cluster;
    if (local.length > 0) return local;
    if (any && internalLocal) this.#noLocal.internal.push(service);
    if (any && externalLocal) this.#noLocal.external.push(service);
    return cluster;
  }
}
