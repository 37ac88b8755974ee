import { rfc3339 } from "../../../kernel/index.ts";
import { CelError, isList, isMap, isNumber, isSpecial, typeName, type Cel } from "./values.ts";

/** `"%s has %d".format([…])` (cel-go ext/formatting.go). */
export function format(template: string, values: readonly Cel[]): string {
  let at = 0;
  const made = template.replaceAll(/%(?:\.(\d+))?([a-zA-Z%])|%/g, (whole, precision: string | undefined, verb = "") => {
    if (whole === "%%") return "%";
    if (!(verb in VERBS)) throw new CelError(`could not parse formatting clause: unrecognized formatting clause ${JSON.stringify(verb)}`); // prettier-ignore
    if (at >= values.length) throw new CelError(`index ${at} out of range`);
    return VERBS[verb]!(values[at++]!, Number(precision ?? 6));
  });
  return made;
}

const VERBS: Readonly<Record<string, (value: Cel, precision: number) => string>> = {
  s: shown,
  d: (value) =>
    typeof value === "bigint" ? String(value) : isNumber(value) ? shown(value) : wrong("decimal", "integers", value),
  f: (value, precision) =>
    isNumber(value) ? Number(value).toFixed(precision) : wrong("fixed-point", "doubles", value),
  e: (value, precision) =>
    isNumber(value) ? exponent(Number(value), precision) : wrong("scientific", "doubles", value),
  b(value) {
    if (typeof value === "boolean") return value ? "1" : "0";
    return typeof value === "bigint" ? value.toString(2) : wrong("binary", "integers and bools", value);
  },
  o: (value) => (typeof value === "bigint" ? value.toString(8) : wrong("octal", "integers", value)),
  x: hex,
  X: (value) => hex(value).toUpperCase(),
};

function wrong(clause: string, what: string, value: Cel): never {
  throw new CelError(
    `error during formatting: ${clause} clause can only be used on ${what}, was given ${typeName(value)}`,
  );
}

function hex(value: Cel): string {
  if (typeof value === "bigint") return value.toString(16);
  if (typeof value === "string") return Buffer.from(value).toString("hex");
  return wrong("hex", "integers, byte buffers, and strings", value);
}

function exponent(value: number, precision: number): string {
  return value.toExponential(precision).replace(/e([+-])(\d)$/, "e$10$2");
}

/** `%s` of any value. */
function shown(value: Cel): string {
  if (value === null) return "null";
  if (typeof value === "object") {
    if (isList(value)) return `[${value.map(shown).join(", ")}]`;
    if (isMap(value))
      return `{${[...value]
        .map(([key, item]) => `${String(key)}: ${shown(item)}`)
        .sort()
        .join(", ")}}`;
    if (isSpecial(value)) {
      if (value.is === "timestamp") return rfc3339(value.micros);
      if (value.is === "duration") return `${value.micros / 1_000_000}s`;
      if ("text" in value) return value.text;
    }
    throw new CelError(`error during formatting: string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps, was given ${typeName(value)}`); // prettier-ignore
  }
  return String(value);
}
