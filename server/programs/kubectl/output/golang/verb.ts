import { encode, type Bytes } from "../../../../sim/kernel/index.ts";
import { formatBinary, formatFixed, formatGeneral, formatHex, formatScientific } from "./float.ts";
import { sortedKeys, type Json, type JsonObject } from "./kind.ts";
import { basicKind, goTypeName, numberIn, type GoValue } from "./number.ts";
import { asciiOnly, isPrintable, quote, quoteRune } from "./quote.ts";

/** What stands between the percent sign and the verb. */
export interface Directive {
  minus: boolean;
  plus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  /** `%#v`: Go source. Without it, `#` changes how a verb prints. */
  source: boolean;
  width: number | undefined;
  precision: number | undefined;
}

/** One operand, as fmt/print.go and fmt/format.go print it. */
export function formatOperand(value: GoValue, verb: string, directive: Directive): string {
  if (value === undefined || value === null)
    return verb === "v" || verb === "T" ? pad("<nil>", directive) : `%!${verb}(<nil>)`;
  if (verb === "T") return pad(cut(goTypeName(value), directive), directive);
  switch (basicKind(value)) {
    case "bool":
      return verb === "t" || verb === "v" ? pad(JSON.stringify(value), directive) : badVerb(value, verb, directive);
    case "string":
      return formatString(value as string, verb, directive);
    case "float":
      return formatFloatVerb(value, verb, directive);
    case "int":
    case "uint":
      return formatInteger(value, verb, directive);
    case undefined:
      return formatComposite(value as readonly Json[] | JsonObject, verb, directive);
  }
}

function badVerb(value: GoValue, verb: string, directive: Directive): string {
  return `%!${verb}(${goTypeName(value)}=${formatOperand(value, "v", directive)})`;
}

function formatComposite(value: readonly Json[] | JsonObject, verb: string, directive: Directive): string {
  if (verb === "w") return badVerb(value, verb, directive);
  const source = verb === "v" && directive.source;
  const nothing = source ? "interface {}(nil)" : "<nil>";
  const element = (item: Json): string => (item === null ? nothing : formatOperand(item, verb, directive));
  const items = Array.isArray(value)
    ? (value as readonly Json[]).map(element)
    : sortedKeys(value as JsonObject).map((key) => `${element(key)}:${element((value as JsonObject)[key]!)}`);
  if (source) return `${goTypeName(value)}{${items.join(", ")}}`;
  return `${Array.isArray(value) ? "" : "map"}[${items.join(" ")}]`;
}

function formatString(text: string, verb: string, directive: Directive): string {
  const shown = cut(text, directive);
  switch (verb) {
    case "v":
    case "s":
      return pad(verb === "v" && directive.source ? quote(shown) : shown, directive);
    case "x":
    case "X":
      return formatBytes(encode(text), verb === "X", directive);
    case "q":
      // oxlint-disable-next-line no-control-regex
      if (directive.sharp && !/[\0-\x08\n-\x1f\x7f`\ufeff\udc80-\udcff]/.test(shown))
        return pad(`\`${shown}\``, directive);
      return pad(directive.plus ? asciiOnly(quote(shown)) : quote(shown), directive);
    default:
      return badVerb(text, verb, directive);
  }
}

function formatBytes(bytes: Bytes, upper: boolean, directive: Directive): string {
  const shown = Array.from(bytes.slice(0, directive.precision));
  if (shown.length === 0) return pad("", directive);
  const hex = shown.map((byte) => byte.charCodeAt(0).toString(16).padStart(2, "0"));
  const prefix = directive.sharp ? "0x" : "";
  const text = prefix + hex.join(directive.space ? ` ${prefix}` : "");
  return pad(upper ? text.toUpperCase() : text, directive);
}

const BASES: Record<string, number> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };

function formatInteger(value: GoValue, verb: string, directive: Directive): string {
  const number = numberIn(value);
  if (verb === "v" && directive.source && basicKind(value) === "uint")
    return integerDigits(number, 16, "x", { ...directive, sharp: true });
  const base = BASES[verb];
  if (base !== undefined) return integerDigits(number, base, verb, directive);
  switch (verb) {
    case "c":
      return pad(isRune(number) ? String.fromCodePoint(number) : "\ufffd", directive);
    case "q":
      return pad(directive.plus ? asciiOnly(quoteRune(number)) : quoteRune(number), directive);
    case "U": {
      const hex = (number < 0 ? (1n << 64n) + BigInt(number) : BigInt(number)).toString(16).toUpperCase();
      const char = directive.sharp && isRune(number) ? String.fromCodePoint(number) : "";
      const shown = char !== "" && isPrintable(char) ? ` '${char}'` : "";
      return pad(`U+${hex.padStart(Math.max(directive.precision ?? 4, 4), "0")}${shown}`, {
        ...directive,
        zero: false,
      });
    }
    default:
      return badVerb(value, verb, directive);
  }
}

