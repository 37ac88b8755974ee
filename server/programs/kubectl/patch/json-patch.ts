import { applyJsonPatch as apply, PatchError, type JsonObject, type JsonValue } from "../../../sim/kube/api/index.ts";
import type { Failure } from "../output/index.ts";

/** Applies a JSON patch (RFC 6902) to a copy of an object, in the words of the library that the server uses, too. */
export function applyJsonPatch(object: JsonObject, patch: JsonValue): JsonObject | Failure {
  if (!Array.isArray(patch))
    return {
      error: `json: cannot unmarshal ${typeof patch === "boolean" ? "bool" : typeof patch} into Go value of type jsonpatch.Patch`,
    };
  try {
    return apply(object, patch) as JsonObject;
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    // kubectl pkg/cmd/patch/patch.go getPatchedJSON
    const [, missing] = /doc is missing key: (.*)/s.exec(error.message) ?? [];
    return { error: missing === undefined ? error.message : `Object to be patched is missing field (${missing})` };
  }
}
