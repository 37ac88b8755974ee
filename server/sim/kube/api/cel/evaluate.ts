import type { Expression } from "./ast.ts";
import { FUNCTIONS, METHODS } from "./functions.ts";
import {
  CelError,
  compare,
  equal,
  isList,
  isMap,
  isNumber,
  isSpecial,
  typeName,
  type Cel,
  type Key,
} from "./values.ts";

/** The names that an expression may use. */
export type Scope = ReadonlyMap<string, Cel>;

/** How many steps the rules of one request may take; what is more is cut off, as by the real server's cost budget. */
const MAX_STEPS = 1_000_000;

/** Evaluates expressions, with one budget for all of them. */
export class Evaluator {
  #steps = 0;

  /** The value of an expression; throws a CelError in cel-go's words. */
  evaluate(expression: Expression, scope: Scope): Cel {
    if (++this.#steps > MAX_STEPS) throw new CelError("operation cancelled: actual cost limit exceeded");
    switch (expression.kind) {
      case "literal":
        return expression.value;
      case "name":
        return named(expression.name, scope);
      case "select":
        return this.#select(expression, scope);
      case "index":
        return this.#index(expression, scope);
      case "list":
        return expression.items.map((item) => this.evaluate(item, scope));
      case "map":
        return new Map(
          expression.entries.map(([key, value]) => [asKey(this.evaluate(key, scope)), this.evaluate(value, scope)]),
        );
      case "has":
        return has(this.evaluate(expression.of, scope), expression.field);
      case "call":
        return this.#call(expression, scope);
      case "loop":
        return this.#loop(expression, scope);
    }
  }

  #select({ of, field, optional }: Expression & { readonly kind: "select" }, scope: Scope): Cel {
    const value = this.evaluate(of, scope);
    if (isSpecial(value) && value.is === "optional")
      return value.value === undefined ? value : optionalOf(fieldOf(value.value, field));
    const found = fieldOf(value, field);
    if (optional) return optionalOf(found);
    if (found === undefined) throw new CelError(`no such key: ${field}`);
    return found;
  }

  #index({ of, key, optional }: Expression & { readonly kind: "index" }, scope: Scope): Cel {
    const outer = this.evaluate(of, scope);
    const unwrapped = isSpecial(outer) && outer.is === "optional" ? outer.value : outer;
    if (unwrapped === undefined) return outer;
    const at = this.evaluate(key, scope);
    const found = itemOf(unwrapped, at);
    if (optional || unwrapped !== outer) return optionalOf(found);
    if (found !== undefined) return found;
    throw new CelError(`${isList(unwrapped) ? "index out of bounds" : "no such key"}: ${shown(at)}`);
  }

  #call({ name, target, args }: Expression & { readonly kind: "call" }, scope: Scope): Cel {
    if (name === "&&" || name === "||") return this.#logical(name === "||", args[0]!, args[1]!, scope);
    if (name === "_?_:_") return this.evaluate(args[this.#boolean(args[0]!, scope) ? 1 : 2]!, scope);
    if (target?.kind === "name" && !scope.has(target.name)) {
      const spaced = FUNCTIONS[`${target.name}.${name}`];
      if (spaced) return spaced(...args.map((one) => this.evaluate(one, scope)));
    }
    if (target && (name === "optMap" || name === "optFlatMap")) return this.#optional(name, target, args, scope);
    const values = args.map((one) => this.evaluate(one, scope));
    if (target) {
      const method = METHODS[name];
      if (!method) throw new CelError("no such overload");
      return method(this.evaluate(target, scope), ...values);
    }
    const called = FUNCTIONS[name] ?? METHODS[name];
    if (called) return called(...(values as [Cel, ...Cel[]]));
    return operate(name, values);
  }

  #optional(name: string, target: Expression, args: readonly Expression[], scope: Scope): Cel {
    const value = this.evaluate(target, scope);
    const [variable, result] = args;
    if (!isSpecial(value) || value.is !== "optional" || variable?.kind !== "name" || !result)
      throw new CelError("no such overload");
    if (value.value === undefined) return value;
    const found = this.evaluate(result, new Map([...scope, [variable.name, value.value]]));
    return name === "optMap" ? { is: "optional", value: found } : found;
  }

  #boolean(expression: Expression, scope: Scope): boolean {
    const value = this.evaluate(expression, scope);
    if (typeof value !== "boolean") throw new CelError("no such overload");
    return value;
  }

  /** One side alone may decide, whatever is wrong with the other. */
  #logical(decides: boolean, left: Expression, right: Expression, scope: Scope): boolean {
    let problem: CelError | undefined;
    for (const side of [left, right]) {
      try {
        if (this.#boolean(side, scope) === decides) return decides;
      } catch (error) {
        if (!(error instanceof CelError)) throw error;
        problem ??= error;
      }
    }
    if (problem) throw problem;
    return !decides;
  }

  #loop(loop: Expression & { readonly kind: "loop" }, scope: Scope): Cel {
    const over = this.evaluate(loop.over, scope);
    if (!isList(over) && !isMap(over)) throw new CelError("no such overload");
    const items: readonly Cel[] = isMap(over) ? [...over.keys()] : over;
    const inner = new Map(scope);
    const holds = (item: Cel): boolean => {
      inner.set(loop.variable, item);
      return this.#boolean(loop.condition!, inner);
    };
    switch (loop.macro) {
      case "all":
        return !someOf(items, (item) => !holds(item));
      case "exists":
        return someOf(items, holds);
      case "exists_one":
        return items.filter(holds).length === 1;
      case "filter":
        return items.filter(holds);
      case "map":
        return items
          .filter((item) => loop.condition === undefined || holds(item))
          .map((item) => this.evaluate(loop.result!, inner.set(loop.variable, item)));
    }
  }
}

