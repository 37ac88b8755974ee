import { createHash } from "node:crypto";
import type { Bytes } from "../../sim/kernel/index.ts";
import { compareVersions } from "../gnu/version-order.ts";
import { extract, type Key } from "./key.ts";

/** What a key is compared by, made once a line. */
type Value = Bytes | number | Decimal | Human;

/** A number with more digits than a double holds. */
interface Decimal {
  readonly negative: boolean;
  readonly whole: string;
  readonly fraction: string;
}

/** Signed: the unit counts before the number, as `sort -h` trusts that units are used where they fit. */
interface Human {
  readonly unit: number;
  readonly number: number;
}

export interface Sortable {
  readonly line: Bytes;
  readonly values: readonly Value[];
}

export interface SortRules {
  readonly keys: readonly Key[];
  readonly separator: Bytes | undefined;
  /** No comparison of whole lines where all keys are equal: -s and -u. */
  readonly stable: boolean;
  readonly reverse: boolean;
  /** What random order is made from. */
  readonly salt: string;
}

export function prepare(line: Bytes, { keys, separator, salt }: SortRules): Sortable {
  return { line, values: keys.map((key) => valueOf(key, extract(key, line, separator), salt)) };
}

/** Compares by the keys alone. */
export function compareKeys(a: Sortable, b: Sortable, keys: readonly Key[]): number {
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at]!;
    const [x, y] = [a.values[at]!, b.values[at]!];
    const difference = key.order === "version" ? compareVersions(x as Bytes, y as Bytes) : compareValues(x, y);
    if (difference !== 0) return key.reverse ? -difference : difference;
  }
  return 0;
}

export function comparator(rules: SortRules): (a: Sortable, b: Sortable) => number {
  return (a, b) => {
    const difference = compareKeys(a, b, rules.keys);
    if (difference !== 0 || (rules.stable && rules.keys.length > 0) || a.line === b.line) return difference;
    return a.line < b.line !== rules.reverse ? -1 : 1;
  };
}

function compareValues(a: Value, b: Value): number {
  if (isHuman(a) && isHuman(b)) return a.unit - b.unit || a.number - b.number;
  if (typeof a === "object" || typeof b === "object") return compareDecimals(toDecimal(a), toDecimal(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

function isHuman(value: Value): value is Human {
  return typeof value === "object" && "unit" in value;
}

function valueOf(key: Key, text: Bytes, salt: string): Value {
  switch (key.order) {
    case "numeric":
      return numeric(text);
    case "general":
      return general(text);
    case "human":
      return human(text);
    case "month":
      return month(text);
    case "random":
      return createHash("md5").update(salt).update(filtered(key, text), "latin1").digest("hex");
    case "version":
    case "text":
      return filtered(key, text);
  }
}

function filtered(key: Key, text: Bytes): Bytes {
  let out = text;
  if (key.dictionary) out = out.replace(/[^A-Za-z0-9 \t]/g, "");
  else if (key.printing) out = out.replace(/[^ -~]/g, "");
  return key.fold ? out.replace(/[a-z]+/g, (letters) => letters.toUpperCase()) : out;
}

function numeric(text: Bytes): Value {
  const match = /^[ \t\n]*(-?)(\d*)(?:\.(\d*))?/.exec(text)!;
  const [, sign, whole = "", fraction = ""] = match;
  if (whole.length + fraction.length > 15)
    return { negative: sign === "-", whole: whole.replace(/^0+/, ""), fraction: fraction.replace(/0+$/, "") };
  const value = Number(`${whole || "0"}.${fraction || "0"}`);
  return sign === "-" && value !== 0 ? -value : value;
}

function toDecimal(value: Value): Decimal {
  if (typeof value === "object") return value as Decimal;
  const [whole, fraction] = Math.abs(value as number)
    .toString()
    .split(".");
  return { negative: (value as number) < 0, whole: whole === "0" ? "" : whole!, fraction: fraction ?? "" };
}

function compareDecimals(a: Decimal, b: Decimal): number {
  const zero = (value: Decimal): boolean => value.whole === "" && value.fraction === "";
  if (zero(a) && zero(b)) return 0;
  const [na, nb] = [a.negative && !zero(a), b.negative && !zero(b)];
  if (na !== nb) return na ? -1 : 1;
  const size =
    a.whole.length - b.whole.length ||
    (a.whole < b.whole ? -1 : a.whole > b.whole ? 1 : a.fraction < b.fraction ? -1 : a.fraction > b.fraction ? 1 : 0);
  return na ? -size : size;
}

/** As strtold(3) reads it; what is no number comes before NaN, that before all numbers. */
function general(text: Bytes): number | Bytes {
  const match = /^\s*([-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|0x[\da-f]+|inf(?:inity)?|nan))/i.exec(text);
  if (!match) return -Number.MAX_VALUE * 2 - 0;
  const word = match[1]!.toLowerCase();
  if (word.includes("inf")) return word.startsWith("-") ? -Number.MAX_VALUE : Infinity;
  if (word.includes("nan")) return -Infinity;
  return Number(word);
}

const UNITS = "KMGTPEZY";

function human(text: Bytes): Human {
  const match = /^[ \t\n]*(-?)(\d*\.?\d*)([kKMGTPEZY]?)/.exec(text)!;
  const number = Number(match[2] === "" || match[2] === "." ? 0 : match[2]);
  const unit = number === 0 ? 0 : UNITS.indexOf((match[3] ?? "").toUpperCase() || " ") + 1;
  return match[1] === "-" ? { unit: -unit, number: -number } : { unit, number };
}

const MONTHS = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";

function month(text: Bytes): number {
  const name = text
    .replace(/^[ \t\n]+/, "")
    .slice(0, 3)
    .toUpperCase();
  const at = name.length === 3 ? MONTHS.indexOf(name) : -1;
  return at >= 0 && at % 3 === 0 ? at / 3 + 1 : 0;
}
