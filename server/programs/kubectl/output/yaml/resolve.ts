/** Words that YAML 1.1 takes for something else than text (goyaml.v2/resolve.go). */
const WORDS = new Set([
  "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON",
  "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF",
  "", "~", "null", "Null", "NULL",
  ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF",
]); // prettier-ignore

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const BASE60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const TIMESTAMP =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[+-](\d\d):(\d\d)))|(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?))?$/;

/** Whether a string may stand in YAML without quotes and still be a string: no number, boolean, null, time or base 60. */
export function readsAsText(text: string): boolean {
  if (WORDS.has(text)) return false;
  const first = text[0]!;
  if (first === ".") return !isFloat(text.replace(/(\d)_(?=\d)/g, "$1"));
  if (!/[-+0-9]/.test(first)) return true;
  if (isTimestamp(text) || BASE60.test(text)) return false;
  const plain = text.replaceAll("_", "");
  return !isInteger(plain) && !isFloat(plain);
}

/** `strconv.ParseFloat` takes it and it does not overflow. */
function isFloat(text: string): boolean {
  return FLOAT.test(text) && Number.isFinite(Number(text));
}

/** `strconv.ParseInt(text, 0, 64)` or ParseUint takes it. */
function isInteger(text: string): boolean {
  const match = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|([1-9][0-9]*|0))$/.exec(text);
  if (!match) return false;
  const [, sign, hex, binary, octal, decimal] = match;
  const digits = hex !== undefined ? `0x${hex}` : binary !== undefined ? `0b${binary}` : octal !== undefined ? `0o${octal}` : decimal!; // prettier-ignore
  const value = BigInt(digits);
  if (sign === "-") return value <= 2n ** 63n;
  return value < (sign === "+" ? 2n ** 63n : 2n ** 64n);
}

/** One of the four forms that go-yaml tries with `time.Parse`. */
function isTimestamp(text: string): boolean {
  const match = TIMESTAMP.exec(text);
  if (!match) return false;
  const [year, month, day] = match.slice(1, 4).map(Number) as [number, number, number];
  const hour = Number(match[4] ?? match[9] ?? 0);
  const minute = Number(match[5] ?? match[10] ?? 0);
  const second = Number(match[6] ?? match[11] ?? 0);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  if (days === undefined || day < 1 || day > days) return false;
  return hour < 24 && minute < 60 && second < 60 && Number(match[7] ?? 0) <= 24 && Number(match[8] ?? 0) < 60;
}
