import type { PlainBuiltin } from "./builtin.ts";
import { parseOptions } from "./usage.ts";

export const umask: PlainBuiltin = {
  name: "umask",
  synopsis: "[-p] [-S] [mode]",
  summary: "Shows or sets which permissions new files do not get.",
  run(shell, args) {
    const parsed = parseOptions(shell, umask, args, "pS");
    if (!parsed) return 2;
    const { options, rest } = parsed;
    const [mode] = rest;
    if (mode === undefined) {
      const { umask: mask } = shell.process;
      const shown = options.has("S") ? symbolic(mask) : mask.toString(8).padStart(4, "0");
      shell.print(`${options.has("p") ? `umask ${options.has("S") ? "-S " : ""}` : ""}${shown}\n`);
      return 0;
    }
    const next = /^\d/.test(mode) ? octal(mode) : change(shell.process.umask, mode);
    if (typeof next === "string") {
      shell.complainInBuiltin(next);
      return 1;
    }
    shell.process.update({ umask: next });
    if (options.has("S")) shell.print(`${symbolic(next)}\n`);
    return 0;
  },
};

function octal(text: string): number | string {
  const value = /^[0-7]+$/.test(text) ? parseInt(text, 8) : 0o10000;
  return value <= 0o777 ? value : `${text}: octal number out of range`;
}

function symbolic(mask: number): string {
  const letters = (bits: number): string => (bits & 4 ? "r" : "") + (bits & 2 ? "w" : "") + (bits & 1 ? "x" : "");
  const allowed = ~mask & 0o777;
  return `u=${letters(allowed >> 6)},g=${letters((allowed >> 3) & 7)},o=${letters(allowed & 7)}`;
}

/** `u=rwx,g-w`: what it says is allowed. Returns the new mask, or an error. */
function change(mask: number, text: string): number | string {
  let allowed = ~mask & 0o777;
  for (const clause of text.split(",")) {
    const match = /^([ugoa]*)([-+=])(.*)$/.exec(clause);
    if (!match) return `\`${clause[0] ?? ""}': invalid symbolic mode operator`;
    const [, who, operator, permissions] = match as unknown as [string, string, string, string];
    const bad = /[^rwxXst]/.exec(permissions);
    if (bad) return `\`${bad[0]}': invalid symbolic mode character`;
    const bits = (permissions.includes("r") ? 4 : 0) | (permissions.includes("w") ? 2 : 0) | (/[xX]/.test(permissions) ? 1 : 0); // prettier-ignore
    for (const [letter, place] of [
      ["u", 6],
      ["g", 3],
      ["o", 0],
    ] as const) {
      // prettier-ignore
      if (who !== "" && !who.includes("a") && !who.includes(letter)) continue;
      if (operator === "=") allowed &= ~(7 << place);
      allowed = operator === "-" ? allowed & ~(bits << place) : allowed | (bits << place);
    }
  }
  return ~allowed & 0o777;
}
