import { parseFieldSelector, parseLabelSelector } from "../../../../sim/kube/api/index.ts";
import { command, group, usageError, type Command, type Invocation } from "../../cobra/command.ts";
import { bool, text, type Flags, type ValuesOf } from "../../cobra/flag.ts";
import type { Failure } from "../../output/index.ts";
import { GoError, NotSimulated } from "../../errors/go-error.ts";

const COMMON = {
  "no-headers": bool("Print no headers."),
  selector: text("Only objects with these labels.", { shorthand: "l" }),
  "sort-by": text("Sort by cpu or by memory."),
  "use-protocol-buffers": bool("Ask for protocol buffers.", { initial: true }),
} as const;

const PODS = {
  ...COMMON,
  "all-namespaces": bool("Look in all namespaces; --namespace does not count then.", { shorthand: "A" }),
  containers: bool("Print each container of a pod."),
  "field-selector": text("Only objects with these fields."),
  sum: bool("Print the sum."),
} as const;

const NODES = {
  ...COMMON,
  "show-capacity": bool("Compare with what nodes have rather than with what they give to pods."),
} as const;

/** What both ask before they look for metrics (kubectl pkg/cmd/top/top_node.go, top_pod.go). */
function completeFor(what: "node" | "pod") {
  return ({ args: [name = "", ...more], flags, path }: Invocation<Flags>): Record<string, never> | Failure => {
    const given = flags as Partial<ValuesOf<typeof PODS>>;
    const labels = given.selector ?? "";
    const fields = given["field-selector"] ?? "";
    if (more.length > 0) return usageError({ path }, `${what} [NAME | -l label]`);
    const parsed = [parseLabelSelector(labels), parseFieldSelector(fields)];
    for (const selector of parsed) if (typeof selector === "object" && "error" in selector) return selector;
    if (!["", "cpu", "memory"].includes(given["sort-by"] ?? ""))
      return { error: "--sort-by accepts only cpu or memory" };
    if (name !== "" && (labels !== "" || fields !== ""))
      return { error: `only one of NAME or ${what === "node" ? "--selector" : "selector"} can be provided` };
    return {};
  };
}

function topCommand(what: "node" | "pod", aliases: readonly string[], summary: string, flags: Flags): Command {
  return command({
    use: `top ${what} [NAME | -l label]`,
    summary,
    about: `${summary}, as the Metrics API knows it.`,
    aliases,
    examples: `# All\nkubectl top ${what}`,
    flags,
    arguments: { kind: "names", type: what },
    complete: completeFor(what),
    async run(_, { factory }) {
      const { discovery } = await factory.mapper();
      const all = await discovery.resources();
      if (!all.some((resource) => resource.group === "metrics.k8s.io")) throw new GoError("Metrics API not available");
      throw new NotSimulated(`'top ${what}'`);
    },
  });
}

/** Without a metrics server there is no Metrics API (kubectl pkg/cmd/top). */
export const top = group({
  helpOnError: true,
  use: "top [flags]",
  summary: "Display resource (CPU/memory) usage",
  about: "Display how much CPU and memory nodes and pods use. It needs a metrics server in the cluster.",
  subcommands: [
    {
      name: "node",
      aliases: ["nodes", "no"],
      summary: "Display resource (CPU/memory) usage of nodes",
      load: () =>
        Promise.resolve(topCommand("node", ["nodes", "no"], "Display resource (CPU/memory) usage of nodes", NODES)),
    },
    {
      name: "pod",
      aliases: ["pods", "po"],
      summary: "Display resource (CPU/memory) usage of pods",
      load: () =>
        Promise.resolve(topCommand("pod", ["pods", "po"], "Display resource (CPU/memory) usage of pods", PODS)),
    },
  ],
});
