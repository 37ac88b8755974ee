import { attempt, Errno, readExecutable, resolveExecutable } from "../../sim/host/index.ts";
import { decode } from "../../sim/kernel/index.ts";
import { Variable } from "../variables/index.ts";
import type { Shell } from "./shell.ts";
import type { Steps } from "./steps.ts";

/**
 * Runs a file that execve does not know as a script of this shell, which forgets what was not exported. Undefined if the
 * file is a program.
 */
export function* runAsScript(
  shell: Shell,
  path: string,
  argv: readonly string[],
  environment: Readonly<Record<string, string>>,
): Steps<number | undefined> {
  const found = attempt(() => resolveExecutable(shell.host, path, argv, shell.process));
  if (!(found instanceof Errno) || found.code !== "ENOEXEC") return undefined;
  const data = shell.host.files.read(path, shell.process);
  if (readExecutable(data).kind !== "unknown") return undefined;
  shell.process.update({ argv: [shell.start.name, path, ...argv.slice(1)], env: environment });
  forget(shell, environment);
  shell.name = path;
  shell.positional = argv.slice(1);
  shell.calls = [];
  return yield* shell.interpreter.text(shell, decode(data), { name: undefined, line: 1 });
}

function forget(shell: Shell, environment: Readonly<Record<string, string>>): void {
  for (const [name, variable] of shell.variables.entries())
    if (!variable.dynamic && !variable.exported && !KEPT.has(name)) shell.variables.unset(name);
  for (const [name, value] of Object.entries(environment)) {
    const variable = new Variable<Shell>(shell.variables.owner, value);
    variable.exported = true;
    shell.variables.override([[name, variable]]);
  }
  shell.functions.clear();
  shell.aliases.clear();
  shell.subshells = 0;
  shell.isSubshell = false;
}

const KEPT = new Set([
  "IFS",
  "BASH",
  "BASH_VERSION",
  "BASH_VERSINFO",
  "HOSTNAME",
  "PS4",
  "OPTIND",
  "UID",
  "EUID",
  "PPID",
]);
