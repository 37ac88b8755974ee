import type { Shell } from "../interpreter/shell.ts";
import type { Builtin } from "./builtin.ts";

type Described = Pick<Builtin, "name" | "synopsis" | "summary">;

/** What options a builtin was given. */
export interface ParsedOptions {
  /** By letter, in the order given; `true` for those that take no value. */
  readonly options: ReadonlyMap<string, string | true>;
  readonly rest: readonly string[];
}

/** Shows how a builtin is used. Returns its status. */
export function usage(shell: Shell, { name, synopsis }: Described): 1 | 2 {
  if (shell.dialect.name === "ash") {
    shell.complain(`${name}: usage: ${usageText(name, synopsis)}`);
    shell.builtinComplaints++;
    return name === "kill" ? 1 : 2;
  }
  shell.writeError(`${name}: usage: ${usageText(name, synopsis)}\n`);
  return 2;
}

export function usageText(name: string, synopsis: string): string {
  return synopsis === "" ? name : `${name} ${synopsis}`;
}

/**
 * Reads options as getopt(3) does: `spec` has the letters, those with a value followed by a colon. Undefined after an
 * error, or after `--help`; it is told, and the status is 2.
 */
export function parseOptions(
  shell: Shell,
  builtin: Described,
  args: readonly string[],
  spec: string,
): ParsedOptions | undefined {
  const options = new Map<string, string | true>();
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === "--") {
      at++;
      break;
    }
    if (arg === "--help") {
      help(shell, builtin);
      return undefined;
    }
    if (!arg.startsWith("-") || arg === "-") break;
    for (let letter = 1; letter < arg.length; letter++) {
      const name = arg[letter]!;
      const place = name === ":" ? -1 : spec.indexOf(name);
      if (place < 0) {
        shell.complainInBuiltin(`-${name}: invalid option`);
        if (shell.dialect.name === "bash") usage(shell, builtin);
        return undefined;
      }
      if (spec[place + 1] !== ":") {
        options.set(name, true);
        continue;
      }
      const value = arg.length > letter + 1 ? arg.slice(letter + 1) : args[++at];
      if (value === undefined) {
        shell.complainInBuiltin(`-${name}: option requires an argument`);
        if (shell.dialect.name === "bash") usage(shell, builtin);
        return undefined;
      }
      options.set(name, value);
      break;
    }
  }
  return { options, rest: args.slice(at) };
}

export function help(shell: Shell, { name, synopsis, summary }: Described): void {
  shell.print(`${name}: ${usageText(name, synopsis)}\n    ${summary}\n`);
}

/** A numeric argument, or undefined after telling that it is none. */
export function numericArgument(shell: Shell, text: string): number | undefined {
  if (/^\s*[-+]?\d{1,18}\s*$/.test(text)) return Number(text);
  shell.complainInBuiltin(`${text}: numeric argument required`);
  return undefined;
}
