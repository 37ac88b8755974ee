import { command, group, type Command } from "../../cobra/command.ts";
import { bool, text, type Flags } from "../../cobra/flag.ts";
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

function topCommand(what: "node" | "pod", aliases: readonly string[], summary: string, flags: Flags): Command {
  return command({
    use: `top ${what} [NAME | -l label]`,
    summary,
    about: `${summary}, as the Metrics API knows it.`,
    aliases,
    examples: `# All\nkubectl top ${what}`,
    flags,
    arguments: { kind: "names", type: what },
    complete: () => ({}),
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
