import { isObject, type JsonObject, type JsonValue } from "../../api/index.ts";
import { CniError } from "./cni-error.ts";

/**
 * The fields of a configuration as encoding/json reads them into a Go struct: what is missing or null has its zero value, what
 * has the wrong type is refused with the decoder's words.
 */
export class GoFields {
  readonly raw: JsonObject;
  readonly #struct: string;
  readonly #path: string;

  constructor(raw: JsonObject, struct: string, path = "") {
    this.raw = raw;
    this.#struct = struct;
    this.#path = path;
  }

  has(name: string): boolean {
    return this.raw[name] !== undefined && this.raw[name] !== null;
  }

  text(name: string, otherwise = ""): string {
    const value = this.#value(name);
    if (value === undefined) return otherwise;
    return typeof value === "string" ? value : this.#refuse(name, value, "string");
  }

  flag(name: string, otherwise = false): boolean {
    const value = this.#value(name);
    if (value === undefined) return otherwise;
    return typeof value === "boolean" ? value : this.#refuse(name, value, "bool");
  }

  integer(name: string, type = "int"): number {
    const value = this.#value(name);
    if (value === undefined) return 0;
    if (typeof value !== "number") return this.#refuse(name, value, type);
    return Number.isInteger(value) ? value : this.#refuse(name, value, type, `number ${value}`);
  }

  /** A nested struct; one without fields where it is missing. */
  struct(name: string): GoFields {
    const value = this.#value(name) ?? {};
    if (!isObject(value)) return this.#refuse(name, value, "struct");
    return new GoFields(value, this.#struct, `${this.#path}${name}.`);
  }

  /** A list of structs. `type` names them in errors: `[]main.PortMapEntry`. */
  structs(name: string, type: string): GoFields[] {
    return this.list(name, type).map((value) => {
      if (!isObject(value)) return this.#refuse(name, value, type.replace(/^\[\]/, ""));
      return new GoFields(value, type.replace(/^.*\./, ""));
    });
  }

  list(name: string, type: string): readonly JsonValue[] {
    const value = this.#value(name);
    if (value === undefined) return [];
    return Array.isArray(value) ? value : this.#refuse(name, value, type);
  }

  texts(name: string): string[] {
    return this.list(name, "[]string").map((value) =>
      typeof value === "string" ? value : this.#refuse(name, value, "string"),
    );
  }

  #value(name: string): JsonValue | undefined {
    return this.raw[name] ?? undefined;
  }

  #refuse(name: string, value: JsonValue, type: string, found = jsonType(value)): never {
    throw new CniError(
      `json: cannot unmarshal ${found} into Go struct field ${this.#struct}.${this.#path}${name} of type ${type}`,
    );
  }
}

/** What encoding/json calls a value. */
export function jsonType(value: JsonValue): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}
