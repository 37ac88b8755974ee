import {
  hasStructType,
  isObject,
  typeId,
  type JsonArray,
  type JsonObject,
  type JsonValue,
  type ValueType,
} from "../../../sim/kube/api/index.ts";
import type { Mapping } from "../client/api-resource.ts";
import { memberOf, strategicPatchBetween } from "./strategic.ts";

export interface ThreeWayPatch {
  readonly type: "strategic" | "merge";
  readonly patch: JsonObject;
}

/**
 * The patch by which `apply` brings an object to what a file says: what the file adds and changes against the live object, and
 * what it no longer says since it was applied last (apimachinery strategicpatch CreateThreeWayMergePatch; jsonmergepatch for
 * types that kubectl does not know).
 */
export function threeWayPatch(
  mapping: Pick<Mapping, "group" | "version" | "kind">,
  original: JsonObject | undefined,
  modified: JsonObject,
  current: JsonObject,
): ThreeWayPatch {
  const id = typeId(mapping.group, mapping.version, mapping.kind);
  if (!hasStructType(id)) {
    const patch = merged(deletionsBetween(original ?? {}, modified), additionsBetween(current, modified), ANY);
    return { type: "merge", patch };
  }
  const delta = strategicPatchBetween(mapping, current, modified, { ignoreDeletions: true });
  const deletions = strategicPatchBetween(mapping, original ?? {}, modified, { ignoreChangesAndAdditions: true });
  return { type: "strategic", patch: merged(deletions, delta, { kind: "struct", id, goName: "" }) };
}

const ANY: ValueType = { kind: "any", goName: "" };

/** Two patches as one: lists with a key are put together, of everything else the second counts (mergeMap). */
function merged(first: JsonObject, second: JsonObject, type: ValueType): JsonObject {
  const result: JsonObject = { ...first };
  for (const [name, value] of Object.entries(second)) {
    const old = result[name];
    const { type: memberType, mergeKey } = memberOf(type, name);
    if (isObject(old) && isObject(value)) result[name] = merged(old, value, memberType);
    else if (Array.isArray(old) && Array.isArray(value) && mergeKey !== undefined && !name.startsWith("$"))
      result[name] = inOrder(
        mergedLists(old, value, mergeKey, memberType),
        second[`$setElementOrder/${name}`] ?? first[`$setElementOrder/${name}`],
        mergeKey,
      );
    else result[name] = value;
  }
  return result;
}

/** Elements in the order that the patch itself tells; what it deletes comes last. */
function inOrder(list: JsonArray, order: JsonValue | undefined, key: string): JsonArray {
  if (!Array.isArray(order) || key === "*") return list;
  const keys = order.map((item) => JSON.stringify((item as JsonObject)[key]));
  const rank = (item: JsonValue): number => {
    const at = keys.indexOf(JSON.stringify((item as JsonObject)[key]));
    return at < 0 ? keys.length : at;
  };
  return list.toSorted((a, b) => rank(a) - rank(b));
}

function mergedLists(first: JsonArray, second: JsonArray, key: string, type: ValueType): JsonArray {
  if (key === "*") return [...new Set([...first, ...second])];
  const of = type.kind === "list" ? type.of : ANY;
  const keyOf = (item: JsonValue): string => JSON.stringify((item as JsonObject)[key]);
  const both = second.map((item) => {
    const same = first.find((one) => keyOf(one) === keyOf(item));
    return same ? merged(same as JsonObject, item as JsonObject, of) : item;
  });
  return [...both, ...first.filter((item) => !second.some((one) => keyOf(one) === keyOf(item)))];
}

function additionsBetween(before: JsonObject, after: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const [name, value] of Object.entries(after)) {
    const old = before[name];
    if (isObject(old) && isObject(value)) {
      const inner = additionsBetween(old, value);
      if (Object.keys(inner).length > 0) patch[name] = inner;
    } else if (old === undefined || JSON.stringify(old) !== JSON.stringify(value)) patch[name] = value;
  }
  return patch;
}

function deletionsBetween(before: JsonObject, after: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const [name, old] of Object.entries(before)) {
    const value = after[name];
    if (value === undefined) patch[name] = null;
    else if (isObject(old) && isObject(value)) {
      const inner = deletionsBetween(old, value);
      if (Object.keys(inner).length > 0) patch[name] = inner;
    }
  }
  return patch;
}
