import type { Command, Entry } from "./command.ts";
import type { Flag, Flags } from "./flag.ts";

/** The root's headings, in order. An entry without one stands under the last. */
const SECTIONS = [
  "Basic Commands (Beginner):",
  "Basic Commands (Intermediate):",
  "Deploy Commands:",
  "Cluster Management Commands:",
  "Troubleshooting and Debugging Commands:",
  "Advanced Commands:",
  "Settings Commands:",
  "Subcommands provided by plugins:",
  "Other Commands:",
];

/** What `-h` prints of a command (kubectl pkg/util/templates/templates.go). `path` is `kubectl create service`. */
export function helpText(command: Command, path: string): string {
  if (command.help !== undefined) return command.help;
  return `${(command.about ?? command.summary).trimEnd()}\n\n${usageText(command, path)}`;
}

/** The same without what is said above. */
export function usageText(command: Command, path: string): string {
  const parts: string[] = [];
  if (command.aliases?.length) parts.push(`Aliases:\n${[path.split(" ").at(-1)!, ...command.aliases].join(", ")}\n`);
  if (command.examples) parts.push(`Examples:\n${indented(command.examples)}`);
  const listed = command.subcommands?.filter(({ hidden }) => !hidden) ?? [];
  const isRoot = path === "kubectl";
  if (listed.length > 0) parts.push(isRoot ? sections(listed) : `Available Commands:\n${entryLines(listed)}`);
  const options = optionTexts(command.flags);
  if (options.length > 0) parts.push(`Options:\n${options.join("\n\n")}\n`);
  parts.push(
    `Usage:\n  kubectl${command.use === "" ? "" : ` ${command.use}`}${command.use.includes("[options]") ? "" : " [options]"}\n`,
  );
  const hints: string[] = [];
  if (listed.length > 0) hints.push(`Use "${path} <command> --help" for more information about a given command.`);
  hints.push(`Use "kubectl options" for a list of global command-line options (applies to all commands).`);
  return `${parts.join("\n")}\n${hints.join("\n")}\n`;
}

/** What `kubectl options` prints. */
export function globalOptionsText(globals: Flags): string {
  return `The following options can be passed to any command:\n\n${optionTexts(globals).join("\n\n")}\n\n`;
}

function indented(examples: string): string {
  return `${examples
    .trim()
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n")}\n`;
}

function sections(entries: readonly Entry[]): string {
  const width = Math.max(...entries.map(({ name }) => name.length)) + 1;
  return SECTIONS.map((section, at) => {
    const last = at === SECTIONS.length - 1;
    const mine = entries.filter((entry) => (entry.section ?? (last ? section : "")) === section);
    return `${section}\n${entryLines(mine, width)}`;
  }).join("\n");
}

function entryLines(entries: readonly Entry[], width?: number): string {
  const padded = width ?? Math.max(11, ...entries.map(({ name }) => name.length)) + 1;
  return entries.map(({ name, summary }) => `  ${name.padEnd(padded)}  ${summary}\n`).join("");
}

/** Flags in the order of their names, two lines each. */
function optionTexts(flags: Flags): string[] {
  return Object.entries(flags)
    .filter(([, { hidden }]) => !hidden)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, flag]) => `    ${flagHead(name, flag)}:\n\t${flag.usage}`);
}

function flagHead(name: string, { shorthand, shown }: Flag): string {
  return `${shorthand === undefined ? "" : `-${shorthand}, `}--${name}=${shown}`;
}
