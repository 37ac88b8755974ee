import { sameJson } from "../equality.ts";
import { isObject, type JsonArray, type JsonObject, type JsonValue } from "../json.ts";
import { structType, type StructType, type ValueType } from "../schema/types.ts";
import { deleteFromSet, inOrder, mergedSet, partition } from "./element-order.ts";

/**
 * Strategic merge patch, as apimachinery/pkg/util/strategicpatch: lists whose elements have a merge key are merged
 * element by element, and directives (`$patch`, `$retainKeys`, `$setElementOrder/x`, `$deleteFromPrimitiveList/x`) say
 * what a plain merge cannot.
 */
export function applyStrategicPatch(id: string, document: JsonObject, patch: JsonObject): JsonObject {
  return mergeMap(document, patch, { kind: "struct", id, goName: "" });
}

/** A patch that makes no sense; `code` is that of the answer: 400, 422, or 500 for what the server has no word for. */
export class StrategicPatchError extends Error {
  readonly code: 400 | 422 | 500;

  constructor(message: string, code: 400 | 422 | 500 = 500) {
    super(message);
    this.code = code;
  }
}

const PATCH = "$patch";
const RETAIN_KEYS = "$retainKeys";
const SET_ORDER = "$setElementOrder";
const DELETE_FROM = "$deleteFromPrimitiveList";

const BAD_RETAIN_KEYS = "invalid patch format of retainKeys";
const BAD_SET_ORDER = "invalid patch format of setElementOrder list";
const BAD_DELETE_FROM = "invalid patch format of primitive list";

function mergeMap(original: JsonObject, patch: JsonObject, type: ValueType): JsonObject {
  const directive = patch[PATCH];
  if (directive !== undefined) {
    if (directive === "replace") return withoutDirectives(omit(patch, PATCH)) as JsonObject;
    if (directive === "delete") return {};
    throw new StrategicPatchError(`unknown patch type: ${goText(directive)} in map: ${goText(patch)}`);
  }
  const rest: JsonObject = { ...patch };
  const merged = retainKeys({ ...original }, rest);
  mergeOrderedLists(merged, rest, type);
  for (const name in rest) {
    const value = rest[name]!;
    const deletion = name.startsWith(DELETE_FROM);
    const field = deletion ? afterSlash(name, DELETE_FROM, BAD_DELETE_FROM) : name;
    if (value === null) {
      delete merged[field];
      continue;
    }
    const before = merged[field];
    if (before === undefined) {
      if (!deletion) merged[field] = withoutDirectives(value);
      continue;
    }
    const fieldType = lookUp(type, field);
    if (isObject(before) && isObject(value)) merged[field] = mergeMap(before, value, fieldType.type);
    else if (Array.isArray(before) && Array.isArray(value))
      merged[field] = fieldType.mergeKey ? mergeList(before, value, fieldType, deletion) : value;
    else merged[field] = value;
  }
  return merged;
}

interface FieldType {
  readonly type: ValueType;
  readonly mergeKey: string | undefined;
}

/** The type and merge key of a member; of a map all members are alike. */
function lookUp(type: ValueType, name: string): FieldType {
  if (type.kind === "map") return { type: type.of, mergeKey: undefined };
  const struct: StructType | undefined = type.kind === "struct" ? structType(type.id) : undefined;
  const field = struct?.fields.get(name);
  if (field) return { type: field.type, mergeKey: field.mergeKey };
  if (type.kind === "any") return { type, mergeKey: undefined };
  throw new StrategicPatchError(
    `unable to find api field in struct ${struct?.name ?? type.goName} for the json field ${JSON.stringify(name)}`,
  );
}

/** Drops what `$retainKeys` does not name; takes the directive out of the patch. */
function retainKeys(merged: JsonObject, patch: JsonObject): JsonObject {
  const kept = patch[RETAIN_KEYS];
  if (kept === undefined) return merged;
  delete patch[RETAIN_KEYS];
  if (!Array.isArray(kept)) throw new StrategicPatchError(BAD_RETAIN_KEYS, 400);
  for (const name in patch) {
    const special = patch[name] === null || name.startsWith(DELETE_FROM) || name.startsWith(SET_ORDER);
    if (!special && !kept.includes(name)) throw new StrategicPatchError(BAD_RETAIN_KEYS, 400);
  }
  for (const name in merged) if (!kept.includes(name)) delete merged[name];
  return merged;
}

/** Merges the lists whose order the patch gives, and takes both out of the patch. */
function mergeOrderedLists(merged: JsonObject, patch: JsonObject, type: ValueType): void {
  for (const name of Object.keys(patch)) {
    if (!name.startsWith(SET_ORDER)) continue;
    const order = patch[name]!;
    delete patch[name];
    if (!Array.isArray(order)) throw new StrategicPatchError(BAD_SET_ORDER, 400);
    const field = afterSlash(name, SET_ORDER, BAD_SET_ORDER);
    const original = merged[field];
    const patched = patch[field];
    if (original === undefined && patched === undefined) continue;
    if ((original !== undefined && !Array.isArray(original)) || (patched !== undefined && !Array.isArray(patched)))
      throw new StrategicPatchError(BAD_SET_ORDER, 400);
    const fieldType = lookUp(type, field);
    const key = fieldType.mergeKey === "*" ? undefined : fieldType.mergeKey;
    if (patched) checkOrder(patched, order, key);
    let list = original ?? [];
    if (patched)
      list = original ? mergeList(original, patched, fieldType, false) : (withoutDirectives(patched) as JsonArray);
    const { chosen, others } = partition(list, order, key);
    merged[field] = inOrder(chosen, others, order, original ?? [], key);
    delete patch[field];
  }
}

