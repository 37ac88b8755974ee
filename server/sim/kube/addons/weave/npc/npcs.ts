import { DaemonProcess, Part, type Hosts } from "../../../../host/index.ts";
import { calendar, MILLISECOND, pad, SECOND, type Kernel, type Table } from "../../../../kernel/index.ts";
import { namespaceOf } from "../../../../net/index.ts";
import { inClusterConfig } from "../../../access/in-cluster.ts";
import { ApiLink } from "../../../access/link.ts";
import { readKubeconfig } from "../../../access/rest-config.ts";
import {
  anyKind,
  type KubeObject,
  type Namespace,
  type NetworkPolicy,
  type ObjectChange,
  type Pod,
} from "../../../api/index.ts";
import { clustersOf, type Cluster, type RunningProcess } from "../../../cluster/cluster.ts";
import { namespaces, networkPolicies, pods } from "../../../kinds/index.ts";
import { applyWanted, resetRules } from "./node-rules.ts";
import { wanted } from "./wanted.ts";

const CONNECT = "weave-npc/connect";
const APPLY = "weave-npc/apply";
/** From a change to new rules: it calls iptables and ipset once for each. */
const APPLY_TIME = 30 * MILLISECOND;
const RETRY = 5 * SECOND;
const AGENT = "weave-npc/v0.0.0 (linux/amd64) kubernetes/$Format";

export interface NpcOptions {
  /** --node-name, or $HOSTNAME. */
  readonly node: string;
  /** A kubeconfig; without one it uses what its Pod was given. */
  readonly kubeconfig?: string;
}

/** A weave-npc that runs: plain data in table `weave-npc`, by machine and pid. */
interface NpcRow extends RunningProcess, NpcOptions {
  readonly cluster?: string;
  readonly applying?: number;
}

/** The weave-npcs of a world: each keeps the rules of NetworkPolicies on its node. */
export class WeaveNpcs {
  readonly #hosts: Hosts;
  readonly #kernel: Kernel;
  readonly #rows: Table<string, NpcRow>;
  readonly #links = new Map<string, ApiLink>();

  constructor(hosts: Hosts) {
    this.#hosts = hosts;
    this.#kernel = hosts.kernel;
    this.#rows = hosts.kernel.state.table("weave-npc", { quiet: true });
    this.#kernel.handle<{ key: string }>(CONNECT, ({ key }) => this.#connect(key));
    this.#kernel.handle<{ key: string }>(APPLY, ({ key }) => this.#apply(key));
    clustersOf(hosts).each((cluster) => this.#watch(cluster));
  }

  started(self: DaemonProcess, options: NpcOptions): void {
    const key = keyOf(self);
    this.#rows.set(key, { machine: self.host.machine.name, host: self.host.name, pid: self.pid, ...options });
    log(self, "INFO", `Starting Weaveworks NPC 2.8.1; node name ${JSON.stringify(options.node)}`);
    log(self, "INFO", "Serving /metrics on :6781");
    this.#connect(key);
  }

  /** Rules and sets stay as they are. */
  stopped(self: DaemonProcess): void {
    this.#rows.delete(keyOf(self));
    this.#links.delete(keyOf(self));
  }

  #process({ host: name, machine, pid }: NpcRow): DaemonProcess | undefined {
    const host = this.#hosts.host(name);
    return host && this.#hosts.machine(machine).isAlive(pid) ? new DaemonProcess(host, pid) : undefined;
  }

