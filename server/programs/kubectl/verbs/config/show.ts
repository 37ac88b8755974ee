import { command, type Command } from "../../cobra/command.ts";
import type { Section } from "../../clientcmd/modify.ts";

export const currentContext = command({
  use: "config current-context [flags]",
  summary: "Display the current-context",
  about: "Display the current context.",
  examples: "# Which one is it?\nkubectl config current-context",
  flags: {},
  complete: ({ factory }) => {
    const { currentContext: name } = factory.config.starting;
    return name === "" ? { error: "current-context is not set" } : { name };
  },
  run: async ({ name }, { process }) => process.print(`${name}\n`),
});

export const getClusters = namesCommand("get-clusters", "clusters", "Display clusters defined in the kubeconfig");
export const getUsers = namesCommand("get-users", "users", "Display users defined in the kubeconfig");

function namesCommand(name: string, section: Section, summary: string): Command {
  return command({
    use: `config ${name} [flags]`,
    summary,
    about: `${summary}.`,
    examples: `# Their names\nkubectl config ${name}`,
    flags: {},
    complete: () => ({}),
    async run(_, { factory, process }) {
      const names = [...factory.config.starting[section].keys()].sort();
      await process.print(["NAME", ...names].map((line) => `${line}\n`).join(""));
    },
  });
}
