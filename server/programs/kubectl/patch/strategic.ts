import {
  isObject,
  sameJson,
  structType,
  typeId,
  type JsonArray,
  type JsonObject,
  type JsonValue,
  type ValueType,
} from "../../../sim/kube/api/index.ts";
import type { Mapping } from "../client/api-resource.ts";

/**
 * Strategic merge patches between objects (apimachinery pkg/util/strategicpatch diffMaps): the patch that turns one into the
 * other. `$setElementOrder`, `$deleteFromPrimitiveList` and `$patch: delete` say what a plain merge cannot.
 */
export interface DiffOptions {
  readonly ignoreDeletions?: boolean;
  readonly ignoreChangesAndAdditions?: boolean;
}

export function strategicPatchBetween(
  mapping: Pick<Mapping, "group" | "version" | "kind">,
  before: JsonObject,
  after: JsonObject,
  options: DiffOptions = {},
): JsonObject {
  return diffMaps(
    before,
    after,
    { kind: "struct", id: typeId(mapping.group, mapping.version, mapping.kind), goName: "" },
    options,
  );
}

interface FieldType {
  readonly type: ValueType;
  readonly mergeKey: string | undefined;
}

const ANY: FieldType = { type: { kind: "any", goName: "" }, mergeKey: undefined };

/** The type and merge key of a member. */
export function memberOf(type: ValueType, name: string): FieldType {
  if (type.kind === "map") return { type: type.of, mergeKey: undefined };
  if (type.kind !== "struct") return ANY;
  const field = structType(type.id).fields.get(name);
  return field ? { type: field.type, mergeKey: field.mergeKey } : ANY;
}

function diffMaps(before: JsonObject, after: JsonObject, type: ValueType, options: DiffOptions): JsonObject {
  const patch: JsonObject = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const old = before[name];
    const value = after[name];
    if (value === undefined) {
      if (!options.ignoreDeletions) patch[name] = null;
    } else if (old === undefined) {
      if (!options.ignoreChangesAndAdditions) patch[name] = value;
    } else if (typeOf(old) !== typeOf(value)) {
      if (!options.ignoreChangesAndAdditions) patch[name] = value;
    } else if (isObject(old) && isObject(value)) {
      const inner = diffMaps(old, value, memberOf(type, name).type, options);
      if (Object.keys(inner).length > 0) patch[name] = inner;
    } else if (Array.isArray(old) && Array.isArray(value))
      diffLists(patch, name, old, value, memberOf(type, name), options);
    else if (!sameJson(old, value) && !options.ignoreChangesAndAdditions) patch[name] = value;
  }
  return patch;
}

function typeOf(value: JsonValue): string {
  return Array.isArray(value) ? "list" : value === null ? "null" : typeof value;
}

function diffLists(
  patch: JsonObject,
  name: string,
  before: JsonArray,
  after: JsonArray,
  { type, mergeKey }: FieldType,
  options: DiffOptions,
): void {
  if (mergeKey === undefined) {
    if (!options.ignoreChangesAndAdditions && !sameJson(before, after)) patch[name] = after;
    return;
  }
  if (mergeKey === "*") return diffSets(patch, name, before, after, options);
  const { additions, deletions } = diffKeyed(before as JsonObject[], after as JsonObject[], mergeKey, type, options);
  const ordered = (after as JsonObject[]).map((item) => item[mergeKey]!);
  const moved = !sameJson(
    (before as JsonObject[]).map((item) => item[mergeKey]!),
    ordered,
  );
  const changed = additions.length + deletions.length > 0;
  if (changed) patch[name] = [...additions, ...deletions];
  // Of two that are in order there is nothing to tell; a deletion alone sets none.
  if (!options.ignoreChangesAndAdditions && (changed || moved) && ordered.length > 0)
    patch[`$setElementOrder/${name}`] = ordered.map((key) => ({ [mergeKey]: key }));
}

function diffKeyed(
  before: readonly JsonObject[],
  after: readonly JsonObject[],
  key: string,
  type: ValueType,
  options: DiffOptions,
): { additions: JsonObject[]; deletions: JsonObject[] } {
  const itemType = type.kind === "list" ? type.of : ANY.type;
  const additions: JsonObject[] = [];
  const deletions: JsonObject[] = [];
  for (const item of after) {
    const old = before.find((one) => sameJson(one[key], item[key]));
    if (!old) {
      if (!options.ignoreChangesAndAdditions) additions.push(item);
      continue;
    }
    const inner = diffMaps(old, item, itemType, options);
    if (Object.keys(inner).length > 0) additions.push({ ...inner, [key]: item[key]! });
  }
  if (!options.ignoreDeletions)
    for (const old of before)
      if (!after.some((item) => sameJson(item[key], old[key]))) deletions.push({ $patch: "delete", [key]: old[key]! });
  return { additions, deletions };
}

function diffSets(patch: JsonObject, name: string, before: JsonArray, after: JsonArray, options: DiffOptions): void {
  const added = after.filter((value) => !before.includes(value));
  const removed = before.filter((value) => !after.includes(value));
  if (!options.ignoreChangesAndAdditions && added.length > 0) patch[name] = added;
  if (!options.ignoreDeletions && removed.length > 0) patch[`$deleteFromPrimitiveList/${name}`] = removed;
  if (!options.ignoreChangesAndAdditions && added.length + removed.length > 0)
    patch[`$setElementOrder/${name}`] = after;
}
