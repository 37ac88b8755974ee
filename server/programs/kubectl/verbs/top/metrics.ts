import { parseLabelSelector, quantityNanos, type JsonObject, type Query } from "../../../../sim/kube/api/index.ts";
import type { Mapping } from "../../client/api-resource.ts";
import type { Factory } from "../../client/factory.ts";
import { bool, text } from "../../cobra/flag.ts";
import { GoError } from "../../errors/go-error.ts";

/** The flags of both commands. */
export const TOP_FLAGS = {
  "no-headers": bool("Print no headers."),
  selector: text("Only objects with these labels.", { shorthand: "l" }),
  "sort-by": text("Sort by cpu or by memory."),
  // In which form the answer crosses the network shows nowhere.
  "use-protocol-buffers": bool("Ask for protocol buffers.", { initial: true }),
} as const;

export const RESOURCES = ["cpu", "memory"] as const;

/** What something uses of each, in billionths of a core or byte. */
export type Usage = Readonly<Record<(typeof RESOURCES)[number], bigint>>;

const NANO = 1_000_000_000n;
const MILLI = 1_000_000n;
const MEBI = 1_048_576n;

export function usageOf(amounts: Readonly<Record<string, string>> = {}): Usage {
  return { cpu: quantityNanos(amounts["cpu"]), memory: quantityNanos(amounts["memory"]) };
}

export function sum(usages: readonly Usage[]): Usage {
  return usages.reduce((total, one) => ({ cpu: total.cpu + one.cpu, memory: total.memory + one.memory }), usageOf());
}

/** Quantity.MilliValue and Value round up. */
export function milliValue(nanos: bigint): bigint {
  return (nanos + MILLI - 1n) / MILLI;
}

export function wholeValue(nanos: bigint): bigint {
  return (nanos + NANO - 1n) / NANO;
}

/** `12m`, `34Mi`: as a cell (kubectl pkg/metricsutil printSingleResourceUsage). */
export function cell(resource: (typeof RESOURCES)[number], nanos: bigint): string {
  return resource === "cpu" ? `${milliValue(nanos)}m` : `${wholeValue(nanos) / MEBI}Mi`;
}

/** Whether the left one uses more of what is sorted by; undefined if it is sorted by names. */
export function usesMore(sortBy: string, left: Usage, right: Usage): boolean | undefined {
  if (sortBy === "cpu") return milliValue(left.cpu) > milliValue(right.cpu);
  if (sortBy === "memory") return wholeValue(left.memory) > wholeValue(right.memory);
  return undefined;
}

/** Throws that there is no Metrics API, if so; the server is asked every time. */
export async function checkMetricsApi(factory: Factory): Promise<void> {
  const { discovery } = await factory.mapper();
  if (!(await discovery.hasGroup("metrics.k8s.io"))) throw new GoError("Metrics API not available");
}

export function metricsMapping(resource: "nodes" | "pods"): Mapping {
  const kind = resource === "nodes" ? "NodeMetrics" : "PodMetrics";
  return { group: "metrics.k8s.io", version: "v1beta1", resource, kind, namespaced: resource === "pods" };
}

/** One thing by name, or a list of them. */
export async function fetched(
  factory: Factory,
  mapping: Mapping,
  namespace: string,
  name: string,
  query: Query,
): Promise<readonly JsonObject[]> {
  const helper = await factory.helper();
  if (name !== "") return [await helper.get({ mapping, namespace, name })];
  const { items = [] } = await helper.list({ mapping, namespace }, query);
  return items as JsonObject[];
}

/** A label selector as a query has it; throws why it is none. */
export function selectorQuery(selector: string): Query {
  if (selector === "") return {};
  const parsed = parseLabelSelector(selector);
  if (typeof parsed === "object" && "error" in parsed) throw new GoError(parsed.error);
  return { labelSelector: [selector] };
}
