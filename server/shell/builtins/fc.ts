import type { Shell } from "../interpreter/shell.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { parseOptions } from "./usage.ts";

export const fc: PlainBuiltin = {
  name: "fc",
  synopsis: "[-e ename] [-lnr] [first] [last] or fc -s [pat=rep] [command]",
  summary: "Shows commands that were typed, or runs one again.",
  *run(shell, args) {
    const numbers = args.findIndex((arg) => /^-\d+$/.test(arg));
    const head = numbers < 0 ? args : args.slice(0, numbers);
    const parsed = parseOptions(shell, fc, head, "e:lnrs");
    if (!parsed) return 2;
    const { options } = parsed;
    const rest = numbers < 0 ? parsed.rest : [...parsed.rest, ...args.slice(numbers)];
    if (options.has("l")) return list(shell, rest, options);
    if (!options.has("s") && options.get("e") !== "-") {
      shell.complain("drydock: fc: editing commands is not simulated");
      return 64;
    }
    const replacement = rest[0]?.includes("=") ? rest[0] : undefined;
    const wanted = replacement === undefined ? rest[0] : rest[1];
    const number = wanted === undefined ? lastNumber(shell) : find(shell, wanted);
    const line = number === undefined ? undefined : shell.history.at(number);
    if (line === undefined) {
      shell.complainInBuiltin("no command found");
      return 1;
    }
    const equals = replacement?.indexOf("=") ?? 0;
    const text = replacement === undefined ? line : line.split(replacement.slice(0, equals)).join(replacement.slice(equals + 1)); // prettier-ignore
    shell.writeError(`${text}\n`);
    if (shell.history.enabled) shell.history.replaceLast(text);
    shell.builtin = undefined;
    return yield* shell.interpreter.text(shell, text, { name: undefined, line: shell.line });
  },
};

/** The command before this one. */
function lastNumber(shell: Shell): number {
  return shell.history.next - (shell.history.enabled ? 2 : 1);
}

/** An entry by its number, counted back (`-2`), or by how it starts. */
function find(shell: Shell, text: string): number | undefined {
  const { history } = shell;
  if (/^-\d+$/.test(text)) return lastNumber(shell) + 1 + Number(text);
  if (/^\d+$/.test(text)) return Number(text);
  const at = history.entries.slice(0, lastNumber(shell) - history.first + 1).findLastIndex(({ line }) => line.startsWith(text)); // prettier-ignore
  return at < 0 ? undefined : history.first + at;
}

function list(shell: Shell, range: readonly string[], options: ReadonlyMap<string, unknown>): number {
  const { history } = shell;
  if (history.entries.length === 0) return 0;
  const newest = lastNumber(shell);
  const first = range[0] === undefined ? Math.max(history.first, newest - 15) : find(shell, range[0]);
  const last = range[1] === undefined ? newest : find(shell, range[1]);
  if (first === undefined || last === undefined) {
    shell.complainInBuiltin("history specification out of range");
    return 1;
  }
  const clamp = (number: number): number => Math.min(Math.max(number, history.first), Math.max(newest, history.first));
  const [from, to] = [clamp(first), clamp(last)];
  const step = from <= to ? 1 : -1;
  const numbers = Array.from({ length: Math.abs(to - from) + 1 }, (_, at) => from + at * step);
  for (const number of options.has("r") ? numbers.reverse() : numbers) {
    const line = history.at(number);
    if (line !== undefined) shell.print(options.has("n") ? `\t ${line}\n` : `${number}\t ${line}\n`);
  }
  return 0;
}
