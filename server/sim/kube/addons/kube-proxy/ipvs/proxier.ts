import {
  address,
  contains,
  loadKey,
  loadsOf,
  parsePrefix,
  serviceKey,
  type DestinationRow,
  type Namespace,
  type Scheduler,
  type ServiceAddress,
} from "../../../../net/index.ts";
import { categorize } from "../categorize.ts";
import type { Endpoint } from "../endpoints.ts";
import { NodePortAddresses } from "../node-port-addresses.ts";
import type { SyncRequest, SyncResult } from "../proxier.ts";
import { ServiceMap } from "../service-map.ts";
import type { ServicePort } from "../service-port.ts";
import { ensureIpvsChains, writeIpvsChains, type ChainSettings, type NoNodeAccess } from "./chains.ts";
import { addressesOn, bindAddress, ensureDummy, nodeAddresses, unbindAddress } from "./dummy.ts";
import { ensureSets, syncSets, type SetEntries, type SetName } from "./sets.ts";
import {
  ensureVirtualServer,
  removeOthers,
  removeTerminated,
  syncRealServers,
  type Terminating,
  type VirtualServer,
} from "./virtual-servers.ts";

export interface IpvsSettings extends ChainSettings {
  readonly scheduler: Scheduler;
  readonly excludeCIDRs: readonly string[];
  readonly nodeIP: string;
  readonly nodePortAddresses: readonly string[];
}

/** What one sync finds out before it writes. */
interface Round {
  readonly entries: Map<SetName, Set<string>>;
  /** Keys of the virtual servers that there shall be. */
  readonly active: Set<string>;
  /** Addresses that the dummy interface shall have. */
  readonly bound: Set<string>;
  readonly refused: NoNodeAccess[];
  readonly own: ReadonlySet<string>;
  readonly nodePortIPs: readonly string[];
  readonly noLocal: { readonly internal: Set<string>; readonly external: Set<string> };
  readonly connections: (at: ServiceAddress, real: Pick<DestinationRow, "address" | "port">) => number;
}

/**
 * Services as virtual servers of the kernel (pkg/proxy/ipvs/proxier.go, v1.33): their addresses on kube-ipvs0, their
 * endpoints as real servers; sets and a few rules say which traffic is masqueraded. Everything is compared with what is
 * there and written where it differs, in every sync.
 */
export class IpvsProxier extends ServiceMap {
  readonly #settings: IpvsSettings;
  readonly #nodePorts: NodePortAddresses;
  /** Real servers that wait for their connections to end; lost with the process, as upstream. */
  readonly terminating: Terminating;
  #first = true;

  constructor(settings: IpvsSettings, terminating: Iterable<string> = [], first = true) {
    super();
    this.#settings = settings;
    this.#nodePorts = new NodePortAddresses(settings.nodePortAddresses);
    this.terminating = new Set(terminating);
    this.#first = first;
  }

