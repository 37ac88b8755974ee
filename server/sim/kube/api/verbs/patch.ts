import { MAX_BYTES } from "../body.ts";
import type { RequestContext } from "../context.ts";
import { invalid } from "../field-errors.ts";
import { isObject, parseJson, type JsonArray, type JsonObject, type JsonValue } from "../json.ts";
import { apiVersion } from "../kind.ts";
import type { WriteOptions } from "../options.ts";
import { applyJsonPatch, PatchError } from "../patch/json-patch.ts";
import { applyMergePatch } from "../patch/merge-patch.ts";
import { applyStrategicPatch, StrategicPatchError } from "../patch/strategic.ts";
import { patchedText } from "../patch/patched-text.ts";
import { inGoOrder } from "../schema/go/order.ts";
import { strictErrors } from "../schema/decode.ts";
import { decodeAs, schemaOf, type KindSchema } from "../schema/kind-schema.ts";
import { errors } from "../status.ts";
import { withType } from "../table.ts";
import type { Draft, KubeObject } from "../types/meta.ts";
import { applyConfiguration, withoutManaged } from "./apply.ts";
import { checkName, current, updateObject, type Updated } from "./update.ts";

const JSON_PATCH = "application/json-patch+json";
const MERGE_PATCH = "application/merge-patch+json";
const STRATEGIC_PATCH = "application/strategic-merge-patch+json";
const APPLY_PATCH = "application/apply-patch+yaml";
const MEDIA_TYPES = [JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, APPLY_PATCH];

const MAX_OPERATIONS = 10_000;

/** A patch as it was sent. */
export interface Patch {
  readonly type: string;
  readonly value: JsonValue;
  readonly duplicates: readonly string[];
}

function mediaTypeOf({ request }: RequestContext): string {
  return request.contentType.split(";")[0]!.trim();
}

/** Whether a request is a server-side apply. */
export function isApply(context: RequestContext): boolean {
  return context.request.verb === "patch" && mediaTypeOf(context) === APPLY_PATCH;
}

export function readPatch(context: RequestContext): Patch {
  const { body } = context.request;
  const type = mediaTypeOf(context);
  // Custom resources have no Go type whose tags say how to merge.
  const strategic = schemaOf(context.kind).type === "table";
  const accepted = strategic ? MEDIA_TYPES : MEDIA_TYPES.filter((one) => one !== STRATEGIC_PATCH);
  if (!accepted.includes(type)) throw errors.unsupportedMediaType(accepted);
  if (typeof body === "object") return { type, value: body, duplicates: [] };
  if ((body?.length ?? 0) > MAX_BYTES) throw errors.requestEntityTooLarge(MAX_BYTES);
  const parsed = parseJson(body ?? "");
  if (!parsed.ok)
    throw errors.badRequest(type === STRATEGIC_PATCH ? parsed.error : `error decoding patch: ${parsed.error}`);
  return { type, value: parsed.value, duplicates: parsed.duplicates };
}

/** PATCH of an object, or of a part of it. */
export function patch(context: RequestContext, options: WriteOptions): Updated {
  const { kind, request } = context;
  if (isApply(context)) return applyConfiguration(context, options);
  const parsed = readPatch(context);
  const old = current(context, request.name);
  if (!old) throw errors.notFound(context.resource, request.name);
  const schema = schemaOf(kind);
  const document = aboutManagers(parsed) ? old : withoutManaged(old);
  const patched = applyPatch(parsed, schema, withType(kind, document) as unknown as JsonObject);
  const draft = decodePatched(context, schema, parsed, patched, options) as unknown as Draft<KubeObject>;
  kind.defaults?.(draft);
  checkName(context, draft);
  return { object: updateObject(context, draft, old), created: false };
}

/** Whether a patch says who owns what: only then need it see that. */
function aboutManagers({ value }: Patch): boolean {
  if (Array.isArray(value)) return JSON.stringify(value).includes("managedFields") || value.some(isWide);
  const metadata = isObject(value) ? value["metadata"] : undefined;
  return isObject(metadata) && "managedFields" in metadata;
}

/** An operation on everything, or on all metadata. */
function isWide(operation: JsonValue): boolean {
  if (!isObject(operation)) return false;
  return [operation["path"], operation["from"]].some((path) => path === "" || path === "/metadata");
}

/** The patched copy of an object; throws the Status of a patch that does not fit. */
export function applyPatch({ type, value }: Patch, schema: KindSchema, object: JsonObject): JsonObject {
  try {
    if (type === JSON_PATCH) return asObject(applyJsonPatch(object, operations(value)));
    if (type === MERGE_PATCH) return asObject(applyMergePatch(object, value));
    if (!isObject(value))
      throw errors.badRequest(
        `json: cannot unmarshal ${Array.isArray(value) ? "array" : typeof value} into Go value of type map[string]interface {}`,
      );
    if (schema.type !== "table") throw new Error("a strategic merge patch of a custom resource");
    return applyStrategicPatch(schema.id, object, value);
  } catch (error) {
    if (error instanceof PatchError) throw errors.patchDoesNotApply(error.message);
    if (!(error instanceof StrategicPatchError)) throw error;
    if (error.code === 400) throw errors.badRequest(error.message);
    throw error.code === 422 ? errors.patchDoesNotApply(error.message) : errors.unknownError(error.message);
  }
}

function operations(value: JsonValue): JsonArray {
  if (!Array.isArray(value))
    throw errors.badRequest("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
  if (value.length > MAX_OPERATIONS) throw errors.requestEntityTooLarge(MAX_OPERATIONS);
  return value;
}

function asObject(value: JsonValue): JsonObject {
  return isObject(value) ? value : {};
}

/** The patched object as the kind's structure, under the rules of field validation. */
function decodePatched(
  context: RequestContext,
  schema: KindSchema,
  parsed: Patch,
  patched: JsonObject,
  options: WriteOptions,
): JsonObject {
  const { kind } = context;
  const shown =
    parsed.type === STRATEGIC_PATCH
      ? goMap(parsed.value)
      : patchedText(parsed, schema.type === "table" ? inGoOrder(schema.id, patched) : patched);
  const cannot = (why: string): Error => errors.invalid({ group: "", kind: "" }, "", [invalid("patch", shown, why)]);
  const version = patched["apiVersion"];
  if (patched["kind"] !== kind.kind || version !== apiVersion(kind)) {
    throw errors.badRequest(
      `the API version in the data (${typeof version === "string" ? version : ""}) does not match the expected API version (${apiVersion(kind)})`,
    );
  }
  const { value, error, unknown } = decodeAs(schema, patched);
  if (error) throw cannot(error);
  if (options.fieldValidation !== "Ignore") {
    const problems = strictErrors(unknown, parsed.duplicates);
    if (problems.length > 0 && options.fieldValidation === "Strict")
      throw cannot(`strict decoding error: ${problems.join(", ")}`);
    for (const problem of problems) context.warn(problem);
  }
  delete value["kind"];
  delete value["apiVersion"];
  return value;
}

/** `%+v` of a patch in Go: `map[spec:map[replicas:x]]`. */
function goMap(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(goMap).join(" ")}]`;
  if (!isObject(value)) return value === null ? "<nil>" : String(value);
  return `map[${Object.keys(value)
    .sort()
    .map((key) => `${key}:${goMap(value[key]!)}`)
    .join(" ")}]`;
}