/** Whether one of them passes; what is wrong with others counts only if none does. */
function someOf(items: readonly Cel[], passes: (item: Cel) => boolean): boolean {
  let problem: CelError | undefined;
  for (const item of items) {
    try {
      if (passes(item)) return true;
    } catch (error) {
      if (!(error instanceof CelError)) throw error;
      problem ??= error;
    }
  }
  if (problem) throw problem;
  return false;
}

/** Names of types are values. */
const TYPES = ["int", "uint", "double", "string", "bool", "bytes", "list", "map", "null_type", "type"];

function named(name: string, scope: Scope): Cel {
  const value = scope.get(name);
  if (value !== undefined) return value;
  if (TYPES.includes(name)) return { is: "type", text: name };
  throw new CelError(`no such attribute(s): ${name}`);
}

const ESCAPED = /^__([a-z]+)__$/;
const ESCAPES: readonly (readonly [string, string])[] = [["__dot__", "."], ["__dash__", "-"], ["__slash__", "/"], ["__underscores__", "__"]]; // prettier-ignore

/** The property that a name in an expression means: `__namespace__`, `foo__dash__bar` (apiserver/pkg/cel/escaping.go). */
export function unescapeName(name: string): string {
  const keyword = ESCAPED.exec(name)?.[1];
  if (keyword !== undefined && !ESCAPES.some(([escaped]) => escaped === name)) return keyword;
  return ESCAPES.reduce((text, [escaped, plain]) => text.replaceAll(escaped, plain), name);
}

function fieldOf(value: Cel, field: string): Cel | undefined {
  if (isSpecial(value) && value.is === "authorizer" && field === "requestResource")
    return { ...value, about: value.request ?? {} };
  if (!isMap(value)) throw new CelError("no such overload");
  return (
    value.get(field) ?? (value.has(field) ? null : field.includes("__") ? value.get(unescapeName(field)) : undefined)
  );
}

function has(value: Cel, field: string): boolean {
  if (isSpecial(value) && value.is === "optional")
    return value.value !== undefined && fieldOf(value.value, field) !== undefined;
  return fieldOf(value, field) !== undefined;
}

function itemOf(value: Cel, key: Cel): Cel | undefined {
  if (isList(value)) {
    if (!isNumber(key)) throw new CelError("no such overload");
    return Number(key) < 0 ? undefined : value[Number(key)];
  }
  if (!isMap(value)) throw new CelError("no such overload");
  const found = asKey(key);
  return value.has(found) ? value.get(found)! : undefined;
}

function optionalOf(value: Cel | undefined): Cel {
  return value === undefined ? { is: "optional" } : { is: "optional", value };
}

function shown(value: Cel): string {
  return typeof value === "object" ? typeName(value) : String(value);
}

function asKey(value: Cel): Key {
  if (typeof value === "number" && Number.isInteger(value)) return BigInt(value);
  if (typeof value === "string" || typeof value === "bigint" || typeof value === "boolean") return value;
  throw new CelError("unsupported key type");
}

const LIMIT = 2n ** 63n;

function operate(name: string, [left, right]: readonly Cel[]): Cel {
  if (left === undefined) throw new CelError("no such overload");
  if (right === undefined) {
    if (name === "!" && typeof left === "boolean") return !left;
    if (name === "-" && typeof left === "bigint") return whole(-left);
    if (name === "-" && typeof left === "number") return -left;
    throw new CelError("no such overload");
  }
  switch (name) {
    case "==":
      return equal(left, right);
    case "!=":
      return !equal(left, right);
    case "<":
      return compare(left, right) < 0;
    case "<=":
      return compare(left, right) <= 0;
    case ">":
      return compare(left, right) > 0;
    case ">=":
      return compare(left, right) >= 0;
    case "in":
      if (isList(right)) return right.some((item) => equal(item, left));
      if (isMap(right)) return right.has(asKey(left));
      throw new CelError("no such overload");
    default:
      return calculate(name, left, right);
  }
}

function calculate(name: string, left: Cel, right: Cel): Cel {
  if (typeof left === "bigint" && typeof right === "bigint") return whole(calculateWhole(name, left, right));
  if (isNumber(left) && isNumber(right) && name !== "%") {
    const [a, b] = [Number(left), Number(right)];
    return name === "+" ? a + b : name === "-" ? a - b : name === "*" ? a * b : a / b;
  }
  if (name === "+" && typeof left === "string" && typeof right === "string") return left + right;
  if (name === "+" && isList(left) && isList(right)) return [...left, ...right];
  if (isSpecial(left) && isSpecial(right) && "micros" in left && "micros" in right) {
    const difference = name === "-" && left.is === "timestamp" && right.is === "timestamp";
    if (difference) return { is: "duration", micros: left.micros - right.micros };
    const is = left.is === "timestamp" || right.is === "timestamp" ? "timestamp" : "duration";
    if (name === "+" && !(left.is === "timestamp" && right.is === "timestamp"))
      return { is, micros: left.micros + right.micros };
    if (name === "-" && right.is === "duration") return { is: left.is, micros: left.micros - right.micros };
  }
  throw new CelError("no such overload");
}

function calculateWhole(name: string, left: bigint, right: bigint): bigint {
  switch (name) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      if (right === 0n) throw new CelError("division by zero");
      return left / right;
    case "%":
      if (right === 0n) throw new CelError("modulus by zero");
      return left % right;
    default:
      throw new CelError("no such overload");
  }
}

function whole(value: bigint): bigint {
  if (value >= LIMIT || value < -LIMIT) throw new CelError("integer overflow");
  return value;
}
