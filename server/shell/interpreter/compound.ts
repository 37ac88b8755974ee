import { evaluateArithmetic, ArithmeticError } from "../arithmetic/index.ts";
import { expandPattern, expandText, expandWords } from "../expansion/expand.ts";
import { Pattern } from "../pattern/index.ts";
import type { Arithmetic, ArithmeticFor, Case, For, If, List, Loop, Word } from "../syntax/index.ts";
import { assign } from "./assignment.ts";
import { checkFailure } from "./failure.ts";
import { isName } from "./parameters.ts";
import { readSelection } from "./select.ts";
import { isNoCommand, refuse } from "./refusals.ts";
import type { Shell } from "./shell.ts";
import type { Steps } from "./steps.ts";
import { trace } from "./trace.ts";
import { AssignmentFault, Discard } from "./unwinding.ts";

/** `if`, loops, `case` and `(( ))`. */

function* runTest(shell: Shell, test: List): Steps<boolean> {
  shell.unchecked++;
  try {
    return (yield* shell.interpreter.list(shell, test)) === 0;
  } finally {
    shell.unchecked--;
  }
}

export function* runIf(shell: Shell, { branches, otherwise }: If): Steps<number> {
  for (const { test, body } of branches) {
    const holds = yield* runTest(shell, test);
    if (shell.jump) return shell.lastStatus;
    if (holds) return yield* shell.interpreter.list(shell, body);
  }
  return otherwise ? yield* shell.interpreter.list(shell, otherwise) : 0;
}

export function* runWhile(shell: Shell, { type, test, body }: Loop): Steps<number> {
  let status = 0;
  shell.loops++;
  try {
    for (;;) {
      const holds = yield* runTest(shell, test);
      if (shell.jump) {
        if (leavesLoop(shell)) break;
        continue;
      }
      if (holds !== (type === "while")) break;
      status = yield* shell.interpreter.list(shell, body);
      if (shell.jump && leavesLoop(shell)) break;
    }
  } finally {
    shell.loops--;
  }
  return status;
}

/** Takes a `break`, `continue` or `return` that the body ended with. True if the loop is over. */
function leavesLoop(shell: Shell): boolean {
  const { jump } = shell;
  if (!jump || jump.type === "return") return true;
  jump.levels--;
  if (jump.levels > 0) return true;
  shell.jump = undefined;
  return jump.type === "break";
}

export function* runFor(shell: Shell, command: For): Steps<number> {
  shell.line = command.line;
  if (!isName(command.name)) {
    shell.complain(`\`${command.name}': not a valid identifier`);
    return yield* checkFailure(shell, 1);
  }
  const values = command.words ? yield* expandWords(shell, command.words) : shell.positional;
  let status = 0;
  shell.loops++;
  try {
    for (const value of values) {
      shell.line = command.line;
      if (shell.options.has("xtrace") && !shell.dialect.strict)
        yield* trace(shell, `for ${command.name} in ${wordsText(command.words)}`);
      if (shell.signals.get("DEBUG")) {
        shell.command = `for ${command.name} in ${wordsText(command.words)}`;
        yield* shell.signals.run("DEBUG");
      }
      if (!assignLoopVariable(shell, command.name, value)) return 1;
      status = yield* shell.interpreter.list(shell, command.body);
      if (shell.jump && leavesLoop(shell)) break;
    }
  } finally {
    shell.loops--;
  }
  return status;
}

function wordsText(words: readonly Word[] | undefined): string {
  return words ? words.map((word) => word.text).join(" ") : '"$@"';
}

function assignLoopVariable(shell: Shell, name: string, value: string): boolean {
  try {
    // A name reference then refers to one variable after the other.
    if (shell.variables.find(name)?.reference) shell.variables.put(name, value);
    else assign(shell, { name, subscript: undefined }, value);
    return true;
  } catch (error) {
    if (!(error instanceof AssignmentFault)) throw error;
    shell.complain(error.message);
    return false;
  }
}

