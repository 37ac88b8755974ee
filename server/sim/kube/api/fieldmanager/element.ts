import { isObject, type JsonArray, type JsonValue } from "../json.ts";
import type { Key, Shape } from "./shape.ts";

type ListShape = Shape & { readonly kind: "list" };

/** An element of a list that cannot be told from the others. */
export class NoElement extends Error {}

/** What names an element of a list that is a set or a map: `v:"x"`, `k:{"name":"web"}` (typed/helpers.go listItemToPathElement). */
export function elementOf({ keys }: ListShape, item: JsonValue): string {
  if (keys.length > 0) return keyedElement(keys, item);
  if (item === null || typeof item === "object")
    throw new NoElement(
      item === null
        ? "associative list without keys has an element that's an explicit null"
        : `associative list without keys has an element that's a ${Array.isArray(item) ? "list" : "map"} type`,
    );
  return `v:${JSON.stringify(item)}`;
}

function keyedElement(keys: readonly Key[], item: JsonValue): string {
  if (item === null) throw new NoElement("associative list with keys may not have a null element");
  if (!isObject(item)) throw new NoElement("associative list with keys may not have non-map elements");
  let text = "";
  for (const { name, default: usual } of keys) {
    const value = item[name] ?? usual;
    if (value === undefined)
      throw new NoElement(
        `associative list with keys has an element that omits key field ${JSON.stringify(name)} (and doesn't have default value)`,
      );
    text += `${text === "" ? "" : ","}${JSON.stringify(name)}:${JSON.stringify(value)}`;
  }
  return `k:{${text}}`;
}

/** A list by what names its elements; of those that have the same name, all. Elements without a name are left out. */
export function elements(shape: ListShape, list: JsonArray): Map<string, JsonValue[]> {
  const found = new Map<string, JsonValue[]>();
  for (const item of list) {
    let element: string;
    try {
      element = elementOf(shape, item);
    } catch (error) {
      if (error instanceof NoElement) continue;
      throw error;
    }
    const same = found.get(element);
    if (same) same.push(item);
    else found.set(element, [item]);
  }
  return found;
}
