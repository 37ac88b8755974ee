import {
  ensureAccount,
  netfilterOf,
  TableEditor,
  type Namespace,
  type Problem,
  type RuleDraft,
  type RuleRow,
  type TableName,
} from "../../../net/index.ts";
import { sameJson } from "../../api/index.ts";
import { BLOCK_LOCALNET, ensureJumps } from "./base-chains.ts";
import { categorize } from "./categorize.ts";
import { isServiceChain } from "./chain-names.ts";
import { cleanStaleFlows } from "./conntrack.ts";
import type { Endpoint } from "./endpoints.ts";
import { NodePortAddresses } from "./node-port-addresses.ts";
import { comment, counted, destination, draft, fixedRule, jump, TO_LOCAL, type ChainRule } from "./rule.ts";
import { portKey, type ServicePort } from "./service-port.ts";
import { LOCALHOST_NODE_PORTS_COUNTER, serviceRules, type RuleSettings, type ServiceRules } from "./service-rules.ts";

/** Counts what is dropped because connection tracking finds it invalid. */
export const INVALID_COUNTER = "ct_state_invalid_dropped_pkts";
/** Above so many endpoints, rules are made for speed (largeClusterEndpointsThreshold). */
const LARGE_CLUSTER = 1_000;

export interface ProxierSettings extends Omit<RuleSettings, "large"> {
  /** 0x4000 for bit 14. */
  readonly masqueradeMark: number;
  readonly nodePortAddresses: readonly string[];
  /** net.netfilter.nf_conntrack_tcp_be_liberal was set when the proxier was made: no rule against INVALID packets. */
  readonly conntrackTcpLiberal: boolean;
}

/** What a Service and its EndpointSlices come to on this node. */
export interface ServiceState {
  readonly ports: readonly ServicePort[];
  /** By `portKey`. */
  readonly endpoints: ReadonlyMap<string, readonly Endpoint[]>;
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

const NONE: readonly Endpoint[] = [];

/**
 * The rules of all services on one node (pkg/proxy/iptables/proxier.go, v1.33). It holds what the informers have told and
 * rules made ready; what is in force is in the tables of the namespace alone.
 */
export class Proxier {
  readonly #settings: ProxierSettings;
  readonly #nodePorts: NodePortAddresses;
  readonly #services = new Map<string, ServiceState>();
  readonly #prepared = new WeakMap<ServicePort, Prepared>();
  #order: readonly ServicePort[] | undefined;
  zone: string | undefined;

  constructor(settings: ProxierSettings) {
    this.#settings = settings;
    this.#nodePorts = new NodePortAddresses(settings.nodePortAddresses);
  }

  get(service: string): ServiceState | undefined {
    return this.#services.get(service);
  }

  set(service: string, state: ServiceState): void {
    if (state.ports.length > 0 || state.endpoints.size > 0) this.#services.set(service, state);
    else this.#services.delete(service);
    this.#order = undefined;
  }

