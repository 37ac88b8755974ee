import { parse, replaceAliases, type Fault, type Unit } from "../syntax/index.ts";
import type { TextOrigin } from "./interpreter.ts";
import { runList } from "./run.ts";
import type { Shell } from "./shell.ts";
import { nested, type Steps } from "./steps.ts";
import { Discard } from "./unwinding.ts";

/** Runs a text unit by unit. A line that is given up does not stop those that follow; a line that cannot be read does. */
export function* runText(shell: Shell, text: string, origin: TextOrigin): Steps<number> {
  let rest = text;
  let { line } = origin;
  for (;;) {
    const extglob = shell.options.shopt("extglob");
    const { units, fault } = parse(rest, { line, extglob });
    const reread = yield* runUnits(shell, units, origin, extglob, fault);
    if (reread === undefined) {
      if (!fault || shell.jump) return shell.lastStatus;
      rest = rest.slice(fault.start);
      const length = yield* runWithAliases(shell, rest, fault.line);
      if (length === undefined || shell.jump) return length === undefined ? tellFault(shell, fault, origin) : shell.lastStatus;
      line = fault.line + rest.slice(0, length).split("\n").length - 1;
      rest = rest.slice(length);
      continue;
    }
    // What follows must be read with the options that were set.
    line += rest.slice(0, reread).split("\n").length - 1;
    rest = rest.slice(reread);
  }
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
    for (const unit of units) {
      yield* runList(shell, unit.list);
      if (shell.jump) break;
    }
    return end;
  }
  return undefined;
}

/** So many texts (`eval`, sourced files) are nested on the stack before one is run on its own. */
const DIRECT_TEXTS = 12;

/** Runs units; returns where the text must be read again because its meaning has changed, or undefined at the end. */
function* runUnits(
  shell: Shell,
  units: readonly Unit[],
  origin: TextOrigin,
  extglob: boolean,
  fault: Fault | undefined,
): Steps<number | undefined> {
  if (units.length === 0 && !fault) shell.lastStatus = 0;
  for (const [at, unit] of units.entries()) {
    const last = origin.last === true && at === units.length - 1 && !fault;
    const running = runUnit(shell, unit, origin, last);
    yield* shell.depth % DIRECT_TEXTS === DIRECT_TEXTS - 1 ? nested(running) : running;
    if (shell.jump) return undefined;
    if (shell.options.shopt("extglob") !== extglob && (fault || at < units.length - 1)) return unit.end;
  }
  return undefined;
}

/** Runs what stands on one line (or more, if a command spans them). */
export function* runUnit(shell: Shell, unit: Unit, origin: TextOrigin, last = false): Steps<void> {
  if (shell.options.has("verbose") && !shell.interactive) shell.writeError(unit.source.replace(/\n*$/, "\n"));
  for (const { line, text } of unit.warnings) {
    shell.line = line;
    shell.complain(`warning: ${text}`);
  }
  const replaced = aliasesReplaced(shell, unit.source);
  try {
    if (shell.options.has("noexec") && !shell.interactive) return;
    if (replaced !== undefined) {
      const { units, fault } = parse(replaced, { line: unit.line, extglob: shell.options.shopt("extglob") });
      for (const inner of units) {
        shell.mayReplace = last;
        yield* runList(shell, inner.list);
        if (shell.jump) return;
      }
      if (fault) shell.lastStatus = tellFault(shell, fault, origin);
      return;
    }
    shell.mayReplace = last;
    yield* runList(shell, unit.list);
  } catch (error) {
    if (!(error instanceof Discard) || error.everything || shell.isSubshell) throw error;
    shell.lastStatus = error.status;
  }
}

function aliasesReplaced(shell: Shell, text: string): string | undefined {
  return shell.options.shopt("expand_aliases") ? replaceAliases(text, shell.aliases) : undefined;
}

/** Says what bash says of a text that it cannot read. Returns `$?`. */
export function tellFault(shell: Shell, fault: Fault, origin: TextOrigin): number {
  const prefix = shell.dialect.syntaxPrefix(shell, fault.line, origin.name);
  for (const complaint of fault.complaints) {
    if (shell.interactive && complaint.startsWith("`")) continue;
    shell.writeError(`${prefix}${complaint}\n`);
  }
  const status = fault.status ?? (origin.name === undefined || origin.name === "-c" ? shell.lastStatus : 2);
  shell.lastStatus = status;
  return status;
}
