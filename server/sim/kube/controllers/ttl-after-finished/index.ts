import { parseRfc3339, SECOND, type Time } from "../../../kernel/index.ts";
import { isNotFound, own, splitKey, type Client, type ControllerLoop, type Job } from "../../api/index.ts";
import { jobs } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";

/** Deletes Jobs some time after their end, if they say so (pkg/controller/ttlafterfinished). */
export class TtlAfterFinishedController {
  readonly loop: ControllerLoop;
  readonly #context: ControllerContext;
  readonly #client: Client;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#client = context.client("ttl-after-finished-controller");
    this.loop = context.loop("ttl-after-finished-controller", this.#client, {
      name: "ttl-after-finished",
      watches: [own(jobs)],
      reconcile: (key) => this.#sync(key),
    });
  }

  #sync(key: string): void {
    const { namespace, name } = splitKey(key);
    const job = this.#client.get(jobs, namespace, name);
    const due = job && expiry(job);
    if (due === undefined || job!.metadata.deletionTimestamp) return;
    const { now } = this.#context.kernel;
    if (due > now) return this.loop.queue.addAfter(key, due - now);
    try {
      this.#client.delete(jobs, namespace, name, {
        propagationPolicy: "Foreground",
        preconditions: { uid: job!.metadata.uid },
      });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

function expiry({ spec, status }: Job): Time | undefined {
  const end = status.conditions?.find(
    ({ type, status: is }) => is === "True" && (type === "Complete" || type === "Failed"),
  );
  const at = end?.lastTransitionTime ? parseRfc3339(end.lastTransitionTime) : undefined;
  if (at === undefined || spec.ttlSecondsAfterFinished === undefined) return undefined;
  return at + spec.ttlSecondsAfterFinished * SECOND;
}
