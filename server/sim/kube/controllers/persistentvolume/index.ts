import { MILLISECOND, SECOND, type Duration, type Table, type Time } from "../../../kernel/index.ts";
import {
  compareQuantities, newestDefault, objectKey, own, referenceTo, splitKey, watching,
  type Client, type ControllerLoop, type EventRecorder, type ObjectChange, type PersistentVolume, type PersistentVolumeClaim,
} from "../../api/index.ts"; // prettier-ignore
import {
  BIND_COMPLETED, BOUND_BY_CONTROLLER, classOfClaim, classOfVolume, findMatchingVolume, hasAccessModes, isVolumeBoundToClaim,
  persistentVolumeClaims, persistentVolumes, pods, PROVISIONED_BY, SELECTED_NODE, storageClasses,
} from "../../kinds/index.ts"; // prettier-ignore
import { claimKeys, CLAIM_INDEX } from "../claims-of-pods.ts";
import type { ControllerContext } from "../context.ts";
import { bind, setClaimPhase, setVolumePhase, unbind } from "./bind.ts";
import { provision } from "./provision.ts";
import { reclaim } from "./reclaim.ts";

/** How often a real one looks at everything (`--pvclaimbinder-sync-period`): when claims hear of new volumes. */
const RESYNC: Duration = 15 * SECOND;

