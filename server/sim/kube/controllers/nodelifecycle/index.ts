import { MILLISECOND, rfc3339, type Table, type Time } from "../../../kernel/index.ts";
import {
  isNotFound, own, referenceTo, sameJson, type Client, type ControllerLoop, type EventRecorder, type Node, type Taint,
} from "../../api/index.ts"; // prettier-ignore
import { nodes, pods } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";
import { podCondition, withPodCondition } from "../pod-state.ts";
import { zoneOf, Zones } from "./disruption.ts";
import { deadlineOf, readyCondition, unknownConditions } from "./health.ts";
import {
  hasTaint,
  NOT_READY,
  sameTaints,
  UNREACHABLE,
  withConditionTaints,
  withoutTaints,
  withTaint,
} from "./taints.ts";

/** The old labels that follow the new ones (labelReconcileInfo). */
const LABELS = [
  ["kubernetes.io/os", "beta.kubernetes.io/os"],
  ["kubernetes.io/arch", "beta.kubernetes.io/arch"],
] as const;

/**
 * Tells from heartbeats and conditions how nodes are, and taints them for it (pkg/controller/nodelifecycle). Upstream
 * looks every five seconds; here a node is looked at when it changes, and when its silence will have been too long.
 */
export class NodeLifecycleController {
  readonly loop: { start(): void; stop(): void };
  readonly #loop: ControllerLoop;
  readonly #context: ControllerContext;
  readonly #client: Client;
  readonly #recorder: EventRecorder;
  readonly #zones: Zones;
  /** The uids of the nodes that were seen. */
  readonly #known: Table<string, string>;
  /** When the process began to watch: silence from before does not count. */
  readonly #started: Table<string, Time>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#client = context.client("node-controller");
    this.#recorder = context.recorder(this.#client, "node-controller");
    this.#zones = new Zones(context.kernel, context.tableName("nodelifecycle/zones"));
    this.#known = context.kernel.state.table(context.tableName("nodelifecycle/known"), { quiet: true });
    this.#started = context.kernel.state.table(context.tableName("nodelifecycle/started"), { quiet: true });
    context.onStart(() => {
      this.#zones.clear();
      this.#known.clear();
      this.#started.set("at", context.kernel.now);
    });
    this.#loop = context.loop("node-lifecycle-controller", this.#client, {
      name: "nodelifecycle",
      watches: [own(nodes)],
      reconcile: (name) => this.#sync(name),
      delay: 4 * MILLISECOND,
    });
    const silence = context.heartbeats.listen((name) => {
      if (this.#client.get(nodes, "", name)) this.#loop.queue.add(name);
    });
    this.loop = {
      start: () => this.#loop.start(),
      stop: () => {
        silence();
        this.#loop.stop();
      },
    };
  }

  get #now(): string {
    return rfc3339(this.#context.kernel.now);
  }

  #sync(name: string): void {
    let node = this.#client.get(nodes, "", name);
    if (!node) return this.#removed(name);
    const seen = this.#known.get(name) !== undefined;
    if (!seen) this.#registered(node);
    const before = readyCondition(node);
    node = this.#withHealth(name, node);
    const current = readyCondition(node);
    node = this.#withTaints(node, withConditionTaints(node, this.#now));
    this.#reconcileLabels(node);
    const all = this.#client.list(nodes);
    if (this.#zones.update(all, this.#context.settings)) this.#zonesChanged(all, name);
    if (!current) return;
    this.#evict(this.#client.get(nodes, "", name)!, all);
    // A kubelet that is not ready says so itself, and looks after its Pods; this one is silent.
    if (before?.status !== "True" || current.status === "True") return;
    this.#nodeEvent(node, "NodeNotReady", `Node ${name} status is now: NodeNotReady`);
    this.#markPodsNotReady(name);
  }

  #registered(node: Node): void {
    const { name, uid } = node.metadata;
    this.#known.set(name, uid);
    this.#nodeEvent(node, "RegisteredNode", `Node ${name} event: Registered Node ${name} in Controller`);
  }

  #removed(name: string): void {
    const uid = this.#known.get(name);
    if (uid === undefined) return;
    this.#known.delete(name);
    this.#nodeEvent(
      { metadata: { name, uid } },
      "RemovingNode",
      `Node ${name} event: Removing Node ${name} from Controller`,
    );
    const all = this.#client.list(nodes);
    if (this.#zones.update(all, this.#context.settings)) this.#zonesChanged(all, name);
  }

  #nodeEvent(
    { metadata: { name, uid } }: { metadata: { name: string; uid: string } },
    reason: string,
    message: string,
  ): void {
    this.#recorder.event({ kind: "Node", apiVersion: "v1", name, uid }, "Normal", reason, message);
  }

  /** A node that was silent for too long is unknown; one that is silent is looked at again when it will have been. */
  #withHealth(name: string, node: Node): Node {
    const watchedSince = this.#started.get("at") ?? 0;
    const deadline = deadlineOf(node, this.#context.heartbeats, this.#context.settings, watchedSince);
    if (deadline === undefined) return node;
    const { now } = this.#context.kernel;
    if (deadline > now) {
      this.#loop.queue.addAfter(name, deadline - now);
      return node;
    }
    const conditions = unknownConditions(node, now);
    if (conditions === node.status.conditions) return node;
    return this.#client.updateStatus(nodes, { ...node, status: { ...node.status, conditions } });
  }

  #withTaints(node: Node, taints: readonly Taint[]): Node {
    if (sameTaints(taints, node.spec.taints ?? [])) return node;
    return this.#client.update(nodes, { ...node, spec: { ...node.spec, taints } });
  }

  #reconcileLabels({ metadata }: Node): void {
    const { name, labels = {} } = metadata;
    const missing = LABELS.filter(([primary, old]) => labels[primary] !== undefined && labels[old] !== labels[primary]);
    if (missing.length === 0) return;
    const added = Object.fromEntries(missing.map(([primary, old]) => [old, labels[primary]!]));
    this.#client.patch(nodes, { name }, "strategic-merge-patch+json", { metadata: { labels: added } });
  }

  /** How fast nodes may be evicted is another matter now, for all of them. */
  #zonesChanged(all: readonly Node[], except: string): void {
    for (const { metadata } of all) if (metadata.name !== except) this.#loop.queue.add(metadata.name);
  }

  /** Taints that evict come when it is the node's turn, and go at once (processTaintBaseEviction, doNoExecuteTaintingPass). */
  #evict(node: Node, all: readonly Node[]): void {
    const { taints = [] } = node.spec;
    const { status } = readyCondition(node)!;
    if (status === "True" || this.#zones.allDown)
      return void this.#withTaints(node, withoutTaints(taints, [NOT_READY, UNREACHABLE]));
    const [wanted, opposite] = status === "False" ? [NOT_READY, UNREACHABLE] : [UNREACHABLE, NOT_READY];
    if (hasTaint(taints, wanted)) return;
    if (!hasTaint(taints, opposite)) {
      const zone = zoneOf(node);
      const size = all.filter((other) => zoneOf(other) === zone).length;
      const turn = this.#zones.turn(zone, size, this.#context.settings);
      const { now } = this.#context.kernel;
      if (turn > now) {
        if (turn !== Infinity) this.#loop.queue.addAfter(node.metadata.name, turn - now);
        return;
      }
      this.#zones.take(zone, size, this.#context.settings);
    }
    this.#withTaints(node, withTaint(withoutTaints(taints, [opposite]), wanted, this.#now));
  }

  #markPodsNotReady(name: string): void {
    for (const pod of this.#client.byField(pods, "spec.nodeName", name)) {
      const ready = podCondition(pod, "Ready");
      if (!ready || ready.status === "False") continue;
      const conditions = withPodCondition(pod.status.conditions, { ...ready, status: "False" }, this.#now);
      try {
        if (sameJson(conditions, pod.status.conditions)) continue;
        this.#client.updateStatus(pods, { ...pod, status: { ...pod.status, conditions } });
      } catch (error) {
        if (!isNotFound(error)) throw error;
        continue;
      }
      this.#recorder.event(referenceTo(pods, pod), "Warning", "NodeNotReady", "Node is not ready");
    }
  }
}
