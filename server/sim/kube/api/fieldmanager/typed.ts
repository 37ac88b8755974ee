import { isObject, type JsonArray, type JsonObject, type JsonValue } from "../json.ts";
import { elementOf, NoElement } from "./element.ts";
import { MEMBER, node, NOTHING } from "./field-set.ts";
import { elementText, fieldsOf, type Fields } from "./fields.ts";
import type { Shape, ShapeField } from "./shape.ts";

/** What an applied configuration sets, or why it is none of its kind. */
export type Typed = { readonly fields: Fields; readonly error?: undefined } | { readonly error: string };

/**
 * The fields of a configuration: leaves, and what is an element of a map or a list. Structures are no fields of their own
 * (structured-merge-diff/typed/tofieldset.go); what does not fit is told in the words of typed/validate.go.
 */
export function fieldSetOf(value: JsonObject, shape: Shape, options: { readonly duplicates?: boolean } = {}): Typed {
  const walk = new Walk(options.duplicates ?? false);
  const fields = walk.set(value, shape, "") ?? NOTHING;
  const { errors } = walk;
  if (errors.length === 0) return { fields };
  return { error: errors.length === 1 ? errors[0]! : ["errors:", ...errors.map((one) => `  ${one}`)].join("\n") };
}

class Walk {
  readonly errors: string[] = [];
  readonly #duplicates: boolean;

  constructor(duplicates: boolean) {
    this.#duplicates = duplicates;
  }

  /** The node of a value; undefined if nothing in it is a field. */
  set(value: JsonValue, shape: Shape, path: string): Fields | undefined {
    switch (shape.kind) {
      case "scalar":
        this.#scalar(value, shape.type, path);
        return MEMBER;
      case "any":
        return isObject(value) && !isBare(value) ? this.#members(value, () => undefined, path) : MEMBER;
      case "list":
        if (value !== null && !Array.isArray(value)) return this.#wrong(path, `expected list, got ${goValue(value)}`);
        if (shape.atomic) {
          for (let at = 0; at < (value?.length ?? 0); at++) this.set(value![at]!, shape.of(), `${path}[${at}]`);
          return MEMBER;
        }
        return value ? this.#elements(value, shape, path) : undefined;
      case "map":
      case "struct": {
        if (value !== null && !isObject(value)) return this.#wrong(path, `expected map, got ${goValue(value)}`);
        const inner =
          value &&
          this.#members(value, (name) => (shape.kind === "struct" ? shape.fields.get(name) : undefined), path, shape);
        return shape.atomic ? MEMBER : (inner ?? undefined);
      }
    }
  }

  #members(
    value: JsonObject,
    field: (name: string) => ShapeField | undefined,
    path: string,
    shape?: Shape,
  ): Fields | undefined {
    const children: Record<string, Fields> = {};
    for (const name in value) {
      const inner = value[name]!;
      const known = field(name);
      if (shape?.kind === "struct" && !known && !shape.open) {
        this.errors.push(`${path}.${name}: field not declared in schema`);
        continue;
      }
      const of: Shape = known?.shape() ?? (shape?.kind === "map" ? shape.of() : ANY);
      const set = this.set(inner, of, `${path}.${name}`);
      const member = !known || inner === null || (isObject(inner) && isBare(inner));
      const found = member ? asMember(set) : set;
      if (found) children[`f:${name}`] = found;
    }
    return node(false, fieldsOf(children));
  }

  #elements(list: JsonArray, shape: Shape & { kind: "list" }, path: string): Fields | undefined {
    const children: Record<string, Fields> = {};
    for (let at = 0; at < list.length; at++) {
      let element: string;
      try {
        element = elementOf(shape, list[at]!);
      } catch (error) {
        if (!(error instanceof NoElement)) throw error;
        this.errors.push(`${path}: element ${at}: ${error.message}`);
        continue;
      }
      const name = elementText(element);
      if (children[element] && !this.#duplicates) this.errors.push(`${path}: duplicate entries for key ${name}`);
      children[element] = asMember(this.set(list[at]!, shape.of(), `${path}${name}`));
    }
    return node(false, fieldsOf(children));
  }

  #scalar(value: JsonValue, type: (Shape & { kind: "scalar" })["type"], path: string): void {
    if (value === null) return;
    const given = typeof value;
    if (type === "numeric" && given !== "number")
      this.#wrong(path, `expected numeric (int or float), got ${goTypeName(value)}`);
    else if (type === "string" && given !== "string")
      this.#wrong(path, `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`);
    else if (type === "boolean" && given !== "boolean") this.#wrong(path, `expected boolean, got ${goValue(value)}`);
    else if (given === "object") this.#wrong(path, `expected any scalar, got ${goValue(value)}`);
  }

  #wrong(path: string, message: string): undefined {
    this.errors.push(path === "" ? message : `${path}: ${message}`);
    return undefined;
  }
}

const ANY: Shape = { kind: "any" };

function asMember(set: Fields | undefined): Fields {
  if (!set) return MEMBER;
  if ("." in set) return set;
  for (const _ in set) return { ".": MEMBER, ...set };
  return MEMBER;
}

function isBare(value: JsonObject): boolean {
  for (const _ in value) return false;
  return true;
}

/** `%v` of a value: a pointer to the structure that holds it. */
function goValue(value: JsonValue): string {
  return `&{${goPlain(value)}}`;
}

function goPlain(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(goPlain).join(" ")}]`;
  if (!isObject(value)) return value === null ? "<nil>" : String(value);
  return `map[${Object.keys(value)
    .sort()
    .map((key) => `${key}:${goPlain(value[key]!)}`)
    .join(" ")}]`;
}

/** `%#v` of a value as a decoder of YAML makes it. */
function goSyntax(value: JsonValue): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(", ")}}`;
  if (!isObject(value)) return value === null ? "interface {}(nil)" : String(value);
  return `map[string]interface {}{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${goSyntax(value[key]!)}`)
    .join(", ")}}`;
}

/** `%T`. */
function goTypeName(value: JsonValue): string {
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  return Array.isArray(value) ? "[]interface {}" : "map[string]interface {}";
}
