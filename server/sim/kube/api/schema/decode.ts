import { parseRfc3339 } from "../../../kernel/index.ts";
import { quote } from "../go-syntax.ts";
import { isObject, type JsonObject, type JsonValue } from "../json.ts";
import { canonicalQuantity } from "../quantity.ts";
import { base64Error, timeError } from "./scalars.ts";
import { structType, type StructType, type ValueType } from "./types.ts";

/** An object as Go would hold and print it, and what Go's decoder had to say. */
export interface Decoded {
  readonly value: JsonObject;
  /** The first error; the value is of no use then. */
  readonly error: string | undefined;
  /** Paths of fields that the type does not have, in their order: `spec.containers[0].foo`. */
  readonly unknown: readonly string[];
}

/**
 * Reads a value as a structure of the API: a deep copy without unknown fields, nulls and zero values that Go would
 * leave out, with those that it always writes, and with quantities in canonical form. The words of errors are those
 * of sigs.k8s.io/json (Kubernetes' case-sensitive fork of encoding/json).
 */
export function decode(id: string, value: unknown): Decoded {
  // Nearly everything is as it should be: where in the value something is not, a second reading tells.
  const read = decodeWith(new Decoder(false), id, value);
  return read.error === undefined && read.unknown.length === 0 ? read : decodeWith(new Decoder(true), id, value);
}

function decodeWith(decoder: Decoder, id: string, value: unknown): Decoded {
  try {
    const type = structType(id);
    if (!isObject(value)) {
      const error = `json: cannot unmarshal ${described(value)} into Go value of type ${type.goName}`;
      return { value: {}, error, unknown: [] };
    }
    return { value: decoder.struct(type, value), error: decoder.error, unknown: decoder.unknown };
  } catch (error) {
    if (error instanceof UnmarshalError) return { value: {}, error: error.message, unknown: [] };
    throw error;
  }
}

/** An error of a type's own UnmarshalJSON ends the decoding at once. */
class UnmarshalError extends Error {}

class Decoder {
  error: string | undefined;
  readonly unknown: string[] = [];
  /** The way to the current value, for unknown fields: names and indices. */
  readonly #path: (string | number)[] = [];
  /** The names of fields on that way, as type errors show them: without indices and map keys. */
  readonly #fields: string[] = [];
  #struct = "";
  readonly #locating: boolean;

  /** @param locating whether it keeps account of where it is, for its words. */
  constructor(locating: boolean) {
    this.#locating = locating;
  }

  struct(type: StructType, object: JsonObject): JsonObject {
    const out: JsonObject = {};
    const outer = this.#struct;
    for (const name in object) {
      const value = object[name]!;
      const field = type.fields.get(name);
      if (!field) {
        this.unknown.push(pathText([...this.#path, name]));
        continue;
      }
      // Clients of this process may leave a member undefined.
      if (value === null || (value as unknown) === undefined) continue;
      let decoded: JsonValue | undefined;
      if (this.#locating) {
        this.#struct = type.name;
        this.#path.push(name);
        this.#fields.push(name);
        decoded = this.#value(field.type, value, field.keepZero);
        this.#path.pop();
        this.#fields.pop();
      } else decoded = this.#value(field.type, value, field.keepZero);
      if (decoded !== undefined) out[name] = decoded;
    }
    this.#struct = outer;
    for (const one of type.always) {
      const [name, value, fieldType] = one;
      if (out[name] !== undefined) continue;
      out[name] =
        fieldType.kind === "struct" && value !== null
          ? this.struct(structType(fieldType.id), {})
          : (value as JsonValue);
    }
    return out;
  }

  /** The decoded value; undefined if it was wrong or is one that Go leaves out. */
  #value(type: ValueType, value: JsonValue, keepZero: boolean): JsonValue | undefined {
    switch (type.kind) {
      case "struct":
        return isObject(value) ? this.struct(structType(type.id), value) : this.#mismatch(type, value);
      case "list":
        return Array.isArray(value) ? this.#list(type.of, value) : this.#mismatch(type, value);
      case "map":
        return isObject(value) ? this.#map(type.of, value) : this.#mismatch(type, value);
      case "string":
        if (typeof value !== "string") return this.#mismatch(type, value);
        return value === "" && !keepZero ? undefined : value;
      case "bool":
        if (typeof value !== "boolean") return this.#mismatch(type, value);
        return !value && !keepZero ? undefined : value;
      case "int32":
        return this.#integer(type, value, 2 ** 31, keepZero);
      case "int64":
        return this.#integer(type, value, 2 ** 63, keepZero);
      case "float64":
        if (typeof value !== "number") return this.#mismatch(type, value);
        return value === 0 && !keepZero ? undefined : value;
      case "bytes":
        return this.#bytes(type, value, keepZero);
      case "time":
      case "microTime":
        return this.#time(type.kind, value);
      case "quantity":
        return this.#quantity(value);
      case "intOrString":
        return typeof value === "string"
          ? value
          : this.#integer({ kind: "int32", goName: "int32" }, value, 2 ** 31, true);
      case "any":
        return clone(value);
      case "either":
        return this.#either(type, value);
    }
  }

  /** The first character decides in Go, too (apiextensions/v1 marshal.go). */
  #either(type: ValueType & { readonly kind: "either" }, value: JsonValue): JsonValue | undefined {
    if (isObject(value)) return this.struct(structType(type.id), value);
    if (type.or === "bool") {
      if (typeof value === "boolean") return value;
      throw new UnmarshalError("boolean or JSON schema expected");
    }
    if (!Array.isArray(value)) return this.#mismatch(type, value);
    const of: ValueType =
      type.or === "list" ? { kind: "struct", id: type.id, goName: type.goName } : { kind: "string", goName: "string" };
    return this.#list(of, value);
  }

