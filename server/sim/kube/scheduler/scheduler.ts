import { MILLISECOND, MINUTE, rfc3339, SECOND, type Kernel, type Table, type Time } from "../../kernel/index.ts";
import {
  Client, ControllerLoop, Informers, isNotFound, objectKey, referenceTo, sameJson, SeriesRecorder, splitKey, watching, type ApiServer, type Node,
  type KubeObject, type ObjectChange, type PersistentVolumeClaim, type Pod, type PodCondition, type WatchFailure,
} from "../api/index.ts"; // prettier-ignore
import { events, nodes, persistentVolumeClaims, persistentVolumes, pods, storageClasses } from "../kinds/index.ts";
import { filterNodes, priorityOf, type Filtered } from "./filtering.ts";
import { fitError, preFilterError } from "./fit-error.ts";
import { findPreemption, type Candidate } from "./preemption.ts";
import { bestNode } from "./scoring.ts";
import { Snapshot } from "./snapshot.ts";
import { bindPodVolumes, claimNames, findPodVolumes, isFullyBound, podClaims } from "./volumes.ts";
import { WaitingPods } from "./waiting.ts";
import { wakesOnNode, wakesOnPod } from "./wake.ts";

export interface SchedulerOptions {
  readonly api: ApiServer;
  /** Whether the process runs and, where several do, leads. */
  readonly active: () => boolean;
  /** Where it runs: `controlplane`. */
  readonly host: string;
  readonly reachable?: () => boolean;
  /** A list that the process is refused: what its log tells of. */
  readonly listFailed?: (failure: WatchFailure) => void;
  readonly version?: string;
}

const NAME = "default-scheduler";
/** A Pod that waits is tried again after this time even if nothing happened (podMaxInUnschedulablePodsDuration). */
const FLUSH = 5 * MINUTE;
const NOTE_LENGTH = 1024;
/** How often, and how long, it looks whether the volumes of a Pod are bound (BindTimeoutSeconds). */
const BIND_POLL = 1 * SECOND;
const BIND_TIMEOUT = 10 * MINUTE;

/** A Pod that has its node and waits for its volumes there. */
interface BindingRow {
  readonly uid: string;
  readonly node: string;
  readonly since: Time;
}

/** kube-scheduler: finds a node for every Pod that has none. */
export class Scheduler {
  readonly #kernel: Kernel;
  readonly #client: Client;
  readonly #recorder: SeriesRecorder;
  readonly #waiting: WaitingPods;
  readonly #binding: Table<string, BindingRow>;
  readonly #loop: ControllerLoop;
  readonly #informers: Informers;

