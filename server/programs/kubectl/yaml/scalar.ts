import { parseRfc3339 } from "../../../sim/kernel/index.ts";
import { YamlError } from "./cursor.ts";

/** What a scalar stands for. */
export type Scalar = string | number | boolean | null;

const WORDS = new Map<string, Scalar>([
  ...["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"].map((word) => [word, true] as const),
  ...["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"].map((word) => [word, false] as const),
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, Number.NaN] as const),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map((word) => [word, Infinity] as const),
  ...["-.inf", "-.Inf", "-.INF"].map((word) => [word, -Infinity] as const),
]);

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const DATE = /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)?)?$/;
const LONG_TAG = "tag:yaml.org,2002:";

/** A scalar's value by its tag, or by its looks if it has none (goyaml.v2 resolve.go). Times stay texts. */
export function scalarValue(tag: string, text: string): Scalar {
  const short = tag.startsWith(LONG_TAG) ? `!!${tag.slice(LONG_TAG.length)}` : tag;
  if (short === "!!binary") return binary(text);
  if (!["", "!!str", "!!bool", "!!int", "!!float", "!!null", "!!timestamp"].includes(short) || short === "!!str")
    return text;
  const value = byLooks(text);
  const found = tagOf(value, text);
  if (short === "" || short === found || (short === "!!float" && found === "!!int")) return value;
  throw new YamlError(`cannot decode ${found} \`${text}\` as a ${short}`);
}

function byLooks(text: string): Scalar {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  const first = text.charCodeAt(0);
  const isDigitOrSign = (first >= 48 && first <= 57) || first === 43 || first === 45;
  if (!isDigitOrSign && first !== 46) return text;
  if (first === 46) return FLOAT.test(text) ? Number(text) : text;
  if (isTime(text)) return text;
  const plain = text.replaceAll("_", "");
  return integer(plain) ?? (FLOAT.test(plain) && Number.isFinite(Number(plain)) ? Number(plain) : text);
}

/** Go's ParseInt with base 0: 0x1f, 0b11, 0o17 and 017. */
function integer(text: string): number | undefined {
  const [, sign = "", digits = ""] = /^([-+]?)(.*)$/s.exec(text)!;
  const octal = /^0([0-7]+)$/.exec(digits)?.[1];
  const plain = octal === undefined ? digits.toLowerCase() : `0o${octal}`;
  if (!/^(?:0x[0-9a-f]+|0b[01]+|0o[0-7]+|0|[1-9][0-9]*)$/.test(plain)) return undefined;
  const value = BigInt(plain);
  if (value > 2n ** 64n - 1n || (sign === "-" && value > 2n ** 63n)) return undefined;
  return Number(sign === "-" ? -value : value);
}

function isTime(text: string): boolean {
  if (!DATE.test(text)) return false;
  const [, year = "", month = "", day = ""] = /^(\d{4})-(\d{1,2})-(\d{1,2})/.exec(text)!;
  return parseRfc3339(`${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}T00:00:00Z`) !== undefined;
}

function tagOf(value: Scalar, text: string): string {
  if (value === null) return "!!null";
  if (typeof value === "boolean") return "!!bool";
  if (typeof value === "string") return isTime(text) ? "!!timestamp" : "!!str";
  return Number.isInteger(value) && integer(text.replaceAll("_", "")) !== undefined ? "!!int" : "!!float";
}

function binary(text: string): string {
  const packed = text.replaceAll(/[\r\n]/g, "");
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed))
    throw new YamlError("!!binary value contains invalid base64 data");
  return Buffer.from(packed, "base64").toString("utf8");
}
