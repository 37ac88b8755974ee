import { rfc3339, SECOND, type Table } from "../../../kernel/index.ts";
import {
  formatQuantity, isStatus, matchesLabels, objectKey, quantityNanos, referenceTo, sameJson, splitKey, watching, type Client, type Condition,
  type ControllerLoop, type EventRecorder, type HorizontalPodAutoscaler, type MetricSpec, type MetricStatus, type Selector,
} from "../../api/index.ts"; // prettier-ignore
import { horizontalPodAutoscalers, pods } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";
import { withCondition } from "./conditions.ts";
import { NoMetrics, resourceMetrics } from "./metrics.ts";
import { changed, normalize, type Memory } from "./normalize.ts";
import { byUtilization, byValue, type Proposal } from "./replicas.ts";
import { parsedSelector, targetOf, type Target } from "./scale.ts";

/** --horizontal-pod-autoscaler-sync-period */
const PERIOD = 15 * SECOND;
const NOTHING: Memory = { recommendations: [], ups: [], downs: [] };

interface Measured {
  readonly replicas: number;
  readonly name: string;
  readonly status: MetricStatus;
}

/** A metric that cannot be had: the condition of the autoscaler, and the message of the whole. */
class MetricError extends Error {
  readonly reason: string;
  readonly why: string;

  constructor(reason: string, why: string, message: string) {
    super(message);
    this.reason = reason;
    this.why = why;
  }
}

/**
 * Scales what has a scale by what its Pods use (pkg/controller/podautoscaler). It looks every 15 seconds, but rests while
 * the world stands still: what it would find is what it has found.
 */
export class HorizontalPodAutoscalerController {
  readonly loop: ControllerLoop;
  readonly #context: ControllerContext;
  readonly #client: Client;
  readonly #recorder: EventRecorder;
  readonly #memory: Table<string, Memory>;
  readonly #resting: Table<string, number>;
  readonly #wake: string;

  constructor(context: ControllerContext) {
    this.#context = context;
    const { kernel } = context;
    this.#client = context.client("horizontal-pod-autoscaler");
    this.#recorder = context.recorder(this.#client, "horizontal-pod-autoscaler");
    this.#memory = kernel.state.table(context.tableName("hpa/memory"), { quiet: true });
    this.#resting = kernel.state.table(context.tableName("hpa/resting"), { quiet: true });
    context.onStart(() => this.#memory.clear());
    this.#wake = `${context.tableName("hpa")}/look`;
    kernel.handle<string>(this.#wake, (key) => this.loop.queue.addAfter(key, 0, { periodic: true }));
    this.loop = context.loop("horizontal-pod-autoscaler-controller", this.#client, {
      name: "horizontalpodautoscaler",
      watches: [
        watching(horizontalPodAutoscalers, ({ object }) => {
          this.loop.queue.addAfter(objectKey(object), PERIOD, { periodic: true });
          return [];
        }),
      ],
      reconcile: (key) => this.#sync(key),
    });
  }

  #sync(key: string): void {
    const resting = this.#resting.get(key);
    if (resting !== undefined) this.#context.kernel.cancel(resting);
    this.#resting.delete(key);
    const { namespace, name } = splitKey(key);
    const autoscaler = this.#client.get(horizontalPodAutoscalers, namespace, name);
    if (!autoscaler) return void this.#memory.delete(key);
    const turn = new Turn(this.#context, this.#client, this.#recorder, autoscaler, this.#memory.get(key) ?? NOTHING);
    turn.run();
    this.#memory.set(key, turn.memory);
    if (turn.busy) this.loop.queue.addAfter(key, PERIOD, { periodic: true });
    else this.#resting.set(key, this.#context.kernel.rest(PERIOD, this.#wake, key));
  }
}

/** One look at an autoscaler and its target (reconcileAutoscaler). */
class Turn {
  memory: Memory;
  /** Something happens, or will by itself. */
  busy = false;
  readonly #context: ControllerContext;
  readonly #client: Client;
  readonly #recorder: EventRecorder;
  readonly #autoscaler: HorizontalPodAutoscaler;
  readonly #now: string;
  #conditions: readonly Condition[];