  #list(of: ValueType, list: readonly JsonValue[]): JsonValue | undefined {
    if (list.length === 0) return undefined;
    const out: JsonValue[] = [];
    const struct = this.#struct;
    for (let index = 0; index < list.length; index++) {
      const item = list[index]!;
      if (this.#locating) this.#path.push(index);
      out.push(item === null ? zero(of) : (this.#value(of, item, true) ?? zero(of)));
      if (this.#locating) this.#path.pop();
      this.#struct = struct;
    }
    return out;
  }

  #map(of: ValueType, map: JsonObject): JsonValue | undefined {
    const out: JsonObject = {};
    let empty = true;
    for (const key in map) {
      const value = map[key]!;
      if (this.#locating) this.#path.push(key);
      out[key] = value === null ? zero(of) : (this.#value(of, value, true) ?? zero(of));
      if (this.#locating) this.#path.pop();
      empty = false;
    }
    return empty ? undefined : out;
  }

  #integer(type: ValueType, value: JsonValue, limit: number, keepZero: boolean): number | undefined {
    if (typeof value !== "number") return this.#mismatch(type, value);
    if (!Number.isInteger(value) || value >= limit || value < -limit)
      return this.#mismatch(type, value, `number ${String(value)}`);
    return value === 0 && !keepZero ? undefined : value;
  }

  #bytes(type: ValueType, value: JsonValue, keepZero: boolean): string | undefined {
    if (typeof value !== "string") return this.#mismatch(type, value);
    const problem = base64Error(value);
    if (problem) this.error ??= problem;
    return value === "" && !keepZero ? undefined : value.replaceAll(/[\r\n]/g, "");
  }

  #time(kind: "time" | "microTime", value: JsonValue): string | undefined {
    if (typeof value !== "string") throw new UnmarshalError(this.#wrong(described(value), "string"));
    if (parseRfc3339(value) === undefined) throw new UnmarshalError(timeError(value, kind));
    return value;
  }

  #quantity(value: JsonValue): string {
    const quantity = canonicalQuantity(
      typeof value === "string" || typeof value === "number" ? value : JSON.stringify(value),
    );
    if (typeof quantity === "object") throw new UnmarshalError(quantity.error);
    return quantity;
  }

  #mismatch(type: ValueType, value: JsonValue, what = described(value)): undefined {
    this.error ??= this.#wrong(what, type.goName);
    return undefined;
  }

  #wrong(what: string, goName: string): string {
    return `json: cannot unmarshal ${what} into Go struct field ${this.#struct}.${this.#fields.join(".")} of type ${goName}`;
  }
}

/** What Go calls a JSON value in type errors. */
function described(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (value === null) return "null";
  return typeof value === "boolean" ? "bool" : typeof value;
}

function pathText(path: readonly (string | number)[]): string {
  let text = "";
  for (const part of path) text += typeof part === "number" ? `[${part}]` : text === "" ? part : `.${part}`;
  return text;
}

function zero(type: ValueType): JsonValue {
  switch (type.kind) {
    case "string":
    case "bytes":
      return "";
    case "bool":
      return false;
    case "int32":
    case "int64":
    case "float64":
    case "intOrString":
      return 0;
    case "quantity":
      return "0";
    case "struct":
    case "either":
      return decode(type.id, {}).value;
    case "list":
    case "map":
    case "time":
    case "microTime":
    case "any":
      return null;
  }
}

function clone(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(clone);
  if (!isObject(value)) return value;
  const out: JsonObject = {};
  for (const key in value) out[key] = clone(value[key]!);
  return out;
}

/** `strict decoding error: unknown field "spec.foo", duplicate field "spec.bar"`: the list that stands behind it. */
export function strictErrors(unknown: readonly string[], duplicates: readonly string[]): string[] {
  const known = duplicates.filter((path) => !unknown.some((field) => path.startsWith(field)));
  return [
    ...new Set([
      ...unknown.map((path) => `unknown field ${quote(path)}`),
      ...known.map((path) => `duplicate field ${quote(path)}`),
    ]),
  ];
}
