import type { Node } from "../../../../sim/kube/api/index.ts";
import { command, usageError, type Invocation } from "../../cobra/command.ts";
import { bool } from "../../cobra/flag.ts";
import { GoError } from "../../errors/go-error.ts";
import { goSort } from "../../output/golang/sort.ts";
import { TABLE, TabWriter, type Failure } from "../../output/index.ts";
import {
  cell, checkMetricsApi, fetched, metricsMapping, milliValue, RESOURCES, selectorQuery, TOP_FLAGS, usageOf, usesMore,
} from "./metrics.ts"; // prettier-ignore

const FLAGS = {
  ...TOP_FLAGS,
  "show-capacity": bool("Compare with what nodes have rather than with what they give to pods."),
} as const;

const NODES = { group: "", version: "v1", resource: "nodes", kind: "Node", namespaced: false };

interface NodeMetrics {
  readonly metadata: { readonly name: string };
  readonly usage: Readonly<Record<string, string>>;
}

/** kubectl pkg/cmd/top/top_node.go */
export const topNode = command({
  use: "top node [NAME | -l label]",
  summary: "Display resource (CPU/memory) usage of nodes",
  about: "Display how much CPU and memory nodes use, as the Metrics API knows it.",
  aliases: ["nodes", "no"],
  examples: `# All nodes
kubectl top node

# The busiest first
kubectl top node --sort-by=cpu`,
  flags: FLAGS,
  arguments: { kind: "names", type: "node" },
  complete: (invocation) =>
    invocation.args.length > 1 ? usageError(invocation, "node [NAME | -l label]") : { name: invocation.args[0] ?? "" },
  validate({ name }, { flags }): Failure | undefined {
    if (!["", "cpu", "memory"].includes(flags["sort-by"])) return { error: "--sort-by accepts only cpu or memory" };
    if (name !== "" && flags.selector !== "") return { error: "only one of NAME or --selector can be provided" };
    return undefined;
  },
  run,
});

async function run(
  { name }: { readonly name: string },
  { flags, factory, process }: Invocation<typeof FLAGS>,
): Promise<void> {
  const query = selectorQuery(flags.selector);
  await checkMetricsApi(factory);
  const found = await fetched(factory, metricsMapping("nodes"), "", name, query);
  if (found.length === 0) throw new GoError("metrics not available yet");
  const nodes = (await fetched(factory, NODES, "", name, query)) as unknown as readonly Node[];
  const available = new Map(
    nodes.map(({ metadata, status }) => [metadata.name, flags["show-capacity"] ? status.capacity : status.allocatable]),
  );
  const rows = (found as unknown as readonly NodeMetrics[]).map(({ metadata, usage }) => ({
    name: metadata.name,
    usage: usageOf(usage),
  }));
  goSort(rows, (left, right) => usesMore(flags["sort-by"], left.usage, right.usage) ?? left.name < right.name);
  const writer = new TabWriter(TABLE);
  if (!flags["no-headers"]) writer.write("NAME\tCPU(cores)\tCPU(%)\tMEMORY(bytes)\tMEMORY(%)\t\n");
  for (const row of rows) {
    const all = available.get(row.name);
    const cells = RESOURCES.map((resource) => {
      const amount = all?.[resource];
      const used = cell(resource, row.usage[resource]);
      if (amount === undefined) return `${used}\t`;
      const whole = Number(milliValue(usageOf({ [resource]: amount })[resource]));
      const share = whole === 0 ? 0 : Math.trunc((Number(milliValue(row.usage[resource])) / whole) * 100);
      return `${used}\t${share}%\t`;
    });
    writer.write(`${row.name}\t${cells.join("")}\n`);
    available.delete(row.name);
  }
  // Nodes of which nothing was measured.
  for (const missing of available.keys()) writer.write(`${missing}\t${"<unknown>\t".repeat(4)}\n`);
  await process.print(writer.take());
}
