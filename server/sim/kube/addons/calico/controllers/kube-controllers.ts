import { DaemonProcess, Part, type Daemon, type Hosts, type Program } from "../../../../host/index.ts";
import { SECOND, type Table } from "../../../../kernel/index.ts";
import { inClusterConfig } from "../../../access/in-cluster.ts";
import { anyKind } from "../../../api/index.ts";
import { clustersOf } from "../../../cluster/cluster.ts";
import { nodes } from "../../../kinds/index.ts";
import { ApiClient, ApiFailure } from "../../access/api-client.ts";
import { datastoreWords, Ipam } from "../ipam/ipam.ts";
import { logLine } from "../log.ts";
import {
  BLOCK_AFFINITIES,
  CALICO_GROUP,
  CLUSTER_INFORMATIONS,
  KUBE_CONTROLLERS_CONFIGURATIONS,
  NODES,
  type BlockAffinity,
} from "../resources.ts";

const AGENT = "kube-controllers/v0.0.0 (linux/amd64) kubernetes/$Format";
const START = "calico-kube-controllers/start";
const COLLECT = "calico-kube-controllers/collect";
const RETRY = 5 * SECOND;
/** A node's deletion is looked at with the next round of the collector. */
const ROUND = 2 * SECOND;

interface Row {
  readonly machine: string;
  readonly host: string;
  readonly pid: number;
  readonly ready: boolean;
  readonly cluster?: string;
  /** What the status says that it is not ready for. */
  readonly reason: string;
}

/** calico-kube-controllers: what is left to do there is to free what nodes leave behind when they are deleted. */
class KubeControllers {
  readonly #hosts: Hosts;
  readonly #rows: Table<string, Row>;

  constructor(hosts: Hosts) {
    this.#hosts = hosts;
    this.#rows = hosts.kernel.state.table("calico-kube-controllers");
    const on = (kind: string, act: (self: DaemonProcess, row: Row) => void): void =>
      hosts.kernel.handle(kind, (key: string) => {
        const row = this.#rows.get(key);
        const host = row && hosts.host(row.host);
        if (row && host?.machine.isAlive(row.pid)) act(new DaemonProcess(host, row.pid), row);
      });
    on(START, (self, row) => this.#start(self, row));
    on(COLLECT, (self) => this.#collect(self));
    clustersOf(hosts).each((cluster) =>
      cluster.api.store.listen(anyKind(nodes), ({ type }) => {
        if (type !== "DELETED") return;
        for (const [key, row] of this.#rows.entries())
          if (row.cluster === cluster.name) hosts.kernel.after(ROUND, COLLECT, key);
      }),
    );
  }

  started(self: DaemonProcess): void {
    const row: Row = {
      machine: self.host.machine.name,
      host: self.host.name,
      pid: self.pid,
      ready: false,
      reason: "initialized to false",
    };
    this.#rows.set(keyOf(self), row);
    log(
      self,
      "INFO",
      "main.go 107",
      'Loaded configuration from environment config=&config.Config{LogLevel:"info", WorkloadEndpointWorkers:1, ProfileWorkers:1, PolicyWorkers:1, NodeWorkers:1, LoadBalancerWorkers:1, Kubeconfig:"", DatastoreType:"kubernetes"}',
    );
    log(self, "INFO", "main.go 131", "Ensuring Calico datastore is initialized");
    this.#start(self, row);
  }

  stopped(self: DaemonProcess): void {
    this.#rows.delete(keyOf(self));
  }

  inHost(name: string): Row | undefined {
    return [...this.#rows.values()].find(({ host }) => host === name);
  }

  #api(self: DaemonProcess): ApiClient {
    return new ApiClient(self, AGENT, () => inClusterConfig(self.host, self.env, AGENT));
  }

  #start(self: DaemonProcess, row: Row): void {
    const api = this.#api(self);
    try {
      api.get(CLUSTER_INFORMATIONS, "default");
      log(self, "INFO", "main.go 157", "Calico datastore is initialized");
      log(self, "INFO", "main.go 194", "Getting initial config snapshot from datastore");
      if (!api.get(KUBE_CONTROLLERS_CONFIGURATIONS, "default"))
        api.create(KUBE_CONTROLLERS_CONFIGURATIONS, CONFIGURATION);
      log(self, "INFO", "main.go 197", "Got initial config snapshot");
      log(self, "INFO", "main.go 211", "Starting status report routine");
      log(self, "INFO", "main.go 502", 'Starting controller ControllerType="Node"');
      log(self, "INFO", "controller.go 206", "Starting Node controller");
      log(self, "INFO", "controller.go 225", "Node controller is now running");
      log(self, "INFO", "ipam.go 251", "Starting IPAM GC controller");
      this.#rows.set(keyOf(self), {
        ...row,
        ready: true,
        reason: "",
        ...(api.cluster ? { cluster: api.cluster.name } : {}),
      });
      this.#collect(self);
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      log(
        self,
        "ERROR",
        "client.go 315",
        `Error getting cluster information config ClusterInformation="default" error=${datastoreWords(error)}`,
      );
      log(self, "INFO", "main.go 138", `Failed to initialize datastore error=${datastoreWords(error)}`);
      self.kernel.after(RETRY, START, keyOf(self), { periodic: true });
    }
  }

