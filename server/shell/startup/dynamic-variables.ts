import { pad, SECOND } from "../../sim/kernel/index.ts";
import type { Shell } from "../interpreter/shell.ts";
import { printCommand } from "../syntax/index.ts";
import { IndexedArray, type Dynamic } from "../variables/index.ts";

/** Variables that are computed when they are read: all of bash's, or those that are named. */
export function makeDynamicVariables(shell: Shell, names: readonly string[] | undefined): void {
  if (names) {
    const known = { ...DYNAMIC, ...numbers(shell) };
    for (const name of names) shell.variables.makeDynamic(name, known[name]!);
    return;
  }
  for (const [name, dynamic] of Object.entries(DYNAMIC)) shell.variables.makeDynamic(name, dynamic);
  for (const [name, dynamic] of Object.entries(numbers(shell))) {
    shell.variables.makeDynamic(name, dynamic);
    shell.variables.writable(name).integer = name !== "SECONDS";
  }
  for (const name of ["BASHPID", "HISTCMD"]) shell.variables.writable(name).integer = true;
  for (const name of ["SHELLOPTS", "BASHOPTS"]) shell.variables.writable(name).readonly = true;
}

const now = (shell: Shell): number => shell.process.now;

const DYNAMIC: Readonly<Record<string, Dynamic<Shell>>> = {
  LINENO: { read: (shell) => String(shell.line), write: (shell, value) => void (shell.line = Number(value) || 0) },
  EPOCHSECONDS: { read: (shell) => String(Math.floor(now(shell) / SECOND)) },
  EPOCHREALTIME: { read: (shell) => `${Math.floor(now(shell) / SECOND)}.${pad(now(shell) % SECOND, 6)}` },
  BASHPID: { read: ({ process }) => String(process.host.pidOf(process.row)) },
  BASH_COMMAND: { read: ({ command }) => (typeof command === "object" ? printCommand(command) : (command ?? "")) },
  BASH_SUBSHELL: { read: ({ subshells }) => String(subshells) },
  BASH_ARGV0: { read: ({ name }) => name, write: (shell, value) => void (shell.name = value) },
  HISTCMD: { read: ({ history }) => String(history.next) },
  SHELLOPTS: { read: ({ options }) => options.shellopts },
  BASHOPTS: { read: ({ options }) => options.bashopts },
  FUNCNAME: { read: (shell) => (shell.function ? frames(shell, "name") : undefined) },
  BASH_SOURCE: { read: (shell) => frames(shell, "source") },
  BASH_LINENO: { read: (shell) => frames(shell, "line") },
  PIPESTATUS: { read: (shell) => new IndexedArray((shell.pipeStatus ?? [shell.lastStatus]).map(String)) },
  GROUPS: { read: ({ process }) => new IndexedArray(process.groups.map(String)) },
  DIRSTACK: { read: ({ directories }) => new IndexedArray(directories.list()) },
};

/** The call stack, the innermost first; below it stands the script itself. */
function frames(shell: Shell, what: "name" | "source" | "line"): IndexedArray {
  const values = shell.calls.toReversed().map((call) => String(call[what]));
  const isScript = !shell.start.interactive && !/[cs]/.test(shell.start.letters);
  if (isScript) values.push(what === "name" ? "main" : what === "source" ? shell.name : "0");
  return new IndexedArray(values);
}

/** RANDOM, SRANDOM and SECONDS, which keep something of their own. */
function numbers(shell: Shell): Record<string, Dynamic<Shell>> {
  let seed: number | undefined;
  let last = 0;
  let secondsFrom = shell.startedAt;
  return {
    RANDOM: {
      read({ kernel }) {
        seed ??= kernel.random.uint32("shell/random");
        let value: number;
        do {
          seed = parkMiller(seed);
          value = ((seed >>> 16) ^ (seed & 0xffff)) & 0x7fff;
        } while (value === last);
        last = value;
        return String(value);
      },
      write: (_, value) => {
        seed = Number(BigInt.asUintN(32, BigInt(/^-?\d+$/.test(value) ? value : 0)));
        last = 0;
      },
    },
    SRANDOM: { read: ({ kernel }) => String(kernel.random.uint32("shell/random")) },
    SECONDS: {
      read: (reader) => String(Math.floor((now(reader) - secondsFrom) / SECOND)),
      write: (writer, value) => void (secondsFrom = now(writer) - (Number(value) || 0) * SECOND),
    },
  };
}

/** The generator of lib/sh/random.c. */
function parkMiller(last: number): number {
  const seed = last === 0 ? 123459876 : last;
  const high = Math.floor(seed / 127773);
  const next = 16807 * (seed - 127773 * high) - 2836 * high;
  return next < 0 ? next + 0x7fffffff : next;
}
