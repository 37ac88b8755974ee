import type { Json, JsonObject } from "../golang/kind.ts";
import { GoNumber, goTypeName } from "../golang/number.ts";

/**
 * A value of type `interface{}` that holds another, or null: what a field of a map and an element of a slice are. Error
 * messages tell it from the value in it.
 */
export class Held {
  readonly inner: Json;

  constructor(inner: Json) {
    this.inner = inner;
  }
}

/** A value of a type of its own. */
export type Concrete = boolean | number | string | GoNumber | readonly Json[] | JsonObject;

/** What a template computes with; undefined is no value, which prints as `<no value>`. */
export type Value = Concrete | Held | undefined;

/** The value in an interface, or the value itself. */
export function open(value: Value): Concrete | undefined {
  return value instanceof Held ? (value.inner ?? undefined) : value;
}

/** The value's type as Go names it. */
export function valueType(value: Value): string {
  return value instanceof Held ? "interface {}" : goTypeName(value);
}

export function isSlice(value: Value): value is readonly Json[] {
  return Array.isArray(value);
}

export function isMap(value: Value): value is JsonObject {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof GoNumber) && !(value instanceof Held);
}

/** Whether `if`, `and` and the like take the value for true: if it is not the zero of its type. */
export function isTrue(value: Value): boolean {
  const inner = open(value);
  if (inner instanceof GoNumber) return inner.value !== 0;
  if (isSlice(inner)) return inner.length > 0;
  if (isMap(inner)) return Object.keys(inner).length > 0;
  return Boolean(inner);
}
