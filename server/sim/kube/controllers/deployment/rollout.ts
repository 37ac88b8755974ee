import { rfc3339 } from "../../../kernel/index.ts";
import {
  referenceTo, sameJson, StatusError, templateHash, type Client, type Deployment, type EventRecorder, type ReplicaSet,
} from "../../api/index.ts"; // prettier-ignore
import { deployments, replicaSets } from "../../kinds/index.ts";
import { controllerOf, controllerReference } from "../owner-reference.ts";
import { isNamespaceTerminating } from "../pod-control.ts";
import { newestAnnotations, REVISION, revisionOf, withReplicas } from "./annotations.ts";
import { conditionOf, newCondition, withCondition, type Conditions } from "./conditions.ts";
import { hasProgressDeadline, maxSurge, replicasOf } from "./limits.ts";
import { HASH_LABEL, newestOf, sameTemplate, wanted } from "./replica-sets.ts";

/** One look at a Deployment with its ReplicaSets, kept up to date with what is written meanwhile. */
export class Rollout {
  readonly client: Client;
  deployment: Deployment;
  /** All sets of the Deployment. */
  sets: readonly ReplicaSet[];
  readonly #recorder: EventRecorder;
  #newest: string | undefined;

  constructor(client: Client, recorder: EventRecorder, deployment: Deployment, sets: readonly ReplicaSet[]) {
    this.client = client;
    this.#recorder = recorder;
    this.deployment = deployment;
    this.sets = sets;
    this.#newest = newestOf(deployment, sets)?.metadata.uid;
  }

  get now(): string {
    return rfc3339(this.client.server.kernel.now);
  }

