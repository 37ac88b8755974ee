import { isObject, sameJson, type JsonObject, type JsonValue } from "../../../sim/kube/api/index.ts";

/** The merge patch that makes one object of another (RFC 7386; evanphx/json-patch CreateMergePatch). */
export function mergePatchBetween(before: JsonObject, after: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const [name, value] of Object.entries(after)) {
    const old = before[name];
    if (old === undefined) patch[name] = value;
    else if (isObject(old) && isObject(value)) {
      const inner = mergePatchBetween(old, value);
      if (Object.keys(inner).length > 0) patch[name] = inner;
    } else if (!sameJson(old, value)) patch[name] = value;
  }
  for (const name of Object.keys(before)) if (after[name] === undefined) patch[name] = null as JsonValue;
  return patch;
}
