import { isObject, type JsonObject, type JsonValue } from "../json.ts";

/** Applies an RFC 7396 merge patch; the document stays as it is and shares what did not change. */
export function applyMergePatch(document: JsonValue, patch: JsonValue): JsonValue {
  if (!isObject(patch)) return patch;
  const merged: JsonObject = isObject(document) ? { ...document } : {};
  for (const key in patch) {
    const value = patch[key]!;
    if (value === null) delete merged[key];
    else merged[key] = applyMergePatch(merged[key] ?? null, value);
  }
  return merged;
}
