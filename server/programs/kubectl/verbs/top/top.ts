import { group } from "../../cobra/command.ts";

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
      load: async () => (await import("./node.ts")).topNode,
    },
    {
      name: "pod",
      aliases: ["pods", "po"],
      summary: "Display resource (CPU/memory) usage of pods",
      load: async () => (await import("./pod.ts")).topPod,
    },
  ],
});
