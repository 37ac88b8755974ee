import { command, usageError } from "../cobra/command.ts";

/** Where the script of each shell is. */
const SCRIPTS: Readonly<Record<string, () => Promise<string>>> = {
  bash: async () => (await import("../completion/bash-script.ts")).BASH_SCRIPT,
  zsh: async () => (await import("../completion/zsh-script.ts")).ZSH_SCRIPT,
  fish: async () => (await import("../completion/fish-script.ts")).FISH_SCRIPT,
  powershell: async () => (await import("../completion/powershell-script.ts")).POWERSHELL_SCRIPT,
};
const SHELLS = Object.keys(SCRIPTS);

export const completion = command({
  use: "completion SHELL",
  summary: "Output shell completion code for the specified shell (bash, zsh, fish, or powershell)",
  about:
    "Print a script that completes kubectl's command lines in a shell: bash, zsh, fish or powershell.\n\n The shell has to read it: now, or whenever it starts.",
  examples: `# In this shell
source <(kubectl completion bash)

# In every new shell
echo 'source <(kubectl completion bash)' >> ~/.bashrc

# For all users, where the package bash-completion is installed
kubectl completion bash > /etc/bash_completion.d/kubectl

# For an alias as well
alias k=kubectl
complete -o default -F __start_kubectl k`,
  flags: {},
  arguments: { kind: "words", words: SHELLS },
  complete(invocation) {
    const { args } = invocation;
    if (args.length === 0) return usageError(invocation, "Shell not specified.");
    if (args.length > 1) return usageError(invocation, "Too many arguments. Expected only the shell type.");
    const [shell = ""] = args;
    return SHELLS.includes(shell)
      ? { shell }
      : usageError(invocation, `Unsupported shell type ${JSON.stringify(shell)}.`);
  },
  async run({ shell }, { process }) {
    await process.print(await process.kernel.busy(SCRIPTS[shell]!()));
  },
});