function integerDigits(number: number, base: number, verb: string, directive: Directive): string {
  const { precision, width } = directive;
  const spaces = { ...directive, zero: false };
  if (precision === 0 && number === 0) return pad("", spaces);
  const sign = number < 0 ? "-" : directive.plus ? "+" : directive.space ? " " : "";
  let least = precision ?? 0;
  if (precision === undefined && directive.zero && !directive.minus && width !== undefined) least = width - sign.length;
  let digits = Math.abs(number).toString(base).padStart(least, "0");
  if (directive.sharp && base === 2) digits = `0b${digits}`;
  else if (directive.sharp && base === 8 && !digits.startsWith("0")) digits = `0${digits}`;
  else if (directive.sharp && base === 16) digits = `0x${digits}`;
  if (verb === "O") digits = `0o${digits}`;
  return pad(sign + (verb === "X" ? digits.toUpperCase() : digits), spaces);
}

function isRune(number: number): boolean {
  return number >= 0 && number <= 0x10ffff && !(number >= 0xd800 && number <= 0xdfff);
}

function formatFloatVerb(value: GoValue, verb: string, directive: Directive): string {
  const number = numberIn(value);
  const unsigned = floatDigits(Math.abs(number), verb, directive);
  if (unsigned === undefined) return badVerb(value, verb, directive);
  const negative = number < 0 || Object.is(number, -0);
  const sign = negative ? "-" : directive.plus ? "+" : directive.space ? " " : "";
  const { width = 0, zero, minus } = directive;
  if (zero && !minus && sign !== "" && width > sign.length + unsigned.length)
    return sign + unsigned.padStart(width - 1, "0");
  return pad(sign + unsigned, directive);
}

function floatDigits(number: number, verb: string, directive: Directive): string | undefined {
  const { precision, sharp } = directive;
  switch (verb) {
    case "v":
    case "g":
    case "G": {
      const digits = formatGeneral(number, precision);
      const shown = sharp ? withPoint(digits, "e", precision ?? 6) : digits;
      return verb === "G" ? shown.toUpperCase() : shown;
    }
    case "e":
    case "E": {
      const digits = formatScientific(number, precision ?? 6);
      const shown = sharp ? withPoint(digits, "e", 0) : digits;
      return verb === "E" ? shown.toUpperCase() : shown;
    }
    case "f":
    case "F": {
      const digits = formatFixed(number, precision ?? 6);
      return sharp ? withPoint(digits, "e", 0) : digits;
    }
    case "b":
      return formatBinary(number);
    case "x":
    case "X": {
      const digits = formatHex(number, precision);
      const shown = sharp ? withPoint(digits, "p", verb === "x" ? (precision ?? 6) : 0) : digits;
      return verb === "X" ? shown.toUpperCase() : shown;
    }
    default:
      return undefined;
  }
}

/** `%#g`: always a point, and as many digits as were asked for. Go counts the x of a hexadecimal number with them. */
function withPoint(text: string, mark: "e" | "p", count: number): string {
  const at = text.indexOf(mark);
  const number = at < 0 ? text : text.slice(0, at);
  const seen = number.replace(".", "").replace(/^0+/, "").length + (number === "0" ? 1 : 0);
  return (
    (number.includes(".") ? number : `${number}.`) + "0".repeat(Math.max(count - seen, 0)) + text.slice(number.length)
  );
}

function cut(text: string, directive: Directive): string {
  return directive.precision === undefined ? text : Array.from(text).slice(0, directive.precision).join("");
}

function pad(text: string, directive: Directive): string {
  const { width = 0, minus, zero } = directive;
  if (width === 0) return text;
  const missing = width - Array.from(text).length;
  if (missing <= 0) return text;
  if (minus) return text + " ".repeat(missing);
  return (zero ? "0" : " ").repeat(missing) + text;
}
