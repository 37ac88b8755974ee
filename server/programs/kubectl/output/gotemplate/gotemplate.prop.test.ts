import fc from "fast-check";
import { expect, test } from "vitest";
import { isFailure } from "../failure.ts";
import { object } from "../fixtures/arbitrary-object.ts";
import { goTemplate, writtenTemplate, type Expression, type Node } from "../fixtures/arbitrary-template.ts";
import type { Json } from "../golang/kind.ts";
import { goTemplatePrinter } from "./print.ts";

/*
 * What text/template does, said once more and as plainly as possible, on the parts that a template was made of. `undefined` is
 * what a map does not have.
 */

class Wrong extends Error {}

type Value = Json | undefined;
type Scope = { readonly dot: Value; readonly root: Value; readonly k: Value; readonly v: Value };

const isMap = (value: Value): value is Readonly<Record<string, Json>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isNothing = (value: Value): value is null | undefined => value === undefined || value === null;

function truth(value: Value): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

function shown(value: Value): string {
  if (isNothing(value)) return "<nil>";
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(shown).join(" ")}]`;
  if (isMap(value)) return `map[${Object.keys(value).sort().map((key) => `${key}:${shown(value[key])}`).join(" ")}]`; // prettier-ignore
  return typeof value === "string" ? value : JSON.stringify(value);
}

function fieldOf(value: Value, name: string): Value {
  if (value === undefined) return undefined;
  if (!isMap(value)) throw new Wrong("no fields");
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

const kindOf = (value: Value): string =>
  isNothing(value) ? "nothing" : typeof value === "number" ? (Number.isInteger(value) ? "int" : "float") : typeof value === "object" ? "other" : typeof value; // prettier-ignore

function equal(left: Value, right: Value): boolean {
  if (kindOf(left) === kindOf(right)) return left === right;
  if (isNothing(left)) return false;
  throw new Wrong("incomparable");
}

function less(left: Value, right: Value): boolean {
  const kind = kindOf(left);
  if (kind !== kindOf(right) || !["int", "float", "string"].includes(kind)) throw new Wrong("no order");
  return kind === "string"
    ? Buffer.compare(Buffer.from(left as string), Buffer.from(right as string)) < 0
    : (left as number) < (right as number);
}

function lengthOf(value: Value): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (typeof value !== "object" || value === null) throw new Wrong("no length");
  return Object.keys(value).length;
}

function itemOf(value: Value, at: Value): Value {
  if (isMap(value)) {
    if (typeof at !== "string") throw new Wrong("no key");
    return value[at];
  }
  const list = typeof value === "string" ? [...Buffer.from(value)] : value;
  if (!Array.isArray(list) || kindOf(at) !== "int") throw new Wrong("no index");
  if ((at as number) < 0 || (at as number) >= list.length) throw new Wrong("out of range");
  return (list as readonly Json[])[at as number];
}

/** Operands have a blank between them if neither is a text. */
function printed(values: readonly Value[]): string {
  return values
    .map((value, at) => {
      const apart = at > 0 && typeof value !== "string" && typeof values[at - 1] !== "string";
      return `${apart ? " " : ""}${shown(value)}`;
    })
    .join("");
}

function evaluate(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case "field":
      return expression.names.reduce<Value>(fieldOf, expression.from === "$" ? scope.root : scope.dot);
    case "variable":
      return expression.name === "$k" ? scope.k : scope.v;
    case "literal":
      return expression.value;
    case "call":
      return call(expression.name, expression.args, scope);
  }
}

function call(name: string, args: readonly Expression[], scope: Scope): Value {
  const first = evaluate(args[0]!, scope);
  if (name === "and") return truth(first) ? evaluate(args[1]!, scope) : first;
  if (name === "or") return truth(first) ? first : evaluate(args[1]!, scope);
  if (name === "not") return !truth(first);
  if (name === "len") return lengthOf(first);
  const second = evaluate(args[1]!, scope);
  switch (name) {
    case "index":
      return itemOf(first, second);
    case "eq":
      return equal(first, second);
    case "ne":
      return !equal(first, second);
    case "lt":
      return less(first, second);
    case "ge":
      return !less(first, second);
    case "print":
      return printed([first, second]);
    default:
      return `${shown(first)}|${shown(second)}`;
  }
}

function entries(value: Value): readonly (readonly [Value, Value])[] {
  if (isNothing(value)) return [];
  if (typeof value === "number" && Number.isInteger(value))
    return Array.from({ length: Math.max(0, value) }, (_, at) => [at, at] as const);
  if (Array.isArray(value)) return (value as readonly Json[]).map((item, at) => [at, item] as const);
  if (isMap(value)) return Object.keys(value).sort().map((key) => [key, value[key]] as const); // prettier-ignore
  throw new Wrong("nothing to range over");
}

function simply(nodes: readonly Node[], scope: Scope): string {
  return nodes.map((node) => one(node, scope)).join("");
}

function one(node: Node, scope: Scope): string {
  if (node.kind === "text") return node.text;
  const value = evaluate(node.value, scope);
  if (node.kind === "print") return isNothing(value) ? "<no value>" : shown(value);
  if (node.kind === "if") return simply(truth(value) ? node.then : node.otherwise, scope);
  if (node.kind === "with")
    return truth(value) ? simply(node.then, { ...scope, dot: value }) : simply(node.otherwise, scope);
  if (node.kind === "each" && typeof value === "number") throw new Wrong("one variable at most");
  const found = entries(value);
  if (found.length === 0) return simply(node.otherwise, scope);
  return found
    .map(([key, item]) =>
      simply(node.then, { ...scope, dot: item, ...(node.kind === "each" ? { k: key, v: item } : {}) }),
    )
    .join("");
}

test("random templates over random objects: what a simple evaluator says is printed", () => {
  fc.assert(
    fc.property(object, goTemplate, (value, nodes) => {
      let wanted: string;
      try {
        wanted = simply(nodes, { dot: value, root: value, k: undefined, v: undefined });
      } catch (error) {
        if (!(error instanceof Wrong)) throw error;
        wanted = "error";
      }
      const template = writtenTemplate(nodes);
      const printer = goTemplatePrinter(template);
      const result = isFailure(printer) ? printer : printer.print(value);
      expect({ template, printed: isFailure(result) ? "error" : result }).toEqual({ template, printed: wanted });
    }),
    { numRuns: 1200, seed: 20261122 },
  );
});
