import {
  isNotFound, referenceTo, StatusError, type Client, type EventRecorder, type Pod, type PodTemplateSpec, type StatefulSet,
} from "../../api/index.ts"; // prettier-ignore
import { pods, statefulSets } from "../../kinds/index.ts";
import { controllerReference } from "../owner-reference.ts";
import type { PodClaims } from "./claims.ts";
import { identity, ordinalOf, podName } from "./pods.ts";

/** Makes, mends and deletes the Pods of StatefulSets, and says so (StatefulPodControl). */
export class StatefulPods {
  readonly claims: PodClaims;
  readonly #client: Client;
  readonly #recorder: EventRecorder;

  constructor(client: Client, recorder: EventRecorder, claims: PodClaims) {
    this.#client = client;
    this.#recorder = recorder;
    this.claims = claims;
  }

  create(set: StatefulSet, ordinal: number, { metadata, spec }: PodTemplateSpec): void {
    const name = podName(set, ordinal);
    this.#tell("create", set, name, () => {
      this.claims.create(set, ordinal);
      const { labels, annotations, finalizers } = metadata;
      this.#client.create(pods, {
        metadata: {
          name,
          generateName: `${set.metadata.name}-`,
          namespace: set.metadata.namespace ?? "",
          ...(labels && { labels }),
          ...(annotations && { annotations }),
          ...(finalizers && { finalizers }),
          ownerReferences: [controllerReference(statefulSets, set)],
        },
        spec,
      });
    });
  }

  /** Gives a Pod the labels back by which it is known, and its claims the owners that the policy wants. */
  mend(set: StatefulSet, pod: Pod): void {
    const ordinal = ordinalOf(set, pod)!;
    const wanted = identity(set, ordinal);
    const { labels = {} } = pod.metadata;
    if (Object.entries(wanted).some(([key, value]) => labels[key] !== value))
      this.#tell("update", set, pod.metadata.name, () => {
        this.#client.update(pods, { ...pod, metadata: { ...pod.metadata, labels: { ...labels, ...wanted } } });
      });
    if (set.spec.volumeClaimTemplates?.length) this.claims.retain(set, pod);
  }

  delete(set: StatefulSet, { metadata }: Pod): void {
    this.#tell("delete", set, metadata.name, () => this.#client.delete(pods, metadata.namespace ?? "", metadata.name));
  }

  #tell(verb: "create" | "update" | "delete", set: StatefulSet, pod: string, act: () => void): void {
    const title = verb[0]!.toUpperCase() + verb.slice(1);
    const what = `${verb} Pod ${pod} in StatefulSet ${set.metadata.name}`;
    const event = (type: "Normal" | "Warning", reason: string, message: string): void =>
      this.#recorder.event(referenceTo(statefulSets, set), type, reason, message);
    try {
      act();
      event("Normal", `Successful${title}`, `${what} successful`);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (verb === "delete" && isNotFound(error)) return;
      if (error.status.reason !== "AlreadyExists")
        event("Warning", `Failed${title}`, `${what} failed error: ${error.message}`);
      throw error;
    }
  }
}
