import {
  address,
  contains,
  loadKey,
  loadsOf,
  parsePrefix,
  serviceKey,
  servicesOf,
  type DestinationRow,
  type Namespace,
  type Scheduler,
  type ServiceAddress,
} from "../../../../net/index.ts";
import { NodePortAddresses } from "../node-port-addresses.ts";
import type { SyncRequest, SyncResult } from "../proxier.ts";
import { ServiceMap, type PortState } from "../service-map.ts";
import { ensureIpvsChains, writeIpvsChains, type ChainSettings, type NoNodeAccess } from "./chains.ts";
import { addressesOn, bindAddress, ensureDummy, nodeAddresses, unbindAddress } from "./dummy.ts";
import { planPort, type PortPlan } from "./plan.ts";
import { ensureSets, syncSets, type SetEntries, type SetName } from "./sets.ts";
import {
  ensureVirtualServer,
  removeOthers,
  removeTerminated,
  syncRealServers,
  type Terminating,
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
  readonly noLocal: { readonly internal: Set<string>; readonly external: Set<string> };
  readonly connections: (at: ServiceAddress, real: Pick<DestinationRow, "address" | "port">) => number;
}

/** What plans are made for, besides Services. */
interface Place {
  readonly own: ReadonlySet<string>;
  readonly nodePortIPs: readonly string[];
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
  /** As they were made for the place in `#stamp`; a port whose Service or endpoints change has another key. */
  #plans = new WeakMap<PortState, PortPlan>();
  #stamp = "";

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
      noLocal: { internal: new Set(), external: new Set() },
      connections: connectionsIn(ns),
    };
    this.#standAt({ own, nodePortIPs });
    let endpoints = 0;
    for (const state of ports) {
      endpoints += state[1].length;
      this.#follow(ns, this.#planOf(state, { own, nodePortIPs }), round);
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

  /** Plans are good for one place. */
  #standAt({ own, nodePortIPs }: Place): void {
    const stamp = [this.zone ?? "", ...own, "", ...nodePortIPs].join(" ");
    if (stamp !== this.#stamp) this.#plans = new WeakMap();
    this.#stamp = stamp;
  }

  #planOf(state: PortState, { own, nodePortIPs }: Place): PortPlan {
    let plan = this.#plans.get(state);
    if (!plan) {
      const { scheduler, nodeIP } = this.#settings;
      this.#plans.set(state, (plan = planPort(state, { scheduler, nodeIP, own, nodePortIPs, zone: this.zone })));
    }
    return plan;
  }

  #follow(ns: Namespace, plan: PortPlan, round: Round): void {
    for (const [name, entry] of plan.entries) {
      const set = round.entries.get(name);
      if (set) set.add(entry);
      else round.entries.set(name, new Set([entry]));
    }
    for (const ip of plan.bound) round.bound.add(ip);
    round.refused.push(...plan.refused);
    for (const kind of ["internal", "external"] as const)
      for (const service of plan.noLocal[kind]) round.noLocal[kind].add(service);
    const services = servicesOf(ns);
    for (const planned of plan.servers) {
      const { server, key, reals } = planned;
      round.active.add(key);
      // Rows are never edited: the same one is as it was left.
      if (
        planned.left !== undefined &&
        planned.left === services.get(key) &&
        !this.#first &&
        this.terminating.size === 0
      )
        continue;
      ensureVirtualServer(ns, server);
      syncRealServers(ns, server.at, reals, this.terminating, this.#first, round.connections);
      planned.left = services.get(key);
    }
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
