import type { Process } from "../../sim/host/index.ts";
import { Directories } from "../builtins/directory-stack.ts";
import { Builtins } from "../builtins/registry.ts";
import { Completions } from "../completion/completions.ts";
import { History } from "../history/history.ts";
import { CommandHash } from "../interpreter/command-hash.ts";
import { callFunction } from "../interpreter/functions.ts";
import type { Interpreter } from "../interpreter/interpreter.ts";
import { decodePrompt } from "../interpreter/prompt.ts";
import { runCommand, runList } from "../interpreter/run.ts";
import { Shell, type ShellStart } from "../interpreter/shell.ts";
import { Signals } from "../interpreter/signals.ts";
import { Substitutions } from "../interpreter/substitution.ts";
import { runText } from "../interpreter/text.ts";
import { Jobs } from "../jobs/index.ts";
import { setInitialVariables } from "./initial-variables.ts";

const INTERPRETER: Interpreter = { command: runCommand, list: runList, text: runText, call: callFunction };

/** Makes a shell for a process, with its variables, before it has read anything. */
export function createShell(process: Process, start: ShellStart): Shell {
  const shell = new Shell(process, start);
  shell.equip({
    jobs: new Jobs(shell),
    signals: new Signals(shell),
    history: new History(),
    completions: new Completions(),
    directories: new Directories(shell),
    hash: new CommandHash(),
    builtins: new Builtins(start.dialect),
    interpreter: INTERPRETER,
    substitution: new Substitutions(shell),
    decodePrompt: (text) => decodePrompt(shell, text),
  });
  if (start.dialect.name !== "bash") shell.options.set("braceexpand", false);
  setInitialVariables(shell);
  shell.signals.install();
  return shell;
}
