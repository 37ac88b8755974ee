import fc from "fast-check";
import { expect, test } from "vitest";
import { isFailure } from "../failure.ts";
import { object } from "../fixtures/arbitrary-object.ts";
import { template, writtenPath, type Part, type Step } from "../fixtures/arbitrary-path.ts";
import type { Json } from "../golang/kind.ts";
import { jsonPathPrinter } from "./print.ts";

/*
 * What client-go does, said once more and as plainly as possible: a step turns a list of values into another. It works on the
 * parts that a template was made of, so that the parser is tried as well.
 */

class Wrong extends Error {}

type Values = readonly Json[];

const isMap = (value: Json): value is Readonly<Record<string, Json>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const inOrder = (map: Readonly<Record<string, Json>>): Json[] => Object.keys(map).sort().map((key) => map[key]!); // prettier-ignore

function children(value: Json): Values {
  if (typeof value === "string") return [...Buffer.from(value)];
  if (Array.isArray(value)) return value as Values;
  return isMap(value) ? inOrder(value) : [];
}

function everything(value: Json): Values {
  const inner = children(value);
  if (inner.length === 0) return [];
  return typeof value === "string" ? [value] : [value, ...inner.flatMap(everything)];
}

function field(values: Values, name: string, lenient: boolean): Values {
  const found = values.flatMap((value) => (isMap(value) && Object.hasOwn(value, name) ? [value[name]!] : []));
  if (found.length === 0 && values.length > 0 && !lenient) throw new Wrong(`${name} is not found`);
  return found;
}

/** A range of a list; the first empty one ends the step. */
function range(values: Values, ends: (length: number) => readonly [from: number, to: number], by: number): Values {
  const found: Json[] = [];
  for (const value of values) {
    if (value === null) continue;
    if (!Array.isArray(value)) throw new Wrong("not a list");
    const [from, to] = ends(value.length);
    if (from === to) return found;
    if (from < 0 || from >= value.length || to < 0 || to > value.length || from > to || by <= 0)
      throw new Wrong("bounds");
    for (let at = from; at < to; at += by) found.push(value[at] as Json);
  }
  return found;
}

const fromEnd = (at: number, length: number): number => (at < 0 ? at + length : at);

function index(values: Values, at: number): Values {
  return range(
    values,
    (length) => {
      const from = fromEnd(at, length);
      // The end of -1 is that of the list.
      return [from, at === -1 ? length : fromEnd(at + 1, length)];
    },
    1,
  );
}

function kindOf(value: Json): string {
  return typeof value === "number" ? (Number.isInteger(value) ? "int" : "float") : typeof value;
}

function holds(left: Json, operator: string, right: string | number | boolean): boolean {
  if (left === null || typeof left === "object" || kindOf(left) !== kindOf(right)) throw new Wrong("incomparable");
  const equal = left === right;
  if (operator === "==" || operator === "!=") return equal === (operator === "==");
  if (typeof left === "boolean") throw new Wrong("no order");
  const less = typeof left === "string" ? Buffer.compare(Buffer.from(left), Buffer.from(right as string)) < 0 : left < (right as number);
  return { "<": less, "<=": less || equal, ">": !less && !equal, ">=": !less }[operator]!;
} // prettier-ignore

function take(values: Values, step: Step, lenient: boolean): Values {
  const each = (path: readonly Step[], value: Json): Values =>
    path.reduce<Values>((so, one) => take(so, one, lenient), [value]);
  const items = (value: Json): Values => {
    if (!Array.isArray(value)) throw new Wrong("not a list");
    return value as Values;
  };
  switch (step.kind) {
    case "field":
    case "key":
      return field(values, step.name, lenient);
    case "deep":
      return field(values.flatMap(everything), step.name, lenient);
    case "index":
      return index(values, step.at);
    case "slice":
      return range(
        values,
        (length) => [fromEnd(step.from ?? 0, length), step.to === undefined ? length : fromEnd(step.to, length)],
        step.by ?? 1,
      );
    case "all":
      // `[*]` is a slice without ends, but of a list alone.
      return step.written === ".*" ? values.flatMap(children) : range(values, (length) => [0, length], 1);
    case "union":
      return step.indices.flatMap((at) => index(values, at));
    case "keys":
      return step.names.flatMap((name) => field(values, name, lenient));
    case "filter":
      return values.flatMap((value) =>
        items(value).filter((item) => {
          const found = each(step.path, item);
          if (found.length > 1) throw new Wrong("several");
          return found.length === 1 && holds(found[0]!, step.operator, step.literal);
        }),
      );
    case "has":
      return values.flatMap((value) => items(value).filter((item) => there(step.path, item, lenient)));
  }
}

/** What had been found when a step other than a field failed counts as there. */
function there(path: readonly Step[], item: Json, lenient: boolean): boolean {
  let values: Values = [item];
  for (const step of path) {
    try {
      values = take(values, step, lenient);
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      return step.kind !== "field" && step.kind !== "key" && values.length > 0;
    }
  }
  return values.length > 0;
}

function shown(value: Json): string {
  if (typeof value !== "object") return String(value);
  const sorted = (one: Json): Json =>
    Array.isArray(one) ? (one as Values).map(sorted) : isMap(one) ? Object.fromEntries(Object.keys(one).sort().map((key) => [key, sorted(one[key]!)])) : one; // prettier-ignore
  return JSON.stringify(sorted(value)).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
}

function simply(parts: readonly Part[], value: Json, lenient: boolean): string {
  return parts
    .map((part) => {
      if (part.kind === "text" || part.kind === "quoted") return part.text;
      const values = part.steps.reduce<Values>((so, step) => take(so, step, lenient), [value]);
      if (part.kind === "path") return values.map(shown).join(" ");
      // The body of a range over nothing is walked with nothing, to find its end.
      if (values.length === 0) simply(part.body, null, lenient);
      return values.map((one) => simply(part.body, one, lenient)).join("");
    })
    .join("");
}

/** Most lines are typed without `--allow-missing-template-keys=false`. */
const lenience = fc.constantFrom(true, true, true, false);

test("random paths over random objects: what a simple evaluator finds is printed", () => {
  fc.assert(
    fc.property(object, template, lenience, (value, parts, lenient) => {
      let wanted: string;
      try {
        wanted = simply(parts, value, lenient);
      } catch (error) {
        if (!(error instanceof Wrong)) throw error;
        wanted = "error";
      }
      const printer = jsonPathPrinter(writtenPath(parts), { allowMissingKeys: lenient });
      const printed = isFailure(printer) ? printer : printer.print(value);
      expect({ path: writtenPath(parts), printed: isFailure(printed) ? "error" : printed }).toEqual({
        path: writtenPath(parts),
        printed: wanted,
      });
    }),
    { numRuns: 1200, seed: 20261122 },
  );
});
