import { applyPatch as apply, type Operation } from "rfc6902";
import { copyJson, type JsonObject, type JsonValue } from "../../../sim/kube/api/index.ts";
import type { Failure } from "../output/index.ts";

/** Applies a JSON patch (RFC 6902) to a copy of an object. */
export function applyJsonPatch(object: JsonObject, patch: JsonValue): JsonObject | Failure {
  if (!Array.isArray(patch)) return { error: "error decoding patch: a JSON patch is a list of operations" };
  const copy = copyJson(object);
  const failed = apply(copy, patch as unknown as Operation[]).find((error) => error !== null);
  return failed ? { error: failed.message } : copy;
}
