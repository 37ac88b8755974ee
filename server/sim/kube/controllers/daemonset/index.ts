import { MILLISECOND, SECOND } from "../../../kernel/index.ts";
import {
  matchesLabels, objectKey, own, referenceTo, sameJson, splitKey, validSelector, watching, type Client, type ControllerLoop,
  type DaemonSet, type EventRecorder, type Node, type ObjectChange, type Pod,
} from "../../api/index.ts"; // prettier-ignore
import { daemonSets, nodes, pods } from "../../kinds/index.ts";
import { claim } from "../claim.ts";
import type { ControllerContext } from "../context.ts";
import { controllerOf, controllerReference } from "../owner-reference.ts";
import { PodControl, slowStart } from "../pod-control.ts";
import { isPodAvailable, isPodReady, isPodTerminal } from "../pod-state.ts";
import { FailedPods } from "./failed-pods.ts";
import { DaemonHistory } from "./history.ts";
import { placementOn } from "./placement.ts";
import { updateStep } from "./rolling-update.ts";
import { daemonTemplate, REVISION_HASH, targetNode } from "./template.ts";

/** The Pods of a set by node, in the order of nodes; those for nodes that do not exist come last. */
type ByNode = Map<string, Pod[]>;

interface Work {
  readonly remove: string[];
  readonly create: string[];
}

/** Keeps a Pod of a DaemonSet on every node that it is for (pkg/controller/daemon). */
export class DaemonSetController {
  readonly loop: ControllerLoop;
  readonly #context: ControllerContext;
  readonly #client: Client;
  readonly #recorder: EventRecorder;
  readonly #pods: PodControl;
  readonly #failed: FailedPods;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#client = context.client("daemon-set-controller");
    this.#recorder = context.recorder(this.#client, "daemonset-controller");
    this.#pods = new PodControl(this.#client, this.#recorder, daemonSets);
    this.#failed = new FailedPods(context.kernel, context.tableName("daemonset/failed-pods"));
    context.onStart(() => this.#failed.clear());
    this.loop = context.loop("daemonset-controller", this.#client, {
      name: "daemonset",
      watches: [
        own(daemonSets),
        watching(pods, (change) => this.#keysOfPod(change)),
        watching(nodes, (change) => this.#keysOfNode(change)),
      ],
      reconcile: (key) => this.#sync(key),
      delay: 4 * MILLISECOND,
    });
  }

  #keysOfPod({ object, previous }: ObjectChange<Pod>): readonly string[] {
    const { namespace = "", labels } = object.metadata;
    const keys = new Set<string>();
    for (const pod of previous ? [object, previous] : [object]) {
      const controller = controllerOf(pod);
      if (controller?.kind === "DaemonSet") keys.add(`${namespace}/${controller.name}`);
    }
    if (controllerOf(object) || previous?.metadata.labels === labels) return [...keys];
    for (const set of this.#client.list(daemonSets, namespace))
      if (matchesLabels(validSelector(set.spec.selector), labels)) keys.add(objectKey(set));
    return [...keys];
  }

  /** All sets may want to be on a new node, or to leave one that changed. */
  #keysOfNode({ type, object, previous }: ObjectChange<Node>): readonly string[] {
    const same =
      type === "MODIFIED" &&
      previous?.metadata.labels === object.metadata.labels &&
      previous?.spec.taints === object.spec.taints;
    return same ? [] : this.#client.list(daemonSets).map(objectKey);
  }

  #sync(key: string): void {
    const { namespace, name } = splitKey(key);
    const set = this.#client.get(daemonSets, namespace, name);
    if (!set || set.metadata.deletionTimestamp) return;
    const history = new DaemonHistory(this.#client, set);
    const hash = history.hash();
    const all = this.#client.list(nodes);
    try {
      const managed = this.#manage(key, set, all, hash);
      if (!managed && set.spec.updateStrategy.type === "RollingUpdate") this.#update(set, all, hash);
      history.truncate();
    } finally {
      this.#writeStatus(key, set, all, hash);
    }
  }

  #byNode(set: DaemonSet): ByNode {
    const reference = controllerReference(daemonSets, set);
    const claimed = claim(this.#client, pods, set, reference, validSelector(set.spec.selector));
    const byNode: ByNode = new Map();
    for (const pod of claimed) {
      const node = targetNode(pod);
      // One that has ended and is deleted only waits for whoever holds it.
      if (node === undefined || (isPodTerminal(pod) && pod.metadata.deletionTimestamp)) continue;
      const there = byNode.get(node);
      if (there) there.push(pod);
      else byNode.set(node, [pod]);
    }
    return byNode;
  }

