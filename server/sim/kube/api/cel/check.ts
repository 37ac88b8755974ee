import { itemsOf, propertyOf, valuesOf, type JsonSchema } from "../schema/structural/json-schema.ts";
import { CelSyntaxError, type Expression } from "./ast.ts";
import { unescapeName } from "./evaluate.ts";
import { FUNCTIONS, METHODS } from "./functions.ts";
import { functionType, operatorType, scalarWord } from "./overloads.ts";
import { parseCel } from "./parser.ts";

/** A rule that can be evaluated. */
export interface Program {
  readonly expression: Expression;
  readonly usesOldSelf: boolean;
}

const OPERATORS = new Set(["&&", "||", "!", "-", "+", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in", "_?_:_"]);
const OPTIONAL = new Set(["optMap", "optFlatMap"]);
const TYPE_NAMES = new Set(["int", "uint", "double", "string", "bool", "bytes", "list", "map", "null_type", "type"]);
const LIBRARIES = new Set(["optional", "sets", "strings", "ip"]);

/** What names stand for, as far as that is known; undefined: a value of any type. */
type Types = ReadonlyMap<string, JsonSchema | undefined>;

/**
 * Compiles a rule over the value that a schema describes; the error as the server shows it. Types are followed along fields,
 * items and values; beyond that an expression is checked when it is evaluated.
 */
export function compileRule(text: string, self: JsonSchema): Program | { readonly error: string } {
  try {
    const expression = parseCel(text);
    const checker = new Checker();
    const type = checker.visit(expression, new Map([["self", self], ["oldSelf", self]])); // prettier-ignore
    if (type?.type !== undefined && type.type !== "boolean") return { error: "cel expression must evaluate to a bool" };
    return { expression, usesOldSelf: checker.usesOldSelf };
  } catch (error) {
    if (error instanceof CelSyntaxError) return { error: `compilation failed: ${placed(text, error)}` };
    throw error;
  }
}

export type ResultType = "bool" | "string" | "any";

/** What is wrong with an expression of admission over objects of a kind whose schema is known; undefined if nothing is. */
export function mismatch(text: string, names: ReadonlySet<string>, object: JsonSchema): string | undefined {
  const types = new Map<string, JsonSchema | undefined>([...names].map((name) => [name, undefined]));
  for (const name of ["object", "oldObject"]) if (types.has(name)) types.set(name, object);
  try {
    new Checker().visit(parseCel(text), types);
    return undefined;
  } catch (error) {
    if (error instanceof CelSyntaxError) return placed(text, error);
    throw error;
  }
}

/** Compiles an expression over values whose types nobody knows before they come: those of admission. */
export function compileExpression(
  text: string,
  names: ReadonlySet<string>,
  result: ResultType,
): { readonly expression: Expression } | { readonly error: string } {
  try {
    const expression = parseCel(text);
    const type = new Checker().visit(expression, new Map([...names].map((name) => [name, undefined])));
    if (result !== "any" && type?.type !== undefined && typeWord(type) !== result)
      return { error: `must evaluate to ${result}` };
    return { expression };
  } catch (error) {
    if (error instanceof CelSyntaxError) return { error: `compilation failed: ${placed(text, error)}` };
    throw error;
  }
}

/** cel-go's form of an error: where it is, and the line with a mark under it. */
function placed(text: string, { at, message }: CelSyntaxError): string {
  const before = text.slice(0, at).split("\n");
  const column = [...before.at(-1)!].length;
  const line = text.split("\n")[before.length - 1] ?? "";
  return `ERROR: <input>:${before.length}:${column + 1}: ${message}\n | ${line}\n | ${".".repeat(column)}^`;
}

class Checker {
  usesOldSelf = false;

  /** The schema of an expression's value, if it is known. */
  visit(expression: Expression, types: Types): JsonSchema | undefined {
    switch (expression.kind) {
      case "literal":
        return literalType(expression.value);
      case "name":
        return this.#name(expression, types);
      case "select":
        return this.#field(expression, this.visit(expression.of, types), expression.optional);
      case "has":
        this.#field(expression, this.visit(expression.of, types), false);
        return { type: "boolean" };
      case "index": {
        const of = this.visit(expression.of, types);
        this.visit(expression.key, types);
        return expression.optional || !of ? undefined : (itemsOf(of) ?? valuesOf(of));
      }
      case "list":
        for (const item of expression.items) this.visit(item, types);
        return undefined;
      case "map":
        for (const [key, value] of expression.entries) {
          this.visit(key, types);
          this.visit(value, types);
        }
        return undefined;
      case "call":
        return this.#call(expression, types);
      case "loop":
        return this.#loop(expression, types);
    }
  }

  #name({ name, at }: Expression & { readonly kind: "name" }, types: Types): JsonSchema | undefined {
    if (name === "oldSelf") this.usesOldSelf = true;
    if (!types.has(name) && !TYPE_NAMES.has(name)) throw undeclared(at, name);
    return types.get(name);
  }

  #field(
    { field, at }: Expression & { readonly kind: "select" | "has" },
    of: JsonSchema | undefined,
    optional: boolean,
  ): JsonSchema | undefined {
    if (!of || isOpen(of)) return undefined;
    const values = valuesOf(of);
    if (values) return optional ? undefined : values;
    if (of.type !== "object") throw new CelSyntaxError(at, `type '${typeWord(of)}' does not support field selection`);
    const found = propertyOf(of, field) ?? propertyOf(of, unescapeName(field));
    if (!found) throw new CelSyntaxError(at, `undefined field '${field}'`);
    return optional ? undefined : found;
  }

  #call({ name, target, args, at }: Expression & { readonly kind: "call" }, types: Types): JsonSchema | undefined {
    let on: JsonSchema | undefined;
    const library = target?.kind === "name" && !types.has(target.name) && LIBRARIES.has(target.name);
    if (library) {
      if (!FUNCTIONS[`${(target as { name: string }).name}.${name}`]) throw unsimulated(at, name);
    } else if (target) {
      on = this.visit(target, types);
      if (OPTIONAL.has(name)) {
        const [variable, result] = args;
        if (variable?.kind === "name" && result) this.visit(result, new Map([...types, [variable.name, undefined]]));
        return undefined;
      }
      if (!METHODS[name]) throw unsimulated(at, name);
    } else if (!OPERATORS.has(name) && !FUNCTIONS[name]) throw unsimulated(at, name);
    const given = args.map((one) => this.visit(one, types));
    if (name === "_?_:_") return given[1] && scalarWord(given[1]) === scalarWord(given[2]) ? given[1] : undefined;
    const operator = !target && OPERATORS.has(name);
    const type = operator ? operatorType(name, given) : library ? undefined : functionType(name, on, given);
    if (type && "error" in type) throw new CelSyntaxError(at, type.error);
    return type;
  }

  #loop(loop: Expression & { readonly kind: "loop" }, types: Types): JsonSchema | undefined {
    const over = this.visit(loop.over, types);
    const item = over && (itemsOf(over) ?? (over.additionalProperties ? { type: "string" } : undefined));
    const inner = new Map([...types, [loop.variable, item]]);
    if (loop.condition) this.visit(loop.condition, inner);
    const result = loop.result && this.visit(loop.result, inner);
    if (loop.macro === "filter") return over?.type === "array" ? over : undefined;
    if (loop.macro === "map") return result ? { type: "array", items: result } : undefined;
    return { type: "boolean" };
  }
}