  constructor(
    context: ControllerContext,
    client: Client,
    recorder: EventRecorder,
    autoscaler: HorizontalPodAutoscaler,
    memory: Memory,
  ) {
    this.#context = context;
    this.#client = client;
    this.#recorder = recorder;
    this.#autoscaler = autoscaler;
    this.memory = memory;
    this.#now = rfc3339(context.kernel.now);
    this.#conditions = autoscaler.status.conditions ?? [];
  }

  run(): void {
    const { spec, status } = this.#autoscaler;
    const target = targetOf(this.#client, this.#autoscaler);
    if ("error" in target) {
      this.#event("Warning", "FailedGetScale", target.error);
      const why = `the HPA controller was unable to get the target's current scale: ${target.error}`;
      this.#condition("AbleToScale", "False", "FailedGetScale", why);
      return this.#write(status);
    }
    const able = "the HPA controller was able to get the target's current scale";
    this.#condition("AbleToScale", "True", "SucceededGetScale", able);
    const current = target.replicas;
    const { now } = this.#context.kernel;
    if (this.memory.recommendations.length === 0)
      this.memory = { ...this.memory, recommendations: [{ replicas: current, at: now }] };
    const { minReplicas = 1, maxReplicas } = spec;
    if (current === 0 && minReplicas !== 0) {
      const why = "scaling is disabled since the replica count of the target is zero";
      this.#condition("ScalingActive", "False", "ScalingDisabled", why);
      return this.#setStatus(current, 0, null, false);
    }
    if (current > maxReplicas)
      return this.#rescale(target, maxReplicas, "Current number of replicas above Spec.MaxReplicas", null);
    if (current < minReplicas)
      return this.#rescale(target, minReplicas, "Current number of replicas below Spec.MinReplicas", null);
    this.#byMetrics(target);
  }

  #byMetrics(target: Target): void {
    const current = target.replicas;
    const { desiredReplicas } = this.#autoscaler.status;
    let found: { replicas: number; name: string; statuses: readonly MetricStatus[] };
    try {
      found = this.#measureAll(target);
    } catch (error) {
      if (!(error instanceof MetricError)) throw error;
      this.#setStatus(current, desiredReplicas, this.#autoscaler.status.currentMetrics, false);
      return this.#event("Warning", "FailedComputeMetricsReplicas", error.message);
    }
    const reason = found.replicas > current ? `${found.name} above target` : "All metrics below target";
    const { now } = this.#context.kernel;
    const next = normalize(this.#autoscaler, current, found.replicas, this.memory, now);
    this.memory = next.memory;
    this.busy ||= next.waiting;
    this.#condition("AbleToScale", next.ableToScale.status, next.ableToScale.reason, next.ableToScale.message);
    this.#condition("ScalingLimited", next.limited.status, next.limited.reason, next.limited.message);
    if (next.replicas === current) return this.#setStatus(current, current, found.statuses, false);
    this.#rescale(target, next.replicas, reason, found.statuses);
  }

  #rescale(target: Target, replicas: number, reason: string, statuses: readonly MetricStatus[] | null): void {
    this.busy = true;
    try {
      // Its role lets it get and update scales, not patch them.
      this.#client.updatePart(target.kind, target.scaledTo(replicas), "scale");
    } catch (error) {
      if (!isStatus(error)) throw error;
      this.#event("Warning", "FailedRescale", `New size: ${replicas}; reason: ${reason}; error: ${error.message}`);
      const why = `the HPA controller was unable to update the target scale: ${error.message}`;
      this.#condition("AbleToScale", "False", "FailedUpdateScale", why);
      return this.#setStatus(target.replicas, this.#autoscaler.status.desiredReplicas, statuses, false);
    }
    const done = `the HPA controller was able to update the target scale to ${replicas}`;
    this.#condition("AbleToScale", "True", "SucceededRescale", done);
    this.#event("Normal", "SuccessfulRescale", `New size: ${replicas}; reason: ${reason}`);
    const { now } = this.#context.kernel;
    this.memory = changed(this.memory, this.#autoscaler.spec, target.replicas, replicas, now);
    this.#setStatus(target.replicas, replicas, statuses, true);
  }

  // What the metrics say

  #measureAll(target: Target): { replicas: number; name: string; statuses: readonly MetricStatus[] } {
    const { metrics = [] } = this.#autoscaler.spec;
    const selector = this.#selector(target);
    const statuses: MetricStatus[] = [];
    const failures: MetricError[] = [];
    let best: Measured | undefined;
    for (const metric of metrics) {
      try {
        const measured = this.#measure(metric, target, selector);
        statuses.push(measured.status);
        if (!best || measured.replicas > best.replicas) best = measured;
      } catch (error) {
        if (!(error instanceof MetricError)) throw error;
        this.#event("Warning", error.reason, error.why);
        statuses.push({ type: "" });
        failures.push(error);
      }
    }
    const [first] = failures;
    if (first && (!best || best.replicas < target.replicas)) {
      const why = `the HPA was unable to compute the replica count: ${first.why}`;
      this.#condition("ScalingActive", "False", first.reason, why);
      const count = `${failures.length} invalid out of ${metrics.length}`;
      throw new MetricError(first.reason, first.why, `invalid metrics (${count}), first error is: ${first.message}`);
    }
    const said = `the HPA was able to successfully calculate a replica count from ${best!.name}`;
    this.#condition("ScalingActive", "True", "ValidMetricFound", said);
    return { replicas: best!.replicas, name: best!.name, statuses };
  }

