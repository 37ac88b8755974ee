import { SECOND, type Duration } from "../../sim/kernel/index.ts";
import type { Shell } from "./shell.ts";

/** What `time` prints: TIMEFORMAT, or the usual lines. All simulated time is told as real time; users' and system's are not kept apart. */
export function formatTimes(shell: Shell, real: Duration, posix: boolean): string {
  const format = shell.variables.get("TIMEFORMAT");
  if (shell.dialect.name === "ash" && !posix)
    return ["real", "user", "sys"].map((what, at) => `${what}\t${smallTime(at === 0 ? real : 0)}\n`).join("");
  if (posix) return `real ${fixed(real, 2)}\nuser ${fixed(0, 2)}\nsys ${fixed(0, 2)}\n`;
  if (format === undefined) return `\nreal\t${long(real, 3)}\nuser\t${long(0, 3)}\nsys\t${long(0, 3)}\n`;
  if (format === "") return "";
  const text = format.replace(
    /%(?:([0-3]?)(l?)([RUS])|P|%)/g,
    (whole, digits: string, asLong: string, which: string) => {
      if (whole === "%%") return "%";
      if (whole === "%P") return "0.00";
      const value = which === "R" ? real : 0;
      const places = digits === "" ? 3 : Number(digits);
      return asLong ? long(value, places) : fixed(value, places);
    },
  );
  return `${text}\n`;
}

/** `1m 2.25s` */
function smallTime(span: Duration): string {
  return long(span, 2).replace("m", "m ");
}

/** `1.250` */
function fixed(span: Duration, places: number): string {
  return (Math.floor(span / 10 ** (6 - places)) / 10 ** places).toFixed(places);
}

/** `1m2.250s` */
function long(span: Duration, places: number): string {
  const minutes = Math.floor(span / (60 * SECOND));
  return `${minutes}m${fixed(span - minutes * 60 * SECOND, places)}s`;
}
