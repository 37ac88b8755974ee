import { MINUTE } from "../../../kernel/index.ts";
import {
  evaluatorOf, listOf, objectKey, quotaUsage, sameJson, splitKey, watching, type AnyKind, type Client, type ControllerLoop, type KubeObject,
  type ObjectChange, type ResourceQuota,
} from "../../api/index.ts"; // prettier-ignore
import { resourceQuotas } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";

/** `--resource-quota-sync-period`: how long a charge for something that never came about may stand. */
const RESYNC = 5 * MINUTE;

/** Counts what quotas limit when they change and when something is given back (pkg/controller/resourcequota). */
export class ResourceQuotaController {
  readonly loop: ControllerLoop;
  readonly #context: ControllerContext;
  readonly #client: Client;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#client = context.client("resourcequota-controller");
    const counted = context.api.registry.kinds.filter((kind) => !kind.storedAs && evaluatorOf(kind));
    this.loop = context.loop("resourcequota-controller", this.#client, {
      name: "resourcequota",
      watches: [
        watching(resourceQuotas, (change) => this.#quotaChanged(change)),
        ...counted.map((kind) => watching(kind, (change) => this.#freed(kind, change))),
      ],
      reconcile: (key) => this.#sync(key),
    });
  }

  #quotaChanged({ type, object, previous }: ObjectChange<ResourceQuota>): readonly string[] {
    if (type === "DELETED") return [];
    const key = objectKey(object);
    if (!previous || !sameJson(object.spec.hard, previous.spec.hard)) return [key];
    // Admission has charged something: if that is not stored in the end nobody says so.
    if (!sameJson(object.status.used, previous.status.used)) this.loop.queue.addAfter(key, RESYNC, { periodic: true });
    return [];
  }

  /** The quotas that an object counted for which is gone, or which costs less now. */
  #freed(kind: AnyKind, { type, object, previous }: ObjectChange<KubeObject>): readonly string[] {
    if (type === "ADDED") return [];
    const evaluator = evaluatorOf(kind)!;
    if (type === "MODIFIED" && !evaluator.frees?.(object, previous!, this.#context.kernel.now)) return [];
    return this.#client
      .list(resourceQuotas, object.metadata.namespace)
      .filter(({ status }) => evaluator.matching(Object.keys(status.hard ?? {})).length > 0)
      .map(objectKey);
  }

  #sync(key: string): void {
    const { namespace, name } = splitKey(key);
    const quota = this.#client.get(resourceQuotas, namespace, name);
    if (!quota) return;
    const { hard = {} } = quota.spec;
    const kinds = this.#context.api.registry.kinds.filter((kind) => kind.namespaced);
    const list = (kind: AnyKind): readonly KubeObject[] => this.#client.list(kind, namespace);
    const counted = listOf(quotaUsage(quota, kinds, list, this.#context.kernel.now));
    const used = Object.fromEntries(
      Object.keys(hard).flatMap((resource) => {
        const amount = counted[resource] ?? quota.status.used?.[resource];
        return amount === undefined ? [] : [[resource, amount]];
      }),
    );
    const status = { hard, used };
    if (!sameJson(status, quota.status)) this.#client.updateStatus(resourceQuotas, { ...quota, status });
  }
}
