import type { Time } from "../../../kernel/index.ts";
import type { DaemonProcess } from "../../../host/index.ts";
import type { RestConfig } from "../../access/rest-config.ts";
import type { RunningProcess } from "../../cluster/cluster.ts";
import { newRunner, type RunnerState } from "./bounded-frequency.ts";
import type { ProxyConfig } from "./config.ts";

export type Family = "IPv4" | "IPv6";

/** When a proxier last wrote its rules, and since when something waits for that. */
export interface ProxierHealth {
  readonly updated: Time;
  readonly queued?: Time;
}

/** What /metrics counts. */
export interface ProxyCounts {
  readonly fullSyncs: number;
  readonly partialSyncs: number;
  readonly restoreFailures: number;
  readonly partialRestoreFailures: number;
  readonly endpointChanges: number;
  readonly serviceChanges: number;
  readonly lastQueued: Time;
  readonly lastSync: Time;
  readonly filterRules: number;
  readonly natRules: number;
  readonly natRulesLast: number;
  readonly noLocalInternal: number;
  readonly noLocalExternal: number;
  /** Of the proxier for IPv6. */
  readonly ipv6?: { readonly filterRules: number; readonly natRules: number };
  /** By status code. */
  readonly healthz: Readonly<Record<string, number>>;
  readonly livez: Readonly<Record<string, number>>;
}

/** A kube-proxy that runs: all that lasts beyond one event. Plain data in table `kube-proxy`, by `<machine>/<pid>`. */
export interface ProxyRow extends RunningProcess {
  readonly nodeName: string;
  readonly config: ProxyConfig;
  /** How it reaches its API server: what its kubeconfig said at the start. The token is read anew from its file. */
  readonly client: RestConfig;
  readonly tokenFile?: string;
  /** It looks for its Node, then for all Services and EndpointSlices, then keeps the rules. */
  readonly phase: "node" | "caches" | "running";
  readonly nodeIP: string;
  readonly podCIDRs: readonly string[];
  readonly conntrackTcpLiberal: boolean;
  /** The cluster whose API server it has found. */
  readonly cluster?: string;
  /** Whether its watches are open. Without them it hears of nothing. */
  readonly connected: boolean;
  readonly needFullSync: boolean;
  readonly lastFullSync: Time;
  readonly lastCleanup: Time;
  /** Services that have changed since the last sync. */
  readonly changed: readonly string[];
  /** Whether a UDP port is among them. */
  readonly udpChanged: boolean;
  readonly runner: RunnerState;
  /** The event that stands for the runner's channel: a run was asked for and has not begun. */
  readonly signal?: number;
  /** The runner's timer. */
  readonly timer?: number;
  /** The event of the next attempt to reach the API server. */
  readonly attempt?: number;
  readonly health: Readonly<Record<Family, ProxierHealth>>;
  /** ipvs: real servers that wait for their connections to end. */
  readonly terminating?: readonly string[];
  /** The event of the next look at them. */
  readonly graceful?: number;
  /** Health check ports of services that are open: their sockets. */
  readonly healthChecks: Readonly<Record<string, { readonly port: number; readonly sockets: readonly number[] }>>;
  readonly counts: ProxyCounts;
}

const NO_COUNTS: ProxyCounts = {
  fullSyncs: 0,
  partialSyncs: 0,
  restoreFailures: 0,
  partialRestoreFailures: 0,
  endpointChanges: 0,
  serviceChanges: 0,
  lastQueued: 0,
  lastSync: 0,
  filterRules: 0,
  natRules: 0,
  natRulesLast: 0,
  noLocalInternal: 0,
  noLocalExternal: 0,
  healthz: {},
  livez: {},
};

/** What a kube-proxy knows before it has asked anybody. */
export type ProxyFacts = Pick<ProxyRow, "nodeName" | "config" | "client" | "tokenFile">;

export function newRow(self: DaemonProcess, facts: ProxyFacts): ProxyRow {
  const { now } = self.kernel;
  return {
    machine: self.host.machine.name,
    host: self.host.name,
    pid: self.pid,
    ...facts,
    phase: "node",
    nodeIP: "127.0.0.1",
    podCIDRs: [],
    conntrackTcpLiberal: false,
    connected: false,
    needFullSync: true,
    lastFullSync: now,
    lastCleanup: now,
    changed: [],
    udpChanged: false,
    runner: newRunner(now),
    health: { IPv4: { updated: now }, IPv6: { updated: now } },
    healthChecks: {},
    counts: { ...NO_COUNTS, lastQueued: now },
  };
}
