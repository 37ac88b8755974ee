import { changeFile, defaultFilename, withEntry, type Section } from "../../clientcmd/modify.ts";
import { readConfig } from "../../clientcmd/kubeconfig.ts";
import { command, usageError, type Command } from "../../cobra/command.ts";
import { GoError } from "../../errors/go-error.ts";
import { isFailure } from "../../output/index.ts";

export const deleteContext = deleteCommand("context", "contexts", "Delete the specified context from the kubeconfig");
export const deleteCluster = deleteCommand("cluster", "clusters", "Delete the specified cluster from the kubeconfig");
export const deleteUser = deleteCommand("user", "users", "Delete the specified user from the kubeconfig");

/** kubectl pkg/cmd/config/delete_*.go: one file alone is looked at. */
function deleteCommand(what: string, section: Section, summary: string): Command {
  return command({
    use: `config delete-${what} NAME`,
    summary,
    about: `${summary}.`,
    examples: `# The ${what} old\nkubectl config delete-${what} old`,
    flags: {},
    arguments: { kind: section },
    complete: (invocation) => {
      const [name, ...more] = invocation.args;
      if (name === undefined && what === "user") return usageError(invocation, "user to delete is required");
      return { name: more.length === 0 ? name : undefined };
    },
    async run({ name }, { factory, process }) {
      if (name === undefined) return factory.printHelp();
      const file = defaultFilename(process, factory.globals.kubeconfig);
      const config = readConfig(process, file);
      if (isFailure(config)) throw new GoError(`error loading config file "${file}": ${config.error}`);
      if (!config?.[section].has(name)) throw new GoError(`cannot delete ${what} ${name}, not in ${file}`);
      if (section === "contexts" && config.currentContext === name)
        await process.error(
          'warning: this removed your active context, use "kubectl config use-context" to select a different one\n',
        );
      changeFile(process, file, (old) => withEntry(old, section, name, undefined));
      await process.print(`deleted ${what} ${name} from ${file}\n`);
    },
  });
}
