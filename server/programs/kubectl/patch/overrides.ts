import { decode, isObject, typeId, type JsonObject, type JsonValue } from "../../../sim/kube/api/index.ts";
import type { Mapping } from "../client/api-resource.ts";
import { text } from "../cobra/flag.ts";
import { isFailure, type Failure } from "../output/index.ts";
import { readYaml } from "../yaml/read.ts";
import { applyPatch } from "./apply.ts";

export const OVERRIDE_FLAGS = {
  "override-type": text("How --overrides is meant: json, merge or strategic.", { initial: "merge" }),
  overrides: text("A patch for the object that is made, as JSON or YAML. It must name its apiVersion."),
} as const;

/** An object after `--overrides` (kubectl pkg/cmd/util/override_options.go). */
export function overridden(
  mapping: Mapping,
  object: JsonObject,
  flags: { readonly overrides: string; readonly "override-type": string },
): JsonObject | Failure {
  if (flags.overrides === "") return object;
  const type = flags["override-type"];
  if (type !== "merge" && type !== "strategic" && type !== "json") return { error: `invalid override type: ${type}` };
  if (type === "merge" && !isJson(flags.overrides)) return { error: "Invalid JSON Patch" };
  const read = readYaml(flags.overrides);
  if (isFailure(read)) return { error: type === "merge" ? "Invalid JSON Patch" : read.error };
  // A list takes the object's place, and is none (evanphx/json-patch MergePatch).
  if (type === "merge" && Array.isArray(read.value)) return { error: noVersionAndKind("array") };
  if (type === "merge" && !isObject(read.value)) return { error: "Invalid JSON Patch" };
  const patched = applyPatch(mapping, object, type, read.value as JsonValue);
  if (isFailure(patched)) return patched;
  const { value, error } = decode(typeId(mapping.group, mapping.version, mapping.kind), patched);
  if (error) return { error };
  const { kind: _, apiVersion: __, ...rest } = value;
  return withCreation({ kind: object["kind"]!, apiVersion: object["apiVersion"]!, ...rest });
}

/** apimachinery pkg/runtime/serializer/json/meta.go */
function noVersionAndKind(type: string): string {
  return `couldn't get version/kind; json parse error: json: cannot unmarshal ${type} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;
}

function isJson(text_: string): boolean {
  try {
    JSON.parse(text_);
    return true;
  } catch {
    return false;
  }
}

/** Go writes a time of creation even where there is none. */
function withCreation(object: JsonObject): JsonObject {
  const { metadata } = object;
  return isObject(metadata) ? { ...object, metadata: { creationTimestamp: null, ...metadata } } : object;
}
