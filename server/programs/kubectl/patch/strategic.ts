import {
  hasStructType,
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
  /** The patch says which members stay: what else is there belongs to another choice. */
  readonly retainKeys: boolean;
}

const ANY: FieldType = { type: { kind: "any", goName: "" }, mergeKey: undefined, retainKeys: false };

/** Go's struct tag `patchStrategy:"retainKeys"`. */
const RETAIN_KEYS = ["apps/v1.DeploymentSpec strategy", "v1.PodSpec volumes"];

/** The type and merge key of a member. */
export function memberOf(type: ValueType, name: string): FieldType {
  if (type.kind === "map") return { ...ANY, type: type.of };
  if (type.kind !== "struct" || !hasStructType(type.id)) return ANY;
  const field = structType(type.id).fields.get(name);
  if (!field) return ANY;
  return { type: field.type, mergeKey: field.mergeKey, retainKeys: RETAIN_KEYS.includes(`${type.id} ${name}`) };
}

function diffMaps(
  before: JsonObject,
  after: JsonObject,
  type: ValueType,
  options: DiffOptions,
  retainKeys = false,
): JsonObject {
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
      const member = memberOf(type, name);
      const inner = diffMaps(old, value, member.type, options, member.retainKeys);
      if (Object.keys(inner).length > 0) patch[name] = inner;
    } else if (Array.isArray(old) && Array.isArray(value))
      diffLists(patch, name, old, value, memberOf(type, name), options);
    else if (!sameJson(old, value) && !options.ignoreChangesAndAdditions) patch[name] = value;
  }
  if (retainKeys) {
    const kept = Object.keys(after).filter((name) => after[name] !== null);
    const more = Object.keys(before).some((name) => before[name] !== null && after[name] === undefined);
    if (kept.length > 0 && (Object.keys(patch).length > 0 || more)) patch["$retainKeys"] = kept.sort();
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
  member: FieldType,
  options: DiffOptions,
): void {
  const { mergeKey } = member;
  if (mergeKey === undefined) {
    if (!options.ignoreChangesAndAdditions && !sameJson(before, after)) patch[name] = after;
    return;
  }
  if (before.length === 0) {
    if (after.length > 0 && !options.ignoreChangesAndAdditions) patch[name] = after;
    return;
  }
  if (mergeKey === "*") return diffSets(patch, name, before, after, options);
  const { additions, deletions } = diffKeyed(before as JsonObject[], after as JsonObject[], mergeKey, member, options);
  const ordered = (after as JsonObject[]).map((item) => item[mergeKey]!);
  const moved = !sameJson(
    (before as JsonObject[]).map((item) => item[mergeKey]!),
    ordered,
  );
  const changed = additions.length + deletions.length > 0;
  if (changed) patch[name] = [...additions, ...deletions];
  const tellsOrder =
    (!options.ignoreChangesAndAdditions && (changed || moved)) || (!options.ignoreDeletions && changed);
  if (tellsOrder && ordered.length > 0) patch[`$setElementOrder/${name}`] = ordered.map((key) => ({ [mergeKey]: key }));
}

/** Elements in the order of their keys' texts; those that share a key stay in theirs, and are compared one by one. */
function sortedBy(list: readonly JsonObject[], key: string): readonly JsonObject[] {
  return list.toSorted((a, b) => {
    const [left, right] = [keyText(a, key), keyText(b, key)];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

function keyText(element: JsonObject, key: string): string {
  const value = element[key];
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** apimachinery strategicpatch diffListsOfMaps: both lists are walked side by side, sorted by the merge key. */
function diffKeyed(
  before: readonly JsonObject[],
  after: readonly JsonObject[],
  key: string,
  { type, retainKeys }: FieldType,
  options: DiffOptions,
): { additions: JsonObject[]; deletions: JsonObject[] } {
  const itemType = type.kind === "list" ? type.of : ANY.type;
  const additions: JsonObject[] = [];
  const deletions: JsonObject[] = [];
  const [old, now] = [sortedBy(before, key), sortedBy(after, key)];
  for (let left = 0, right = 0; left < old.length || right < now.length;) {
    const [gone, come] = [old[left], now[right]];
    const [a, b] = [gone && keyText(gone, key), come && keyText(come, key)];
    if (gone && come && a === b) {
      const inner = diffMaps(gone, come, itemType, options, retainKeys);
      if (Object.keys(inner).length > 0) additions.push({ ...inner, [key]: come[key]! });
      left++;
      right++;
    } else if (come && (!gone || b! < a!)) {
      if (!options.ignoreChangesAndAdditions) additions.push(come);
      right++;
    } else {
      if (!options.ignoreDeletions) deletions.push({ $patch: "delete", [key]: gone![key]! });
      left++;
    }
  }
  // The list of a patch stands in the order that it demands of the result (normalizeElementOrder).
  const at = (element: JsonObject): number => after.findIndex((item) => sameJson(item[key], element[key]));
  additions.sort((a, b) => at(a) - at(b));
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
