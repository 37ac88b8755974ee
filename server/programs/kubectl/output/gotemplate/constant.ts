import { GoNumber } from "../golang/number.ts";
import { quote } from "../golang/quote.ts";
import { unescapeGo } from "../golang/unquote.ts";

/** What a number in a template stands for; a value of undefined is an integer that does not fit an int. */
export type Constant = { readonly value: GoNumber | undefined } | { readonly error: string };

const INTEGER = /^[+-]?(?:0[xX](?:_?[\da-fA-F])+|0[bB](?:_?[01])+|0[oO]?(?:_?[0-7])+|0|[1-9](?:_?\d)*)$/;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const HEX_FLOAT = /^([+-]?)0[xX]([\da-fA-F]*)\.?([\da-fA-F]*)[pP]([+-]?\d+)$/;

const LARGEST = 2n ** 63n;

/** A number by its text: an int, or a float64 if it has a point or an exponent. */
export function numberConstant(text: string): Constant {
  if (text.endsWith("i")) return { error: `complex number ${text} is not simulated` };
  if (INTEGER.test(text)) {
    const value = integer(text.replaceAll("_", ""));
    if (value >= -LARGEST && value < LARGEST) return { value: new GoNumber("int", Number(value)) };
    if (value >= 0 && value < 2n * LARGEST) return { value: undefined };
    return { error: `integer overflow: ${quote(text)}` };
  }
  const value = float(text);
  if (value === undefined || !Number.isFinite(value)) return { error: `illegal number syntax: ${quote(text)}` };
  // A decimal number with a leading zero is no octal one.
  if (!/[.eEpP]/.test(text)) return { error: `integer overflow: ${quote(text)}` };
  return { value: new GoNumber("float64", value) };
}

/** `'x'` is the number of the character. */
export function characterConstant(text: string): Constant {
  const inner = text.slice(1, -1);
  const first = /^(?:\\(?:x.{2}|u.{4}|U.{8}|[0-7]{3}|.)|[^\\])/su.exec(inner)?.[0];
  const char = first === undefined ? undefined : unescapeGo(first, "'");
  if (first === undefined || char === undefined) return { error: "invalid syntax" };
  if (first !== inner) return { error: `malformed character constant: ${text}` };
  const code = char.codePointAt(0)!;
  // A byte, as `unescapeGo` gives it.
  return { value: new GoNumber("int", code >= 0xdc80 && code <= 0xdcff ? code & 0xff : code) };
}

function integer(text: string): bigint {
  const [, sign, digits] = /^([+-]?)(.*)$/.exec(text) as unknown as [string, string, string];
  const value = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return sign === "-" ? -value : value;
}

function float(text: string): number | undefined {
  // Only between digits, and only with a prefix, may there be underscores: those are integers, or too odd.
  if (DECIMAL.test(text)) return Number(text);
  const hex = HEX_FLOAT.exec(text);
  if (!hex) return undefined;
  const [, sign, whole, fraction, exponent] = hex as unknown as [string, string, string, string, string];
  if (whole + fraction === "") return undefined;
  const value = Number(BigInt(`0x${whole}${fraction}`)) * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === "-" ? -value : value;
}
