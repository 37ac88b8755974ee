import type { Json } from "../output/golang/kind.ts";

const WORDS = new Map<string, readonly [tag: string, value: Json]>([
  ...["true", "True", "TRUE"].map((word) => [word, ["!!bool", true]] as const),
  ...["false", "False", "FALSE"].map((word) => [word, ["!!bool", false]] as const),
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, ["!!null", null]] as const),
]);
const INTEGER = /^([-+]?)(?:(0[xX])([0-9a-fA-F]+)|(0[bB])([01]+)|(0[oO]?)([0-7]+)|([1-9][0-9]*|0))$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const TIMESTAMP =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|\s+)(\d{1,2}):(\d{2}):(\d{2})(\.\d+)?(?:\s*(Z|[-+]\d{2}(?::?\d{2})?))?)?$/;

export interface Resolved {
  readonly tag: string;
  readonly value: Json;
}

/** What a plain scalar reads as (go-yaml v3 resolve.go): `yes` and `on` are text there, `0644` is a number. */
export function resolve(text: string): Resolved {
  const word = WORDS.get(text);
  if (word) return { tag: word[0], value: word[1] };
  if (!/^[-+.0-9]/.test(text)) return { tag: "!!str", value: text };
  const plain = text.replaceAll("_", "");
  const integer = INTEGER.exec(plain);
  if (integer) return { tag: "!!int", value: integerOf(integer) };
  if (FLOAT.test(plain) && Number.isFinite(Number(plain))) return { tag: "!!float", value: Number(plain) };
  if (/^[-+]?\.(?:inf|Inf|INF|nan|NaN|NAN)$/.test(text)) return { tag: "!!float", value: text };
  const time = TIMESTAMP.exec(text);
  return time && isDay(time) ? { tag: "!!timestamp", value: rfc3339(time) } : { tag: "!!str", value: text };
}

function integerOf([, sign, , hex, , binary, , octal, decimal]: RegExpExecArray): number {
  const value = hex !== undefined ? Number.parseInt(hex, 16) : binary !== undefined ? Number.parseInt(binary, 2) : octal !== undefined ? Number.parseInt(octal, 8) : Number(decimal); // prettier-ignore
  return sign === "-" ? -value : value;
}

function isDay([, year, month, day]: RegExpExecArray): boolean {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  const leap = y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0);
  return d >= 1 && d <= ([31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][m - 1] ?? 0);
}

/** As Go's time.Time goes into JSON. */
function rfc3339([
  ,
  year,
  month,
  day,
  hour = "0",
  minute = "00",
  second = "00",
  fraction = "",
  zone = "Z",
]: RegExpExecArray): string {
  const two = (text: string): string => text.padStart(2, "0");
  const fine = fraction.replace(/0+$/, "");
  return `${year!}-${two(month!)}-${two(day!)}T${two(hour)}:${minute}:${second}${fine === "." ? "" : fine}${zone}`;
}