  #link(self: DaemonProcess, key: string, { kubeconfig }: NpcRow): ApiLink {
    let link = this.#links.get(key);
    if (!link) {
      const config = () =>
        kubeconfig === undefined
          ? inClusterConfig(self.host, self.env, AGENT)
          : readKubeconfig(self.host, kubeconfig, AGENT, self);
      this.#links.set(key, (link = new ApiLink(self, config)));
    }
    return link;
  }

  /** It has emptied its chains before it knows anything of the cluster: until then new connections to Pods are dropped. */
  #connect(key: string): void {
    const row = this.#rows.get(key);
    const self = row && this.#process(row);
    if (!row || !self) return;
    if (row.cluster === undefined) resetRules(namespaceOf(self));
    const found = this.#link(self, key, row).find();
    if ("error" in found) {
      this.#kernel.after(RETRY, CONNECT, { key }, { periodic: true });
      return;
    }
    this.#rows.set(key, { ...row, cluster: found.cluster.name });
    this.#plan(key);
  }

  #watch(cluster: Cluster): void {
    const { store } = cluster.api;
    store.listen(anyKind(namespaces), () => this.#hear(cluster));
    store.listen(anyKind(pods), () => this.#hear(cluster));
    store.listen(anyKind(networkPolicies), (change) => this.#hearPolicy(cluster, change));
  }

  #hear(cluster: Cluster): void {
    for (const [key, row] of this.#rows.entries()) if (row.cluster === cluster.name) this.#plan(key);
  }

  #hearPolicy(cluster: Cluster, { type, object, previous }: ObjectChange<KubeObject>): void {
    const verb = { ADDED: "Add", MODIFIED: "Update", DELETED: "Delete" }[type as string] ?? "Update";
    const shown = [...(type === "MODIFIED" && previous ? [previous] : []), object].map((one) => JSON.stringify(one));
    for (const row of this.#rows.values()) {
      const self = row.cluster === cluster.name ? this.#process(row) : undefined;
      if (self) log(self, "INFO", `EVENT ${verb}NetworkPolicy ${shown.join(" ")}`);
    }
    this.#hear(cluster);
  }

  #plan(key: string): void {
    const row = this.#rows.get(key)!;
    if (row.applying !== undefined) return;
    this.#rows.set(key, { ...row, applying: this.#kernel.after(APPLY_TIME, APPLY, { key }) });
  }

  #apply(key: string): void {
    const row = this.#rows.get(key);
    const self = row && this.#process(row);
    if (!row || !self) return;
    const { applying: _, ...rest } = row;
    this.#rows.set(key, rest);
    const cluster = row.cluster === undefined ? undefined : clustersOf(this.#hosts).get(row.cluster);
    if (!cluster) return;
    if (!this.#link(self, key, row).open) {
      this.#kernel.after(RETRY, CONNECT, { key }, { periodic: true });
      return;
    }
    const { store } = cluster.api;
    const goal = wanted({
      namespaces: store.list(anyKind(namespaces)) as readonly Namespace[],
      pods: store.list(anyKind(pods)) as readonly Pod[],
      policies: store.list(anyKind(networkPolicies)) as readonly NetworkPolicy[],
    });
    const { entries, rules } = applyWanted(namespaceOf(self), goal);
    for (const { verb, entry, set } of entries) log(self, "INFO", `${verb} entry ${entry} ${verb === "adding" ? "to" : "from"} ${set}`); // prettier-ignore
    for (const { verb, rule, chain } of rules) log(self, "INFO", `${verb} rule [${rule}] ${verb === "adding" ? "to" : "from"} "${chain}" chain`); // prettier-ignore
    for (const why of goal.refused.values()) log(self, "ERROR", `add network policy: ${why}`);
  }
}

/** `INFO: 2026/11/22 10:00:00.000000 Starting …` (weave's common/logging.go). */
function log(self: DaemonProcess, level: "INFO" | "ERROR", message: string): void {
  const { year, month, day, hour, minute, second, micros } = calendar(self.kernel.now);
  const time = `${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(micros, 6)}`;
  self.log(`${level === "ERROR" ? "ERRO" : level}: ${year}/${pad(month, 2)}/${pad(day, 2)} ${time} ${message}`);
}

function keyOf(self: DaemonProcess): string {
  return `${self.host.machine.name}/${self.pid}`;
}

const NPC = new Part<WeaveNpcs>("weave-npc");

/** Binds the weave-npcs of a world. Once per world, after the clusters are known. */
export function bindWeaveNpc(hosts: Hosts): void {
  hosts.provide(NPC, new WeaveNpcs(hosts));
}

export function weaveNpcsOf(hosts: Hosts): WeaveNpcs {
  return hosts.part(NPC);
}