  /** All service ports with their endpoints. */
  *ports(): IterableIterator<readonly [ServicePort, readonly Endpoint[]]> {
    for (const port of this.#sorted()) yield [port, this.#endpointsOf(port)];
  }

  /** Local endpoints that are ready, by service, each address once: what health check ports tell (LocalReadyEndpoints). */
  localReadyEndpoints(service: string): number {
    const found = new Set<string>();
    for (const endpoints of this.#services.get(service)?.endpoints.values() ?? [])
      for (const { local, ready, ip } of endpoints) if (local && ready) found.add(ip);
    return found.size;
  }

  cleanStaleFlows(ns: Namespace): number {
    return cleanStaleFlows(ns, this.ports());
  }

  /** Writes the rules, as one run of iptables-restore would. */
  sync(ns: Namespace, request: SyncRequest): SyncResult {
    if (request.full) {
      ensureJumps(ns);
      for (const name of [INVALID_COUNTER, LOCALHOST_NODE_PORTS_COUNTER]) ensureAccount(ns, name);
    }
    const ports = this.#sorted();
    let endpoints = 0;
    for (const port of ports) endpoints += this.#endpointsOf(port).length;
    const large = endpoints > LARGE_CLUSTER;
    const rules = ports.map((port) => [port, this.#prepare(port, large)] as const);
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

  /** Upstream goes through a Go map, whose order is nobody's to know; here it is by hash, as random and the same every time. */
  #sorted(): readonly ServicePort[] {
    this.#order ??= [...this.#services.values()]
      .flatMap(({ ports }) => ports)
      .sort((a, b) => (a.hash < b.hash ? -1 : 1));
    return this.#order;
  }

  #endpointsOf(port: ServicePort): readonly Endpoint[] {
    return this.#services.get(port.service)?.endpoints.get(portKey(port.name, port.protocol)) ?? NONE;
  }

  #prepare(port: ServicePort, large: boolean): ServiceRules {
    const endpoints = this.#endpointsOf(port);
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
    for (const chain of ["KUBE-SERVICES", "KUBE-EXTERNAL-SERVICES", "KUBE-FORWARD", "KUBE-NODEPORTS", "KUBE-PROXY-FIREWALL"])
      batch.declare(chain); // prettier-ignore
    if (this.#settings.localhostNodePorts) {
      batch.declare("KUBE-FIREWALL");
      batch.append("KUBE-FIREWALL", BLOCK_LOCALNET);
    }
    for (const [, { filter }] of services) batch.appendAll(filter);
    const mark = `0x${this.#settings.masqueradeMark.toString(16)}`;
    if (!this.#settings.conntrackTcpLiberal) batch.append("KUBE-FORWARD", DROP_INVALID);
    const marked = `-m comment --comment "kubernetes forwarding rules" -m mark --mark ${mark}/${mark} -j ACCEPT`;
    batch.append("KUBE-FORWARD", constant("filter", marked));
    batch.append("KUBE-FORWARD", FORWARD_KNOWN);
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
    for (const chain of ["KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-POSTROUTING", "KUBE-MARK-MASQ"]) batch.declare(chain);
    const active = new Set<string>();
    for (const [{ service }, { chains }] of services)
      for (const name of chains.keys()) {
        active.add(name);
        if (full || changed.has(service)) batch.declare(name);
      }
    const stale = !large || cleanup ? batch.existing().filter((name) => isServiceChain(name) && !active.has(name)) : [];
    for (const name of stale) batch.declare(name);
    const mark = `0x${this.#settings.masqueradeMark.toString(16)}`;
    const notMarked = `-m mark ! --mark ${mark}/${mark} -j RETURN`;
    batch.append("KUBE-POSTROUTING", constant("nat", notMarked));
    batch.append("KUBE-POSTROUTING", constant("nat", `-j MARK --xor-mark ${mark}`));
    batch.append("KUBE-POSTROUTING", MASQUERADE);
    batch.append("KUBE-MARK-MASQ", constant("nat", `-j MARK --or-mark ${mark}`));
    let skipped = 0;
    for (const [{ service }, { nat, chains }] of services) {
      batch.appendAll(nat);
      for (const [name, rules] of chains) {
        if (full || changed.has(service)) for (const rule of rules) batch.append(name, rule);
        else skipped += rules.length;
      }
    }
    batch.appendAll(portals);
    batch.deleteChains(stale);
    const written = batch.commit();
    return { ...written, written: written.rules, total: written.rules + skipped };
  }

  /** The last rules of KUBE-SERVICES: what is for the node itself may be for a NodePort. */
  #nodePortPortals(ns: Namespace): { rules: readonly ChainRule[]; refused: readonly string[] } {
    const words = comment("kubernetes service nodeports; NOTE: this must be the last rule in this chain");
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

const INVALID = fixedRule("filter", "-m conntrack --ctstate INVALID -j DROP");
const DROP_INVALID: RuleDraft = { ...INVALID, matches: [...INVALID.matches, counted(INVALID_COUNTER)] };
const FORWARD_KNOWN = fixedRule(
  "filter",
  '-m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
);
const MASQUERADE = fixedRule(
  "nat",
  '-m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
);

const constants = new Map<string, RuleDraft>();

/** A rule that depends on the mark alone. */
function constant(table: TableName, text: string): RuleDraft {
  let rule = constants.get(text);
  if (!rule) constants.set(text, (rule = fixedRule(table, text)));
  return rule;
}

interface Written {
  readonly problem?: string;
  readonly chains: number;
  readonly rules: number;
}

/** One table's part of the input of `iptables-restore --noflush --counters`. */
class Batch {
  readonly #editor: TableEditor;
  readonly #existing: readonly string[];
  readonly #unlessSame: boolean;
  /** The rules of chains that are written, as they were. */
  readonly #before = new Map<string, readonly RuleRow[] | undefined>();
  #line = 1;
  #rules = 0;
  #chains = 0;
  #problem: string | undefined;

  constructor(ns: Namespace, table: TableName, unlessSame: boolean) {
    this.#unlessSame = unlessSame;
    const netfilter = netfilterOf(ns);
    this.#editor = new TableEditor(netfilter, netfilter[table]);
    this.#existing = [...netfilter[table].chains.keys()];
  }

  existing(): readonly string[] {
    return this.#existing;
  }

  /** `:CHAIN - [0:0]`: made, or emptied if it is there. */
  declare(chain: string): void {
    this.#line++;
    this.#chains++;
    this.#before.set(chain, this.#editor.rules(chain));
    if (this.#editor.has(chain)) this.#editor.flush(chain);
    else this.#editor.newChain(chain);
  }

  append(chain: string, rule: RuleDraft): void {
    this.#line++;
    this.#rules++;
    const { target } = rule;
    if (target?.kind === "chain" && !this.#editor.has(target.name))
      return this.#refuse(`Chain '${target.name}' does not exist`);
    this.#note(this.#editor.append(chain, rule));
  }

  appendAll(rules: readonly ChainRule[]): void {
    for (const { chain, rule } of rules) this.append(chain, rule);
  }

  deleteChains(names: readonly string[]): void {
    for (const name of names) {
      this.#line++;
      this.#note(this.#editor.deleteChain(name));
    }
  }

  commit(): Written {
    if (this.#problem === undefined && !(this.#unlessSame && this.#same())) this.#note(this.#editor.commit());
    return {
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
      chains: this.#chains,
      rules: this.#rules,
    };
  }

  #same(): boolean {
    for (const [chain, before] of this.#before) {
      const now = this.#editor.rules(chain);
      if (!now || before?.length !== now.length) return false;
      if (now.some((rule, at) => !sameJson({ ...rule, id: 0 }, { ...before[at], id: 0 }))) return false;
    }
    return true;
  }

  #note(problem: Problem | undefined): void {
    if (problem) this.#refuse(problem.text.trim());
  }

  #refuse(text: string): void {
    this.#problem ??= `iptables-restore v1.8.9 (nf_tables): ${text}\nError occurred at line: ${this.#line}\nTry \`iptables-restore -h' or 'iptables-restore --help' for more information.`;
  }
}
