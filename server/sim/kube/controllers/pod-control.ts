import {
  isNotFound, isStatus, referenceTo, StatusError, type Client, type EventRecorder, type GroupVersionKind, type KubeObject, type Pod,
  type PodTemplateSpec,
} from "../api/index.ts"; // prettier-ignore
import { pods } from "../kinds/index.ts";
import { controllerReference } from "./owner-reference.ts";

/** Makes and deletes the Pods of a workload, and says so in events of the workload (RealPodControl). */
export class PodControl {
  readonly #client: Client;
  readonly #recorder: EventRecorder;
  readonly #owner: GroupVersionKind;

  constructor(client: Client, recorder: EventRecorder, owner: GroupVersionKind) {
    this.#client = client;
    this.#recorder = recorder;
    this.#owner = owner;
  }

  /** A Pod of the template; undefined in a namespace that goes away. Throws what the server refuses it with. */
  create(owner: KubeObject, template: PodTemplateSpec, generateName = `${owner.metadata.name}-`): Pod | undefined {
    const { namespace = "" } = owner.metadata;
    const { labels, annotations, finalizers } = template.metadata;
    try {
      const pod = this.#client.create(pods, {
        metadata: {
          namespace,
          generateName,
          ...(labels && { labels }),
          ...(annotations && { annotations }),
          ...(finalizers && { finalizers }),
          ownerReferences: [controllerReference(this.#owner, owner)],
        },
        spec: template.spec,
      });
      this.#event(owner, "Normal", "SuccessfulCreate", `Created pod: ${pod.metadata.name}`);
      return pod;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (isNamespaceTerminating(error)) return undefined;
      this.#event(owner, "Warning", "FailedCreate", `Error creating: ${error.message}`);
      throw error;
    }
  }

  /** Deletes a Pod; one that is gone already is fine. */
  delete(owner: KubeObject, name: string): void {
    try {
      this.#client.delete(pods, owner.metadata.namespace ?? "", name);
      this.#event(owner, "Normal", "SuccessfulDelete", `Deleted pod: ${name}`);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (isNotFound(error)) return;
      this.#event(owner, "Warning", "FailedDelete", `Error deleting: ${error.message}`);
      throw error;
    }
  }

  #event(owner: KubeObject, type: "Normal" | "Warning", reason: string, message: string): void {
    this.#recorder.event(referenceTo(this.#owner, owner), type, reason, message);
  }
}

/**
 * Calls `create` up to `count` times, in batches of 1, 2, 4…, and begins no further batch after a failure, so that a
 * workload that cannot have Pods does not flood the server (slowStartBatch). Throws the first failure.
 */
export function slowStart(count: number, create: () => void): void {
  for (let done = 0, batch = 1; done < count; done += batch, batch = Math.min(2 * batch, count - done)) {
    const failures: unknown[] = [];
    for (let at = 0; at < batch; at++) {
      try {
        create();
      } catch (error) {
        if (!isStatus(error)) throw error;
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

/** A refusal because the namespace is being deleted: no further try will do better. */
export function isNamespaceTerminating(error: unknown): boolean {
  return (
    isStatus(error) && (error.status.details?.causes ?? []).some(({ reason }) => reason === "NamespaceTerminating")
  );
}
