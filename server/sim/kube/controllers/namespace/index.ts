import { MILLISECOND, parseRfc3339, SECOND } from "../../../kernel/index.ts";
import {
  isNotFound, isStatus, objectKey, sameJson, watching, type AnyKind, type Client, type ControllerLoop, type KubeObject, type Namespace,
  type ObjectChange, type Pod,
} from "../../api/index.ts"; // prettier-ignore
import { namespaces } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";
import { isPodTerminal } from "../pod-state.ts";
import { deletionConditions } from "./conditions.ts";

const FINALIZER = "kubernetes";
/** Other servers may not have seen the deletion yet, and still make objects (namespaceDeletionGracePeriod). */
const GRACE = 5 * SECOND;
/** How long finalizers are taken to need. */
const FINALIZER_SECONDS = 15;

/** Empties namespaces that are deleted, and lets them go (pkg/controller/namespace). */
export class NamespaceController {
  readonly loop: ControllerLoop;
  readonly #context: ControllerContext;
  readonly #client: Client;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#client = context.client("namespace-controller");
    this.loop = context.loop("namespace-controller", this.#client, {
      name: "namespace",
      watches: [watching(namespaces, (change) => this.#changed(change))],
      reconcile: (name) => this.#sync(name),
      delay: GRACE,
      backoff: { first: 5 * MILLISECOND, most: 60 * SECOND },
    });
  }

  #changed({ type, object }: ObjectChange<Namespace>): readonly string[] {
    return type === "DELETED" || !object.metadata.deletionTimestamp ? [] : [objectKey(object)];
  }

  #sync(name: string): void {
    const namespace = this.#client.get(namespaces, "", name);
    if (!namespace?.metadata.deletionTimestamp || !namespace.spec.finalizers?.length) return;
    const { seconds, error } = this.#empty(namespace);
    if (error) throw error;
    if (seconds > 0) return this.loop.queue.addAfter(name, (Math.floor(seconds / 2) + 1) * SECOND);
    const current = this.#client.get(namespaces, "", name)!;
    const finalizers = current.spec.finalizers!.filter((finalizer) => finalizer !== FINALIZER);
    this.#client.updatePart(namespaces, { ...current, spec: { ...current.spec, finalizers } }, "finalize");
  }

  /** Deletes all contents, the Pods first; returns how many seconds the rest is taken to need (deleteAllContent). */
  #empty(namespace: Namespace): { readonly seconds: number; readonly error: unknown } {
    const remains = {
      resources: new Map<string, number>(),
      finalizers: new Map<string, number>(),
      failures: [] as string[],
    };
    let seconds = 0;
    let error: unknown;
    const { registry } = this.#context.api;
    const kinds = registry.kinds.filter((kind) => kind.namespaced && registry.stored(kind) === kind && !kind.computed);
    const isPods = ({ group, plural }: AnyKind): boolean => group === "" && plural === "pods";
    for (const kind of kinds.toSorted((a, b) => Number(isPods(b)) - Number(isPods(a)))) {
      try {
        seconds = Math.max(seconds, this.#emptyKind(kind, namespace, remains));
      } catch (failure) {
        if (!isStatus(failure)) throw failure;
        remains.failures.push(failure.message);
        error ??= failure;
      }
      // What Pods use must outlast them.
      if (isPods(kind) && (seconds > 0 || error)) break;
    }
    const conditions = deletionConditions(namespace.status.conditions, remains, this.#context.kernel.now);
    if (!sameJson(conditions, namespace.status.conditions))
      this.#client.updateStatus(namespaces, { ...namespace, status: { ...namespace.status, conditions } });
    return { seconds, error };
  }

  #emptyKind(
    kind: AnyKind,
    namespace: Namespace,
    remains: { readonly resources: Map<string, number>; readonly finalizers: Map<string, number> },
  ): number {
    const { name } = namespace.metadata;
    const objects = this.#client.list(kind, name);
    if (objects.length === 0) return 0;
    const needed = kind.plural === "pods" ? this.#podSeconds(objects as readonly Pod[], namespace) : 0;
    for (const { metadata } of objects) {
      try {
        this.#client.delete(kind, name, metadata.name, { propagationPolicy: "Background" });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
    const left = this.#client.list(kind, name);
    if (left.length === 0) return 0;
    remains.resources.set(`${kind.plural}.${kind.group}`, left.length);
    for (const finalizer of left.flatMap(({ metadata }: KubeObject) => metadata.finalizers ?? []))
      remains.finalizers.set(finalizer, (remains.finalizers.get(finalizer) ?? 0) + 1);
    if (needed > 0) return needed;
    return FINALIZER_SECONDS;
  }

  /** The longest grace period of the Pods, unless that has passed since the namespace was deleted. */
  #podSeconds(pods: readonly Pod[], { metadata }: Namespace): number {
    const graces = pods.filter((pod) => !isPodTerminal(pod)).map(({ spec }) => spec.terminationGracePeriodSeconds ?? 0);
    const longest = Math.max(0, ...graces);
    const passed = this.#context.kernel.now - (parseRfc3339(metadata.deletionTimestamp!) ?? 0);
    return passed >= longest * SECOND ? 0 : longest;
  }
}
