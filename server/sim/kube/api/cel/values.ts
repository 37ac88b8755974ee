import { parseRfc3339 } from "../../../kernel/index.ts";
import type { AccessAttributes, Authorization } from "../access.ts";
import { parseGoDuration } from "../duration.ts";
import { isObject, type JsonValue } from "../json.ts";
import { compareQuantities } from "../quantity.ts";
import type { UserInfo } from "../request.ts";
import { itemsOf, propertyOf, valuesOf, type JsonSchema } from "../schema/structural/json-schema.ts";

/** A value of CEL. Whole numbers are bigint (`int`), others numbers (`double`); times are in microseconds. */
export type Cel = null | boolean | bigint | number | string | readonly Cel[] | ReadonlyMap<Key, Cel> | Special;

export type Key = string | bigint | boolean;

export type Special =
  | { readonly is: "timestamp" | "duration"; readonly micros: number }
  | { readonly is: "optional"; readonly value?: Cel }
  | Authorizer
  | { readonly is: "decision"; readonly decision: Authorization }
  | { readonly is: "quantity" | "url" | "ip" | "cidr" | "type"; readonly text: string };

/** `authorizer` of admission: a question to the server's authorizers that is asked piece by piece. */
export interface Authorizer {
  readonly is: "authorizer";
  readonly user: UserInfo;
  readonly ask: (attributes: AccessAttributes) => Authorization;
  readonly about: Partial<AccessAttributes>;
  /** What `authorizer.requestResource` is about. */
  readonly request?: Partial<AccessAttributes>;
}

/** An error while an expression is evaluated, in the words of cel-go. */
export class CelError extends Error {}

export function isList(value: Cel): value is readonly Cel[] {
  return Array.isArray(value);
}

export function isMap(value: Cel): value is ReadonlyMap<Key, Cel> {
  return value instanceof Map;
}

export function isSpecial(value: Cel): value is Special {
  return typeof value === "object" && value !== null && !isList(value) && !isMap(value);
}

/** A JSON value as a rule sees it: its schema tells times, durations and doubles from texts and whole numbers. */
export function fromJson(value: JsonValue, schema: JsonSchema | undefined): Cel {
  if (typeof value === "string") return fromText(value, schema);
  if (typeof value === "number") return Number.isInteger(value) && schema?.type !== "number" ? BigInt(value) : value;
  if (Array.isArray(value)) {
    const items = schema && itemsOf(schema);
    return value.map((item) => fromJson(item, items));
  }
  if (!isObject(value)) return value;
  const map = new Map<Key, Cel>();
  const values = schema && valuesOf(schema);
  for (const name in value) map.set(name, fromJson(value[name]!, (schema && propertyOf(schema, name)) ?? values));
  return map;
}

function fromText(text: string, schema: JsonSchema | undefined): Cel {
  if (schema?.format === "date-time" || schema?.format === "date") {
    const micros = parseRfc3339(schema.format === "date" ? `${text}T00:00:00Z` : text);
    if (micros !== undefined) return { is: "timestamp", micros };
  }
  if (schema?.format === "duration") {
    const micros = parseGoDuration(text);
    if (micros !== undefined) return { is: "duration", micros };
  }
  return text;
}

/** `==`, for any two values; numbers are compared across their types. */
export function equal(a: Cel, b: Cel): boolean {
  if (isNumber(a) && isNumber(b)) return Number(a) === Number(b) && (typeof a !== typeof b || a === b);
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, at) => equal(item, b[at]!));
  if (isMap(a)) {
    if (!isMap(b) || a.size !== b.size) return false;
    for (const [key, value] of a) if (!b.has(key) || !equal(value, b.get(key)!)) return false;
    return true;
  }
  if (!isSpecial(a) || b === null || typeof b !== "object" || !isSpecial(b)) return a === b;
  if (a.is === "optional") return b.is === "optional" && sameOptional(a, b);
  if (a.is === "quantity" && b.is === "quantity") return compareQuantities(a.text, b.text) === 0;
  return a.is === b.is && "micros" in a === "micros" in b && JSON.stringify(a) === JSON.stringify(b);
}

function sameOptional(a: Special & { readonly is: "optional" }, b: Special & { readonly is: "optional" }): boolean {
  if (a.value === undefined || b.value === undefined) return a.value === b.value;
  return equal(a.value, b.value);
}

/** -1, 0 or 1; throws for values that have no order. */
export function compare(a: Cel, b: Cel): number {
  if (isNumber(a) && isNumber(b)) return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (isSpecial(a) && isSpecial(b) && a.is === b.is && "micros" in a && "micros" in b)
    return Math.sign(a.micros - b.micros);
  throw new CelError("no such overload");
}

export function isNumber(value: Cel): value is bigint | number {
  return typeof value === "bigint" || typeof value === "number";
}

/** `type(x)` */
export function typeName(value: Cel): string {
  if (value === null) return "null_type";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "bigint") return "int";
  if (typeof value === "number") return "double";
  if (typeof value === "string") return "string";
  if (isList(value)) return "list";
  if (isMap(value)) return "map";
  switch (value.is) {
    case "timestamp":
    case "duration":
      return `google.protobuf.${value.is === "timestamp" ? "Timestamp" : "Duration"}`;
    case "optional":
      return "optional_type";
    default:
      return value.is;
  }
}
