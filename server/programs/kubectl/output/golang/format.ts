import { formatFloat } from "./float.ts";
import { kindOf, sortedKeys, type Json, type JsonObject } from "./kind.ts";
import { GoNumber, type GoValue } from "./number.ts";
import { quote } from "./quote.ts";

/** The verb `%v`, which `fmt.Print` uses: maps as `map[a:1 b:2]` in the order of their keys. */
export function formatValue(value: GoValue): string {
  if (value instanceof GoNumber) return value.type === "float64" ? formatFloat(value.value) : String(value.value);
  if (value === undefined) return "<nil>";
  switch (kindOf(value)) {
    case "nil":
      return "<nil>";
    case "string":
      return value as string;
    case "bool":
    case "int64":
      return JSON.stringify(value);
    case "float64":
      return formatFloat(value as number);
    case "slice":
      return `[${(value as readonly Json[]).map(formatValue).join(" ")}]`;
    case "map": {
      const map = value as JsonObject;
      return `map[${sortedKeys(map)
        .map((key) => `${key}:${formatValue(map[key])}`)
        .join(" ")}]`;
    }
  }
}

/** The verb `%#v`: Go source. */
export function goSyntax(value: Json, inInterface = false): string {
  switch (kindOf(value)) {
    case "nil":
      return inInterface ? "interface {}(nil)" : "<nil>";
    case "string":
      return quote(value as string);
    case "slice":
      return `[]interface {}{${(value as readonly Json[]).map((item) => goSyntax(item, true)).join(", ")}}`;
    case "map": {
      const map = value as JsonObject;
      const fields = sortedKeys(map).map((key) => `${quote(key)}:${goSyntax(map[key]!, true)}`);
      return `map[string]interface {}{${fields.join(", ")}}`;
    }
    case "bool":
    case "int64":
    case "float64":
      return formatValue(value);
  }
}

/** `fmt.Sprint`: a space between two operands if neither is a string. */
export function sprint(values: readonly GoValue[]): string {
  let out = "";
  values.forEach((value, index) => {
    if (index > 0 && typeof value !== "string" && typeof values[index - 1] !== "string") out += " ";
    out += formatValue(value);
  });
  return out;
}

/** `fmt.Sprintln`: a space between all operands, and a newline. */
export function sprintln(values: readonly GoValue[]): string {
  return `${values.map(formatValue).join(" ")}\n`;
}
