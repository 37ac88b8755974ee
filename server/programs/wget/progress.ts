import { SECOND, type Duration } from "../../sim/kernel/index.ts";

/** What stands beside the bar: percentage, brackets, amount, rate, time. */
const BESIDE = 4 + 2 + 8 + 10 + 15;

/** The bar on a terminal as it is first drawn, and in its last state (src/progress.c create_image). */
export function progressBar(
  name: string,
  done: number,
  total: number | undefined,
  span: Duration | undefined,
  columns: number,
): string {
  const screen = columns - 1;
  const names = Math.floor(screen / 4);
  const label = name.length > names ? name.slice(0, names) : name.padEnd(names);
  const width = Math.max(screen - (names + 1) - BESIDE, 0);
  const known = total !== undefined && total > 0;
  const full = span !== undefined;
  const share = known && full ? Math.min(1, done / total) : 0;
  const length = Math.floor(share * width);
  const bar = known ? (length > 0 ? `${"=".repeat(length - 1)}>` : "") : "<=>";
  const percent = known ? `${Math.floor(share * 100)}%`.padStart(4) : "    ";
  const amount = human(done).padStart(8);
  const time = full ? `    in ${seconds(span)}` : "";
  return `\r${label} ${percent}[${known ? bar.padEnd(width) : ` ${bar}`.padEnd(width)}]${amount}  --.-KB/s${time.padEnd(15)}`;
}

/** Dots for a log that is no terminal: fifty to a line, a kilobyte each (dot_draw). */
export function dotLines(done: number, total: number | undefined, span: Duration): string {
  const perLine = 50 * 1024;
  const lines = Math.max(1, Math.ceil(done / perLine));
  let out = "";
  for (let line = 0; line < lines; line++) {
    const upTo = Math.min(done, (line + 1) * perLine);
    const dots = Math.floor((upTo - line * perLine) / 1024) + (upTo === done && done % 1024 > 0 ? 0 : 0);
    let text = "";
    for (let dot = 0; dot < 50; dot++) text += `${dot % 10 === 0 ? " " : ""}${dot < dots ? "." : " "}`;
    const share =
      total === undefined || total === 0 ? "    " : `${String(Math.floor((upTo * 100) / total)).padStart(3)}%`;
    const last = line === lines - 1;
    out += `${String(line * 50).padStart(6)}K${text} ${share} ${rateText(done, span)}${last ? `=${seconds(span)}` : ""}\n`;
  }
  return out;
}

function rateText(bytes: number, span: Duration): string {
  const perSecond = (bytes * SECOND) / Math.max(span, 1);
  const units = ["", "K", "M", "G"];
  let value = perSecond;
  let unit = 0;
  while (value >= 1024 && unit < 3) {
    value /= 1024;
    unit++;
  }
  return `${value >= 99.95 ? Math.round(value) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2)}${units[unit]!}`.padStart(
    5,
  );
}

function human(bytes: number): string {
  if (bytes < 1024) return String(bytes);
  const units = ["K", "M", "G"];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < 2) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(2)}${units[unit]!}`;
}

/** print_elapsed of utils.c. */
function seconds(span: Duration): string {
  const value = span / SECOND;
  if (value < 0.0005) return "0s";
  if (value < 10) return `${Number(value.toFixed(value < 0.01 ? 3 : value < 1 ? 2 : 1))}s`;
  return `${Math.round(value)}s`;
}