  /** The set of the present template. */
  get newest(): ReplicaSet | undefined {
    return this.sets.find(({ metadata }) => metadata.uid === this.#newest);
  }

  get old(): readonly ReplicaSet[] {
    return this.sets.filter(({ metadata }) => metadata.uid !== this.#newest);
  }

  event(type: "Normal" | "Warning", reason: string, message: string): void {
    this.#recorder.event(referenceTo(deployments, this.deployment), type, reason, message);
  }

  /** Gives the newest set its revision and annotations, and the Deployment the revision (getNewReplicaSet). */
  syncRevision(): void {
    const { newest } = this;
    if (!newest) return;
    const revision = Math.max(0, ...this.old.map(revisionOf)) + 1;
    const annotations = newestAnnotations(this.deployment, newest.metadata.annotations, revision);
    const { minReadySeconds = 0 } = this.deployment.spec;
    if (
      !sameJson(annotations, newest.metadata.annotations ?? {}) ||
      (newest.spec.minReadySeconds ?? 0) !== minReadySeconds
    )
      return this.#replace({
        ...newest,
        metadata: { ...newest.metadata, annotations },
        spec: { ...newest.spec, minReadySeconds },
      });
    let { conditions = [] } = this.deployment.status;
    if (hasProgressDeadline(this.deployment) && !conditionOf(conditions, "Progressing"))
      conditions = this.#progressing(
        conditions,
        "True",
        "FoundNewReplicaSet",
        `Found new replica set "${newest.metadata.name}"`,
      );
    this.writeStatus({ ...this.deployment.status, conditions }, newest.metadata.annotations?.[REVISION]);
  }

  /** Makes the set of the present template, unless it is there. */
  ensureNewest(): ReplicaSet {
    this.syncRevision();
    return this.newest ?? this.#create();
  }

  #create(): ReplicaSet {
    const { deployment } = this;
    const revision = Math.max(0, ...this.sets.map(revisionOf)) + 1;
    const { template } = deployment.spec;
    const hash = templateHash(template, deployment.status.collisionCount);
    const labels = { ...template.metadata.labels, [HASH_LABEL]: hash };
    const { namespace = "", name } = deployment.metadata;
    const replicas = this.newestSize(undefined);
    const annotations = withReplicas(newestAnnotations(deployment, {}, revision), deployment);
    const selector = deployment.spec.selector!;
    let set: ReplicaSet;
    try {
      set = this.client.create(replicaSets, {
        metadata: {
          name: `${name}-${hash}`,
          namespace,
          labels,
          annotations,
          ownerReferences: [controllerReference(deployments, deployment)],
        },
        spec: {
          replicas,
          minReadySeconds: deployment.spec.minReadySeconds,
          selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
          template: { ...template, metadata: { ...template.metadata, labels } },
        },
      });
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      set = this.#notCreated(error, `${name}-${hash}`);
      this.#add(set);
      this.writeStatus(this.deployment.status, String(revision));
      return set;
    }
    this.#add(set);
    if (replicas > 0)
      this.event("Normal", "ScalingReplicaSet", `Scaled up replica set ${set.metadata.name} from 0 to ${replicas}`);
    let { conditions = [] } = this.deployment.status;
    if (hasProgressDeadline(deployment))
      conditions = this.#progressing(
        conditions,
        "True",
        "NewReplicaSetCreated",
        `Created new replica set "${set.metadata.name}"`,
      );
    this.writeStatus({ ...this.deployment.status, conditions }, String(revision));
    return set;
  }

  /** A set of that name is there, and is ours; or its template has the same hash, which another try avoids. */
  #notCreated(error: StatusError, name: string): ReplicaSet {
    const { deployment } = this;
    if (error.status.reason === "AlreadyExists") {
      const existing = this.client.get(replicaSets, deployment.metadata.namespace ?? "", name);
      if (!existing) throw error;
      const ours = controllerOf(existing)?.uid === deployment.metadata.uid;
      if (ours && sameTemplate(deployment.spec.template, existing.spec.template)) return existing;
      this.writeStatus({ ...deployment.status, collisionCount: (deployment.status.collisionCount ?? 0) + 1 });
      throw error;
    }
    if (isNamespaceTerminating(error)) throw error;
    const message = `Failed to create new replica set "${name}": ${error.message}`;
    if (hasProgressDeadline(deployment)) {
      const { conditions = [] } = deployment.status;
      const failed = this.#progressing(conditions, "False", "ReplicaSetCreateError", message);
      this.writeStatus({ ...deployment.status, conditions: failed });
    }
    this.event("Warning", "ReplicaSetCreateError", message);
    throw error;
  }

  #progressing(conditions: Conditions, status: string, reason: string, message: string): Conditions {
    return withCondition(conditions, newCondition("Progressing", status, reason, message, this.now));
  }

  /** How many Pods the newest set may have now: what the surge leaves room for (NewRSNewReplicas). */
  newestSize(newest: ReplicaSet | undefined): number {
    const replicas = replicasOf(this.deployment);
    if (this.deployment.spec.strategy.type === "Recreate") return replicas;
    const size = newest ? replicasOf(newest) : 0;
    const room = replicas + maxSurge(this.deployment) - wanted(this.sets);
    return room <= 0 ? size : size + Math.min(room, replicas - size);
  }

  /** Sets the size of a set, and says so. False if it has that size. */
  scale(set: ReplicaSet, replicas: number): boolean {
    return replicasOf(set) === replicas ? false : this.resize(set, replicas);
  }

  /** Sets the size of a set and the sizes that it remembers of its Deployment; false if its own is the same. */
  resize(set: ReplicaSet, replicas: number): boolean {
    const before = replicasOf(set);
    const annotations = withReplicas(set.metadata.annotations, this.deployment);
    if (before === replicas && annotations === set.metadata.annotations) return false;
    this.#replace({ ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, replicas } });
    if (before === replicas) return false;
    const direction = before < replicas ? "up" : "down";
    const { name } = set.metadata;
    this.event("Normal", "ScalingReplicaSet", `Scaled ${direction} replica set ${name} from ${before} to ${replicas}`);
    return true;
  }

  #add(set: ReplicaSet): void {
    this.sets = [...this.sets, set];
    this.#newest = set.metadata.uid;
  }

  #replace(set: ReplicaSet): void {
    const written = this.client.update(replicaSets, set);
    this.sets = this.sets.map((one) => (one.metadata.uid === set.metadata.uid ? written : one));
  }

  /** Writes the status, and perhaps the revision, if they changed. */
  writeStatus(status: Deployment["status"], revision?: string): boolean {
    const { metadata, status: old } = this.deployment;
    const newRevision = revision !== undefined && metadata.annotations?.[REVISION] !== revision;
    if (!newRevision && sameJson(status, old)) return false;
    const annotations = newRevision ? { ...metadata.annotations, [REVISION]: revision } : metadata.annotations;
    this.deployment = this.client.updateStatus(deployments, {
      ...this.deployment,
      metadata: { ...metadata, annotations },
      status,
    });
    return true;
  }
}
