import { group, type Entry } from "../../cobra/command.ts";

const absent = (name: string, summary: string): Entry => ({
  name,
  summary,
  load: async () => (await import("../not-simulated.ts")).notSimulated(`auth ${name}`, summary),
});

export const auth = group({
  helpOnError: true,
  use: "auth [flags]",
  summary: "Inspect authorization",
  about: "Inspect authorization.",
  subcommands: [
    {
      name: "can-i",
      summary: "Check whether an action is allowed",
      load: async () => (await import("./can-i.ts")).canI,
    },
    absent("reconcile", "Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects"),
    {
      name: "whoami",
      summary: "Experimental: Check self subject attributes",
      load: async () => (await import("./whoami.ts")).whoami,
    },
  ],
});
