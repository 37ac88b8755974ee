import type { Cursor } from "./cursor.ts";

const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;

/** `3h30m`, or plain seconds; milliseconds. */
export function readTime(cursor: Cursor): number {
  const { token } = cursor;
  if (token.kind === "number") {
    cursor.next();
    return Number(token.text) * 1000;
  }
  if (token.kind !== "string" || !/^(\d+(ms|[dhms]))+$/.test(token.text)) cursor.fail();
  cursor.next();
  let sum = 0;
  for (const [, digits, unit] of token.text.matchAll(/(\d+)(ms|[dhms])/g))
    sum += Number(digits) * UNITS[unit as keyof typeof UNITS];
  return sum;
}

/** `1d2h`, `59m59s728ms` (time_print). */
export function timeText(milliseconds: number): string {
  let rest = Math.floor(milliseconds);
  let text = "";
  for (const unit of ["d", "h", "m", "s", "ms"] as const) {
    const count = Math.floor(rest / UNITS[unit]);
    rest -= count * UNITS[unit];
    if (count > 0) text += `${count}${unit}`;
  }
  return text === "" ? "0s" : text;
}