/** The patch must name its elements in the order that it asks for. */
function checkOrder(patched: JsonArray, order: JsonArray, key: string | undefined): void {
  const items = patched.filter((item) => !(isObject(item) && PATCH in item));
  let at = 0;
  for (const wanted of order) {
    if (at < items.length && sameJson(keyValue(items[at]!, key), keyValue(wanted, key))) at++;
  }
  if (at < items.length && order.length > 0)
    throw new StrategicPatchError(
      `The order in patch list:\n${goText(patched)}\n doesn't match ${SET_ORDER} list:\n${goText(order)}\n`,
    );
}

function keyValue(item: JsonValue, key: string | undefined): JsonValue {
  if (key === undefined) return item;
  const value = isObject(item) ? item[key] : undefined;
  if (value === undefined) throw noMergeKey(item, key);
  return value;
}

function noMergeKey(item: JsonValue, key: string): StrategicPatchError {
  return new StrategicPatchError(`map: ${goText(item)} does not contain declared merge key: ${key}`);
}

function mergeList(original: JsonArray, patch: JsonArray, { type, mergeKey }: FieldType, deletion: boolean): JsonArray {
  checkElements(original, patch);
  if (mergeKey === "*" || !isObject(original[0] ?? patch[0])) {
    if (deletion) return deleteFromSet(original, patch);
    const merged = mergedSet(original, patch);
    const { chosen, others } = partition(merged, patch, undefined);
    return inOrder(chosen, others, patch, original, undefined);
  }
  const key = mergeKey!;
  const element = type.kind === "list" ? type.of : type;
  let list = [...original];
  let replace = false;
  const plain: JsonObject[] = [];
  for (const item of patch as JsonObject[]) {
    const directive = item[PATCH];
    if (directive === undefined) plain.push(item);
    else if (directive === "delete") {
      const value = item[key];
      if (value === undefined) throw noMergeKey(item, key);
      list = list.filter((one) => !sameJson((one as JsonObject)[key], value));
    } else if (directive === "replace") replace = true;
    else if (directive === "merge") throw new StrategicPatchError("merging lists cannot yet be specified in the patch");
    else throw new StrategicPatchError(`unknown patch type: ${goText(directive)} in map: ${goText(item)}`);
  }
  if (replace) return plain.map(withoutDirectives);
  const before = [...list];
  for (const item of plain) {
    const value = item[key];
    if (value === undefined) throw noMergeKey(item, key);
    const at = list.findIndex((one) => sameJson((one as JsonObject)[key], value));
    if (at < 0) list.push(withoutDirectives(item));
    else list[at] = mergeMap(list[at] as JsonObject, item, element);
  }
  const { chosen, others } = partition(list, plain, key);
  return inOrder(chosen, others, plain, before, key);
}

function checkElements(...lists: JsonArray[]): void {
  const kinds = new Set(
    lists.flat().map((item) => (Array.isArray(item) ? "list" : isObject(item) ? "map" : typeof item)),
  );
  if (kinds.has("list")) throw new StrategicPatchError("lists of lists are not supported", 422);
  if (kinds.size > 1) throw new StrategicPatchError(`list element types are not identical: ${goText(lists)}`);
}

/** What a patch adds where there was nothing: without nulls, and with its directives carried out on nothing. */
function withoutDirectives(value: JsonValue): JsonValue {
  if (Array.isArray(value))
    return value.filter((item) => !(isObject(item) && item[PATCH] !== undefined)).map(withoutDirectives);
  if (!isObject(value)) return value;
  const out: JsonObject = {};
  for (const name in value) {
    const directive =
      name === PATCH || name === RETAIN_KEYS || name.startsWith(SET_ORDER) || name.startsWith(DELETE_FROM);
    if (!directive && value[name] !== null) out[name] = withoutDirectives(value[name]!);
  }
  return out;
}

function afterSlash(name: string, prefix: string, message: string): string {
  if (!name.startsWith(`${prefix}/`)) throw new StrategicPatchError(message, 400);
  return name.slice(prefix.length + 1);
}

function omit(object: JsonObject, name: string): JsonObject {
  const { [name]: _, ...rest } = object;
  return rest;
}

/** `%v` of a JSON value in Go: `map[image:nginx name:a]`, `[a b]`. */
function goText(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(" ")}]`;
  if (!isObject(value)) return value === null ? "<nil>" : String(value);
  return `map[${Object.keys(value)
    .sort()
    .map((key) => `${key}:${goText(value[key]!)}`)
    .join(" ")}]`;
}
