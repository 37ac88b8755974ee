import { GLOBAL_FLAGS } from "../clientcmd/global-flags.ts";
import { command } from "../cobra/command.ts";
import { find } from "../cobra/find.ts";
import { helpText, usageText } from "../cobra/help.ts";
import { ROOT } from "./index.ts";

/** cobra Command.InitDefaultHelpCmd */
export const help = command({
  use: "help [command] [flags]",
  summary: "Help about any command",
  about: "Print the help of any command: kubectl help [path to command].",
  flags: {},
  arguments: { kind: "commands" },
  complete: ({ args }) => ({ words: args }),
  async run({ words }, { process }) {
    const { command: found, names, args } = await find(ROOT, GLOBAL_FLAGS, words);
    if (found !== ROOT || args.length === 0) return process.print(helpText(found, ["kubectl", ...names].join(" ")));
    await process.error(`Unknown help topic [${words.map((word) => `\`${word}\``).join(" ")}]\n`);
    await process.error(`\n\n${usageText(ROOT, "kubectl")}`);
  },
});
