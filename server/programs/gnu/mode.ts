import type { FileType } from "../../sim/host/index.ts";

const TYPES: Record<FileType, string> = {
  file: "-",
  dir: "d",
  link: "l",
  char: "c",
  block: "b",
  fifo: "p",
  socket: "s",
};

/** `rwxr-xr-x`, with `s`, `S`, `t` and `T` for the upper bits. */
export function permissionLetters(mode: number): string {
  const letters = [0o400, 0o200, 0o100, 0o40, 0o20, 0o10, 4, 2, 1].map((bit, at) =>
    (mode & bit) !== 0 ? "rwx"[at % 3]! : "-",
  );
  const upper = (bit: number, at: number, letter: string): void => {
    if ((mode & bit) !== 0) letters[at] = letters[at] === "x" ? letter : letter.toUpperCase();
  };
  upper(0o4000, 2, "s");
  upper(0o2000, 5, "s");
  upper(0o1000, 8, "t");
  return letters.join("");
}

/** `drwxr-xr-x` */
export function modeLetters(type: FileType, mode: number): string {
  return TYPES[type] + permissionLetters(mode);
}

export function octalMode(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

/** A change of permissions, made from `755`, `u+x` or `g=u,o-rwx`. */
export type ModeChange = (mode: number, isDirectory: boolean) => number;

const WHO: Readonly<Record<string, number>> = { u: 0o4700, g: 0o2070, o: 0o1007, a: 0o7777 };
const BITS: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: 0o111, s: 0o6000, t: 0o1000 };

/** Reads a mode as chmod(1) does; undefined if it is none (gnulib lib/modechange.c). */
export function parseMode(text: string, umask: number): ModeChange | undefined {
  if (/^[0-7]+$/.test(text)) {
    const value = parseInt(text, 8);
    if (value > 0o7777) return undefined;
    // Without five digits a number leaves a directory's set-id bits alone.
    return (mode, isDirectory) => (isDirectory && text.length < 5 ? value | (mode & 0o6000) : value);
  }
  const changes: ModeChange[] = [];
  for (const clause of text.split(",")) {
    const match = /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]|[0-7]+))+)$/.exec(clause);
    if (!match) return undefined;
    const who = [...match[1]!].reduce((bits, letter) => bits | WHO[letter]!, 0);
    for (const [, operator, what] of match[2]!.matchAll(/([-+=])([rwxXst]*|[ugo]|[0-7]+)(?=[-+=]|$)/g))
      changes.push(oneChange(operator!, what!, who, umask));
  }
  return (mode, isDirectory) => changes.reduce((next, change) => change(next, isDirectory), mode);
}

function oneChange(operator: string, what: string, who: number, umask: number): ModeChange {
  return (mode, isDirectory) => {
    const affected = who === 0 ? 0o7777 & ~umask : who;
    let bits = 0;
    if (/^[0-7]+$/.test(what)) bits = parseInt(what, 8);
    else if (/^[ugo]$/.test(what)) {
      const shift = { u: 6, g: 3, o: 0 }[what]!;
      const copied = (mode >> shift) & 7;
      bits = copied | (copied << 3) | (copied << 6);
    } else {
      for (const letter of what) {
        if (letter !== "X") bits |= BITS[letter]!;
        else if (isDirectory || (mode & 0o111) !== 0) bits |= 0o111;
      }
    }
    const change = bits & affected;
    if (operator === "+") return mode | change;
    if (operator === "-") return mode & ~change;
    const kept = (who === 0 ? 0 : ~who & 0o7777) | (isDirectory ? 0o6000 & mode : 0);
    return (mode & kept) | change;
  };
}
