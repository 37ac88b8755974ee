import { group, type Entry } from "../../cobra/command.ts";

const entry = (name: string, summary: string, load: Entry["load"], aliases?: readonly string[]): Entry => ({
  name,
  summary,
  load,
  ...(aliases ? { aliases } : {}),
});

export const config = group({
  helpOnError: true,
  use: "config SUBCOMMAND",
  summary: "Modify kubeconfig files",
  about: `Modify kubeconfig files using subcommands like "kubectl config set current-context my-context".

 The file is the one of --kubeconfig; else those that $KUBECONFIG lists, merged, where a change goes to the file that has the entry; else ~/.kube/config.`,
  subcommands: [
    entry("current-context", "Display the current-context", async () => (await import("./show.ts")).currentContext),
    entry(
      "delete-cluster",
      "Delete the specified cluster from the kubeconfig",
      async () => (await import("./delete.ts")).deleteCluster,
    ),
    entry(
      "delete-context",
      "Delete the specified context from the kubeconfig",
      async () => (await import("./delete.ts")).deleteContext,
    ),
    entry(
      "delete-user",
      "Delete the specified user from the kubeconfig",
      async () => (await import("./delete.ts")).deleteUser,
    ),
    entry(
      "get-clusters",
      "Display clusters defined in the kubeconfig",
      async () => (await import("./show.ts")).getClusters,
    ),
    entry("get-contexts", "Describe one or many contexts", async () => (await import("./get-contexts.ts")).getContexts),
    entry("get-users", "Display users defined in the kubeconfig", async () => (await import("./show.ts")).getUsers),
    entry(
      "rename-context",
      "Rename a context from the kubeconfig file",
      async () => (await import("./contexts.ts")).renameContext,
    ),
    entry(
      "set",
      "Set an individual value in a kubeconfig file",
      async () => (await import("./property.ts")).setProperty,
    ),
    entry(
      "set-cluster",
      "Set a cluster entry in kubeconfig",
      async () => (await import("./set-cluster.ts")).setCluster,
    ),
    entry("set-context", "Set a context entry in kubeconfig", async () => (await import("./contexts.ts")).setContext),
    entry(
      "set-credentials",
      "Set a user entry in kubeconfig",
      async () => (await import("./set-credentials.ts")).setCredentials,
    ),
    entry(
      "unset",
      "Unset an individual value in a kubeconfig file",
      async () => (await import("./property.ts")).unsetProperty,
    ),
    entry(
      "use-context",
      "Set the current-context in a kubeconfig file",
      async () => (await import("./contexts.ts")).useContext,
      ["use"],
    ),
    entry(
      "view",
      "Display merged kubeconfig settings or a specified kubeconfig file",
      async () => (await import("./view.ts")).view,
    ),
  ],
});
