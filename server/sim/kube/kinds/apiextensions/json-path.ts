import { isObject, type JsonValue } from "../../api/index.ts";

/** One step of a path: a field, an index, everything, or the items that a comparison chooses. */
type Step =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "index"; readonly at: number }
  | { readonly kind: "all" }
  | {
      readonly kind: "filter";
      readonly path: readonly Step[];
      readonly equal: boolean | undefined;
      readonly value: string;
    };

/**
 * The paths of printer columns, selectable fields and scale: what client-go's util/jsonpath understands, as far as columns use
 * it: `.spec.replicas`, `.metadata.annotations['a\.b']`, `.status.conditions[?(@.type=="Ready")].status`, `.spec.rules[*].host`.
 */
export class SimplePath {
  readonly #steps: readonly Step[];

  constructor(steps: readonly Step[]) {
    this.#steps = steps;
  }

  /** All values that it leads to; missing fields lead nowhere. */
  find(object: JsonValue): readonly JsonValue[] {
    return walk(object, this.#steps);
  }

  first(object: JsonValue): JsonValue | undefined {
    return this.find(object)[0];
  }
}

/** The path of that text; undefined if it is none that is understood here. */
export function parseSimplePath(text: string): SimplePath | undefined {
  const steps = parseSteps(text);
  return steps && new SimplePath(steps);
}

function walk(object: JsonValue, steps: readonly Step[]): readonly JsonValue[] {
  let values: readonly JsonValue[] = [object];
  for (const step of steps) values = values.flatMap((value) => take(value, step));
  return values;
}

function take(value: JsonValue, step: Step): readonly JsonValue[] {
  switch (step.kind) {
    case "field":
      return isObject(value) && Object.hasOwn(value, step.name) ? [value[step.name]!] : [];
    case "index": {
      const item = Array.isArray(value) ? value.at(step.at) : undefined;
      return item === undefined ? [] : [item];
    }
    case "all":
      if (Array.isArray(value)) return value;
      return isObject(value)
        ? Object.keys(value)
            .sort()
            .map((name) => value[name]!)
        : [];
    case "filter":
      return Array.isArray(value) ? value.filter((item) => isChosen(item, step)) : [];
  }
}

function isChosen(item: JsonValue, { path, equal, value }: Step & { readonly kind: "filter" }): boolean {
  const found = walk(item, path);
  if (equal === undefined) return found.length > 0;
  const [one] = found;
  return found.length === 1 && typeof one !== "object" && (String(one) === value) === equal;
}

const FIELD = /^\.((?:\\.|[^.[\]\\{}])+)/;
const QUOTED = /^\['((?:\\.|[^'\\])*)'\]|^\["((?:\\.|[^"\\])*)"\]/;
const INDEX = /^\[(-?\d+)\]/;
const ALL = /^(?:\[\*\]|\.\*)/;
const FILTER = /^\[\?\(\s*@((?:\\.|[^=!)\s])*)\s*(?:(==|!=)\s*(?:"([^"]*)"|'([^']*)'|([^)\s]+))\s*)?\)\]/;

function parseSteps(text: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  let rest = text === "." ? "" : text;
  while (rest !== "") {
    const parsed = parseStep(rest);
    if (!parsed) return undefined;
    steps.push(parsed.step);
    rest = rest.slice(parsed.length);
  }
  return steps;
}

function parseStep(text: string): { readonly step: Step; readonly length: number } | undefined {
  const all = ALL.exec(text);
  if (all) return { step: { kind: "all" }, length: all[0].length };
  const field = FIELD.exec(text);
  if (field) return { step: { kind: "field", name: unescaped(field[1]!) }, length: field[0].length };
  const quoted = QUOTED.exec(text);
  if (quoted) return { step: { kind: "field", name: unescaped(quoted[1] ?? quoted[2]!) }, length: quoted[0].length };
  const index = INDEX.exec(text);
  if (index) return { step: { kind: "index", at: Number(index[1]) }, length: index[0].length };
  const filter = FILTER.exec(text);
  const path = filter && parseSteps(filter[1]!);
  if (!filter || !path) return undefined;
  const [whole, , operator, double, single, bare] = filter;
  const equal = operator === undefined ? undefined : operator === "==";
  return { step: { kind: "filter", path, equal, value: double ?? single ?? bare ?? "" }, length: whole.length };
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, "$1");
}
