import type { JsonSchema } from "../schema/structural/json-schema.ts";

/** What is known of the type of a value that is no structure: cel-go's name for it. Undefined: any type, or a structure. */
export function scalarWord(schema: JsonSchema | undefined): string | undefined {
  if (!schema || schema["x-kubernetes-int-or-string"] === true) return undefined;
  switch (schema.type) {
    case "integer":
      return "int";
    case "number":
      return "double";
    case "boolean":
      return "bool";
    case "string":
      // Times and the like are no texts.
      return schema.format === undefined || !FORMATS.has(schema.format) ? "string" : undefined;
    default:
      return undefined;
  }
}

const FORMATS = new Set(["date", "date-time", "duration", "byte", "datetime"]);
const BOOL: JsonSchema = { type: "boolean" };
const INT: JsonSchema = { type: "integer" };
const STRING: JsonSchema = { type: "string" };
const NUMBERS = new Set(["int", "double"]);

/** How cel-go calls an operator. */
const WORDS: Readonly<Record<string, string>> = { "!": "!_", "_?_:_": "_?_:_", in: "@in" };

/** The type of what an operator makes of values of these types; a text if it takes no such values, undefined if nobody knows. */
export function operatorType(
  name: string,
  operands: readonly (JsonSchema | undefined)[],
): JsonSchema | { readonly error: string } | undefined {
  const words = operands.map(scalarWord);
  const [left, right] = words;
  const none = (): { readonly error: string } => {
    const called = WORDS[name] ?? (operands.length === 1 ? `${name}_` : `_${name}_`);
    return { error: `found no matching overload for '${called}' applied to '(${words.join(", ")})'` };
  };
  const all = words.every((word) => word !== undefined);
  switch (name) {
    case "&&":
    case "||":
      return all && words.some((word) => word !== "bool") ? none() : BOOL;
    case "!":
      return left !== undefined && left !== "bool" ? none() : BOOL;
    case "==":
    case "!=":
      return all && left !== right ? none() : BOOL;
    case "<":
    case "<=":
    case ">":
    case ">=":
      return all && left !== right && !(NUMBERS.has(left!) && NUMBERS.has(right!)) ? none() : BOOL;
    case "in":
      return BOOL;
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return arithmetic(name, operands, words) ?? (all ? none() : undefined);
    default:
      return undefined;
  }
}

function arithmetic(
  name: string,
  [operand]: readonly (JsonSchema | undefined)[],
  [left, right]: readonly (string | undefined)[],
): JsonSchema | undefined {
  if (right !== undefined && left !== right) return undefined;
  if (left === "int" || (left === "double" && name !== "%")) return operand;
  return left === "string" && name === "+" ? operand : undefined;
}

const RESULTS = new Map<string, JsonSchema>(
  [
    { type: BOOL, names: "contains startsWith endsWith matches isURL isQuantity isIP isCIDR isSorted hasValue bool" },
    { type: INT, names: "size indexOf lastIndexOf int compareTo sign" },
    { type: STRING, names: "lowerAscii upperAscii trim charAt join replace substring format find string getScheme getHost getHostname getPort getEscapedPath" }, // prettier-ignore
    { type: { type: "number" } as JsonSchema, names: "double" },
    { type: { type: "array", items: STRING } as JsonSchema, names: "split findAll" },
  ].flatMap(({ type, names }) => names.split(" ").map((name) => [name, type] as const)),
);

/** Functions of texts alone. */
const OF_TEXTS = new Set(["startsWith", "endsWith", "contains", "matches", "lowerAscii", "upperAscii", "trim", "split", "replace", "substring"]); // prettier-ignore

/** The same of a function that is called by name, or on a value. */
export function functionType(
  name: string,
  target: JsonSchema | undefined,
  args: readonly (JsonSchema | undefined)[],
): JsonSchema | { readonly error: string } | undefined {
  const on = scalarWord(target);
  const words = args.map(scalarWord);
  if (on !== undefined && words.every((word) => word !== undefined)) {
    const texts = on === "string" && (words[0] === undefined || words[0] === "string");
    if (OF_TEXTS.has(name) && !texts && name !== "substring")
      return { error: `found no matching overload for '${name}' applied to '${on}.(${words.join(", ")})'` };
  }
  return RESULTS.get(name);
}
