import { encode } from "../../../../sim/kernel/index.ts";
import { goEqual, goLess } from "../golang/compare.ts";
import { sprint, sprintln } from "../golang/format.ts";
import { basicKind, GoNumber, numberIn } from "../golang/number.ts";
import { sprintf } from "../golang/printf.ts";
import { decodeBase64, escapeHtml, escapeJs, escapeQuery } from "./escape.ts";
import { FunctionError } from "./failure.ts";
import { index, slice } from "./index-slice.ts";
import { Held, isMap, isSlice, isTrue, open, valueType, type Concrete, type Value } from "./value.ts";

/** What a parameter takes: a string only, anything, or anything with the interface that holds it. */
export type Parameter = "string" | "any" | "value";

export interface TemplateFunction {
  readonly parameters: readonly Parameter[];
  /** What any number of further arguments are. */
  readonly rest?: Parameter;
  readonly call: (args: readonly Value[]) => Value;
}

export type Functions = Readonly<Record<string, TemplateFunction>>;

/** The functions of package template, and kubectl's two. `and` and `or` are evaluated by the caller, as is `call`. */
const FUNCTIONS: Record<string, TemplateFunction> = {
  and: { parameters: ["value"], rest: "value", call: () => undefined },
  call: { parameters: ["value"], rest: "value", call: () => undefined },
  html: { parameters: [], rest: "any", call: (args) => escapeHtml(textOf(args)) },
  index: { parameters: ["value"], rest: "value", call: ([item, ...keys]) => index(item, keys) },
  slice: { parameters: ["value"], rest: "value", call: ([item, ...keys]) => slice(item, keys) },
  js: { parameters: [], rest: "any", call: (args) => escapeJs(textOf(args)) },
  len: { parameters: ["value"], call: ([value]) => length(value) },
  not: { parameters: ["value"], call: ([value]) => !isTrue(value) },
  or: { parameters: ["value"], rest: "value", call: () => undefined },
  print: { parameters: [], rest: "any", call: (args) => sprint(args.map(open)) },
  printf: {
    parameters: ["string"],
    rest: "any",
    call: ([format, ...args]) => sprintf(format as string, args.map(open)),
  },
  println: { parameters: [], rest: "any", call: (args) => sprintln(args.map(open)) },
  urlquery: { parameters: [], rest: "any", call: (args) => escapeQuery(textOf(args)) },
  eq: { parameters: ["value"], rest: "value", call: ([first, ...others]) => equal(first, others) },
  ge: { parameters: ["value", "value"], call: ([left, right]) => !less(left, right) },
  gt: { parameters: ["value", "value"], call: ([left, right]) => !(less(left, right) || equal(left, [right])) },
  le: { parameters: ["value", "value"], call: ([left, right]) => less(left, right) || equal(left, [right]) },
  lt: { parameters: ["value", "value"], call: ([left, right]) => less(left, right) },
  ne: { parameters: ["value", "value"], call: ([left, right]) => !equal(left, [right]) },
  exists: { parameters: ["any"], rest: "any", call: ([item, ...keys]) => exists(item, keys) },
  base64decode: { parameters: ["string"], call: ([text]) => fromBase64(text as string) },
};

export function isFunction(name: string): boolean {
  return Object.hasOwn(FUNCTIONS, name);
}

export function functionNamed(name: string): TemplateFunction {
  return FUNCTIONS[name]!;
}

/** What `call` says, as no value of an object is a function. */
export function callProblem(name: string, value: Value): string {
  const inner = open(value);
  return inner === undefined ? "call of nil" : `non-function ${name} of type ${valueType(inner)}`;
}

/** Arguments as `print` prints them, but for those without a value. */
function textOf(args: readonly Value[]): string {
  return sprint(args.map((arg) => open(arg) ?? "<no value>"));
}

function length(value: Value): Value {
  if (value instanceof Held && value.inner === null) throw new FunctionError("len of nil pointer");
  const inner = open(value);
  if (inner === undefined) throw new FunctionError("reflect: call of reflect.Value.Type on zero Value");
  if (typeof inner === "string") return new GoNumber("int", encode(inner).length);
  if (isSlice(inner)) return new GoNumber("int", inner.length);
  if (isMap(inner)) return new GoNumber("int", Object.keys(inner).length);
  throw new FunctionError(`len of type ${valueType(inner)}`);
}

/** Whether the first equals one of the others. */
function equal(first: Value, others: readonly Value[]): boolean {
  if (others.length === 0) throw new FunctionError("missing argument for comparison");
  const left = open(first);
  return others.some((other) => equalPair(left, open(other)));
}

function equalPair(left: Concrete | undefined, right: Concrete | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  if (basicKind(left) === undefined && basicKind(right) === undefined) {
    const type = valueType(right);
    const types =
      isSlice(left) === isSlice(right)
        ? ""
        : `s ${sprintf("%s", [left])}: ${valueType(left)}, ${type}: ${sprintf("%v", [right])}`;
    throw new FunctionError(`non-comparable type${types || ` ${sprintf("%s", [right])}: ${type}`}`);
  }
  if (basicKind(left) === undefined || basicKind(right) === undefined)
    throw new FunctionError("incompatible types for comparison");
  const result = goEqual(left, right);
  if (typeof result === "boolean") return result;
  throw new FunctionError(result.error);
}

function less(left: Value, right: Value): boolean {
  const result = goLess(open(left), open(right));
  if (typeof result === "boolean") return result;
  throw new FunctionError(result.error);
}

/** Whether `index` would find something; without keys even nothing exists. */
function exists(item: Value, keys: readonly Value[]): boolean {
  if (keys.length === 0) return true;
  let current = open(item);
  for (const key of keys) {
    const inner = open(key);
    if (isMap(current)) {
      const name = inner ?? "";
      current = typeof name === "string" && Object.hasOwn(current, name) ? (current[name] ?? undefined) : undefined;
      continue;
    }
    const kind = basicKind(inner);
    if (kind !== "int" && kind !== "uint") return false;
    const at = numberIn(inner);
    if (typeof current === "string")
      current = at >= 0 && at < encode(current).length ? new GoNumber("uint8", 0) : undefined;
    else if (isSlice(current)) current = current[at] ?? undefined;
    else return false;
    if (current === undefined) return false;
  }
  return current !== undefined;
}

function fromBase64(text: string): string {
  const result = decodeBase64(text);
  if ("text" in result) return result.text;
  throw new FunctionError(`base64 decode failed: illegal base64 data at input byte ${result.bad}`);
}
