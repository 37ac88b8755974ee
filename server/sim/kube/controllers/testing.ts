import { MILLISECOND, rfc3339, SECOND, type Duration, type Kernel } from "../../kernel/index.ts";
import { testKernel } from "../../kernel/testing.ts";
import {
  Client,
  StatusError,
  type Deployment,
  type Event,
  type Node,
  type Pod,
  type ReplicaSet,
} from "../api/index.ts";
import {
  deployments,
  events,
  namespaces,
  nodes,
  pods,
  priorityClasses,
  replicaSets,
  serviceAccounts,
  SYSTEM_PRIORITY_CLASSES,
} from "../kinds/index.ts";
import { TestCluster } from "../kinds/testing.ts";
import { Scheduler } from "../scheduler/index.ts";
import { ControllerManager } from "./controller-manager.ts";
import { Heartbeats } from "./nodelifecycle/heartbeat.ts";
import { KUBEADM_CONTROLLER_SETTINGS, type ControllerManagerSettings } from "./settings.ts";
import { withPodCondition } from "./pod-state.ts";

const READY_AFTER = 300 * MILLISECOND;
const ENDS_AFTER = 200 * MILLISECOND;
const STEP = 100 * MILLISECOND;

/** What a kubelet does to the API, without containers: Pods that are bound run and get ready, deleted ones end. */
export class FakeKubelets {
  readonly #client: Client;
  readonly #kernel: Kernel;
  /** Images that never get ready. */
  readonly broken = new Set<string>();
  /** Images that end by themselves a second after they run, with an exit code. */
  readonly ends = new Map<string, number>();
  /** Whether a node's kubelet works; those that do not leave everything as it is. */
  works: (node: string) => boolean = () => true;

  constructor(client: Client) {
    this.#client = client;
    this.#kernel = client.server.kernel;
    this.#kernel.handle<string>("fake-kubelet/run", (key) => this.#run(key));
    this.#kernel.handle<string>("fake-kubelet/end", (key) => this.#end(key));
    this.#kernel.handle<string>("fake-kubelet/exit", (key) => this.#exit(key));
    client.watch(pods, ({ type, object, previous }) => {
      if (type === "DELETED" || !object.spec.nodeName) return;
      const key = `${object.metadata.namespace!}/${object.metadata.name}`;
      if (!previous?.spec.nodeName) this.#after(READY_AFTER, "fake-kubelet/run", key);
      if (object.metadata.deletionTimestamp && !previous?.metadata.deletionTimestamp)
        this.#after(ENDS_AFTER, "fake-kubelet/end", key);
    });
  }

  #after(delay: Duration, kind: string, key: string): void {
    this.#kernel.after(delay + this.#kernel.random.below("fake-kubelet", 5) * STEP, kind, key);
  }

  #pod(key: string): Pod | undefined {
    const [namespace = "", name = ""] = key.split("/");
    const pod = this.#client.get(pods, namespace, name);
    return pod && this.works(pod.spec.nodeName!) ? pod : undefined;
  }

  #run(key: string): void {
    const pod = this.#pod(key);
    if (!pod || pod.metadata.deletionTimestamp) return;
    if (pod.spec.containers.some(({ image = "" }) => this.broken.has(image))) return;
    this.setReady(pod, true);
    if (this.ends.has(pod.spec.containers[0]!.image ?? "")) this.#kernel.after(SECOND, "fake-kubelet/exit", key);
  }

  #exit(key: string): void {
    const pod = this.#pod(key);
    if (!pod || pod.metadata.deletionTimestamp) return;
    const { namespace = "", name } = pod.metadata;
    const { name: container, image = "" } = pod.spec.containers[0]!;
    const exitCode = this.ends.get(image) ?? 0;
    const finishedAt = rfc3339(this.#kernel.now);
    const condition = { type: "Ready", status: "False", reason: "PodCompleted" };
    this.#client.patch(pods, { namespace, name, subresource: "status" }, "merge-patch+json", {
      status: {
        phase: exitCode === 0 ? "Succeeded" : "Failed",
        conditions: JSON.parse(JSON.stringify(withPodCondition(pod.status.conditions, condition, finishedAt))) as never,
        containerStatuses: [
          {
            name: container,
            image,
            imageID: "",
            ready: false,
            restartCount: 0,
            lastState: {},
            state: { terminated: { exitCode, finishedAt } },
          },
        ],
      },
    });
  }

  /** Makes a Pod run, ready or not. */
  setReady(pod: Pod, ready: boolean): void {
    const { namespace = "", name } = pod.metadata;
    const now = rfc3339(this.#kernel.now);
    const last = this.#kernel.random.below("fake-kubelet/ip", 250) + 2;
    const podIP = pod.status.podIP ?? `10.244.${this.#kernel.random.below("fake-kubelet/ip", 250)}.${last}`;
    const condition = { type: "Ready", status: ready ? "True" : "False" };
    this.#client.patch(pods, { namespace, name, subresource: "status" }, "merge-patch+json", {
      status: {
        phase: "Running",
        podIP,
        podIPs: [{ ip: podIP }],
        startTime: pod.status.startTime ?? now,
        conditions: JSON.parse(JSON.stringify(withPodCondition(pod.status.conditions, condition, now))) as never,
      },
    });
  }

  #end(key: string): void {
    const pod = this.#pod(key);
    if (!pod?.metadata.deletionTimestamp) return;
    const { namespace = "", name, uid } = pod.metadata;
    try {
      this.#client.delete(pods, namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  }
}

