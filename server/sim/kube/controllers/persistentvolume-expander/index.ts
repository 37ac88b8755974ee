import { MILLISECOND } from "../../../kernel/index.ts";
import {
  compareQuantities, objectKey, referenceTo, splitKey, watching,
  type Client, type ControllerLoop, type EventRecorder, type PersistentVolumeClaim,
} from "../../api/index.ts"; // prettier-ignore
import { persistentVolumeClaims } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";

/**
 * Makes claims larger. No plugin that is left in Kubernetes can: it says that somebody else has to
 * (pkg/controller/volume/expand).
 */
export class PersistentVolumeExpander {
  readonly loop: ControllerLoop;
  readonly #client: Client;
  readonly #recorder: EventRecorder;

  constructor(context: ControllerContext) {
    this.#client = context.client("expand-controller");
    this.#recorder = context.recorder(this.#client, "volume_expand");
    this.loop = context.loop("persistentvolume-expander-controller", this.#client, {
      name: "persistentvolume-expander",
      watches: [
        watching(persistentVolumeClaims, ({ type, object, previous }) =>
          type === "MODIFIED" && previous && grows(object) && compare(object, previous) > 0 ? [objectKey(object)] : [],
        ),
      ],
      reconcile: (key) => this.#sync(key),
      delay: 5 * MILLISECOND,
    });
  }

  #sync(key: string): void {
    const { namespace, name } = splitKey(key);
    const claim = this.#client.get(persistentVolumeClaims, namespace, name);
    if (!claim || !grows(claim)) return;
    this.#recorder.event(
      referenceTo(persistentVolumeClaims, claim),
      "Warning",
      "ExternalExpanding",
      "Ignoring the PVC: didn't find a plugin capable of expanding the volume; waiting for an external controller to process this PVC.",
    );
  }
}

function requested({ spec }: PersistentVolumeClaim): string | undefined {
  return spec.resources.requests?.["storage"];
}

function compare(a: PersistentVolumeClaim, b: PersistentVolumeClaim): number {
  return compareQuantities(requested(a), requested(b));
}

function grows(claim: PersistentVolumeClaim): boolean {
  return claim.status.phase === "Bound" && compareQuantities(requested(claim), claim.status.capacity?.["storage"]) > 0;
}
