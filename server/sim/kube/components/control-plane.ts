import { SECOND, type Kernel, type Time } from "../../kernel/index.ts";
import { DaemonProcess, Part, type Hosts, type ProcessRow } from "../../host/index.ts";
import { ApiLink } from "../access/link.ts";
import { KUBEADM_SETTINGS, type WatchFailure } from "../api/index.ts";
import { readKubeconfig, type RestConfig } from "../access/rest-config.ts";
import {
  ControllerManager,
  CustomResourceDefinitionController,
  KUBEADM_CONTROLLER_SETTINGS,
  KubernetesService,
  LeaderElection,
  type ControllerManagerSettings,
  type SyncFailure,
} from "../controllers/index.ts";
import { clustersOf, type Cluster, type RunningProcess } from "../cluster/cluster.ts";
import { Scheduler } from "../scheduler/index.ts";
import { log } from "./component.ts";

/** A controller manager or scheduler that runs: plain data in table `control-plane`. */
interface ComponentRow extends RunningProcess {
  readonly component: "kube-controller-manager" | "kube-scheduler";
  readonly kubeconfig: string;
  /** The cluster whose API server it has found. */
  readonly cluster?: string;
  readonly settings?: ControllerManagerSettings;
  /** Its process is stopped since then. */
  readonly pausedAt?: Time;
}

const RETRY = "control-plane/retry";
const LOST = "control-plane/lost";
/** client-go tries for the Lease again after this time. */
const RETRY_PERIOD = 2 * SECOND;
/** renewDeadline: a leader that cannot renew for so long gives up. */
const RENEW_DEADLINE = 10 * SECOND;

/** The loops of one cluster's control plane, over its API server. They rest unless the process that they belong to runs. */
class ClusterLoops {
  readonly customResourceDefinitions: CustomResourceDefinitionController;
  readonly kubernetesService: KubernetesService;
  readonly managerElection: LeaderElection;
  readonly schedulerElection: LeaderElection;

  constructor(cluster: Cluster, plane: ControlPlane) {
    const { api, heartbeats } = cluster;
    const lead = (component: ComponentRow["component"], onLead: () => void): LeaderElection =>
      new LeaderElection({
        api,
        heartbeats,
        name: component,
        host: "controlplane",
        user: { name: `system:${component}`, groups: ["system:authenticated"] },
        component: component === "kube-scheduler" ? "default-scheduler" : component,
        active: () => plane.find(cluster.name, component) !== undefined,
        reachable: () => plane.reaches(cluster.name, component),
        onLead() {
          plane.leads(cluster.name, component);
          onLead();
        },
        onLost: () => plane.lost(cluster.name, component),
        refused: (words, renewing) => plane.notRenewed(cluster.name, component, words, renewing),
      });
    const manager = new ControllerManager({
      api,
      heartbeats,
      active: () => this.managerElection.leads && plane.reaches(cluster.name, "kube-controller-manager"),
      reachable: () => plane.reaches(cluster.name, "kube-controller-manager"),
      settings: () => plane.find(cluster.name, "kube-controller-manager")?.settings ?? KUBEADM_CONTROLLER_SETTINGS,
      listFailed: (failure) => plane.tell(cluster.name, "kube-controller-manager", failure),
      syncFailed: (failure) => plane.unhandled(cluster.name, "kube-controller-manager", failure),
      readFile: (path) => plane.readFile(cluster.name, "kube-controller-manager", path),
    });
    const scheduler = new Scheduler({
      api,
      host: "controlplane",
      active: () => this.schedulerElection.leads && plane.reaches(cluster.name, "kube-scheduler"),
      reachable: () => plane.reaches(cluster.name, "kube-scheduler"),
      listFailed: (failure) => plane.tell(cluster.name, "kube-scheduler", failure),
    });
    this.managerElection = lead("kube-controller-manager", () => manager.start());
    this.schedulerElection = lead("kube-scheduler", () => scheduler.start());
    const active = (): boolean => cluster.row.apiServer !== undefined;
    this.customResourceDefinitions = new CustomResourceDefinitionController({ api, active });
    this.kubernetesService = new KubernetesService({
      api,
      active,
      settings: () => {
        const { advertise, serviceCidrs } = cluster.row.settings ?? KUBEADM_SETTINGS;
        const colon = advertise.lastIndexOf(":");
        return {
          address: advertise.slice(0, colon),
          port: Number(advertise.slice(colon + 1)),
          serviceCidrs,
        };
      },
    });
  }
}

/** Which components of control planes run, and the loops that belong to them. One object for a world. */
class ControlPlane {
  readonly #hosts: Hosts;
  readonly #kernel: Kernel;
  readonly #rows;
  readonly #loops = new Map<string, ClusterLoops>();
  readonly #links = new Map<string, ApiLink>();
  readonly #startListeners: ((cluster: Cluster) => void)[] = [];
  /** By cluster: the event at which those who lead give up, while its API server is away. */
  readonly #lostEvents;

