import { parse, replaceAliases, type Fault, type Unit } from "../syntax/index.ts";
import type { TextOrigin } from "./interpreter.ts";
import { runList } from "./run.ts";
import type { Shell } from "./shell.ts";
import { nested, type Steps } from "./steps.ts";
import { Discard } from "./unwinding.ts";

/** So many texts (`eval`, sourced files) are nested on the stack before one is run on its own. */
const DIRECT_TEXTS = 12;

/** Runs a text unit by unit. A line that is given up does not stop those that follow; a line that cannot be read does. */
export function* runText(shell: Shell, text: string, origin: TextOrigin): Steps<number> {
  let rest = text;
  let { line } = origin;
  const skip = (length: number): void => {
    line += rest.slice(0, length).split("\n").length - 1;
    rest = rest.slice(length);
  };
  for (;;) {
    const { units, fault } = parse(rest, { line, extglob: shell.options.shopt("extglob") });
    const reached = yield* runUnits(shell, units, origin, fault);
    if (reached === "stopped") return shell.lastStatus;
    // What follows must be read with the options that were set.
    if (reached !== "end") {
      skip(reached);
      continue;
    }
    if (!fault) return shell.lastStatus;
    if (fault.resume !== undefined) {
      tellFault(shell, fault, origin);
      skip(fault.resume);
      continue;
    }
    skip(fault.start);
    const length = yield* runWithAliases(shell, rest, line);
    if (length === undefined) return tellFault(shell, fault, origin);
    if (shell.jump) return shell.lastStatus;
    skip(length);
  }
}

/** Runs units to the end, to where a `return` or the like stops them, or to where the text must be read again. */
function* runUnits(
  shell: Shell,
  units: readonly Unit[],
  origin: TextOrigin,
  fault: Fault | undefined,
): Steps<"end" | "stopped" | number> {
  const extglob = shell.options.shopt("extglob");
  if (units.length === 0 && !fault) shell.lastStatus = 0;
  for (const [at, unit] of units.entries()) {
    const last = origin.last === true && at === units.length - 1 && !fault;
    const running = runUnit(shell, unit, origin, last);
    const goesOn = yield* shell.depth % DIRECT_TEXTS === DIRECT_TEXTS - 1 ? nested(running) : running;
    if (!goesOn || shell.jump) return "stopped";
    if (shell.options.shopt("extglob") !== extglob && (fault || at < units.length - 1)) return unit.end;
  }
  return "end";
}

/** Runs what stands on one line (or more, if a command spans them). False if the text ends here. */
export function* runUnit(shell: Shell, unit: Unit, origin: TextOrigin, last = false): Steps<boolean> {
  if (shell.options.has("verbose") && !shell.interactive) shell.writeError(unit.source.replace(/\n*$/, "\n"));
  for (const { line, text } of unit.warnings) shell.warn(line, text);
  if (shell.options.has("noexec") && !shell.interactive) return true;
  const replaced = aliasesReplaced(shell, unit.source);
  try {
    if (replaced !== undefined) return yield* runReplaced(shell, replaced, unit, origin);
    shell.mayReplace = last;
    yield* runList(shell, unit.list);
  } catch (error) {
    if (!(error instanceof Discard) || error.everything || shell.isSubshell) throw error;
    shell.lastStatus = error.status;
  }
  return true;
}

/** Runs a unit whose aliases were replaced. If that makes no command, the text ends; what is quoted is the line as typed. */
function* runReplaced(shell: Shell, text: string, { line, source }: Unit, origin: TextOrigin): Steps<boolean> {
  const { units, fault } = parse(text, { line, extglob: shell.options.shopt("extglob") });
  for (const { list } of units) {
    yield* runList(shell, list);
    if (shell.jump) return true;
  }
  if (!fault) return true;
  const typed = `\`${source.split("\n")[0]!}'`;
  tellFault(
    shell,
    { ...fault, complaints: fault.complaints.map((told) => (told.startsWith("`") ? typed : told)) },
    origin,
  );
  return false;
}

/**
 * What cannot be read may become a command once its aliases are replaced. Runs as many lines as make one; returns their
 * length, or undefined if they do not.
 */
function* runWithAliases(shell: Shell, text: string, line: number): Steps<number | undefined> {
  for (let end = 0; end < text.length;) {
    const newline = text.indexOf("\n", end);
    end = newline < 0 ? text.length : newline + 1;
    const replaced = aliasesReplaced(shell, text.slice(0, end));
    if (replaced === undefined) return undefined;
    const { units, fault, incomplete } = parse(replaced, { line, extglob: shell.options.shopt("extglob") });
    if (incomplete) continue;
    if (fault) return undefined;
    for (const { list } of units) {
      yield* runList(shell, list);
      if (shell.jump) break;
    }
    return end;
  }
  return undefined;
}

function aliasesReplaced(shell: Shell, text: string): string | undefined {
  return shell.options.shopt("expand_aliases") ? replaceAliases(text, shell.aliases) : undefined;
}

/** Says what bash says of a text that it cannot read. Returns `$?`. */
export function tellFault(shell: Shell, fault: Fault, origin: TextOrigin): number {
  const prefix = shell.dialect.syntaxPrefix(shell, fault.line, origin.name);
  for (const complaint of fault.complaints) {
    const words = shell.dialect.syntaxPhrase(complaint, fault.expected);
    if (words === undefined || (shell.interactive && complaint.startsWith("`"))) continue;
    shell.writeError(`${prefix}${words}\n`);
  }
  const status = fault.status ?? (origin.name === undefined || origin.name === "-c" ? shell.lastStatus : 2);
  shell.lastStatus = status;
  return status;
}
