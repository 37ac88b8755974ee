import { MILLISECOND, SECOND } from "../../../kernel/index.ts";
import {
  isNotFound, own, splitKey, validSelector, watching, type Client, type ControllerLoop, type EventRecorder, type Job, type Pod,
} from "../../api/index.ts"; // prettier-ignore
import { isJobFinished, jobs, JOB_TRACKING, pods } from "../../kinds/index.ts";
import { claim } from "../claim.ts";
import type { ControllerContext } from "../context.ts";
import { controllerReference } from "../owner-reference.ts";
import { PodControl } from "../pod-control.ts";
import { keysOfPod } from "../pod-keys.ts";
import { JobBackoffs } from "./backoff.ts";
import { isTracked } from "./pods.ts";
import { JobSync } from "./sync.ts";

/** Changes of Pods are looked at together (syncJobBatchPeriod). */
const BATCH = 1 * SECOND;
const MYSELF = "kubernetes.io/job-controller";
const NAME_LABEL = "batch.kubernetes.io/job-name";

/** Runs the Pods of Jobs until enough have succeeded or too many have failed (pkg/controller/job). */
export class JobController {
  readonly loop: ControllerLoop;
  readonly #context: ControllerContext;
  readonly #client: Client;
  readonly #recorder: EventRecorder;
  readonly #pods: PodControl;
  readonly #backoffs: JobBackoffs;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#client = context.client("job-controller");
    this.#recorder = context.recorder(this.#client, "job-controller");
    this.#pods = new PodControl(this.#client, this.#recorder, jobs);
    this.#backoffs = new JobBackoffs(context.kernel.state.table(context.tableName("job/backoff"), { quiet: true }));
    context.onStart(() => this.#backoffs.clear());
    const adopters = {
      kind: "Job",
      list: (namespace: string) => this.#client.list(jobs, namespace),
      selector: ({ spec }: Job) => validSelector(spec.selector ?? null),
    };
    this.loop = context.loop("job-controller", this.#client, {
      name: "job",
      watches: [
        own(jobs),
        watching(pods, (change) => {
          for (const key of keysOfPod(change, adopters)) this.loop.queue.addAfter(key, BATCH);
          return [];
        }),
      ],
      reconcile: (key) => this.#sync(key),
      delay: 3 * MILLISECOND,
      backoff: { first: 1 * SECOND, most: 60 * SECOND },
    });
  }

  #sync(key: string): void {
    const { namespace, name } = splitKey(key);
    const job = this.#client.get(jobs, namespace, name);
    if (!job) {
      this.#backoffs.forget(key);
      return this.#letGo(namespace, name);
    }
    if ((job.spec.managedBy ?? MYSELF) !== MYSELF) return;
    if (isJobFinished(job)) return this.#backoffs.forget(key);
    const selector = validSelector(job.spec.selector ?? null);
    const owned = claim(this.#client, pods, job, controllerReference(jobs, job), selector);
    new JobSync(key, job, owned, {
      client: this.#client,
      recorder: this.#recorder,
      pods: this.#pods,
      backoffs: this.#backoffs,
      now: this.#context.kernel.now,
      again: (delay) => this.loop.queue.addAfter(key, delay),
      letGo: (pod) => letGo(this.#client, pod),
    }).run();
  }

  /** Pods whose Job is gone are nobody's to count. */
  #letGo(namespace: string, name: string): void {
    for (const pod of this.#client.selected(pods, namespace, [{ key: NAME_LABEL, operator: "=", values: [name] }]))
      if (isTracked(pod)) letGo(this.#client, pod);
  }
}

/** Takes the finalizer from a Pod; one that is gone already is fine. */
function letGo(client: Client, { metadata }: Pod): void {
  const patch = { metadata: { "$deleteFromPrimitiveList/finalizers": [JOB_TRACKING] } };
  try {
    client.patch(
      pods,
      { namespace: metadata.namespace ?? "", name: metadata.name },
      "strategic-merge-patch+json",
      patch,
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
