import { group, type Entry } from "../../cobra/command.ts";

const entry = (name: string, summary: string, load: Entry["load"]): Entry => ({ name, summary, load });

export const rollout = group({
  use: "rollout SUBCOMMAND",
  summary: "Manage the rollout of a resource",
  about: "Manage the rollout of one or many resources: deployments, daemon sets and stateful sets.",
  examples: `# Back to the version before
kubectl rollout undo deployment/web

# How far is it?
kubectl rollout status daemonset/agent

# New pods of the same version
kubectl rollout restart deployment/web`,
  subcommands: [
    entry("history", "View rollout history", async () => (await import("./history.ts")).history),
    entry("pause", "Mark the provided resource as paused", async () => (await import("./change.ts")).pause),
    entry("restart", "Restart a resource", async () => (await import("./change.ts")).restart),
    entry("resume", "Resume a paused resource", async () => (await import("./change.ts")).resume),
    entry("status", "Show the status of the rollout", async () => (await import("./status.ts")).status),
    entry("undo", "Undo a previous rollout", async () => (await import("./undo.ts")).undo),
  ],
});
