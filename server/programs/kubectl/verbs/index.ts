import type { Command, Entry } from "../cobra/command.ts";
import { helpText, globalOptionsText } from "../cobra/help.ts";
import { GLOBAL_FLAGS } from "../clientcmd/global-flags.ts";

const BEGINNER = "Basic Commands (Beginner):";
const INTERMEDIATE = "Basic Commands (Intermediate):";
const DEPLOY = "Deploy Commands:";
const CLUSTER = "Cluster Management Commands:";
const TROUBLE = "Troubleshooting and Debugging Commands:";
const ADVANCED = "Advanced Commands:";
const SETTINGS = "Settings Commands:";
const OTHER = "Other Commands:";

const entry = (section: string, name: string, summary: string, load: Entry["load"]): Entry => ({
  name,
  summary,
  section,
  load,
});

/** All commands, in the order of kubectl's own help; their code is loaded when they are used. */
// prettier-ignore
const ENTRIES: readonly Entry[] = [
  entry(BEGINNER, "create", "Create a resource from a file or from stdin", async () => (await import("./create/create.ts")).create),
  entry(BEGINNER, "expose", "Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service", async () => (await import("./expose.ts")).expose),
  entry(BEGINNER, "run", "Run a particular image on the cluster", async () => (await import("./run/run.ts")).run),
  entry(BEGINNER, "set", "Set specific features on objects", async () => (await import("./set/set.ts")).set),
  entry(INTERMEDIATE, "explain", "Get documentation for a resource", async () => (await import("./explain/explain.ts")).explain),
  entry(INTERMEDIATE, "get", "Display one or many resources", async () => (await import("./get/get.ts")).get),
  entry(INTERMEDIATE, "edit", "Edit a resource on the server", async () => (await import("./edit/edit.ts")).edit),
  entry(INTERMEDIATE, "delete", "Delete resources by file names, stdin, resources and names, or by resources and label selector", async () => (await import("./delete/delete.ts")).deleteCommand),
  entry(DEPLOY, "rollout", "Manage the rollout of a resource", async () => (await import("./rollout/rollout.ts")).rollout),
  entry(DEPLOY, "scale", "Set a new size for a deployment, replica set, or replication controller", async () => (await import("./scale.ts")).scale),
  entry(DEPLOY, "autoscale", "Auto-scale a deployment, replica set, stateful set, or replication controller", async () => (await import("./autoscale.ts")).autoscale),
  entry(CLUSTER, "certificate", "Modify certificate resources", async () => (await import("./certificate.ts")).certificate),
  entry(CLUSTER, "cluster-info", "Display cluster information", async () => (await import("./cluster-info.ts")).clusterInfo),
  entry(CLUSTER, "top", "Display resource (CPU/memory) usage", async () => (await import("./top/top.ts")).top),
  entry(CLUSTER, "cordon", "Mark node as unschedulable", async () => (await import("./drain/cordon.ts")).cordon),
  entry(CLUSTER, "uncordon", "Mark node as schedulable", async () => (await import("./drain/cordon.ts")).uncordon),
  entry(CLUSTER, "drain", "Drain node in preparation for maintenance", async () => (await import("./drain/drain.ts")).drain),
  entry(CLUSTER, "taint", "Update the taints on one or more nodes", async () => (await import("./taint/taint.ts")).taint),
  entry(TROUBLE, "describe", "Show details of a specific resource or group of resources", async () => (await import("./describe.ts")).describe),
  entry(TROUBLE, "logs", "Print the logs for a container in a pod", async () => (await import("./logs/logs.ts")).logs),
  entry(TROUBLE, "attach", "Attach to a running container", async () => (await import("./attach.ts")).attach),
  entry(TROUBLE, "exec", "Execute a command in a container", async () => (await import("./exec.ts")).exec),
  entry(TROUBLE, "port-forward", "Forward one or more local ports to a pod", async () => (await import("./port-forward/port-forward.ts")).portForward),
  entry(TROUBLE, "proxy", "Run a proxy to the Kubernetes API server", async () => (await import("./proxy/proxy.ts")).proxy),
  entry(TROUBLE, "cp", "Copy files and directories to and from containers", async () => (await import("./cp/cp.ts")).cp),
  entry(TROUBLE, "auth", "Inspect authorization", async () => (await import("./auth/auth.ts")).auth),
  entry(TROUBLE, "debug", "Create debugging sessions for troubleshooting workloads and nodes", async () => (await import("./debug/debug.ts")).debug),
  entry(TROUBLE, "events", "List events", async () => (await import("./events.ts")).events),
  entry(ADVANCED, "diff", "Diff the live version against a would-be applied version", async () => (await import("./diff/diff.ts")).diff),
  entry(ADVANCED, "apply", "Apply a configuration to a resource by file name or stdin", async () => (await import("./apply/apply.ts")).apply),
  entry(ADVANCED, "patch", "Update fields of a resource", async () => (await import("./patch.ts")).patch),
  entry(ADVANCED, "replace", "Replace a resource by file name or stdin", async () => (await import("./replace.ts")).replace),
  entry(ADVANCED, "wait", "Experimental: Wait for a specific condition on one or many resources", async () => (await import("./wait/wait.ts")).wait),
  entry(ADVANCED, "kustomize", "Build a kustomization target from a directory or URL", async () => (await import("./kustomize.ts")).kustomize),
  entry(SETTINGS, "label", "Update the labels on a resource", async () => (await import("./label/label.ts")).label),
  entry(SETTINGS, "annotate", "Update the annotations on a resource", async () => (await import("./label/annotate.ts")).annotate),
  entry(SETTINGS, "completion", "Output shell completion code for the specified shell (bash, zsh, fish, or powershell)", async () => (await import("./completion.ts")).completion),
  entry(OTHER, "api-resources", "Print the supported API resources on the server", async () => (await import("./api-resources.ts")).apiResources),
  entry(OTHER, "api-versions", "Print the supported API versions on the server, in the form of \"group/version\"", async () => (await import("./api-versions.ts")).apiVersions),
  entry(OTHER, "config", "Modify kubeconfig files", async () => (await import("./config/config.ts")).config),
  entry(OTHER, "plugin", "Provides utilities for interacting with plugins", async () => (await import("./plugin/plugin.ts")).plugin),
  entry(OTHER, "version", "Print the client and server version information", async () => (await import("./version.ts")).version),
  {
    name: "help",
    summary: "Help about any command",
    hidden: true,
    load: async () => (await import("./help.ts")).help,
  },
  {
    name: "alpha",
    summary: "Commands for features in alpha",
    hidden: true,
    unavailable: true,
    load: () => Promise.resolve(ALPHA),
  },
  {
    name: "options",
    summary: "Print the list of flags inherited by all commands",
    hidden: true,
    load: () => Promise.resolve(OPTIONS),
  },
];

/** There are no alpha commands in 1.33 (kubectl pkg/cmd/alpha.go). */
const ALPHA: Command = {
  use: "alpha",
  summary: "Commands for features in alpha",
  help: "No alpha commands are available in this version of kubectl\n",
  flags: {},
  complete: () => ({}),
  run: async (_, { factory }) => factory.printHelp(true),
};

const OPTIONS: Command = {
  use: "options",
  summary: "Print the list of flags inherited by all commands",
  help: "",
  flags: {},
  complete: () => ({}),
  run: async (_, { process }) => process.print(globalOptionsText(GLOBAL_FLAGS)),
};

/** `kubectl` itself. */
export const ROOT: Command = {
  use: "[flags]",
  summary: "kubectl controls the Kubernetes cluster manager.",
  about:
    "kubectl controls the Kubernetes cluster manager.\n\n Find more information at: https://kubernetes.io/docs/reference/kubectl/",
  flags: {},
  subcommands: ENTRIES,
  complete: () => ({}),
  async run(_, { process }) {
    await process.print(helpText(ROOT, "kubectl"));
  },
};
