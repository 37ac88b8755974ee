import { SECOND, type Duration } from "../../sim/kernel/index.ts";

const UNITS: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** `5`, `1.5s`, `2m`, `inf`: a span as sleep and timeout take it; undefined if it is none. */
export function parseInterval(text: string): Duration | undefined {
  const match = /^\+?(\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|0x[\da-f]+|inf(?:inity)?)([smhd]?)$/i.exec(text);
  if (!match) return undefined;
  const value = /^inf/i.test(match[1]!) ? Infinity : Number(match[1]);
  return value * UNITS[match[2]!.toLowerCase()]! * SECOND;
}

/** As long as a timer can be: what is longer never ends. */
export const FOREVER: Duration = 2 ** 50;
