import { calendar, SECOND } from "../../sim/kernel/index.ts";
import { expandHistory } from "../history/expansion.ts";
import { strftime } from "../history/strftime.ts";
import type { Shell } from "../interpreter/shell.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { numericArgument, parseOptions } from "./usage.ts";

export const history: PlainBuiltin = {
  name: "history",
  synopsis: "[-c] [-d offset] [n] or history -anrw [filename] or history -ps arg [arg...]",
  summary: "Shows or changes the list of commands that were typed.",
  run(shell, args) {
    const parsed = parseOptions(shell, history, args, "cd:anrwps");
    if (!parsed) return 2;
    const { options, rest } = parsed;
    if (options.has("c")) shell.history.clear();
    if (options.has("d")) return deleteEntries(shell, options.get("d") as string);
    if (options.has("s")) {
      if (rest.length > 0) {
        shell.history.forgetLast();
        shell.history.add(shell, rest.join(" "));
      }
      return 0;
    }
    if (options.has("p")) return printExpanded(shell, rest);
    const file = ["a", "n", "r", "w"].filter((letter) => options.has(letter));
    if (file.length > 1) {
      shell.complainInBuiltin("cannot use more than one of -anrw");
      return 1;
    }
    if (file.length === 1) return useFile(shell, file[0]!, rest[0]);
    if (options.has("c") && rest.length === 0) return 0;
    return show(shell, rest);
  },
};

function show(shell: Shell, [text, extra]: readonly string[]): number {
  if (extra !== undefined) {
    shell.complainInBuiltin("too many arguments");
    return 1;
  }
  const count = text === undefined ? Infinity : numericArgument(shell, text);
  if (count === undefined) return 1;
  const { entries, first } = shell.history;
  const format = shell.variables.get("HISTTIMEFORMAT");
  const from = Math.max(0, entries.length - Math.abs(count));
  for (let at = from; at < entries.length; at++) {
    const { line, time, original } = entries[at]!;
    const stamp = format && time !== undefined ? strftime(format, calendar(time * SECOND), time) : "";
    shell.print(`${String(first + at).padStart(5)}${original === undefined ? " " : "*"} ${stamp}${line}\n`);
  }
  return 0;
}

function deleteEntries(shell: Shell, text: string): number {
  const { history: list } = shell;
  const match = /^(-?\d+)(?:-(-?\d+))?$/.exec(text);
  const place = (number: string): number => (number.startsWith("-") ? list.next + Number(number) : Number(number));
  const from = match ? place(match[1]!) : NaN;
  const to = match ? place(match[2] ?? match[1]!) : NaN;
  if (!(from >= list.first && to < list.next && from <= to)) {
    shell.complainInBuiltin(`${text}: history position out of range`);
    return 1;
  }
  list.delete(from, to);
  return 0;
}

function printExpanded(shell: Shell, args: readonly string[]): number {
  let status = 0;
  for (const arg of args) {
    const expanded = expandHistory(shell, arg);
    if (expanded.type === "failed") {
      shell.complainInBuiltin(`${arg}: history expansion failed`);
      status = 1;
    } else shell.print(`${expanded.type === "unchanged" ? arg : expanded.text}\n`);
  }
  return status;
}

function useFile(shell: Shell, letter: string, given: string | undefined): number {
  const path = given ?? shell.variables.get("HISTFILE");
  if (!path) return 1;
  const failure =
    letter === "w" || letter === "a"
      ? shell.history.write(shell, path, letter === "a")
      : shell.history.read(shell, path, letter === "n");
  if (!failure) return 0;
  shell.complainInBuiltin(`${path}: ${failure.message}`);
  return 1;
}