export interface ControlPlaneOptions {
  readonly kernel?: Kernel;
  readonly seed?: number;
  /** Names of the nodes to make. */
  readonly nodes?: readonly string[];
  readonly settings?: Partial<ControllerManagerSettings>;
  /** Files that the controller manager sees, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Over a restored kernel: everything is there already, and goes on. */
  readonly restored?: boolean;
}

/** A bare API server with controllers, scheduler and kubelets of straw, and the ways in which tests look at it. */
export class TestControlPlane extends TestCluster {
  readonly heartbeats: Heartbeats;
  readonly manager: ControllerManager;
  readonly scheduler: Scheduler;
  readonly kubelets: FakeKubelets;
  settings: ControllerManagerSettings;
  /** Whether kube-controller-manager and kube-scheduler run. */
  active = true;

  constructor(options: ControlPlaneOptions = {}) {
    const kernel = options.kernel ?? testKernel(options.seed);
    super({ kernel, bare: true });
    this.settings = { ...KUBEADM_CONTROLLER_SETTINGS, ...options.settings };
    this.heartbeats = new Heartbeats(kernel, this.api.cluster);
    this.manager = new ControllerManager({
      api: this.api,
      readFile: (path) => options.files?.[path],
      active: () => this.active,
      settings: () => this.settings,
      heartbeats: this.heartbeats,
    });
    this.scheduler = new Scheduler({ api: this.api, active: () => this.active, host: "controlplane" });
    this.kubelets = new FakeKubelets(new Client(this.api, { user: KUBELET, userAgent: "kubelet/v1.33.1" }));
    if (options.restored) return;
    this.client.create(namespaces, { metadata: { name: "default" } });
    this.client.create(serviceAccounts, { metadata: { name: "default", namespace: "default" } });
    for (const priorityClass of SYSTEM_PRIORITY_CLASSES) this.client.create(priorityClasses, priorityClass);
    for (const name of options.nodes ?? ["node01", "node02"]) this.addNode(name);
    this.manager.start();
    this.scheduler.start();
  }

  addNode(
    name: string,
    more: { labels?: Record<string, string>; cpu?: string; taints?: Node["spec"]["taints"] } = {},
  ): void {
    const now = rfc3339(this.kernel.now);
    const { metadata } = this.client.create(nodes, {
      metadata: { name, labels: { "kubernetes.io/hostname": name, ...more.labels } },
      spec: { taints: more.taints },
    });
    const resources = { cpu: more.cpu ?? "4", memory: "8Gi", pods: "110" };
    const conditions = [
      { type: "Ready", status: "True", reason: "KubeletReady", lastHeartbeatTime: now, lastTransitionTime: now },
    ];
    this.client.patch(nodes, { name: metadata.name, subresource: "status" }, "merge-patch+json", {
      status: { capacity: resources, allocatable: resources, conditions },
    });
    this.client.patch(nodes, { name }, "merge-patch+json", { spec: { taints: (more.taints ?? []) as never } });
    this.heartbeats.report(name, { alive: true });
  }

  deploy(name: string, replicas: number, spec: object = {}, image = "nginx"): Deployment {
    const labels = { app: name };
    return this.ok<Deployment>("POST", "/apis/apps/v1/namespaces/default/deployments", {
      metadata: { name },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: "web", image }] } },
        ...spec,
      },
    });
  }

  deployment(name: string): Deployment {
    return this.client.get(deployments, "default", name)!;
  }

  patchDeployment(name: string, patch: object): void {
    this.client.patch(deployments, { namespace: "default", name }, "merge-patch+json", patch as never);
  }

  setImage(name: string, image: string): void {
    this.patchDeployment(name, { spec: { template: { spec: { containers: [{ name: "web", image }] } } } });
  }

  scale(name: string, replicas: number): void {
    this.patchDeployment(name, { spec: { replicas } });
  }

  pods(namespace = "default"): readonly Pod[] {
    return this.client.list(pods, namespace);
  }

  replicaSets(): readonly ReplicaSet[] {
    return this.client.list(replicaSets, "default");
  }

  /** `reason message` of all events about objects of a kind, in the order in which they first happened. */
  events(kind: string, name?: string): string[] {
    return this.client
      .list(events)
      .filter(
        ({ involvedObject }) => involvedObject.kind === kind && (name ?? involvedObject.name) === involvedObject.name,
      )
      .toSorted((a, b) => microsecond(a) - microsecond(b) || revision(a) - revision(b))
      .map(({ reason, message, count, series }) => {
        const times = series?.count ?? count ?? 1;
        return `${reason} ${message}${times > 1 ? ` (x${times})` : ""}`;
      });
  }
}

const KUBELET = { name: "system:node:all", groups: ["system:authenticated"] };

/** Events are named by the nanosecond. */
function microsecond({ metadata }: Event): number {
  return Math.floor(Number.parseInt(metadata.name.slice(metadata.name.lastIndexOf(".") + 1), 16) / 1000);
}

function revision({ metadata }: Event): number {
  return Number(metadata.resourceVersion);
}
