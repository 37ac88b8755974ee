import {
  applyMergePatch,
  applyStrategicPatch,
  isObject,
  typeId,
  type JsonObject,
  type JsonValue,
} from "../../../sim/kube/api/index.ts";
import type { Mapping } from "../client/api-resource.ts";
import type { Failure } from "../output/index.ts";
import { applyJsonPatch } from "./json-patch.ts";

/** Applies a patch without a server (`--local`, `--dry-run=client`). */
export function applyPatch(
  { group, version, kind }: Mapping,
  object: JsonObject,
  type: "strategic" | "merge" | "json",
  patch: JsonValue,
): JsonObject | Failure {
  if (type === "json") return applyJsonPatch(object, patch);
  if (!isObject(patch)) return { error: "Invalid JSON Patch" };
  if (type === "merge") return applyMergePatch(object, patch) as JsonObject;
  try {
    return applyStrategicPatch(typeId(group, version, kind), object, patch);
  } catch (error) {
    return { error: (error as Error).message };
  }
}
