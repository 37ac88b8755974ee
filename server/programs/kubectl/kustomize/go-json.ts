import { GoError } from "../errors/go-error.ts";
import type { Json, JsonObject } from "../output/golang/kind.ts";

/**
 * A Go struct as encoding/json sees it: its fields by their JSON names with their Go types, and which embedded struct they
 * come from (`GeneratorArgs.KvPairSources`), which error messages tell.
 */
export type Struct = Readonly<Record<string, string>>;
export type Structs = Readonly<Record<string, Struct>>;

/**
 * JSON as a Go struct: names are matched whatever their case, nulls are as if absent, and the first thing that does not fit is
 * thrown in encoding/json's words. Members that are absent stay so. Unknown ones are refused or dropped.
 */
export function decodeStruct(structs: Structs, name: string, value: Json, strict: boolean): JsonObject {
  const decoder = new Decoder(structs, strict);
  if (!isObject(value)) {
    if (value === null) return {};
    throw new GoError(`json: cannot unmarshal ${kindName(value)} into Go value of type types.${name}`);
  }
  const decoded = decoder.struct(name, value, "");
  if (decoder.problem !== undefined) throw new GoError(decoder.problem);
  return decoded;
}

class Decoder {
  readonly #structs: Structs;
  readonly #strict: boolean;
  /** The first; what is wrong later is not told. */
  problem: string | undefined;

  constructor(structs: Structs, strict: boolean) {
    this.#structs = structs;
    this.#strict = strict;
  }

  struct(name: string, value: JsonObject, path: string): JsonObject {
    const fields = this.#structs[name]!;
    const decoded: Record<string, Json> = {};
    for (const key of Object.keys(value).sort((a, b) => (a < b ? -1 : 1))) {
      const field = Object.hasOwn(fields, key) ? key : Object.keys(fields).find((each) => each.toLowerCase() === key.toLowerCase()); // prettier-ignore
      if (field === undefined) {
        if (this.#strict) this.problem ??= `json: unknown field ${JSON.stringify(key)}`;
        continue;
      }
      const [type, embedded = ""] = fields[field]!.split(" in ") as [string, string?];
      const item = this.#value(type, value[key]!, name, `${path}${embedded && `${embedded}.`}${field}`);
      if (item !== undefined) decoded[field] = item;
    }
    return decoded;
  }

  /** Undefined for a null, and for what does not fit. */
  #value(type: string, value: Json, struct: string, path: string): Json | undefined {
    if (value === null) return undefined;
    const refuse = (): undefined => {
      const what = typeof value === "number" && isInteger(type) ? `number ${value}` : kindName(value);
      this.problem ??= `json: cannot unmarshal ${what} into Go struct field ${struct}.${path} of type ${type}`;
    };
    if (type.startsWith("[]")) {
      if (!Array.isArray(value)) return refuse();
      const items = (value as readonly Json[]).map((item) => this.#value(type.slice(2), item, struct, path));
      return items.map((item) => item ?? zeroOf(type.slice(2)));
    }
    if (type.startsWith("map[string]")) {
      if (!isObject(value)) return refuse();
      const inner = type.slice("map[string]".length);
      const entries = Object.entries(value).map(([key, item]) => [key, this.#value(inner, item, struct, path) ?? zeroOf(inner)] as const); // prettier-ignore
      return Object.fromEntries(entries);
    }
    if (type === "interface {}") return value;
    if (type === "bool") return typeof value === "boolean" ? value : refuse();
    if (isInteger(type)) return Number.isInteger(value) ? value : refuse();
    const name = type.slice("types.".length);
    if (type.startsWith("types.") && this.#structs[name])
      return isObject(value) ? this.struct(name, value, `${path}.`) : refuse();
    if (typeof value === "string") return value;
    // sigs.k8s.io/yaml makes texts of numbers and the like where texts are wanted.
    const isText = typeof value === "number" || typeof value === "boolean";
    return !this.#strict && isText ? String(value) : refuse();
  }
}

function isInteger(type: string): boolean {
  return type === "int" || type === "int64";
}

function zeroOf(type: string): Json {
  if (type === "bool") return false;
  if (isInteger(type)) return 0;
  return type.startsWith("types.") && type !== "types.PatchStrategicMerge" ? {} : "";
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindName(value: Json): string {
  return Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
}

/** Without what Go leaves out with `omitempty`: empty texts, lists and maps, zeros and false. */
export function omitEmpty(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(omitEmpty);
  if (!isObject(value)) return value;
  const kept = Object.entries(value)
    .map(([key, item]) => [key, omitEmpty(item)] as const)
    .filter(([, item]) => item !== "" && item !== 0 && item !== false && !(Array.isArray(item) && item.length === 0));
  return Object.fromEntries(kept);
}