  sync(ns: Namespace, { unlessSame = false }: SyncRequest): SyncResult {
    for (const family of [4, 6] as const) ensureIpvsChains(ns, family);
    const dummy = ensureDummy(ns);
    if (!dummy) return { ...NOTHING, problem: "kube-ipvs0 cannot be made" };
    ensureSets(ns);
    const ports = this.ports();
    const own = nodeAddresses(ns);
    const nodePortIPs = this.#nodePorts.matchAll
      ? [...own]
      : this.#nodePorts.nodeIPs(ns).filter((ip) => !ip.startsWith("127."));
    const round: Round = {
      entries: new Map(),
      active: new Set(),
      bound: new Set(),
      refused: [],
      own,
      nodePortIPs,
      noLocal: { internal: new Set(), external: new Set() },
      connections: connectionsIn(ns),
    };
    let endpoints = 0;
    for (const [port, of] of ports) {
      endpoints += of.length;
      this.#port(ns, port, round);
    }
    const already = addressesOn(ns, dummy);
    for (const ip of round.bound) if (!already.has(ip)) bindAddress(ns, dummy, ip);
    round.entries.set("KUBE-IPVS-IPS", round.bound);
    syncSets(ns, round.entries);
    const written = writeIpvsChains(ns, round.entries, this.#settings, round.refused, unlessSame);
    // No Service has an IPv6 address: there the sets stay empty, and what looks at them finds nothing.
    writeIpvsChains(ns, NO_ENTRIES, this.#settings, [], unlessSame || !this.#first, 6);
    if (written.problem === undefined) {
      for (const ip of already) if (!round.bound.has(ip)) unbindAddress(ns, dummy, ip);
      const excluded = this.#settings.excludeCIDRs.map((cidr) => parsePrefix(cidr)!);
      removeOthers(ns, round.active, (ip) => excluded.some((prefix) => contains(prefix, address(ip))));
      this.#first = false;
    }
    return {
      ...(written.problem === undefined ? {} : { problem: written.problem }),
      refusedAddresses: [],
      large: false,
      services: ports.length,
      endpoints,
      filterChains: written.filter.chains,
      filterRules: written.filter.rules,
      natChains: written.nat.chains,
      natRules: written.nat.rules,
      natRulesWritten: written.nat.rules,
      noLocalEndpoints: { internal: round.noLocal.internal.size, external: round.noLocal.external.size },
    };
  }

  /** Takes away real servers whose last connection has ended; once a minute. */
  removeTerminated(ns: Namespace): void {
    removeTerminated(ns, this.terminating, connectionsIn(ns));
  }

  #port(ns: Namespace, port: ServicePort, round: Round): void {
    const { protocol, clusterIP, internalLocal, externalLocal } = port;
    const put = (set: SetName, entry: string): void => {
      const known = round.entries.get(set);
      if (known) known.add(entry);
      else round.entries.set(set, new Set([entry]));
    };
    for (const endpoint of this.endpointsOf(port))
      if (endpoint.local) put("KUBE-LOOP-BACK", `${endpoint.ip},${protocol}:${endpoint.port},${endpoint.ip}`);
    put("KUBE-CLUSTER-IP", `${clusterIP},${protocol}:${port.port}`);
    this.#serve(ns, port, clusterIP, port.port, internalLocal, round);
    round.bound.add(clusterIP);
    for (const ip of port.externalIPs) {
      put(externalLocal ? "KUBE-EXTERNAL-IP-LOCAL" : "KUBE-EXTERNAL-IP", `${ip},${protocol}:${port.port}`);
      this.#serve(ns, port, ip, port.port, externalLocal, round);
      if (!round.own.has(ip)) round.bound.add(ip);
    }
    for (const ip of port.loadBalancerVIPs) {
      this.#loadBalancer(port, ip, put, round);
      this.#serve(ns, port, ip, port.port, externalLocal, round);
      if (!round.own.has(ip)) round.bound.add(ip);
    }
    if (port.nodePort !== 0 && round.nodePortIPs.length > 0) this.#nodePort(ns, port, put, round);
    if (port.healthCheckNodePort !== 0) put("KUBE-HEALTH-CHECK-NODE-PORT", String(port.healthCheckNodePort));
  }

  #loadBalancer(port: ServicePort, ip: string, put: (set: SetName, entry: string) => void, round: Round): void {
    const { protocol, sourceRanges, externalLocal } = port;
    const entry = `${ip},${protocol}:${port.port}`;
    put("KUBE-LOAD-BALANCER", entry);
    if (externalLocal) put("KUBE-LOAD-BALANCER-LOCAL", entry);
    if (sourceRanges.length === 0) return;
    put("KUBE-LOAD-BALANCER-FW", entry);
    for (const range of sourceRanges) put("KUBE-LOAD-BALANCER-SOURCE-CIDR", `${entry},${range}`);
    const node = address(this.#settings.nodeIP);
    if (sourceRanges.some((range) => contains(parsePrefix(range)!, node)))
      put("KUBE-LOAD-BALANCER-SOURCE-IP", `${entry},${ip}`);
    else round.refused.push({ ip, protocol, port: port.port });
  }

  #nodePort(ns: Namespace, port: ServicePort, put: (set: SetName, entry: string) => void, round: Round): void {
    const { protocol, nodePort, externalLocal } = port;
    const upper = protocol.toUpperCase() as "TCP" | "UDP" | "SCTP";
    for (const local of externalLocal ? ["", "LOCAL-"] : [""])
      if (upper === "SCTP")
        for (const ip of round.nodePortIPs)
          put(`KUBE-NODE-PORT-${local}SCTP-HASH` as SetName, `${ip},sctp:${nodePort}`);
      else put(`KUBE-NODE-PORT-${local}${upper}` as SetName, String(nodePort));
    for (const ip of round.nodePortIPs) this.#serve(ns, port, ip, nodePort, externalLocal, round);
  }

  #serve(ns: Namespace, port: ServicePort, ip: string, number: number, localOnly: boolean, round: Round): void {
    const at: ServiceAddress = { protocol: port.protocol, address: ip, port: number };
    const { affinity } = port;
    const server: VirtualServer = {
      at,
      scheduler: this.#settings.scheduler,
      ...(affinity === undefined ? {} : { persistent: affinity }),
    };
    ensureVirtualServer(ns, server);
    round.active.add(serviceKey(at));
    const endpoints = this.#choose(port, localOnly, round);
    const reals = endpoints.map((one) => ({ address: one.ip, port: one.port }));
    syncRealServers(ns, at, reals, this.terminating, this.#first, round.connections);
  }

  /** Without an endpoint here, traffic that should stay here goes to all of them: Pods of this node may come this way too. */
  #choose(port: ServicePort, localOnly: boolean, { noLocal }: Round): readonly Endpoint[] {
    const { cluster, local, any } = categorize(this.endpointsOf(port), port, this.zone);
    if (!localOnly) return cluster;
    if (local.length > 0) return local;
    if (any && port.internalLocal) noLocal.internal.add(port.service);
    if (any && port.externalLocal) noLocal.external.add(port.service);
    return cluster;
  }
}

const NO_ENTRIES: SetEntries = new Map();

const NOTHING: SyncResult = {
  refusedAddresses: [],
  large: false,
  services: 0,
  endpoints: 0,
  filterChains: 0,
  filterRules: 0,
  natChains: 0,
  natRules: 0,
  natRulesWritten: 0,
  noLocalEndpoints: { internal: 0, external: 0 },
};

/** Counts the connections of real servers; looks through them only when first asked. */
function connectionsIn(ns: Namespace): Round["connections"] {
  let loads: ReturnType<typeof loadsOf> | undefined;
  return (at, real) => {
    loads ??= loadsOf(ns);
    const load = loads.get(loadKey({ service: serviceKey(at), real: real.address, realPort: real.port }));
    return load ? load.active + load.inactive : 0;
  };
}
