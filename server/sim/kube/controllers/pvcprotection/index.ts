import { MILLISECOND } from "../../../kernel/index.ts";
import {
  objectKey, splitKey, watching, type Client, type ControllerLoop, type KubeObject, type ObjectChange, type Pod,
} from "../../api/index.ts"; // prettier-ignore
import { persistentVolumeClaims, pods } from "../../kinds/index.ts";
import { claimKeys, CLAIM_INDEX } from "../claims-of-pods.ts";
import type { ControllerContext } from "../context.ts";
import { isPodTerminal } from "../pod-state.ts";

const FINALIZER = "kubernetes.io/pvc-protection";

/** Lets a claim go that is being deleted, when no Pod on a node has it (pkg/controller/volume/pvcprotection). */
export class PersistentVolumeClaimProtection {
  readonly loop: ControllerLoop;
  readonly #client: Client;

  constructor(context: ControllerContext) {
    this.#client = context.client("pvc-protection-controller");
    this.loop = context.loop("persistentvolumeclaim-protection-controller", this.#client, {
      name: "pvcprotection",
      watches: [
        watching(persistentVolumeClaims, ({ type, object }) =>
          type !== "DELETED" && isLeaving(object) ? [objectKey(object)] : [],
        ),
        watching(pods, (change) => this.#podChanged(change)),
      ],
      reconcile: (key) => this.#sync(key),
      delay: 2 * MILLISECOND,
    });
  }

  /** Pods that run keep their claims: only others can help one to go. */
  #podChanged({ type, object }: ObjectChange<Pod>): readonly string[] {
    if (!object.spec.volumes?.some(({ persistentVolumeClaim, ephemeral }) => persistentVolumeClaim ?? ephemeral))
      return [];
    if (type !== "DELETED" && !isPodTerminal(object) && object.spec.nodeName) return [];
    return claimKeys(object).filter((key) => {
      const { namespace, name } = splitKey(key);
      const claim = this.#client.get(persistentVolumeClaims, namespace, name);
      return claim && isLeaving(claim);
    });
  }

  #sync(key: string): void {
    const { namespace, name } = splitKey(key);
    const claim = this.#client.get(persistentVolumeClaims, namespace, name);
    if (!claim || !isLeaving(claim)) return;
    const used = this.#client.indexed(pods, CLAIM_INDEX, claimKeys, key).some(holds);
    if (used) return;
    const finalizers = (claim.metadata.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER);
    this.#client.update(persistentVolumeClaims, { ...claim, metadata: { ...claim.metadata, finalizers } });
  }
}

function isLeaving({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers?.includes(FINALIZER) ?? false);
}

/** A Pod on a node keeps its claims until its kubelet is done with it, also when it has ended. */
function holds({ metadata, spec }: Pod): boolean {
  const shutDown = metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0;
  return Boolean(spec.nodeName) && !shutDown;
}
