import { quote } from "../output/golang/quote.ts";
import type { Read } from "./flag.ts";

const TRUE = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const FALSE = new Set(["0", "f", "F", "FALSE", "false", "False"]);

/** `strconv.ParseBool` */
export function parseBool(text: string): Read<boolean> {
  if (TRUE.has(text)) return { value: true };
  if (FALSE.has(text)) return { value: false };
  return { error: `strconv.ParseBool: parsing ${quote(text)}: invalid syntax` };
}

/** `strconv.ParseInt` with base 0: `0x1f`, `0b1`, `017`, `1_000` are numbers too. */
export function parseInteger(text: string, bits: 32 | 64): Read<number> {
  const failed = (why: string): Read<number> => ({ error: `strconv.ParseInt: parsing ${quote(text)}: ${why}` });
  const match =
    /^([+-]?)(0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0(?:_?[0-7])*|[1-9](?:_?\d)*)$/.exec(text);
  if (!match) return failed("invalid syntax");
  const digits = match[2]!.replaceAll("_", "");
  const value = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits) * (match[1] === "-" ? -1n : 1n);
  if (BigInt.asIntN(bits, value) !== value) return failed("value out of range");
  return { value: Number(value) };
}
