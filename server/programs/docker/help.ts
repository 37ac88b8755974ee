import type { Flags } from "../kubectl/cobra/flag.ts";
import type { Command, Group } from "./command.ts";

/** `docker --help`, or that of a group. */
export function rootHelp(commands: readonly Command[], groups: readonly Group[], of?: Group): string {
  const lines = (entries: readonly { readonly name: string; readonly summary: string }[]): string => {
    const width = Math.max(...entries.map(({ name }) => name.length));
    return [...entries]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, summary }) => `  ${name.padEnd(width)}   ${summary}\n`)
      .join("");
  };
  if (of)
    return `Usage:  docker ${of.name} COMMAND\n\n${of.summary}\n\nCommands:\n${lines(commands)}\nRun 'docker ${of.name} COMMAND --help' for more information on a command.\n`;
  return `Usage:  docker [OPTIONS] COMMAND\n\nThe client of Docker Engine\n\nManagement Commands:\n${lines(groups)}\nCommands:\n${lines(commands)}\nRun 'docker COMMAND --help' for more information on a command.\n`;
}

export function commandHelp({ summary, flags, aliases = [], name }: Command, usage: string): string {
  const alias = aliases.length > 0 ? `\nAliases:\n  ${[name, ...aliases].join(", ")}\n` : "";
  return `${usage}\n\n${summary}\n${alias}${options(flags)}`;
}

function options(flags: Flags): string {
  const rows = Object.entries(flags)
    .filter(([, { hidden, usage }]) => !hidden && !usage.startsWith("(not simulated)"))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { shorthand, usage, optional, repeats, initial }]) => {
      const type = optional !== undefined ? "" : repeats ? " list" : typeof initial === "number" ? " int" : " string";
      return [`${shorthand === undefined ? "    " : `-${shorthand}, `}--${name}${type}`, usage] as const;
    });
  if (rows.length === 0) return "";
  const width = Math.max(...rows.map(([head]) => head.length));
  return `\nOptions:\n${rows.map(([head, usage]) => `  ${head.padEnd(width)}   ${usage}\n`).join("")}`;
}
