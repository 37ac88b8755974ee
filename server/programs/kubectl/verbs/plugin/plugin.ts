import { group } from "../../cobra/command.ts";

export const plugin = group({
  helpOnError: true,
  use: "plugin [flags]",
  summary: "Provides utilities for interacting with plugins",
  about:
    "Work with plugins.\n\n A plugin is a program on the PATH whose name begins with kubectl-: kubectl-shop-open is run by 'kubectl shop open'.",
  examples: `# All plugins
kubectl plugin list

# Their names without folders
kubectl plugin list --name-only`,
  subcommands: [
    {
      name: "list",
      summary: "List all visible plugin executables on a user's PATH",
      load: async () => (await import("./list.ts")).list,
    },
  ],
});
