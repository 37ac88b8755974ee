import { sameJson } from "../equality.ts";
import { isObject, type JsonArray, type JsonValue } from "../json.ts";

/** The order of merged lists (strategicpatch normalizeElementOrder): first that of the patch, then that of the server. */

function keyOf(item: JsonValue, key: string | undefined): JsonValue | undefined {
  return key === undefined ? item : isObject(item) ? item[key] : undefined;
}

function indexIn(list: JsonArray, item: JsonValue, key: string | undefined): number {
  const value = keyOf(item, key);
  return list.findIndex((other) => sameJson(keyOf(other, key), value));
}

/** The items that `by` names, and the others. */
export function partition(
  list: JsonArray,
  by: JsonArray,
  key: string | undefined,
): { chosen: JsonArray; others: JsonArray } {
  const { chosen = [], others = [] } = Object.groupBy(list, (item) =>
    indexIn(by, item, key) >= 0 ? "chosen" : "others",
  );
  return { chosen, others };
}

/**
 * `chosen` in the order of `order` and `others` in that of `before`, merged: one of the others comes first where the
 * list had it first, else the patch's items do.
 */
export function inOrder(
  chosen: JsonArray,
  others: JsonArray,
  order: JsonArray,
  before: JsonArray,
  key: string | undefined,
): JsonArray {
  const left = sortedBy(others, before, key);
  const right = sortedBy(chosen, order, key);
  const merged: JsonArray = [];
  while (left.length > 0 && right.length > 0) {
    const l = indexIn(before, left[0]!, key);
    const r = indexIn(before, right[0]!, key);
    merged.push(l >= 0 && r >= 0 && l < r ? left.shift()! : right.shift()!);
  }
  return [...merged, ...left, ...right];
}

function sortedBy(list: JsonArray, order: JsonArray, key: string | undefined): JsonArray {
  return [...list].sort((a, b) => indexIn(order, a, key) - indexIn(order, b, key));
}

/** Both lists without repetitions. */
export function mergedSet(original: JsonArray, patch: JsonArray): JsonArray {
  const merged: JsonArray = [];
  for (const item of [...original, ...patch]) if (!merged.some((known) => sameJson(known, item))) merged.push(item);
  return merged;
}

export function deleteFromSet(original: JsonArray, gone: JsonArray): JsonArray {
  return original.filter((item) => !gone.some((other) => sameJson(other, item)));
}
