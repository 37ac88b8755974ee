import { MILLISECOND } from "../../../kernel/index.ts";
import { watching, type Client, type ControllerLoop } from "../../api/index.ts";
import { persistentVolumes } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";

const FINALIZER = "kubernetes.io/pv-protection";

/** Lets a volume go that is being deleted, when no claim has it (pkg/controller/volume/pvprotection). */
export class PersistentVolumeProtection {
  readonly loop: ControllerLoop;
  readonly #client: Client;

  constructor(context: ControllerContext) {
    this.#client = context.client("pv-protection-controller");
    this.loop = context.loop("persistentvolume-protection-controller", this.#client, {
      name: "pvprotection",
      watches: [
        watching(persistentVolumes, ({ type, object: { metadata } }) =>
          type !== "DELETED" && metadata.deletionTimestamp && metadata.finalizers?.includes(FINALIZER)
            ? [metadata.name]
            : [],
        ),
      ],
      reconcile: (name) => this.#sync(name),
      delay: 2 * MILLISECOND,
    });
  }

  #sync(name: string): void {
    const volume = this.#client.get(persistentVolumes, "", name);
    if (!volume?.metadata.deletionTimestamp || volume.status.phase === "Bound") return;
    const finalizers = (volume.metadata.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER);
    this.#client.update(persistentVolumes, { ...volume, metadata: { ...volume.metadata, finalizers } });
  }
}
