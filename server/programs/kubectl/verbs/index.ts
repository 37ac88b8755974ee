import type { Command, Entry } from "../cobra/command.ts";

const BEGINNER = "Basic Commands (Beginner):";
const INTERMEDIATE = "Basic Commands (Intermediate):";

/** All commands, in the order of kubectl's own help; their code is loaded when they are used. */
const ENTRIES: readonly Entry[] = [
  {
    name: "get",
    summary: "Display one or many resources",
    section: INTERMEDIATE,
    load: async () => (await import("./get/get.ts")).get,
  },
];
void BEGINNER;

/** `kubectl` itself. */
export const ROOT: Command = {
  use: "[flags]",
  summary: "kubectl controls the Kubernetes cluster manager.",
  about:
    "kubectl controls the Kubernetes cluster manager.\n\n Find more information at: https://kubernetes.io/docs/reference/kubectl/",
  flags: {},
  subcommands: ENTRIES,
  complete: () => ({}),
  async run(_, { factory }) {
    await factory.printHelp();
  },
};