/** Known to exist or not: what cel-go knows and this does not is told apart from what nobody knows. */
const KNOWN = new Set([
  "sortBy", "first", "last", "getQuery", "validate", "named", "fieldSelector", "labelSelector", "bytes", "transformList", "transformMap", "unwrap",
]); // prettier-ignore

function unsimulated(at: number, name: string): CelSyntaxError {
  return KNOWN.has(name) ? new CelSyntaxError(at, `drydock: CEL: '${name}' is not simulated`) : undeclared(at, name);
}

function undeclared(at: number, name: string): CelSyntaxError {
  return new CelSyntaxError(at, `undeclared reference to '${name}' (in container '')`);
}

function isOpen(schema: JsonSchema): boolean {
  return (
    schema.type === undefined ||
    schema["x-kubernetes-int-or-string"] === true ||
    (schema.type === "object" && !schema.properties && !schema.additionalProperties)
  );
}

function literalType(value: null | boolean | bigint | number | string): JsonSchema | undefined {
  if (typeof value === "boolean") return { type: "boolean" };
  if (typeof value === "string") return { type: "string" };
  if (typeof value === "bigint") return { type: "integer" };
  return typeof value === "number" ? { type: "number" } : undefined;
}

function typeWord({ type = "" }: JsonSchema): string {
  const words: Record<string, string> = { integer: "int", number: "double", boolean: "bool", array: "list" };
  return words[type] ?? type;
}
