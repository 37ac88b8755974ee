import type { Argument, Builtin, PreparedAssignment } from "../builtins/builtin.ts";
import { expandQuickly, expandWord } from "../expansion/expand.ts";
import { traceQuote } from "../expansion/quote.ts";
import { printCommand, type Redirect, type SimpleCommand } from "../syntax/index.ts";
import { Variable } from "../variables/index.ts";
import { runExternal } from "./external.ts";
import { checkFailure } from "./failure.ts";
import { invokeBuiltin } from "./invoke.ts";
import { assignmentText, carryOut, prepareAssignment, runAssignments } from "./prepare.ts";
import { Redirections } from "./redirect.ts";
import type { Shell, ShellFunction } from "./shell.ts";
import type { Steps } from "./steps.ts";
import { trace } from "./trace.ts";
import { AssignmentFault, Discard, Exit } from "./unwinding.ts";

/** A command of words, assignments and redirections: a function, builtin or program, or assignments alone. */
export function* runSimple(shell: Shell, command: SimpleCommand): Steps<number> {
  const replace = shell.mayReplace;
  shell.mayReplace = false;
  shell.line = command.line;
  if (!shell.signals.inTrap) shell.command = command;
  if (shell.signals.get("DEBUG")) yield* shell.signals.run("DEBUG");
  shell.substitutionStatus = undefined;
  const opened = shell.substitution.count;
  const { words, assignments, redirects } = command;
  try {
    const args: Argument[] = [];
    for (const word of words) {
      if ("type" in word) args.push(yield* prepareAssignment(shell, word));
      else if (!expandQuickly(shell, word, args)) yield* expandWord(shell, word, args);
    }
    if (args.length === 0) {
      const status = yield* runAssignments(shell, assignments);
      if (redirects.length === 0) return yield* checkFailure(shell, status);
      return yield* checkFailure(shell, yield* runRedirectsOnly(shell, redirects, status));
    }
    return yield* checkFailure(shell, yield* runWords(shell, command, args, replace));
  } finally {
    if (shell.substitution.count > opened) shell.substitution.release(opened);
  }
}

function* runRedirectsOnly(shell: Shell, redirects: readonly Redirect[], status: number): Steps<number> {
  const redirections = new Redirections(shell, shell.process.fds);
  const done = yield* redirections.apply(redirects);
  redirections.undo();
  return done ? status : shell.errorStatus;
}

function* runWords(shell: Shell, command: SimpleCommand, args: Argument[], replace: boolean): Steps<number> {
  const name = typeof args[0] === "string" ? args[0] : "";
  const called = shell.functions.get(name);
  const builtin = called ? undefined : shell.builtins.find(name);
  const temporary: PreparedAssignment[] = [];
  for (const assignment of command.assignments) {
    const prepared = yield* prepareAssignment(shell, assignment);
    if (shell.options.has("xtrace") && !shell.dialect.strict) yield* trace(shell, assignmentText(prepared));
    temporary.push(prepared);
  }
  if (shell.options.has("xtrace")) {
    // Smaller shells show a command with its assignments.
    const before = shell.dialect.strict ? temporary.map(assignmentText) : [];
    yield* trace(shell, [...before, ...args.map(argumentText)].join(" "));
  }
  const last = args.at(-1)!;
  let status: number;
  if (called) status = yield* runFunction(shell, called, args.slice(1).map(plainText), temporary, command.redirects);
  else if (builtin) status = yield* runBuiltin(shell, builtin, args.slice(1), temporary, command.redirects);
  else
    status = yield* runExternal(shell, {
      argv: args.map(plainText),
      environment: environmentOf(shell, temporary),
      redirects: command.redirects,
      text: printCommand(command),
      replace,
    });
  shell.lastArgument = plainText(last);
  return status;
}

function argumentText(argument: Argument): string {
  if (typeof argument === "string") return traceQuote(argument);
  return typeof argument.value === "string" ? traceQuote(argument.text + argument.value) : argument.text;
}

/** What a command that does not know assignments gets of one. */
function plainText(argument: Argument): string {
  if (typeof argument === "string") return argument;
  return typeof argument.value === "string" ? argument.text + argument.value : argument.text;
}

function environmentOf(shell: Shell, temporary: readonly PreparedAssignment[]): Readonly<Record<string, string>> {
  const environment = shell.variables.environment();
  if (temporary.length === 0) return environment;
  for (const { name } of temporary)
    if (shell.variables.find(name)?.readonly) shell.complain(`${name}: readonly variable`);
  const values = temporary.map(({ name, value, append }) => [
    name,
    (append ? (shell.variables.get(name) ?? "") : "") + (typeof value === "string" ? value : ""),
  ]);
  return { ...(Object.fromEntries(values) as Record<string, string>), ...environment, ...(Object.fromEntries(values) as Record<string, string>) }; // prettier-ignore
}

function* runFunction(
  shell: Shell,
  called: ShellFunction,
  args: readonly string[],
  temporary: readonly PreparedAssignment[],
  redirects: readonly Redirect[],
): Steps<number> {
  if (temporary.length === 0 && redirects.length === 0) return yield* shell.interpreter.call(shell, called, args);
  const redirections = new Redirections(shell, shell.process.fds);
  let undo: (() => void) | undefined;
  try {
    if (!(yield* redirections.apply(redirects))) return shell.errorStatus;
    undo = override(shell, temporary);
    return yield* shell.interpreter.call(shell, called, args);
  } finally {
    undo?.();
    redirections.undo();
  }
}

function* runBuiltin(
  shell: Shell,
  builtin: Builtin,
  args: readonly Argument[],
  temporary: readonly PreparedAssignment[],
  redirects: readonly Redirect[],
): Steps<number> {
  const words = builtin.declares ? args : args.map(plainText);
  if (temporary.length === 0 && redirects.length === 0) return yield* invokeBuiltin(shell, builtin, words);
  const redirections = new Redirections(shell, shell.process.fds);
  let undo: (() => void) | undefined;
  let keep = false;
  try {
    if (!(yield* redirections.apply(redirects))) {
      // POSIX: a special builtin whose redirection fails ends a shell without prompt.
      if (builtin.special && shell.dialect.strict && !shell.start.interactive) throw new Exit(shell.errorStatus);
      return shell.errorStatus;
    }
    if (builtin.special && shell.dialect.name !== "bash") for (const prepared of temporary) carryOut(shell, prepared);
    else undo = override(shell, temporary);
    keep = builtin.name === "exec" && args.length === 0;
    return yield* invokeBuiltin(shell, builtin, words);
  } finally {
    undo?.();
    if (keep) redirections.keep();
    else redirections.undo();
  }
}

/** Makes assignments for the time of one command; they are exported. Returns what undoes them. */
function override(shell: Shell, temporary: readonly PreparedAssignment[]): (() => void) | undefined {
  if (temporary.length === 0) return undefined;
  const undos: (() => void)[] = [];
  for (const prepared of temporary) {
    const known = shell.variables.find(prepared.name);
    if (known?.readonly) {
      shell.complain(`${prepared.name}: readonly variable`);
      continue;
    }
    const variable = known?.copy(shell.variables.owner) ?? new Variable<Shell>(shell.variables.owner);
    variable.temporary = true;
    variable.exported = true;
    undos.push(shell.variables.override([[prepared.name, variable]]));
    try {
      carryOut(shell, prepared);
    } catch (error) {
      if (!(error instanceof AssignmentFault)) throw error;
      shell.complain(error.message);
      throw new Discard(1);
    }
  }
  return () => {
    for (const undo of undos.reverse()) undo();
  };
}
