import { formatFloat, formatInteger, padText, readDirective } from "../gnu/c-format.ts";
import { RuntimeFault } from "./fault.ts";

/** Input that looks like a number is both: it compares as a number, and is shown as it came. */
export class NumericText {
  readonly text: string;
  readonly number: number;

  constructor(text: string, number: number) {
    this.text = text;
    this.number = number;
  }
}

/** Texts are bytes, one to a character, as mawk has them. Undefined: not assigned yet, both "" and 0. */
export type Value = number | string | NumericText | undefined;

const LOOKS_NUMERIC = /^[ \t\n]*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[ \t\n]*$/;
const NUMBER_PREFIX = /^[ \t\n\r\f\v]*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/;

/** A value from outside: fields, getline, -v, ARGV. */
export function fromInput(text: string): Value {
  const first = text.charCodeAt(0);
  // Letters begin most texts, and no number.
  if (first > 57 || text === "") return text;
  return LOOKS_NUMERIC.test(text) ? new NumericText(text, Number(text)) : text;
}

export function toNumber(value: Value): number {
  if (typeof value === "number") return value;
  if (value === undefined) return 0;
  if (value instanceof NumericText) return value.number;
  const found = NUMBER_PREFIX.exec(value)?.[1];
  return found === undefined ? 0 : Number(found);
}

/** As CONVFMT or OFMT say, unless it is whole. */
export function toText(value: Value, format: string): string {
  if (typeof value === "string") return value;
  if (value === undefined) return "";
  if (value instanceof NumericText) return value.text;
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 63)
    return Object.is(value, -0) ? "-0" : BigInt(value).toString();
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "+inf" : "-inf";
  return sprintf(format, [value], format);
}

export function isTrue(value: Value): boolean {
  if (typeof value === "number") return value !== 0;
  if (value === undefined) return false;
  if (value instanceof NumericText) return value.number !== 0;
  return value !== "";
}

/** Negative, zero or positive: as numbers if both are, else as texts byte by byte. */
export function compare(left: Value, right: Value, format: string): number {
  if (typeof left !== "string" && typeof right !== "string") {
    const [a, b] = [toNumber(left), toNumber(right)];
    return a < b ? -1 : a > b ? 1 : a === b ? 0 : 1;
  }
  const [a, b] = [toText(left, format), toText(right, format)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** printf of C, over awk's values. */
export function sprintf(format: string, args: readonly Value[], convfmt: string, name = "sprintf"): string {
  let out = "";
  let next = 0;
  const take = (): Value => {
    if (next >= args.length) throw new NotEnough(out, `not enough arguments passed to ${name}("${format}")`);
    return args[next++];
  };
  for (let at = 0; at < format.length; at++) {
    const percent = format.indexOf("%", at);
    if (percent < 0) return out + format.slice(at);
    out += format.slice(at, percent);
    const directive = readDirective(format.slice(percent, percent + 40));
    if (!directive) {
      out += "%";
      at = percent;
      continue;
    }
    at = percent + directive.text.length - 1;
    const { flags, conversion } = directive;
    if (conversion === "%") {
      out += "%";
      continue;
    }
    const width = directive.width === "*" ? Math.trunc(toNumber(take())) : directive.width;
    const precision = directive.precision === "*" ? Math.trunc(toNumber(take())) : directive.precision;
    const layout = { flags, width, precision };
    out += formatOne(conversion, take, layout, convfmt, directive.text);
  }
  return out;
}

/** Arguments ran out; what was formatted before is written all the same. */
export class NotEnough extends RuntimeFault {
  readonly before: string;

  constructor(before: string, words: string) {
    super(words);
    this.before = before;
  }
}

interface Layout {
  readonly flags: string;
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

function formatOne(conversion: string, take: () => Value, layout: Layout, convfmt: string, text: string): string {
  switch (conversion) {
    case "d":
    case "i":
    case "o":
    case "x":
    case "X":
    case "u": {
      const value = toNumber(take());
      if (!Number.isFinite(value)) return padText(Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf", layout);
      const whole = BigInt(Math.trunc(value));
      const most = 2n ** 63n - 1n;
      return formatInteger(whole > most ? most : whole < -most - 1n ? -most - 1n : whole, conversion, layout);
    }
    case "c": {
      const value = take();
      const char = typeof value === "number" || value instanceof NumericText ? String.fromCharCode(toNumber(value) & 255) : (value ?? "")[0]; // prettier-ignore
      return padText(char ?? "", { ...layout, precision: undefined });
    }
    case "s":
      return padText(toText(take(), convfmt), layout);
    case "e":
    case "E":
    case "f":
    case "F":
    case "g":
    case "G":
      return formatFloat(toNumber(take()), conversion, layout);
    default:
      return text;
  }
}
