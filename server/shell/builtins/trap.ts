import { SIGNAL_NAMES, signalNumber } from "../../sim/host/index.ts";
import { reusable } from "../expansion/quote.ts";
import type { Shell } from "../interpreter/shell.ts";
import type { TrapName } from "../interpreter/signals.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { readSignal, signalTable } from "./signal-names.ts";
import { parseOptions, usage } from "./usage.ts";

export const trap: PlainBuiltin = {
  name: "trap",
  synopsis: "[-lp] [[arg] signal_spec ...]",
  summary: "Says what is to be done when a signal arrives or the shell ends.",
  special: true,
  run(shell, args) {
    const parsed = parseOptions(shell, trap, args, "lp");
    if (!parsed) return 2;
    const { options, rest } = parsed;
    if (options.has("l")) {
      shell.print(signalTable());
      return 0;
    }
    if (options.has("p") || rest.length === 0) return show(shell, rest);
    const [first, ...others] = rest as [string, ...string[]];
    // With a number or one name alone, that is the signal, and it is reset.
    const onlySignals = /^\d+$/.test(first) ? readTrapName(first) !== undefined : others.length === 0;
    if (onlySignals && others.length === 0 && readTrapName(first) === undefined) return usage(shell, trap);
    const action = onlySignals || first === "-" ? undefined : first;
    let status = 0;
    for (const text of onlySignals ? rest : others) {
      const name = readTrapName(text);
      if (name) shell.signals.set(name, action);
      else {
        shell.complainInBuiltin(`${text}: invalid signal specification`);
        status = 1;
      }
    }
    return status;
  },
};

function readTrapName(text: string): TrapName | undefined {
  const upper = text.toUpperCase().replace(/^SIG/, "");
  if (text === "0" || upper === "EXIT") return "EXIT";
  if (upper === "ERR" || upper === "DEBUG" || upper === "RETURN") return upper;
  return readSignal(text);
}

const ORDER: readonly TrapName[] = [
  "EXIT",
  ...[...SIGNAL_NAMES].sort((a, b) => signalNumber(a) - signalNumber(b)),
  "DEBUG",
  "ERR",
  "RETURN",
];

function show(shell: Shell, names: readonly string[]): number {
  let status = 0;
  const wanted: TrapName[] = [];
  for (const text of names) {
    const name = readTrapName(text);
    if (name) wanted.push(name);
    else {
      shell.complainInBuiltin(`${text}: invalid signal specification`);
      status = 1;
    }
  }
  for (const name of names.length > 0 ? wanted : ORDER) {
    const action = shell.signals.shown(name);
    if (action !== undefined) shell.print(`trap -- ${reusable(action)} ${shell.dialect.signalName(name)}\n`);
  }
  return status;
}