/** Binds claims and volumes (pkg/controller/volume/persistentvolume/pv_controller.go). Keys with a slash are claims. */
export class PersistentVolumeController {
  readonly loop: ControllerLoop;
  readonly #context: ControllerContext;
  readonly #client: Client;
  readonly #recorder: EventRecorder;
  readonly #started: Table<string, Time>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#client = context.client("persistent-volume-binder");
    this.#recorder = context.recorder(this.#client, "persistentvolume-controller");
    this.#started = context.kernel.state.table(context.tableName("persistentvolume/started"), { quiet: true });
    context.onStart(() => this.#started.set("at", context.kernel.now));
    this.loop = context.loop("persistentvolume-binder-controller", this.#client, {
      name: "persistentvolume",
      watches: [
        own(persistentVolumes),
        watching(persistentVolumes, (change) => this.#volumeChanged(change)),
        watching(persistentVolumeClaims, (change) => this.#claimChanged(change)),
        watching(storageClasses, () => this.#resync()),
      ],
      reconcile: (key) => (key.includes("/") ? this.#syncClaim(key) : this.#syncVolume(key)),
      delay: 2 * MILLISECOND,
    });
  }

  #claimChanged({ object, previous }: ObjectChange<PersistentVolumeClaim>): readonly string[] {
    const volumes = [object, previous].flatMap((claim) => claim?.spec.volumeName ?? []);
    return [objectKey(object), ...new Set(volumes)];
  }

  /** A claim that is bound hears at once; those that wait look again with the next turn. */
  #volumeChanged({ type, object }: ObjectChange<PersistentVolume>): readonly string[] {
    const { claimRef } = object.spec;
    if (type === "DELETED") return claimRef ? [`${claimRef.namespace ?? ""}/${claimRef.name ?? ""}`] : [];
    return claimRef?.uid ? [] : this.#resync();
  }

  #resync(): readonly string[] {
    const { now } = this.#context.kernel;
    const wait = RESYNC - ((now - (this.#started.get("at") ?? now)) % RESYNC);
    for (const claim of this.#client.list(persistentVolumeClaims))
      if (claim.metadata.annotations?.[BIND_COMPLETED] === undefined) this.loop.queue.addAfter(objectKey(claim), wait);
    return [];
  }

  // Claims

  #syncClaim(key: string): void {
    const { namespace, name } = splitKey(key);
    const claim = this.#client.get(persistentVolumeClaims, namespace, name);
    if (!claim) return;
    if (claim.metadata.annotations?.[BIND_COMPLETED] !== undefined) this.#syncBoundClaim(claim);
    else if (claim.spec.volumeName) this.#syncClaimOfVolume(claim, claim.spec.volumeName);
    else this.#syncUnboundClaim(claim);
  }

  #syncUnboundClaim(claim: PersistentVolumeClaim): void {
    const delayed = this.#waitsForConsumer(claim);
    const volume = this.#bestMatch(claim, delayed);
    if (volume) return bind(this.#client, volume, claim);
    if (this.#assignDefaultClass(claim)) return;
    if (delayed && claim.metadata.annotations?.[SELECTED_NODE] === undefined) this.#tellWhoIsWaitedFor(claim);
    else if (classOfClaim(claim) !== "") return provision(this.#client, this.#recorder, claim);
    else
      this.#tell(
        claim,
        "Normal",
        "FailedBinding",
        "no persistent volumes available for this claim and no storage class is set",
      );
    setClaimPhase(this.#client, claim, "Pending");
  }

  /** Volumes with fewer modes than others come first, if they have those that are asked for (findByClaim). */
  #bestMatch(claim: PersistentVolumeClaim, delayed: boolean): PersistentVolume | undefined {
    const groups = new Map<string, PersistentVolume[]>();
    for (const volume of this.#client.list(persistentVolumes)) {
      if (!hasAccessModes(volume, claim)) continue;
      const modes = [...new Set(volume.spec.accessModes)].sort();
      const group = `${modes.length} ${modes.join()}`;
      groups.set(group, [...(groups.get(group) ?? []), volume]);
    }
    for (const group of [...groups.keys()].sort()) {
      const found = findMatchingVolume(claim, groups.get(group)!, { delayed });
      if (found) return found;
    }
    return undefined;
  }

  /** The claim asks for one volume by name. */
  #syncClaimOfVolume(claim: PersistentVolumeClaim, name: string): void {
    const volume = this.#client.get(persistentVolumes, "", name);
    const pending = (): void => void setClaimPhase(this.#client, claim, "Pending");
    if (!volume) return pending();
    if (!volume.spec.claimRef) {
      const problem = unsatisfied(volume, claim);
      if (problem === undefined) return bind(this.#client, volume, claim);
      this.#tell(claim, "Warning", "VolumeMismatch", `Cannot bind to requested volume "${name}": ${problem}`);
      return pending();
    }
    if (isVolumeBoundToClaim(volume, claim)) return bind(this.#client, volume, claim);
    if (claim.metadata.annotations?.[BOUND_BY_CONTROLLER] !== undefined) return;
    this.#tell(claim, "Warning", "FailedBinding", `volume "${name}" already bound to a different claim.`);
    pending();
  }

  #syncBoundClaim(claim: PersistentVolumeClaim): void {
    const { volumeName } = claim.spec;
    const lost = (reason: string, message: string): void => {
      if (claim.status.phase === "Lost") return;
      this.#tell(setClaimPhase(this.#client, claim, "Lost"), "Warning", reason, message);
    };
    if (!volumeName)
      return lost("ClaimLost", "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!");
    const volume = this.#client.get(persistentVolumes, "", volumeName);
    if (!volume) return lost("ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
    const { claimRef } = volume.spec;
    if (!claimRef || claimRef.uid === claim.metadata.uid) return bind(this.#client, volume, claim);
    lost("ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly");
  }

  #waitsForConsumer(claim: PersistentVolumeClaim): boolean {
    const name = classOfClaim(claim);
    if (name === "") return false;
    return this.#client.get(storageClasses, "", name)?.volumeBindingMode === "WaitForFirstConsumer";
  }

  /** A default class that came later is for claims without one, too. */
  #assignDefaultClass(claim: PersistentVolumeClaim): boolean {
    if (claim.spec.storageClassName !== undefined || classOfClaim(claim) !== "") return false;
    const found = newestDefault(this.#client.list(storageClasses));
    if (!found) return false;
    const spec = { ...claim.spec, storageClassName: found.metadata.name };
    this.#client.update(persistentVolumeClaims, { ...claim, spec });
    return true;
  }

  #tellWhoIsWaitedFor(claim: PersistentVolumeClaim): void {
    const waiting = this.#client
      .indexed(pods, CLAIM_INDEX, claimKeys, objectKey(claim))
      .filter(({ spec, status }) => !spec.nodeName && status.phase !== "Succeeded" && status.phase !== "Failed")
      .map(({ metadata }) => metadata.name);
    if (waiting.length === 0)
      return this.#tell(
        claim,
        "Normal",
        "WaitForFirstConsumer",
        "waiting for first consumer to be created before binding",
      );
    const who = waiting.length > 1 ? `pods ${waiting.join(",")}` : `pod ${waiting[0]!}`;
    this.#tell(claim, "Normal", "WaitForPodScheduled", `waiting for ${who} to be scheduled`);
  }

  #tell(claim: PersistentVolumeClaim, type: "Normal" | "Warning", reason: string, message: string): void {
    this.#recorder.event(referenceTo(persistentVolumeClaims, claim), type, reason, message);
  }

  // Volumes

  #syncVolume(name: string): void {
    const volume = this.#client.get(persistentVolumes, "", name);
    if (!volume) return;
    const { claimRef } = volume.spec;
    if (!claimRef?.uid) return void setVolumePhase(this.#client, volume, "Available");
    const found = this.#client.get(persistentVolumeClaims, claimRef.namespace ?? "", claimRef.name ?? "");
    const claim = found?.metadata.uid === claimRef.uid ? found : undefined;
    if (!claim) return this.#release(volume);
    if (!claim.spec.volumeName) return this.loop.queue.add(objectKey(claim));
    if (claim.spec.volumeName === name) return void setVolumePhase(this.#client, volume, "Bound");
    // The claim was bound elsewhere meanwhile.
    const provisioned = volume.metadata.annotations?.[PROVISIONED_BY] !== undefined;
    if (provisioned && volume.spec.persistentVolumeReclaimPolicy === "Delete") this.#release(volume);
    else unbind(this.#client, volume);
  }

  #release(volume: PersistentVolume): void {
    const over = volume.status.phase === "Released" || volume.status.phase === "Failed";
    const released = over ? volume : setVolumePhase(this.#client, volume, "Released");
    if (!released.metadata.deletionTimestamp) reclaim(this.#client, this.#recorder, released);
  }
}

/** Why the volume that a claim asks for is none for it (checkVolumeSatisfyClaim). */
function unsatisfied(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  const { metadata, spec } = volume;
  if (metadata.deletionTimestamp) return `the volume is marked for deletion "${metadata.name}"`;
  if (compareQuantities(spec.capacity?.["storage"], claim.spec.resources.requests?.["storage"]) < 0)
    return "requested PV is too small";
  if (classOfVolume(volume) !== classOfClaim(claim)) return "storageClassName does not match";
  if (spec.volumeMode !== claim.spec.volumeMode) return "incompatible volumeMode";
  return hasAccessModes(volume, claim) ? undefined : "incompatible accessMode";
}
