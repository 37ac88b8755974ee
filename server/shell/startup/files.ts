import { attempt, Errno } from "../../sim/host/index.ts";
import { expandText } from "../expansion/expand.ts";
import { runFile } from "../builtins/source.ts";
import type { Shell } from "../interpreter/shell.ts";
import type { Steps } from "../interpreter/steps.ts";
import { parseQuoted } from "../syntax/index.ts";
import { Discard } from "../interpreter/unwinding.ts";
import type { Invocation } from "./invocation.ts";

/** Runs the files that belong to the start of a shell of this kind. As run_startup_files of shell.c, on Debian. */
export function* runStartupFiles(shell: Shell, invocation: Invocation): Steps<void> {
  const { interactive, login } = shell.start;
  const isBash = shell.dialect.name === "bash";
  if (login && invocation.readProfile) {
    yield* runIfThere(shell, "/etc/profile");
    const candidates = isBash ? ["~/.bash_profile", "~/.bash_login", "~/.profile"] : ["~/.profile"];
    for (const path of candidates) if (yield* runIfThere(shell, atHome(shell, path))) break;
  }
  if (!isBash) {
    const file = shell.variables.get("ENV");
    if (interactive && file) yield* runIfThere(shell, yield* expandText(shell, parseQuoted(file)));
    return;
  }
  if (interactive && !login && invocation.readRc) {
    if (invocation.rcFile === undefined) yield* runIfThere(shell, "/etc/bash.bashrc");
    yield* runIfThere(shell, invocation.rcFile ?? atHome(shell, "~/.bashrc"));
  }
  const environmentFile = shell.variables.get("BASH_ENV");
  if (!interactive && environmentFile) yield* runIfThere(shell, yield* expandText(shell, parseQuoted(environmentFile)));
}

/** Runs what a login shell does at its end (builtins/exit.def, exit_or_logout). */
export function* runLogoutFile(shell: Shell): Steps<void> {
  if (shell.start.login && shell.dialect.name === "bash") yield* runIfThere(shell, atHome(shell, "~/.bash_logout"));
}

function atHome(shell: Shell, path: string): string {
  const home = shell.variables.get("HOME") ?? shell.host.users.byUid(shell.process.uid)?.home ?? "";
  return path.replace("~", home);
}

/** Runs a file if it can be read. False if it is not there. */
function* runIfThere(shell: Shell, path: string): Steps<boolean> {
  const { files } = shell.host;
  const stat = attempt(() => files.stat(path, shell.process));
  if (stat instanceof Errno || stat.type === "dir" || !files.access(path, 4, shell.process)) return false;
  try {
    yield* runFile(shell, path, undefined);
  } catch (error) {
    if (!(error instanceof Discard)) throw error;
  }
  shell.jump = undefined;
  return true;
}
