import { attempt, Errno, exec, resolveExecutable, type FdTable, type Process } from "../../sim/host/index.ts";
import { encode } from "../../sim/kernel/index.ts";
import type { Redirect } from "../syntax/index.ts";
import { forkProgram, forkShell, roomToFork } from "./fork.ts";
import { started } from "./pipeline.ts";
import { Redirections } from "./redirect.ts";
import { runAsScript } from "./script-file.ts";
import type { Shell } from "./shell.ts";
import type { Steps } from "./steps.ts";

export interface ExternalCommand {
  /** With the command's name. */
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly redirects: readonly Redirect[];
  /** How a job of it is shown. */
  readonly text: string;
  /** It may take the place of the shell. */
  readonly replace: boolean;
}

/** Why a program cannot be run: what bash says, and `$?`. */
export interface Refusal {
  readonly message: string;
  readonly status: 126 | 127;
}

/** Runs a program and waits for it. */
export function* runExternal(shell: Shell, external: ExternalCommand): Steps<number> {
  const { argv, replace } = external;
  shell.lastBuiltin = undefined;
  const handler = shell.functions.get("command_not_found_handle");
  const name = argv[0]!;
  const path = name.includes("/") ? name : shell.hash.use(shell, name);
  if (path === undefined && handler && name !== "")
    return yield* runHandler(shell, external, (child) => child.interpreter.call(child, handler, argv));
  const inPlace = replace && canBeReplaced(shell);
  if (!inPlace) yield* roomToFork(shell);
  const fds = inPlace ? shell.process.fds : shell.process.fds.copy();
  const redirections = new Redirections(shell, fds);
  if (!(yield* redirections.apply(external.redirects))) {
    if (!inPlace) fds.closeAll();
    return shell.errorStatus;
  }
  const refusal = path === undefined || name === "" ? notFound(shell, name) : refuse(shell, path, argv);
  if (refusal) {
    fds.find(2)?.writeNow(encode(`${shell.dialect.complaint(shell, refusal.message)}\n`));
    if (!inPlace) fds.closeAll();
    return refusal.status;
  }
  redirections.keep();
  const environment: Record<string, string> = { ...external.environment };
  if (shell.dialect.name === "bash") environment["_"] = path!;
  if (inPlace) {
    if (!shell.inPipeline && external.environment["SHLVL"] !== undefined) environment["SHLVL"] = oneLevelLess(shell);
    shell.signals.release();
    return yield* becomeProgram(shell, shell.process, path!, argv, environment);
  }
  return yield* runInChild(shell, path!, external, environment, fds);
}

/** `SHLVL` of a program that takes the shell's place. */
export function oneLevelLess(shell: Shell): string {
  return String(Math.max(0, (Number(shell.variables.get("SHLVL")) || 0) - 1));
}

function canBeReplaced(shell: Shell): boolean {
  return shell.signals.entries().every(([, action]) => action === "") && shell.unchecked === 0;
}

function* runInChild(
  shell: Shell,
  path: string,
  { argv, text }: ExternalCommand,
  environment: Readonly<Record<string, string>>,
  fds: FdTable,
): Steps<number> {
  const pgid = shell.jobs.control ? 0 : undefined;
  const options = { fds, ...(pgid === undefined ? {} : { pgid }) };
  const child = isScript(shell, path)
    ? forkShell(shell, (copy) => becomeProgram(copy, copy.process, path, argv, environment), options)
    : forkProgram(shell, (process) => exec(process, path, argv, environment), options);
  return yield* shell.jobs.foreground(shell.jobs.makeForeground([started(child, text)], child.row.pgid, text));
}

/** Runs the function `command_not_found_handle` in a process of its own, as bash does. */
function* runHandler(shell: Shell, external: ExternalCommand, body: (child: Shell) => Steps<number>): Steps<number> {
  yield* roomToFork(shell);
  const fds = shell.process.fds.copy();
  if (!(yield* new Redirections(shell, fds).apply(external.redirects))) {
    fds.closeAll();
    return 1;
  }
  const child = forkShell(shell, body, { fds, ...(shell.jobs.control ? { pgid: 0 } : {}) });
  const { text } = external;
  return yield* shell.jobs.foreground(shell.jobs.makeForeground([started(child, text)], child.row.pgid, text));
}

/** Replaces the shell in its process by a program, or by a shell that runs the file as a script. */
export function* becomeProgram(
  shell: Shell,
  process: Process,
  path: string,
  argv: readonly string[],
  environment: Readonly<Record<string, string>>,
): Steps<number> {
  const status = yield* runAsScript(shell, path, argv, environment);
  if (status !== undefined) return status;
  return (yield exec(process, path, argv, environment)) as never;
}

/** A text without `#!`: execve does not know it, a shell runs it. */
function isScript(shell: Shell, path: string): boolean {
  const found = attempt(() => resolveExecutable(shell.host, path, [], shell.process));
  return found instanceof Errno && found.code === "ENOEXEC";
}

function notFound(shell: Shell, name: string): Refusal {
  return { message: shell.dialect.notFound(name), status: 127 };
}

/** Why a file cannot be run; undefined if it can. As shell_execve of execute_cmd.c. */
export function refuse(shell: Shell, path: string, argv: readonly string[]): Refusal | undefined {
  const { files } = shell.host;
  const as = shell.process;
  const found = attempt(() => resolveExecutable(shell.host, path, argv, as));
  if (!(found instanceof Errno)) return undefined;
  const stat = attempt(() => files.stat(path, as));
  if (stat instanceof Errno) return { message: `${path}: ${stat.message}`, status: stat.code === "ENOENT" ? 127 : 126 };
  if (stat.type === "dir") return { message: `${path}: Is a directory`, status: 126 };
  if (found.code === "ENOENT") return { message: `${path}: cannot execute: required file not found`, status: 127 };
  if (found.code !== "ENOEXEC") return { message: `${path}: ${found.message}`, status: 126 };
  const data = files.read(files.realpath(path, as));
  const firstLine = data.slice(0, 80).split("\n")[0]!;
  if (data.startsWith("\x7fELF") || firstLine.includes("\0"))
    return { message: `${path}: cannot execute binary file: ${found.message}`, status: 126 };
  return undefined;
}