  /** Makes Pods where they are missing, and removes those that are not wanted. True if there was something to do. */
  #manage(key: string, set: DaemonSet, all: readonly Node[], hash: string): boolean {
    const byNode = this.#byNode(set);
    const work: Work = { remove: [], create: [] };
    for (const node of all) this.#manageNode(key, set, node, byNode.get(node.metadata.name), hash, work);
    const known = new Set(all.map(({ metadata }) => metadata.name));
    for (const [node, there] of byNode)
      if (!known.has(node)) work.remove.push(...there.filter(({ spec }) => !spec.nodeName).map(nameOf));
    this.#carryOut(set, hash, work);
    return work.remove.length + work.create.length > 0;
  }

  /** podsShouldBeOnNode */
  #manageNode(
    key: string,
    set: DaemonSet,
    node: Node,
    there: readonly Pod[] | undefined,
    hash: string,
    work: Work,
  ): void {
    const { runs, stays } = placementOn(node, set);
    const { name } = node.metadata;
    if (runs && !there) work.create.push(name);
    else if (stays) {
      const running = (there ?? []).filter((pod) => this.#runs(key, set, node, pod, work)).sort(byAge);
      const surges = set.spec.updateStrategy.rollingUpdate?.maxSurge;
      if (!surges || surges === "0%") work.remove.push(...running.slice(1).map(nameOf));
      else if (running.length > 1) work.remove.push(...this.#surplus(set, running, hash));
      else if (running.length === 0 && runs) work.create.push(name);
    } else if (there) work.remove.push(...there.filter(({ metadata }) => !metadata.deletionTimestamp).map(nameOf));
  }

  /** Whether a Pod runs or will; one that has ended is to be removed. */
  #runs(key: string, set: DaemonSet, node: Node, pod: Pod, work: Work): boolean {
    const { metadata, status } = pod;
    if (metadata.deletionTimestamp) return false;
    const event = (type: "Normal" | "Warning", reason: string, message: string): void =>
      this.#recorder.event(referenceTo(daemonSets, set), type, reason, message);
    const where = `daemon pod ${metadata.namespace!}/${metadata.name} on node ${node.metadata.name}`;
    if (status.phase === "Failed") {
      const wait = this.#failed.wait(`${set.metadata.uid}/${set.status.observedGeneration ?? 0}/${node.metadata.name}`);
      if (wait > 0) {
        this.loop.queue.addAfter(key, wait);
        return false;
      }
      event("Warning", "FailedDaemonPod", `Found failed ${where}, will try to kill it`);
    } else if (status.phase === "Succeeded")
      event("Normal", "SucceededDaemonPod", `Found succeeded ${where}, will try to delete it`);
    else return true;
    work.remove.push(metadata.name);
    return false;
  }

  /** With a surge a node may have an old Pod that is ready beside a new one that is not yet available. */
  #surplus(set: DaemonSet, running: readonly Pod[], hash: string): string[] {
    const newer = running.find(({ metadata }) => metadata.labels?.[REVISION_HASH] === hash);
    const older = running.find(({ metadata }) => metadata.labels?.[REVISION_HASH] !== hash);
    const surplus = running.filter((pod) => pod !== newer && pod !== older);
    const { now } = this.#context.kernel;
    if (newer && older && (!isPodReady(older) || isPodAvailable(newer, set.spec.minReadySeconds ?? 0, now)))
      surplus.push(older);
    return surplus.map(nameOf);
  }

  #update(set: DaemonSet, all: readonly Node[], hash: string): void {
    const byNode = this.#byNode(set);
    const wanted = all.filter((node) => placementOn(node, set).runs);
    for (const { metadata } of wanted) if (!byNode.has(metadata.name)) byNode.set(metadata.name, []);
    const { remove, create } = updateStep(set, byNode, wanted.length, hash, this.#context.kernel.now);
    this.#carryOut(set, hash, { remove: [...remove], create: [...create] });
  }

  #carryOut(set: DaemonSet, hash: string, { remove, create }: Work): void {
    const nodeNames = create.values();
    try {
      slowStart(create.length, () => {
        const { value: node } = nodeNames.next();
        if (node !== undefined) this.#pods.create(set, daemonTemplate(set, hash, node));
      });
    } finally {
      for (const pod of remove) this.#pods.delete(set, pod);
    }
  }

  #writeStatus(key: string, set: DaemonSet, all: readonly Node[], hash: string): void {
    const byNode = this.#byNode(set);
    const { minReadySeconds = 0 } = set.spec;
    const { now } = this.#context.kernel;
    const counts = { desired: 0, current: 0, misscheduled: 0, ready: 0, available: 0, updated: 0 };
    for (const node of all) {
      const [pod] = byNode.get(node.metadata.name)?.sort(byAge) ?? [];
      if (!placementOn(node, set).runs) {
        if (pod) counts.misscheduled++;
        continue;
      }
      counts.desired++;
      if (!pod) continue;
      counts.current++;
      if (isPodReady(pod)) counts.ready++;
      if (isPodAvailable(pod, minReadySeconds, now)) counts.available++;
      if (pod.metadata.labels?.[REVISION_HASH] === hash) counts.updated++;
    }
    const status: DaemonSet["status"] = {
      currentNumberScheduled: counts.current,
      numberMisscheduled: counts.misscheduled,
      desiredNumberScheduled: counts.desired,
      numberReady: counts.ready,
      observedGeneration: set.metadata.generation,
      updatedNumberScheduled: counts.updated || undefined,
      numberAvailable: counts.available || undefined,
      numberUnavailable: counts.desired - counts.available || undefined,
      collisionCount: set.status.collisionCount,
      conditions: set.status.conditions,
    };
    if (!sameJson(status, set.status)) this.#client.updateStatus(daemonSets, { ...set, status });
    if (minReadySeconds > 0 && counts.ready !== counts.available)
      this.loop.queue.addAfter(key, minReadySeconds * SECOND);
  }
}

function nameOf({ metadata }: Pod): string {
  return metadata.name;
}

/** Those that have a node first, then the older ones (podByCreationTimestampAndPhase). */
function byAge(a: Pod, b: Pod): number {
  if (Boolean(a.spec.nodeName) !== Boolean(b.spec.nodeName)) return a.spec.nodeName ? -1 : 1;
  const [first, second] = [a.metadata, b.metadata];
  if (first.creationTimestamp !== second.creationTimestamp)
    return first.creationTimestamp < second.creationTimestamp ? -1 : 1;
  return first.name < second.name ? -1 : 1;
}
