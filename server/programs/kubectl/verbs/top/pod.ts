import { parseRfc3339, MINUTE } from "../../../../sim/kernel/index.ts";
import { goDuration, type Pod, type Query } from "../../../../sim/kube/api/index.ts";
import type { Factory } from "../../client/factory.ts";
import { command, usageError, type Invocation } from "../../cobra/command.ts";
import { bool, text, type ValuesOf } from "../../cobra/flag.ts";
import { GoError } from "../../errors/go-error.ts";
import { goSort } from "../../output/golang/sort.ts";
import { TABLE, TabWriter, type Failure } from "../../output/index.ts";
import {
  cell, checkMetricsApi, fetched, metricsMapping, RESOURCES, selectorQuery, sum, TOP_FLAGS, usageOf, usesMore, type Usage,
} from "./metrics.ts"; // prettier-ignore

const FLAGS = {
  ...TOP_FLAGS,
  "all-namespaces": bool("Look in all namespaces; --namespace does not count then.", { shorthand: "A" }),
  containers: bool("Print each container of a pod."),
  "field-selector": text("Only objects with these fields."),
  sum: bool("Print the sum."),
} as const;

const PODS = { group: "", version: "v1", resource: "pods", kind: "Pod", namespaced: true };
/** So long a pod may have no metrics yet. */
const PATIENCE = 2 * MINUTE;

interface PodMetrics {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly containers: readonly { readonly name: string; readonly usage: Readonly<Record<string, string>> }[];
}

/** kubectl pkg/cmd/top/top_pod.go */
export const topPod = command({
  use: "top pod [NAME | -l label]",
  summary: "Display resource (CPU/memory) usage of pods",
  about: "Display how much CPU and memory pods use, as the Metrics API knows it.",
  aliases: ["pods", "po"],
  examples: `# Of all namespaces, the hungriest first
kubectl top pod -A --sort-by=memory

# Each container of a pod
kubectl top pod web --containers`,
  flags: FLAGS,
  arguments: { kind: "names", type: "pod" },
  complete: (invocation) =>
    invocation.args.length > 1
      ? usageError(invocation, "pod [NAME | -l label]")
      : { name: invocation.args[0] ?? "", namespace: invocation.factory.config.namespace().name },
  validate({ name }, { flags }): Failure | undefined {
    if (!["", "cpu", "memory"].includes(flags["sort-by"])) return { error: "--sort-by accepts only cpu or memory" };
    if (name !== "" && (flags.selector !== "" || flags["field-selector"] !== ""))
      return { error: "only one of NAME or selector can be provided" };
    return undefined;
  },
  run,
});

async function run(
  { name, namespace }: { readonly name: string; readonly namespace: string },
  { flags, factory, process }: Invocation<typeof FLAGS>,
): Promise<void> {
  const fields = flags["field-selector"];
  const query: Query = { ...(fields === "" ? {} : { fieldSelector: [fields] }), ...selectorQuery(flags.selector) };
  await checkMetricsApi(factory);
  const where = flags["all-namespaces"] ? "" : namespace;
  const found = await fetched(factory, metricsMapping("pods"), where, name, query);
  if (found.length === 0) {
    await checkAges(factory, namespace, query);
    const place = flags["all-namespaces"] ? "" : ` in ${namespace} namespace.`;
    return process.error(`No resources found${place}\n`);
  }
  await process.print(table(found as unknown as readonly PodMetrics[], flags));
}

/** Nothing was measured: pods that are there should have been, unless they are new. */
async function checkAges(factory: Factory, namespace: string, query: Query): Promise<void> {
  const pods = (await fetched(factory, PODS, namespace, "", query)) as unknown as readonly Pod[];
  if (pods.length === 0) return;
  for (const { metadata } of pods) {
    const age = factory.process.now - (parseRfc3339(metadata.creationTimestamp) ?? 0);
    if (age > PATIENCE)
      throw new GoError(
        `Metrics not available for pod ${metadata.namespace ?? ""}/${metadata.name}, age: ${goDuration(age)}`,
      );
  }
  throw new GoError("metrics not available yet");
}

/** kubectl pkg/metricsutil/metrics_printer.go PrintPodMetrics */
function table(found: readonly PodMetrics[], flags: ValuesOf<typeof FLAGS>): string {
  const { containers: printsContainers, "all-namespaces": withNamespace, "sort-by": sortBy } = flags;
  const pods = found.map(({ metadata, containers }) => {
    const parts = containers.map((one) => ({ name: one.name, usage: usageOf(one.usage) }));
    return { ...metadata, parts, usage: sum(parts.map(({ usage }) => usage)) };
  });
  const writer = new TabWriter(TABLE);
  const extra = [...(withNamespace ? ["NAMESPACE"] : []), ...(printsContainers ? ["POD"] : [])];
  const line = (names: readonly string[], usage: Usage): void =>
    writer.write(
      `${names.map((one) => `${one}\t`).join("")}${RESOURCES.map((one) => `${cell(one, usage[one])}\t`).join("")}\n`,
    );
  if (!flags["no-headers"])
    writer.write(`${[...extra, "NAME", "CPU(cores)", "MEMORY(bytes)"].map((one) => `${one}\t`).join("")}\n`);
  goSort(pods, (left, right) => {
    const more = usesMore(sortBy, left.usage, right.usage);
    if (more !== undefined) return more;
    if (withNamespace && left.namespace !== right.namespace) return left.namespace < right.namespace;
    return left.name < right.name;
  });
  for (const pod of pods) {
    const names = [...(withNamespace ? [pod.namespace] : []), pod.name];
    if (!printsContainers) {
      line(names, pod.usage);
      continue;
    }
    goSort(pod.parts, (left, right) => usesMore(sortBy, left.usage, right.usage) ?? left.name < right.name);
    for (const part of pod.parts) line([...names, part.name], part.usage);
  }
  if (flags.sum) {
    // Without headers the columns before are not counted, as it is in the real one.
    const before = "\t".repeat(flags["no-headers"] ? 0 : extra.length);
    writer.write(`${before}\t________\t________\t\n`);
    writer.write(
      `${before}\t${RESOURCES.map((one) => `${cell(one, sum(pods.map(({ usage }) => usage))[one])}\t`).join("")}\n`,
    );
  }
  return writer.take();
}
