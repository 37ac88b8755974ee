import { parseRfc3339, SECOND, type Duration, type Time } from "../../../../sim/kernel/index.ts";
import type { JsonObject, Pod } from "../../../../sim/kube/api/index.ts";
import type { Factory } from "../../client/factory.ts";
import type { Helper } from "../../client/helper.ts";
import { Aggregate, GoError, isReason } from "../../errors/go-error.ts";
import { inParallel } from "../../parallel.ts";
import type { DryRun } from "../../printing/dry-run.ts";

export interface RemoveOptions {
  /** Seconds; negative leaves it to the pod. */
  readonly gracePeriod: number;
  readonly evicts: boolean;
  readonly dryRun: DryRun;
  readonly deadline: Time;
  readonly skipAfter: number;
  /** How long to wait before an eviction that a budget forbids is tried again. */
  readonly retry: Duration;
}

const PODS = { group: "", version: "v1", resource: "pods", kind: "Pod", namespaced: true };
const POLL = SECOND;

/** Evicts or deletes pods and waits until they are gone (kubectl pkg/drain/drain.go DeleteOrEvictPods). */
export async function removePods(factory: Factory, pods: readonly Pod[], options: RemoveOptions): Promise<void> {
  const helper = await factory.helper();
  const remover = new Remover(factory, helper, options);
  if (!options.evicts) return remover.deleteAll(pods);
  const errors: GoError[] = [];
  await inParallel(
    factory.process,
    pods.map((pod) => async () => {
      try {
        await remover.evict(pod);
      } catch (error) {
        if (!(error instanceof GoError)) throw error;
        errors.push(error);
      }
    }),
  );
  if (errors.length > 0) throw new Aggregate(errors);
}

class Remover {
  readonly #factory: Factory;
  readonly #helper: Helper;
  readonly #options: RemoveOptions;

  constructor(factory: Factory, helper: Helper, options: RemoveOptions) {
    this.#factory = factory;
    this.#helper = helper;
    this.#options = options;
  }

  async evict(pod: Pod): Promise<void> {
    const { process } = this.#factory;
    const { namespace = "", name } = pod.metadata;
    const place = { mapping: PODS, namespace, name, subresource: "eviction" };
    for (;;) {
      await process.print(
        `evicting pod ${namespace}/${name}${this.#options.dryRun === "server" ? " (server dry run)" : ""}\n`,
      );
      if (process.kernel.now >= this.#options.deadline)
        throw new GoError(
          `error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)}: global timeout reached`,
        );
      try {
        await this.#helper.create(
          place,
          {
            kind: "Eviction",
            apiVersion: "policy/v1",
            metadata: { name, namespace, creationTimestamp: null },
            deleteOptions: this.#deleteOptions(),
          },
          {},
        );
        break;
      } catch (error) {
        if (isReason(error, "NotFound")) return;
        if (!(error instanceof GoError)) throw error;
        if (!isReason(error, "TooManyRequests"))
          throw new GoError(
            `error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)}: ${error.message}`,
          );
        const seconds = this.#options.retry / SECOND;
        await process.error(
          `error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)} (will retry after ${seconds}s): ${error.message}\n`,
        );
        await process.sleep(this.#options.retry);
      }
    }
    if (this.#options.dryRun === "server") return;
    try {
      await this.#waitUntilGone([pod], "evicted");
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      throw new GoError(
        `error when waiting for pod ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)} to terminate: ${error.message}`,
      );
    }
  }

  async deleteAll(pods: readonly Pod[]): Promise<void> {
    for (const { metadata } of pods) {
      try {
        await this.#helper.delete(
          { mapping: PODS, namespace: metadata.namespace ?? "", name: metadata.name },
          this.#deleteOptions(),
        );
      } catch (error) {
        if (!isReason(error, "NotFound")) throw error;
      }
    }
    if (this.#options.dryRun !== "server") await this.#waitUntilGone(pods, "deleted");
  }

  #deleteOptions(): JsonObject {
    const { gracePeriod, dryRun } = this.#options;
    return {
      ...(gracePeriod >= 0 ? { gracePeriodSeconds: gracePeriod } : {}),
      ...(dryRun === "server" ? { dryRun: ["All"] } : {}),
    };
  }

  async #waitUntilGone(pods: readonly Pod[], done: string): Promise<void> {
    const { process } = this.#factory;
    const { deadline } = this.#options;
    let pending = pods;
    for (;;) {
      const left: Pod[] = [];
      for (const pod of pending) {
        if (await this.#isGone(pod)) await process.print(`pod/${pod.metadata.name} ${done}\n`);
        else if (!(await this.#skips(pod))) left.push(pod);
      }
      pending = left;
      if (pending.length === 0) return;
      await process.sleep(Math.max(0, Math.min(POLL, deadline - process.kernel.now)));
      if (process.kernel.now >= deadline) throw new GoError("context deadline exceeded");
    }
  }

  async #isGone({ metadata }: Pod): Promise<boolean> {
    try {
      const found = (await this.#helper.get({
        mapping: PODS,
        namespace: metadata.namespace ?? "",
        name: metadata.name,
      })) as unknown as Pod;
      return found.metadata.uid !== metadata.uid;
    } catch (error) {
      if (isReason(error, "NotFound")) return true;
      throw error;
    }
  }

  /** Pods that end for too long are left to themselves. */
  async #skips({ metadata }: Pod): Promise<boolean> {
    const { skipAfter } = this.#options;
    const { process } = this.#factory;
    const ended = parseRfc3339(metadata.deletionTimestamp ?? "");
    if (skipAfter <= 0 || ended === undefined || process.now - ended <= skipAfter * SECOND) return false;
    await process.print(
      `pod ${JSON.stringify(metadata.name)} has DeletionTimestamp older than ${skipAfter} seconds, skipping\n`,
    );
    return true;
  }
}