  constructor(hosts: Hosts) {
    this.#hosts = hosts;
    this.#kernel = hosts.kernel;
    this.#rows = this.#kernel.state.table<string, ComponentRow>("control-plane");
    this.#lostEvents = this.#kernel.state.table<string, number>("control-plane-lost", { quiet: true });
    this.#kernel.handle(RETRY, (key: string) => this.#join(key));
    this.#kernel.handle(LOST, (cluster: string) => this.#lost(cluster));
    hosts.onProcessPause({
      paused: (row) => this.#paused(row),
      continued: (row) => this.#continued(row),
    });
    clustersOf(hosts).each((cluster) => {
      this.#loops.set(cluster.name, new ClusterLoops(cluster, this));
      cluster.components = () => this.#health(cluster);
    });
  }

  // kube-apiserver

  /** Who waits for an API server need not wait longer: `listener` is called when one begins to serve. */
  onApiServerStart(listener: (cluster: Cluster) => void): void {
    this.#startListeners.push(listener);
  }

  apiServerStarted(cluster: Cluster): void {
    const lost = this.#lostEvents.get(cluster.name);
    if (lost !== undefined) this.#kernel.cancel(lost);
    this.#lostEvents.delete(cluster.name);
    for (const listener of this.#startListeners) listener(cluster);
    this.#loops.get(cluster.name)?.kubernetesService.start();
    this.#loops.get(cluster.name)?.customResourceDefinitions.start();
  }

  apiServerStopped(cluster: Cluster): void {
    this.#lostEvents.set(cluster.name, this.#kernel.after(RENEW_DEADLINE, LOST, cluster.name));
  }

  /** The API server asks on the loopback address of its own machine, as kubeadm's components listen there. */
  #health(cluster: Cluster): readonly { readonly name: string; readonly error?: string }[] {
    const machine = cluster.row.apiServer?.machine;
    const runs = (component: ComponentRow["component"]): boolean =>
      [...this.#rows.values()].some((row) => row.machine === machine && row.component === component);
    const asked = (
      name: string,
      component: ComponentRow["component"],
      port: number,
    ): { name: string; error?: string } => {
      if (runs(component)) return { name };
      const address = `127.0.0.1:${port}`;
      return { name, error: `Get "https://${address}/healthz": dial tcp ${address}: connect: connection refused` };
    };
    return [
      asked("controller-manager", "kube-controller-manager", 10_257),
      asked("scheduler", "kube-scheduler", 10_259),
      { name: "etcd-0" },
    ];
  }

  // kube-controller-manager and kube-scheduler

  started(
    self: DaemonProcess,
    component: ComponentRow["component"],
    kubeconfig: string,
    settings?: ControllerManagerSettings,
  ): void {
    const key = keyOf(self);
    this.#rows.set(key, {
      machine: self.host.machine.name,
      host: self.host.name,
      pid: self.pid,
      component,
      kubeconfig,
      ...(settings ? { settings } : {}),
    });
    this.#join(key);
  }

  stopped(self: DaemonProcess): void {
    const key = keyOf(self);
    const row = this.#rows.get(key);
    this.#rows.delete(key);
    this.#links.delete(key);
    if (row?.cluster !== undefined) this.#election(row)?.resign({ release: row.component === "kube-scheduler" });
  }

  #paused(process: ProcessRow): void {
    const row = this.#rowOf(process);
    if (!row) return;
    this.#rows.set(`${row.machine}/${row.pid}`, { ...row, pausedAt: this.#kernel.now });
    if (row.cluster !== undefined) this.#election(row)?.pause();
  }

  /** Who led and could not renew for too long gives up, as soon as it finds out. */
  #continued(process: ProcessRow): void {
    const row = this.#rowOf(process);
    if (row?.pausedAt === undefined) return;
    const key = `${row.machine}/${row.pid}`;
    const { pausedAt, ...rest } = row;
    this.#rows.set(key, rest);
    const election = row.cluster === undefined ? undefined : this.#election(row);
    if (!election) return this.#join(key);
    const self = this.#process(row);
    if (self && election.leads && this.#kernel.now - pausedAt >= RENEW_DEADLINE) giveUp(row, self);
    else election.resume();
  }

  #rowOf({ host, pid }: ProcessRow): ComponentRow | undefined {
    const machine = this.#hosts.host(host)?.machine.name;
    return machine === undefined ? undefined : this.#rows.get(`${machine}/${pid}`);
  }

  /** The component of a cluster that runs now. */
  find(cluster: string, component: ComponentRow["component"]): ComponentRow | undefined {
    for (const row of this.#rows.values()) if (row.cluster === cluster && row.component === component) return row;
    return undefined;
  }

  /** A file as the component sees it. */
  readFile(cluster: string, component: ComponentRow["component"], path: string): string | undefined {
    const row = this.find(cluster, component);
    return row && this.#process(row)?.host.readText(path);
  }

  /** The component has become the leader. */
  leads(cluster: string, component: ComponentRow["component"]): void {
    const row = this.find(cluster, component);
    const self = row && this.#process(row);
    if (self) log(self, "I", "leaderelection.go:271", `successfully acquired lease kube-system/${component}`);
  }

  /** What apimachinery's HandleError writes. */
  unhandled(cluster: string, component: ComponentRow["component"], { source, words }: SyncFailure): void {
    const row = this.find(cluster, component);
    const self = row && this.#process(row);
    if (self) log(self, "E", source, `"Unhandled Error" err=${JSON.stringify(words)} logger="UnhandledError"`);
  }

  /** The component led, and may not go on. */
  lost(cluster: string, component: ComponentRow["component"]): void {
    const row = this.find(cluster, component);
    const self = row && this.#process(row);
    if (self) giveUp(row, self);
  }

  /** What client-go's leader election says when the server refuses. */
  notRenewed(cluster: string, component: ComponentRow["component"], words: string, renewing: boolean): void {
    const row = this.find(cluster, component);
    const self = row && this.#process(row);
    if (!self) return;
    if (renewing)
      log(
        self,
        "E",
        "leaderelection.go:429",
        `Failed to update lock optimistically: ${words}, falling back to slow path`,
      );
    else log(self, "E", "leaderelection.go:436", `error retrieving resource lock kube-system/${component}: ${words}`);
  }

  /** client-go's DefaultWatchErrorHandler. */
  tell(cluster: string, component: ComponentRow["component"], { type, error }: WatchFailure): void {
    const row = this.find(cluster, component);
    const self = row && this.#process(row);
    if (!self) return;
    const where = 'logger="UnhandledError" reflector="k8s.io/client-go/informers/factory.go:160"';
    log(self, "E", "reflector.go:200", `"Failed to watch" err=${JSON.stringify(error)} ${where} type="${type}"`);
  }

  /** Is the way from the component to its API server open? */
  reaches(cluster: string, component: ComponentRow["component"]): boolean {
    const row = this.find(cluster, component);
    const found = row && this.#link(`${row.machine}/${row.pid}`, row)?.find();
    return found !== undefined && "cluster" in found && found.cluster.name === cluster;
  }

  #election(row: ComponentRow): LeaderElection | undefined {
    const loops = this.#loops.get(row.cluster!);
    return row.component === "kube-scheduler" ? loops?.schedulerElection : loops?.managerElection;
  }

  /** Looks for the API server; runs for leader once it is found. */
  #join(key: string): void {
    const row = this.#rows.get(key);
    const self = row && this.#process(row);
    const link = row && this.#link(key, row);
    if (!row || !self || !link || row.cluster !== undefined || row.pausedAt !== undefined) return;
    const found = link.find();
    if ("error" in found) {
      log(
        self,
        "E",
        "leaderelection.go:436",
        `error retrieving resource lock kube-system/${row.component}: Get "${serverOf(link)}/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/${row.component}?timeout=5s": ${found.error}`,
      );
      this.#kernel.after(RETRY_PERIOD, RETRY, key, { periodic: true });
      return;
    }
    this.#rows.set(key, { ...row, cluster: found.cluster.name });
    log(self, "I", "leaderelection.go:257", `attempting to acquire leader lease kube-system/${row.component}...`);
    this.#election(this.#rows.get(key)!)?.campaign();
  }

  /** An API server has been away for too long: who led gives up, and is started again by the kubelet. */
  #lost(name: string): void {
    this.#lostEvents.delete(name);
    for (const row of [...this.#rows.values()].filter(({ cluster }) => cluster === name)) {
      const self = this.#process(row);
      if (!self) continue;
      giveUp(row, self);
    }
  }

  #process(row: ComponentRow): DaemonProcess | undefined {
    const host = this.#hosts.host(row.host);
    return host && this.#hosts.machine(row.machine).isAlive(row.pid) ? new DaemonProcess(host, row.pid) : undefined;
  }

  #link(key: string, row: ComponentRow): ApiLink | undefined {
    const self = this.#process(row);
    if (!self) return undefined;
    let link = this.#links.get(key);
    if (!link) {
      const config = (): RestConfig | { readonly error: string } =>
        readKubeconfig(self.host, row.kubeconfig, row.component, self);
      this.#links.set(key, (link = new ApiLink(self, config)));
    }
    return link;
  }
}

/** The lease is lost: the process ends, and is started again by the kubelet. */
function giveUp({ component }: ComponentRow, self: DaemonProcess): void {
  const why = "timed out waiting for the condition";
  log(self, "I", "leaderelection.go:297", `failed to renew lease kube-system/${component}: ${why}`);
  if (component === "kube-scheduler") log(self, "E", "server.go:310", '"Leaderelection lost"');
  else log(self, "E", "controllermanager.go:342", '"leaderelection lost"');
  self.exit(1);
}

function keyOf(self: DaemonProcess): string {
  return `${self.host.machine.name}/${self.pid}`;
}

function serverOf(link: ApiLink): string {
  return link.server ?? "https://localhost";
}

const CONTROL_PLANE = new Part<ControlPlane>("control plane");

/** Binds the loops of all clusters. Once per world, after the clusters are known. */
export function bindControlPlane(hosts: Hosts): void {
  hosts.provide(CONTROL_PLANE, new ControlPlane(hosts));
}

export function controlPlaneOf(hosts: Hosts): ControlPlane {
  return hosts.part(CONTROL_PLANE);
}
