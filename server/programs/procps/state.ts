import type { Machine, Process, ProcessRow } from "../../sim/host/index.ts";

/** One letter: R for who asks, S for who waits, T, Z. */
export function stateLetter(row: ProcessRow, asker: number): string {
  if (row.state === "zombie") return "Z";
  if (row.state === "stopped") return "T";
  return row.pid === asker ? "R" : "S";
}

/** The process group in the foreground of the process' terminal; -1 without one. */
export function foregroundGroup(row: ProcessRow, machine: Machine): number {
  const tty = row.tty === undefined ? undefined : machine.tty(row.tty);
  return tty?.foreground?.machine === machine ? tty.foreground.pgid : -1;
}

/** STAT of ps: the letter, `s` for session leaders, `l` for threads, `+` for the foreground. */
export function statLetters(row: ProcessRow, { machine, pid }: Process, threads: number): string {
  return (
    stateLetter(row, pid) +
    (row.sid === row.pid ? "s" : "") +
    (threads > 1 ? "l" : "") +
    (foregroundGroup(row, machine) === row.pgid ? "+" : "")
  );
}

/** The words of a command line; programs without one are shown by their name in brackets. */
export function commandLine(row: ProcessRow): string {
  if (row.state === "zombie") return `[${row.comm}] <defunct>`;
  return row.argv.length === 0
    ? `[${row.comm}]`
    : row.argv
        .join(" ")
        .replace(/[\n\t]/g, " ")
        .trimEnd();
}
