import { MICROSECOND } from "../../sim/kernel/index.ts";
import type { Command, List } from "../syntax/index.ts";
import { runBackground } from "./background.ts";
import { runArithmetic, runArithmeticFor, runCase, runFor, runIf, runSelect, runWhile } from "./compound.ts";
import { runConditional } from "./conditional.ts";
import { runCoproc } from "./coproc.ts";
import { defineFunction } from "./functions.ts";
import { runPipeline } from "./pipeline.ts";
import { Redirections } from "./redirect.ts";
import type { Shell } from "./shell.ts";
import { runSimple } from "./simple.ts";
import type { Steps } from "./steps.ts";
import { runSubshell } from "./subshell.ts";
import { asTooLarge } from "./value-size.ts";

/** What a step of the interpreter takes of simulated time. */
const STEP = 5 * MICROSECOND;

export function* runList(shell: Shell, list: List): Steps<number> {
  let status = 0;
  const replace = shell.mayReplace;
  for (const [at, { command, background }] of list.entries()) {
    shell.mayReplace = replace && at === list.length - 1;
    if (background) {
      status = yield* runBackground(shell, command);
      shell.lastStatus = status;
    } else status = yield* runCommand(shell, command);
    if (shell.jump) break;
  }
  return status;
}

/** Runs a command; `$?` is its status afterwards. */
export function* runCommand(shell: Shell, command: Command): Steps<number> {
  shell.kernel.steps++;
  if (shell.process.spend(STEP)) yield shell.process.pause();
  if (shell.hasWritten) for (const written of shell.takeWritten()) yield written;
  if (shell.signals.pending) yield* shell.signals.handle();
  if (shell.options.has("noexec") && !shell.interactive) return 0;
  let status: number;
  try {
    status = yield* dispatch(shell, command);
  } catch (error) {
    throw asTooLarge(shell, error);
  }
  shell.lastStatus = status;
  if (shell.signals.pending && command.type === "simple") yield* shell.signals.handle();
  if (SINGLE.has(command.type)) shell.pipeStatus = undefined;
  return status;
}

/** Commands whose status is a `PIPESTATUS` of its own. */
const SINGLE: ReadonlySet<Command["type"]> = new Set(["simple", "subshell", "arithmetic", "conditional"]);

function* dispatch(shell: Shell, command: Command): Steps<number> {
  if (command.type === "simple") return yield* runSimple(shell, command);
  if (command.type !== "subshell" && command.type !== "and-or") shell.mayReplace = false;
  switch (command.type) {
    case "pipeline":
      return yield* runPipeline(shell, command);
    case "and-or":
      return yield* runAndOr(shell, command.first, command.rest);
    case "function":
      return defineFunction(shell, command);
    case "subshell":
      return yield* runSubshell(shell, command);
    case "coproc":
      return yield* runCoproc(shell, command);
    default: {
      if (command.redirects.length === 0) return yield* runCompound(shell, command);
      shell.line = command.line;
      const redirections = new Redirections(shell, shell.process.fds);
      const opened = shell.substitution.count;
      try {
        if (!(yield* redirections.apply(command.redirects))) return shell.errorStatus;
        return yield* runCompound(shell, command);
      } finally {
        redirections.undo();
        shell.substitution.release(opened);
      }
    }
  }
}

type Compound = Exclude<Command, { type: "simple" | "pipeline" | "and-or" | "function" | "subshell" | "coproc" }>;

function runCompound(shell: Shell, command: Compound): Steps<number> {
  switch (command.type) {
    case "group":
      return runList(shell, command.body);
    case "if":
      return runIf(shell, command);
    case "while":
    case "until":
      return runWhile(shell, command);
    case "for":
      return runFor(shell, command);
    case "select":
      return runSelect(shell, command);
    case "arithmetic-for":
      return runArithmeticFor(shell, command);
    case "case":
      return runCase(shell, command);
    case "arithmetic":
      return runArithmetic(shell, command);
    case "conditional":
      return runConditional(shell, command);
  }
}

/** `a && b || c`: of a failure only the last command's counts for `set -e`. */
function* runAndOr(
  shell: Shell,
  first: Command,
  rest: readonly { readonly operator: "&&" | "||"; readonly command: Command }[],
): Steps<number> {
  const replace = shell.mayReplace;
  shell.mayReplace = false;
  let status = yield* unchecked(shell, first);
  for (const [at, { operator, command }] of rest.entries()) {
    if (shell.jump) return status;
    if ((status === 0) !== (operator === "&&")) continue;
    const last = at === rest.length - 1;
    shell.mayReplace = replace && last;
    status = last ? yield* runCommand(shell, command) : yield* unchecked(shell, command);
  }
  return status;
}

function* unchecked(shell: Shell, command: Command): Steps<number> {
  shell.unchecked++;
  try {
    return yield* runCommand(shell, command);
  } finally {
    shell.unchecked--;
  }
}