export function* runSelect(shell: Shell, command: For): Steps<number> {
  shell.line = command.line;
  const values = command.words ? yield* expandWords(shell, command.words) : shell.positional;
  if (values.length === 0) return 0;
  let status = 0;
  let show = true;
  shell.loops++;
  try {
    for (;;) {
      if (shell.options.has("xtrace")) yield* trace(shell, `select ${command.name} in ${wordsText(command.words)}`);
      const reply: string | undefined = yield* readSelection(shell, values, show);
      if (reply === undefined) return 1;
      show = reply === "";
      if (show) continue;
      const number = /^\s*\d+\s*$/.test(reply) ? Number(reply) : 0;
      if (!assignLoopVariable(shell, command.name, values[number - 1] ?? "")) return 1;
      status = yield* shell.interpreter.list(shell, command.body);
      if (shell.jump && leavesLoop(shell)) break;
      show = (shell.variables.get("REPLY") ?? "") === "";
    }
  } finally {
    shell.loops--;
  }
  return status;
}

/** Computes an expression of `(( ))` or `for (( ))`; undefined after an error, which is told. */
function* computeCommand(shell: Shell, expression: Word): Steps<number | bigint | undefined> {
  const text = expression.plain ?? (yield* expandText(shell, expression));
  try {
    if (shell.options.has("xtrace")) yield* trace(shell, `(( ${text.trim()} ))`);
    return evaluateArithmetic(text, shell.arithmetic);
  } catch (error) {
    if (error instanceof Discard && !error.everything) return undefined;
    if (!(error instanceof ArithmeticError)) throw error;
    shell.complain(`((: ${error.words}`);
    return undefined;
  }
}

export function* runArithmetic(shell: Shell, command: Arithmetic): Steps<number> {
  shell.line = command.line;
  if (isNoCommand(shell, "arithmetic-command", command.expression.text.trim().split(/\s/)[0]!))
    return yield* checkFailure(shell, 127);
  if (!shell.signals.inTrap) shell.command = command;
  if (shell.signals.get("DEBUG")) yield* shell.signals.run("DEBUG");
  const value = yield* computeCommand(shell, command.expression);
  return yield* checkFailure(shell, value === undefined || value === 0 ? 1 : 0);
}

export function* runArithmeticFor(shell: Shell, command: ArithmeticFor): Steps<number> {
  shell.line = command.line;
  refuse(shell, "arithmetic-command", "Bad for loop variable");
  if (command.initialize.text !== "" && (yield* computeCommand(shell, command.initialize)) === undefined) return 1;
  let status = 0;
  shell.loops++;
  try {
    for (;;) {
      shell.line = command.line;
      if (command.test.text !== "") {
        const holds = yield* computeCommand(shell, command.test);
        if (holds === undefined) return 1;
        if (holds === 0) break;
      }
      status = yield* shell.interpreter.list(shell, command.body);
      if (shell.jump && leavesLoop(shell)) break;
      shell.line = command.line;
      if (command.update.text !== "" && (yield* computeCommand(shell, command.update)) === undefined) return 1;
    }
  } finally {
    shell.loops--;
  }
  return status;
}

export function* runCase(shell: Shell, command: Case): Steps<number> {
  shell.line = command.line;
  if (shell.options.has("xtrace") && !shell.dialect.strict) yield* trace(shell, `case ${command.word.text} in`);
  if (shell.signals.get("DEBUG")) {
    shell.command = `case ${command.word.text} in `;
    yield* shell.signals.run("DEBUG");
  }
  const value = yield* expandText(shell, command.word);
  const options = { extglob: shell.options.shopt("extglob"), ignoreCase: shell.options.shopt("nocasematch") };
  let status = 0;
  let fallsThrough = false;
  for (const { patterns, body, end } of command.items) {
    let matches = fallsThrough;
    for (const pattern of patterns) {
      if (matches) break;
      matches = Pattern.of(yield* expandPattern(shell, pattern), options).matches(value);
    }
    if (!matches) continue;
    status = yield* shell.interpreter.list(shell, body);
    if (shell.jump || end === ";;") return status;
    fallsThrough = end === ";&";
  }
  return status;
}