  #selector(target: Target): Selector {
    if (target.selector === "") {
      this.#event("Warning", "SelectorRequired", "selector is required");
      const why = "the HPA target's scale is missing a selector";
      this.#condition("ScalingActive", "False", "InvalidSelector", why);
      throw new MetricError("InvalidSelector", why, "selector is required");
    }
    const selector = parsedSelector(target.selector)!;
    const { namespace = "", name } = this.#autoscaler.metadata;
    const chosen = this.#client.selected(pods, namespace, selector);
    const others = this.#client.list(horizontalPodAutoscalers, namespace).filter((other) => {
      if (other.metadata.name === name) return false;
      const found = targetOf(this.#client, other);
      const theirs = "error" in found || found.selector === "" ? undefined : parsedSelector(found.selector);
      return theirs !== undefined && chosen.some(({ metadata }) => matchesLabels(theirs, metadata.labels));
    });
    if (others.length === 0) return selector;
    const keys = [name, ...others.map(({ metadata }) => metadata.name)].map((one) => `{${one} ${namespace}}`);
    const why = `pods by selector ${target.selector} are controlled by multiple HPAs: [${keys.join(" ")}]`;
    this.#event("Warning", "AmbiguousSelector", why);
    this.#condition("ScalingActive", "False", "AmbiguousSelector", why);
    throw new MetricError("AmbiguousSelector", why, why);
  }

  #measure(metric: MetricSpec, target: Target, selector: Selector): Measured {
    switch (metric.type) {
      case "Resource":
      case "ContainerResource":
        return this.#measureResource(metric, target, selector);
      case "Pods": {
        const { name } = metric.pods!.metric;
        throw this.#noApi("FailedGetPodsMetric", "pods metric value", name, "custom");
      }
      case "Object": {
        const { name } = metric.object!.metric;
        throw this.#noApi("FailedGetObjectMetric", "object metric value", name, "custom");
      }
      default: {
        const { name } = metric.external!.metric;
        const { namespace = "" } = this.#autoscaler.metadata;
        const why = `unable to get external metric ${namespace}/${name}/nil: unable to fetch metrics from external metrics API: the server could not find the requested resource (get ${name}.external.metrics.k8s.io)`;
        throw new MetricError(
          "FailedGetExternalMetric",
          why,
          `failed to get ${name} external metric value: failed to get ${name} external metric: ${why}`,
        );
      }
    }
  }

  /** Nobody serves these metrics here, as in a cluster without an adapter for them. */
  #noApi(reason: string, what: string, metric: string, api: string): MetricError {
    const why = `unable to get metric ${metric}: unable to fetch metrics from ${api} metrics API: no known available metric versions found`;
    return new MetricError(reason, why, `failed to get ${what}: ${why}`);
  }

  #measureResource(metric: MetricSpec, target: Target, selector: Selector): Measured {
    const { name, target: wanted } = (metric.resource ?? metric.containerResource)!;
    const container = metric.containerResource?.container;
    const { namespace = "" } = this.#autoscaler.metadata;
    const byShare = wanted.averageValue === undefined;
    let proposal: Proposal;
    try {
      const asked = { namespace, selector, resource: name, ...(container !== undefined && { container }) };
      let metrics: ReturnType<typeof resourceMetrics>;
      try {
        metrics = resourceMetrics(this.#context.api, USER, asked);
      } catch (error) {
        if (!(error instanceof NoMetrics)) throw error;
        throw new NoMetrics(`unable to get metrics for resource ${name}: ${error.message}`);
      }
      const measured = {
        pods: this.#client.selected(pods, namespace, selector),
        metrics,
        resource: name,
        current: target.replicas,
        now: this.#context.kernel.now,
      };
      proposal = byShare
        ? byUtilization(measured, wanted.averageUtilization!, container)
        : byValue(measured, Number(quantityNanos(wanted.averageValue) / 1_000_000n));
    } catch (error) {
      if (!(error instanceof NoMetrics)) throw error;
      const why = `failed to get ${name} ${byShare ? "utilization" : "usage"}: ${error.message}`;
      const [reason, what] =
        container === undefined
          ? ["FailedGetResourceMetric", `${name} resource metric value`]
          : ["FailedGetContainerResourceMetric", `${container} container metric value`];
      throw new MetricError(reason, why, `failed to get ${what}: ${why}`);
    }
    const current = {
      averageValue: formatQuantity({ nanos: BigInt(proposal.average) * 1_000_000n, format: "DecimalSI" }),
      ...(proposal.utilization !== undefined && { averageUtilization: proposal.utilization }),
    };
    const kind = container === undefined ? "resource" : "container resource";
    return {
      replicas: proposal.replicas,
      name: byShare ? `${name} ${kind} utilization (percentage of request)` : `${name} resource`,
      status:
        container === undefined
          ? { type: "Resource", resource: { name, current } }
          : { type: "ContainerResource", containerResource: { name, container, current } },
    };
  }

  // What it says

  #setStatus(current: number, desired: number, metrics: readonly MetricStatus[] | null, rescaled: boolean): void {
    const { lastScaleTime } = this.#autoscaler.status;
    this.#write({
      lastScaleTime: rescaled ? this.#now : lastScaleTime!,
      currentReplicas: current || undefined!,
      desiredReplicas: desired,
      currentMetrics: metrics,
    });
  }

  #write(status: HorizontalPodAutoscaler["status"]): void {
    const next = { ...status, conditions: this.#conditions };
    if (sameJson(next, this.#autoscaler.status)) return;
    this.busy = true;
    this.#client.updateStatus(horizontalPodAutoscalers, { ...this.#autoscaler, status: next });
  }

  #condition(type: string, status: string, reason: string, message: string): void {
    this.#conditions = withCondition(this.#conditions, { type, status, reason, message }, this.#now);
  }

  #event(type: "Normal" | "Warning", reason: string, message: string): void {
    this.#recorder.event(referenceTo(horizontalPodAutoscalers, this.#autoscaler), type, reason, message);
  }
}

const USER = {
  name: "system:serviceaccount:kube-system:horizontal-pod-autoscaler",
  groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"],
};
