import type { CobraFlag, Command } from "./command.ts";

/** What `--help` prints: cobra's templates. */
export function helpText(command: Command, path: string, globals: readonly CobraFlag[]): string {
  const { commands = [], aliases = [], example } = command;
  const text = (command.long ?? command.short).trimEnd();
  const parts = [
    `${text}\n\nUsage:`,
    ...(command.run ? [`  ${path} [flags]`] : []),
    ...(commands.length > 0 ? [`  ${path} [command]`] : []),
    ...(aliases.length > 0 ? [`\nAliases:\n  ${[command.name, ...aliases].join(", ")}`] : []),
    ...(example === undefined ? [] : [`\nExamples:\n${example}`]),
    ...(commands.length > 0 ? [`\nAvailable Commands:\n${list(commands)}`] : []),
    `\nFlags:\n${flagUsages([...command.flags, help(command.name)])}`,
    `\nGlobal Flags:\n${flagUsages(globals)}`,
    ...(commands.length > 0 ? [`\nUse "${path} [command] --help" for more information about a command.`] : []),
  ];
  return `${parts.join("\n")}\n`;
}

function list(commands: readonly Command[]): string {
  const width = Math.max(11, ...commands.map(({ name }) => name.length));
  const sorted = commands.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return sorted.map(({ name, short }) => `  ${name.padEnd(width)} ${short}`).join("\n");
}

function help(name: string): CobraFlag {
  return { name: "help", short: "h", type: "bool", usage: `help for ${name}` };
}

/** pflag's FlagUsages: sorted, the words below each other. */
function flagUsages(flags: readonly CobraFlag[]): string {
  const shown = flags.filter(({ deprecated }) => deprecated === undefined).toSorted((a, b) => (a.name < b.name ? -1 : 1)); // prettier-ignore
  const heads = shown.map(({ name, short, type }) => {
    const head = short === undefined ? `      --${name}` : `  -${short}, --${name}`;
    return type === "bool" ? head : `${head} ${type}`;
  });
  const width = Math.max(...heads.map((head) => head.length)) + 3;
  return shown
    .map(({ usage, byDefault }, at) => {
      const words = byDefault === undefined ? usage : `${usage} (default ${byDefault})`;
      return heads[at]!.padEnd(width) + words.replaceAll("\n", `\n${" ".repeat(width)}`);
    })
    .join("\n");
}
