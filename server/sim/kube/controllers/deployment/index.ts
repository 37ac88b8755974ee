import { MILLISECOND } from "../../../kernel/index.ts";
import {
  matchesLabels, objectKey, own, splitKey, validSelector, watching, type Client, type ControllerLoop, type EventRecorder, type ObjectChange,
  type Pod, type ReplicaSet,
} from "../../api/index.ts"; // prettier-ignore
import { deployments, pods, replicaSets } from "../../kinds/index.ts";
import { claim } from "../claim.ts";
import type { ControllerContext } from "../context.ts";
import { controllerOf, controllerReference } from "../owner-reference.ts";
import { trimHistory } from "./history.ts";
import { deadlineIn, writePaused, writeRolloutStatus } from "./progress.ts";
import { isScalingEvent, scaleProportionally } from "./proportional.ts";
import { recreate } from "./recreate.ts";
import { rollBack, rollbackRevision } from "./rollback.ts";
import { rollOn } from "./rolling.ts";
import { Rollout } from "./rollout.ts";
import { deploymentStatus, isComplete } from "./status.ts";

/** Brings the ReplicaSets of a Deployment to its template and size (pkg/controller/deployment). */
export class DeploymentController {
  readonly loop: ControllerLoop;
  readonly #client: Client;
  readonly #recorder: EventRecorder;

  constructor(context: ControllerContext) {
    this.#client = context.client("deployment-controller");
    this.#recorder = context.recorder(this.#client, "deployment-controller");
    this.loop = context.loop("deployment-controller", this.#client, {
      name: "deployment",
      watches: [
        own(deployments),
        watching(replicaSets, (change) => this.#keysOfSet(change)),
        watching(pods, (change) => this.#keysOfPod(change)),
      ],
      reconcile: (key) => this.#sync(key),
      // More than ReplicaSets take to act and to tell: the next look is never at counts that are out of date.
      delay: 7 * MILLISECOND,
    });
  }

  /** The Deployments of a set, or those that would adopt an orphan. */
  #keysOfSet({ object, previous }: ObjectChange<ReplicaSet>): readonly string[] {
    const { namespace = "" } = object.metadata;
    const owners = (previous ? [object, previous] : [object]).flatMap((set) => {
      const controller = controllerOf(set);
      return controller?.kind === "Deployment" ? [`${namespace}/${controller.name}`] : [];
    });
    if (controllerOf(object)) return owners;
    const adopters = this.#client
      .list(deployments, namespace)
      .filter(({ spec }) => matchesLabels(validSelector(spec.selector), object.metadata.labels));
    return [...owners, ...adopters.map(objectKey)];
  }

  /** The end of a Pod matters to a Deployment that waits for the last old one. */
  #keysOfPod({ type, object }: ObjectChange<Pod>): readonly string[] {
    const controller = type === "DELETED" ? controllerOf(object) : undefined;
    if (controller?.kind !== "ReplicaSet") return [];
    const { namespace = "" } = object.metadata;
    const set = this.#client.get(replicaSets, namespace, controller.name);
    const owner = set && controllerOf(set);
    const deployment = owner ? this.#client.get(deployments, namespace, owner.name) : undefined;
    return deployment?.spec.strategy.type === "Recreate" ? [objectKey(deployment)] : [];
  }

  #sync(key: string): void {
    const { namespace, name } = splitKey(key);
    const deployment = this.#client.get(deployments, namespace, name);
    if (!deployment) return;
    const reference = controllerReference(deployments, deployment);
    const sets = claim(this.#client, replicaSets, deployment, reference, validSelector(deployment.spec.selector));
    const rollout = new Rollout(this.#client, this.#recorder, deployment, sets);
    if (deployment.metadata.deletionTimestamp) return this.#writeStatus(rollout);
    writePaused(rollout);
    if (deployment.spec.paused) return this.#resize(rollout);
    const revision = rollbackRevision(rollout);
    if (revision !== undefined) return rollBack(rollout, revision);
    rollout.syncRevision();
    if (isScalingEvent(rollout)) return this.#resize(rollout);
    this.#roll(rollout, key);
  }

  /** The number of replicas changed, or all else waits: the sets keep their shares. */
  #resize(rollout: Rollout): void {
    rollout.syncRevision();
    scaleProportionally(rollout);
    if (rollout.deployment.spec.paused && rollbackRevision(rollout) === undefined) trimHistory(rollout);
    this.#writeStatus(rollout);
  }

  #roll(rollout: Rollout, key: string): void {
    if (rollout.deployment.spec.strategy.type === "Recreate") recreate(rollout);
    else {
      rollout.ensureNewest();
      rollOn(rollout);
    }
    if (isComplete(rollout.deployment, rollout.deployment.status)) trimHistory(rollout);
    writeRolloutStatus(rollout);
    const wait = deadlineIn(rollout);
    if (wait !== undefined) this.loop.queue.addAfter(key, wait, { periodic: true });
  }

  #writeStatus(rollout: Rollout): void {
    rollout.writeStatus(deploymentStatus(rollout.deployment, rollout.newest, rollout.sets, rollout.now));
  }
}