  constructor({ api, active, host, reachable, listFailed, version = "v1.33.1" }: SchedulerOptions) {
    this.#kernel = api.kernel;
    this.#client = new Client(api, {
      user: { name: "system:kube-scheduler", groups: ["system:authenticated"] },
      userAgent: `kube-scheduler/${version} (linux/amd64) kubernetes/scheduler`,
      ...(reachable && { reachable }),
    });
    this.#recorder = new SeriesRecorder(this.#client, events, NAME, `${NAME}-${host}`);
    this.#waiting = new WaitingPods(api.kernel, api.cluster);
    this.#binding = api.kernel.state.table(`kube/${api.cluster}/scheduler/binding`, { quiet: true });
    const controller = {
      name: "scheduler",
      watches: [
        watching(pods, (change) => this.#podChanged(change)),
        watching(nodes, (change) => this.#nodeChanged(change)),
        watching(persistentVolumeClaims, (change) => this.#claimChanged(change)),
        watching(persistentVolumes, (change) => this.#storageChanged(change)),
        watching(storageClasses, (change) => this.#storageChanged(change)),
      ],
      reconcile: (key: string) => this.#schedule(key),
      delay: 4 * MILLISECOND,
    };
    this.#informers = new Informers(this.#client, {
      name: "kube-scheduler",
      active,
      failed: (failure) => listFailed?.(failure),
    });
    this.#loop = new ControllerLoop(this.#client, controller, active, this.#informers);
  }

  /** The process has started: all Pods without a node are tried. */
  start(): void {
    this.#waiting.clear();
    this.#binding.clear();
    this.#informers.start();
    this.#loop.start();
  }

  /** Lets go of the server. The scheduler must not be used any more. */
  stop(): void {
    this.#loop.stop();
  }

  // What changes may help whom

  #podChanged(change: ObjectChange<Pod>): readonly string[] {
    const { type, object, previous } = change;
    const key = objectKey(object);
    const waits = this.#waiting.get(key);
    if (type === "DELETED" || object.spec.nodeName) {
      if (waits) this.#waiting.delete(key);
      this.#binding.delete(key);
      const plugins = this.#waiting.size > 0 ? wakesOnPod(change) : [];
      if (plugins.length > 0) this.#wake((_, { rejectedBy }) => plugins.some((plugin) => rejectedBy.includes(plugin)));
      return [];
    }
    if (!isOurs(object)) return [];
    if (!waits) return !previous || !isOurs(previous) ? [key] : [];
    // Its own status, which the scheduler writes itself, helps nothing.
    const changed = previous && (previous.spec !== object.spec || previous.metadata.labels !== object.metadata.labels);
    if (changed) this.#wake((other) => other === key);
    return [];
  }

  #nodeChanged({ type, object, previous }: ObjectChange<Node>): readonly string[] {
    if (type === "DELETED" || this.#waiting.size === 0) return [];
    const snapshot = new Snapshot(this.#client);
    this.#wake((key, { rejectedBy }) => {
      const pod = this.#pod(key);
      return pod !== undefined && wakesOnNode(pod, rejectedBy, object, previous, snapshot);
    });
    return [];
  }

  /** A claim helps the Pods that name it, and goes on with one that waits for it on its node. */
  #claimChanged({ object }: ObjectChange<PersistentVolumeClaim>): readonly string[] {
    const names = (key: string): boolean => {
      const pod = this.#pod(key);
      const { namespace, name } = object.metadata;
      return (
        pod !== undefined &&
        pod.metadata.namespace === namespace &&
        claimNames(pod).some((claim) => claim.name === name)
      );
    };
    for (const [key, { since }] of this.#binding.entries())
      if (names(key)) this.#loop.queue.addAfter(key, BIND_POLL - ((this.#kernel.now - since) % BIND_POLL));
    if (this.#waiting.size > 0) this.#wake((key, { rejectedBy }) => concernsVolumes(rejectedBy) && names(key));
    return [];
  }

  #storageChanged({ type }: ObjectChange<KubeObject>): readonly string[] {
    if (type !== "DELETED" && this.#waiting.size > 0) this.#wake((_, { rejectedBy }) => concernsVolumes(rejectedBy));
    return [];
  }

  /** Tries Pods again that a change may help, the more important first, when their back-off is over. */
  #wake(test: (key: string, row: { readonly rejectedBy: readonly string[] }) => boolean): void {
    const woken = [...this.#waiting.entries()].filter(([key, row]) => test(key, row));
    const priority = (key: string): number => priorityOf(this.#pod(key) ?? { spec: { containers: [] } });
    for (const [key, row] of woken.sort(([a], [b]) => priority(b) - priority(a)))
      this.#loop.queue.addAfter(key, Math.max(4 * MILLISECOND, this.#waiting.backoff(row)));
  }

  #pod(key: string): Pod | undefined {
    const { namespace, name } = splitKey(key);
    return this.#client.get(pods, namespace, name);
  }

  // One Pod's turn (schedule_one.go ScheduleOne)

  #schedule(key: string): void {
    const pod = this.#pod(key);
    if (!pod || !isOurs(pod)) return this.#waiting.delete(key);
    const binding = this.#binding.get(key);
    if (binding?.uid === pod.metadata.uid) return this.#awaitVolumes(key, pod, binding);
    const snapshot = new Snapshot(this.#client);
    if (snapshot.nodes.length === 0) return this.#notScheduled(key, pod, "no nodes available to schedule pods", []);
    const filtered = filterNodes(pod, snapshot);
    if (filtered.feasible.length > 0) return this.#reserve(key, pod, bestNode(pod, snapshot, filtered.feasible).node);
    const preemption = findPreemption(pod, snapshot, filtered);
    const plugins = [...new Set([...filtered.rejected.values()].map(({ plugin }) => plugin))].sort();
    if ("why" in preemption) {
      const message = failure(snapshot.nodes.length, filtered, `preemption: ${preemption.why}`);
      return this.#notScheduled(key, pod, message, plugins);
    }
    this.#preempt(pod, preemption);
    this.#notScheduled(key, pod, failure(snapshot.nodes.length, filtered, ""), plugins, preemption.node);
  }

  /** Claims without a volume get theirs first, where the Pod is to go (VolumeBinding PreBind). */
  #reserve(key: string, pod: Pod, node: Node): void {
    const { name } = node.metadata;
    const claims = claimNames(pod).length > 0 ? podClaims(this.#client, pod) : undefined;
    if (!claims || "why" in claims || claims.delayed.length === 0) return this.#bind(key, pod, name);
    const volumes = findPodVolumes(this.#client, claims, node);
    if ("reasons" in volumes) return this.#loop.queue.retry(key);
    this.#waiting.delete(key);
    this.#binding.set(key, { uid: pod.metadata.uid, node: name, since: this.#kernel.now });
    this.#loop.queue.addAfter(key, BIND_TIMEOUT, { periodic: true });
    bindPodVolumes(this.#client, volumes, name);
  }

  /** The Pod goes to its node when all its claims are bound; not for ever. */
  #awaitVolumes(key: string, pod: Pod, { node, since }: BindingRow): void {
    const left = since + BIND_TIMEOUT - this.#kernel.now;
    const claims = podClaims(this.#client, pod);
    const bound = "bound" in claims && claims.delayed.length === 0 && claims.bound.every(isFullyBound);
    if (bound) {
      this.#binding.delete(key);
      return this.#bind(key, pod, node);
    }
    const given = "bound" in claims && claims.delayed.every(({ metadata }) => !metadata.deletionTimestamp);
    const partly = "why" in claims && claims.why.startsWith("pod has unbound");
    if (left > 0 && (given || partly)) return this.#loop.queue.addAfter(key, left, { periodic: true });
    this.#binding.delete(key);
    const why = left > 0 && "why" in claims ? claims.why : "context deadline exceeded";
    this.#notScheduled(key, pod, `running PreBind plugin "VolumeBinding": binding volumes: ${why}`, ["VolumeBinding"]);
  }

  #bind(key: string, pod: Pod, node: string): void {
    const { namespace = "", name, uid } = pod.metadata;
    this.#client.act(pods, namespace, name, "binding", {
      metadata: { namespace, name, uid },
      target: { kind: "Node", name: node },
    });
    this.#waiting.delete(key);
    const message = `Successfully assigned ${namespace}/${name} to ${node}`;
    this.#recorder.event(referenceTo(pods, pod), "Normal", "Scheduled", "Binding", message);
  }

  #notScheduled(key: string, pod: Pod, message: string, rejectedBy: readonly string[], nominated = ""): void {
    this.#waiting.failed(key, rejectedBy);
    const note = message.length > NOTE_LENGTH ? `${message.slice(0, NOTE_LENGTH - 4)} ...` : message;
    this.#recorder.event(referenceTo(pods, pod), "Warning", "FailedScheduling", "Scheduling", note);
    this.#loop.queue.addAfter(key, FLUSH, { periodic: true });
    const conditions = withScheduled(pod.status.conditions ?? [], message, rfc3339(this.#kernel.now));
    const status = { ...pod.status, conditions, nominatedNodeName: nominated === "" ? undefined : nominated };
    if (!sameJson(status, pod.status)) this.#client.updateStatus(pods, { ...pod, status });
  }

  /** Sends the victims away; the Pod comes back when they are gone. */
  #preempt(pod: Pod, { node, victims }: Candidate): void {
    for (const victim of victims) {
      const { namespace = "", name } = victim.metadata;
      const condition: PodCondition = {
        type: "DisruptionTarget",
        status: "True",
        lastProbeTime: null,
        lastTransitionTime: rfc3339(this.#kernel.now),
        reason: "PreemptionByScheduler",
        message: `${NAME}: preempting to accommodate a higher priority pod`,
      };
      const conditions = [...(victim.status.conditions ?? []).filter(({ type }) => type !== condition.type), condition];
      try {
        if (!victim.metadata.deletionTimestamp) {
          this.#client.updateStatus(pods, { ...victim, status: { ...victim.status, conditions } });
          this.#client.delete(pods, namespace, name);
        }
      } catch (error) {
        if (!isNotFound(error)) throw error;
        continue;
      }
      const message = `Preempted by pod ${pod.metadata.uid} on node ${node}`;
      this.#recorder.event(referenceTo(pods, victim), "Normal", "Preempted", "Preempting", message);
    }
  }
}

/** A Pod that this scheduler is to find a node for. */
function isOurs({ spec, metadata }: Pod): boolean {
  return !spec.nodeName && spec.schedulerName === NAME && !metadata.deletionTimestamp && !spec.schedulingGates?.length;
}

function concernsVolumes(plugins: readonly string[]): boolean {
  return plugins.includes("VolumeBinding") || plugins.includes("VolumeRestrictions");
}

function failure(nodesAtAll: number, { rejected, preFilter }: Filtered, postFilter: string): string {
  return preFilter
    ? preFilterError(nodesAtAll, preFilter.reasons[0]!, postFilter)
    : fitError(nodesAtAll, rejected.values(), postFilter);
}

function withScheduled(conditions: readonly PodCondition[], message: string, now: string): readonly PodCondition[] {
  const old = conditions.find(({ type }) => type === "PodScheduled");
  const condition: PodCondition = {
    type: "PodScheduled",
    status: "False",
    lastProbeTime: null,
    lastTransitionTime: old?.status === "False" ? (old.lastTransitionTime ?? now) : now,
    reason: "Unschedulable",
    message,
  };
  return old ? conditions.map((one) => (one === old ? condition : one)) : [...conditions, condition];
}