  /** Frees what nodes that are no more had. */
  #collect(self: DaemonProcess): void {
    const api = this.#api(self);
    try {
      const names = new Set(api.list(NODES).map(({ metadata }) => metadata.name));
      const gone = new Set(
        api.list<BlockAffinity>(BLOCK_AFFINITIES).flatMap(({ spec }) => (names.has(spec.node) ? [] : [spec.node])),
      );
      for (const node of gone) {
        new Ipam(api, () => this.#hosts.kernel.now * 1000).releaseNode(node);
        log(self, "INFO", "ipam.go 1126", `Cleaned up IPAM resources for deleted node node="${node}"`);
      }
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      log(self, "ERROR", "ipam.go 462", `Failed to clean up old allocations error=${datastoreWords(error)}`);
      self.kernel.after(RETRY, COLLECT, keyOf(self), { periodic: true });
    }
  }
}

const CONFIGURATION = {
  apiVersion: `${CALICO_GROUP}/v1`,
  kind: "KubeControllersConfiguration",
  metadata: { name: "default" },
  spec: {
    controllers: {
      loadBalancer: { assignIPs: "AllServices" },
      namespace: { reconcilerPeriod: "5m0s" },
      node: { leakGracePeriod: "15m0s", reconcilerPeriod: "5m0s", syncLabels: "Enabled" },
      policy: { reconcilerPeriod: "5m0s" },
      serviceAccount: { reconcilerPeriod: "5m0s" },
      workloadEndpoint: { reconcilerPeriod: "5m0s" },
    },
    etcdV3CompactionPeriod: "10m0s",
    healthChecks: "Enabled",
    prometheusMetricsPort: 9094,
  },
};

function keyOf({ host, pid }: DaemonProcess): string {
  return `${host.machine.name}/${pid}`;
}

function log(self: DaemonProcess, level: "INFO" | "ERROR", source: string, text: string): void {
  self.log(logLine(self.kernel.now, level, self.host.pidOf(self.row), source, text));
}

const CONTROLLERS = new Part<KubeControllers>("calico-kube-controllers");

export function bindKubeControllers(hosts: Hosts): void {
  hosts.provide(CONTROLLERS, new KubeControllers(hosts));
}

export const kubeControllers: Daemon = {
  name: "calico-kube-controllers",
  summary: "Calico's controllers",
  start: (self) => self.host.hosts.part(CONTROLLERS).started(self),
  stopped: (self) => self.host.hosts.part(CONTROLLERS).stopped(self),
};

/** The probes' command: `check-status -r` (ready) and `-l` (live). */
export const checkStatus: Program = {
  name: "calico-check-status",
  summary: "the health of Calico's controllers",
  async run(process, args) {
    const row = process.host.hosts.part(CONTROLLERS).inHost(process.host.name);
    if (row && (row.ready || args.includes("-l"))) {
      await process.print("Ready\n");
      return 0;
    }
    await process.print(
      `${row?.reason ?? "Failed to read status file /status/status.json: open /status/status.json: no such file or directory"}\n`,
    );
    return 1;
  },
};
