import { MINUTE, parseRfc3339, SECOND, type Time } from "../../../kernel/index.ts";
import { quantityNanos, type Pod } from "../../api/index.ts";
import { isSidecar } from "../../kinds/index.ts";
import { podCondition } from "../pod-state.ts";
import { NoMetrics, type PodMetric } from "./metrics.ts";

/** How far a value may be from its target before something is done (--horizontal-pod-autoscaler-tolerance). */
const TOLERANCE = 0.1;
/** --horizontal-pod-autoscaler-cpu-initialization-period and -initial-readiness-delay */
const CPU_INITIALIZATION = 5 * MINUTE;
const INITIAL_READINESS = 30 * SECOND;

export interface Proposal {
  readonly replicas: number;
  /** The mean of the Pods, in thousandths. */
  readonly average: number;
  /** Per cent of what they ask for. */
  readonly utilization?: number;
}

export interface Measured {
  readonly pods: readonly Pod[];
  readonly metrics: ReadonlyMap<string, PodMetric>;
  readonly resource: string;
  readonly current: number;
  readonly now: Time;
}

/** The number of Pods at which each would use so much of what it asks for (GetResourceReplicas). Throws NoMetrics. */
export function byUtilization(measured: Measured, target: number, container: string | undefined): Proposal {
  const groups = grouped(measured);
  const requests = podRequests(measured.pods, container, measured.resource);
  const ratioOf = (values: ReadonlyMap<string, number>): { ratio: number; percent: number; average: number } => {
    let used = 0;
    let asked = 0;
    let count = 0;
    for (const [name, value] of values) {
      const request = requests.get(name);
      if (request === undefined) continue;
      used += value;
      asked += request;
      count++;
    }
    if (asked === 0) throw new NoMetrics("no metrics returned matched known pods");
    const percent = Math.trunc((used * 100) / asked);
    return { ratio: percent / target, percent, average: Math.trunc(used / count) };
  };
  const { ratio, percent, average } = ratioOf(groups.values);
  const missing = (name: string): number => Math.trunc((requests.get(name)! * Math.max(100, target)) / 100);
  const replicas = proposed(measured, groups, ratio, missing, (values) => ratioOf(values).ratio);
  return { replicas, average, utilization: percent };
}

/** The number of Pods at which each would use so much (GetRawResourceReplicas). Throws NoMetrics. */
export function byValue(measured: Measured, targetMilli: number): Proposal {
  const groups = grouped(measured);
  const averageOf = (values: ReadonlyMap<string, number>): number =>
    Math.trunc([...values.values()].reduce((sum, value) => sum + value, 0) / values.size);
  const average = averageOf(groups.values);
  const ratioOf = (values: ReadonlyMap<string, number>): number => averageOf(values) / targetMilli;
  return { replicas: proposed(measured, groups, ratioOf(groups.values), () => targetMilli, ratioOf), average };
}

interface Groups {
  readonly values: ReadonlyMap<string, number>;
  readonly ready: number;
  readonly unready: readonly string[];
  readonly missing: readonly string[];
}

/** Pods whose values count, and those without one or with one that means nothing yet (groupPods). */
function grouped({ pods, metrics, resource, now }: Measured): Groups {
  if (pods.length === 0) throw new NoMetrics("no pods returned by selector while calculating replica count");
  const values = new Map([...metrics].map(([name, { milli }]) => [name, milli]));
  const unready: string[] = [];
  const missing: string[] = [];
  let ready = 0;
  for (const pod of pods) {
    const { name, deletionTimestamp } = pod.metadata;
    const metric = metrics.get(name);
    if (deletionTimestamp !== undefined || pod.status.phase === "Failed") values.delete(name);
    else if (pod.status.phase === "Pending") {
      unready.push(name);
      values.delete(name);
    } else if (!metric) missing.push(name);
    else if (resource === "cpu" && isUnready(pod, metric, now)) {
      unready.push(name);
      values.delete(name);
    } else ready++;
  }
  if (values.size === 0) throw new NoMetrics("did not receive metrics for targeted pods (pods might be unready)");
  return { values, ready, unready, missing };
}

function isUnready(pod: Pod, metric: PodMetric, now: Time): boolean {
  const condition = podCondition(pod, "Ready");
  const start = pod.status.startTime ? parseRfc3339(pod.status.startTime) : undefined;
  if (!condition || start === undefined) return true;
  const since = (condition.lastTransitionTime ? parseRfc3339(condition.lastTransitionTime) : undefined) ?? start;
  if (start + CPU_INITIALIZATION > now) return condition.status === "False" || metric.at < since + metric.window;
  return condition.status === "False" && start + INITIAL_READINESS > since;
}

function proposed(
  { current }: Measured,
  { values, ready, unready, missing }: Groups,
  ratio: number,
  full: (name: string) => number,
  ratioOf: (values: ReadonlyMap<string, number>) => number,
): number {
  const upWithUnready = unready.length > 0 && ratio > 1;
  if (!upWithUnready && missing.length === 0)
    return Math.abs(1 - ratio) <= TOLERANCE ? current : Math.ceil(ratio * ready);
  const assumed = new Map(values);
  if (ratio < 1) for (const name of missing) assumed.set(name, full(name));
  else if (ratio > 1) for (const name of missing) assumed.set(name, 0);
  if (upWithUnready) for (const name of unready) assumed.set(name, 0);
  const next = ratioOf(assumed);
  if (Math.abs(1 - next) <= TOLERANCE || (ratio < 1 && next > 1) || (ratio > 1 && next < 1)) return current;
  const replicas = Math.ceil(next * assumed.size);
  return (next < 1 && replicas > current) || (next > 1 && replicas < current) ? current : replicas;
}

function podRequests(pods: readonly Pod[], container: string | undefined, resource: string): Map<string, number> {
  const requests = new Map<string, number>();
  for (const { metadata, spec } of pods) {
    let sum = 0;
    for (const one of [...spec.containers, ...(spec.initContainers ?? []).filter(isSidecar)]) {
      if (container !== undefined && container !== one.name) continue;
      const request = one.resources.requests?.[resource];
      if (request === undefined)
        throw new NoMetrics(`missing request for ${resource} in container ${one.name} of Pod ${metadata.name}`);
      sum += Number(quantityNanos(request) / 1_000_000n);
    }
    requests.set(metadata.name, sum);
  }
  return requests;
}
