import { parse as parseYaml, type YAMLParseError } from "yaml";
import { MAX_BYTES } from "../body.ts";
import type { RequestContext } from "../context.ts";
import { copyJson } from "../equality.ts";
import { applied, type VersionedType } from "../fieldmanager/field-manager.ts";
import { compareObjects } from "../fieldmanager/compare.ts";
import { difference } from "../fieldmanager/field-set.ts";
import type { Fields } from "../fieldmanager/fields.ts";
import type { ManagedFields } from "../fieldmanager/managers.ts";
import { managerOf, writeOf } from "../fieldmanager/tracking.ts";
import { fieldSetOf } from "../fieldmanager/typed.ts";
import { isObject, type JsonObject, type JsonValue } from "../json.ts";
import { apiVersion, type AnyKind, type GroupVersionKind } from "../kind.ts";
import { sortedJson } from "../names.ts";
import type { WriteOptions } from "../options.ts";
import { flag } from "../request.ts";
import { decodeAs, schemaOf } from "../schema/kind-schema.ts";
import { errors } from "../status.ts";
import { withType } from "../table.ts";
import type { Draft, KubeObject } from "../types/meta.ts";
import { yamlProblem } from "../yaml-problem.ts";
import { createObject } from "./create.ts";
import { checkName, current, updateObject, type Updated } from "./update.ts";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
/** The manager for whom server-side apply goes on where client-side apply was. */
const KUBECTL = "kubectl";

/** PATCH with a configuration: the server merges it, and knows who set what (handlers/patch.go applyPatcher). */
export function applyConfiguration(context: RequestContext, options: WriteOptions): Updated {
  const { kind, request } = context;
  const { config, duplicates } = readConfiguration(context);
  const old = current(context, request.name);
  if (!old && context.subresource !== "") throw errors.notFound(context.resource, request.name);
  checkConfiguration(kind, config);

  const live = old && (withType(kind, withoutManaged(old)) as unknown as JsonObject);
  const write = writeOf(context);
  const result = applied(write, old?.metadata.managedFields ?? [], live, config, {
    force: flag(request.query, "force"),
    about: about(kind, config),
    takeable: () => (managerOf(context) === KUBECTL ? lastApplied(write.type, live) : undefined),
  });
  tellDuplicates(context, duplicates, options);
  // Without an object there is no change; what is new is at least its name.
  const merged = result.object ?? (old ? undefined : config);
  const draft = merged ? decoded(kind, merged) : (copyJson(withoutManaged(old!)) as Draft<KubeObject>);
  kind.defaults?.(draft);
  if (managerOf(context) === KUBECTL && draft.metadata.annotations?.[LAST_APPLIED])
    draft.metadata.annotations[LAST_APPLIED] = lastAppliedText(config);
  checkName(context, draft);
  return old
    ? { object: updateObject(context, draft, old, result.managed), created: false }
    : created(context, draft, result.managed);
}

/** Keys that are given twice: as field validation says, they are refused, told of or passed over. */
export function tellDuplicates(
  context: RequestContext,
  duplicates: readonly string[],
  { fieldValidation }: WriteOptions,
): void {
  if (duplicates.length === 0 || fieldValidation === "Ignore") return;
  if (fieldValidation === "Strict") throw errors.badRequest(`error strict decoding YAML: ${duplicates.join(", ")}`);
  for (const duplicate of duplicates) context.warn(duplicate);
}

function created(context: RequestContext, draft: Draft<KubeObject>, managed: ManagedFields): Updated {
  return { object: createObject(context, draft, managed), created: true };
}

export interface Configuration {
  readonly config: JsonObject;
  /** What is wrong with it strictly: keys that are given twice. */
  readonly duplicates: readonly string[];
}

/** The body of an apply: YAML. */
export function readConfiguration({ request }: RequestContext): Configuration {
  const { body } = request;
  if (typeof body === "object") return { config: body, duplicates: [] };
  const text = body ?? "";
  if (text.length > MAX_BYTES) throw errors.requestEntityTooLarge(MAX_BYTES);
  const fail = (why: string): Error => errors.badRequest(`error decoding YAML: ${why}`);
  let value: JsonValue;
  let duplicates: string[] = [];
  try {
    value = parseYaml(text, { version: "1.1", merge: true }) as JsonValue;
  } catch (error) {
    const { code } = error as YAMLParseError;
    if (code !== "DUPLICATE_KEY")
      throw fail(`error converting YAML to JSON: yaml: ${yamlProblem(error as YAMLParseError)}`);
    duplicates = [`yaml: unmarshal errors:\n  ${(error as Error).message.split("\n")[0]!}`];
    value = parseYaml(text, { version: "1.1", merge: true, uniqueKeys: false }) as JsonValue;
  }
  if (value === null || value === undefined) return { config: {}, duplicates };
  if (!isObject(value)) {
    const given = Array.isArray(value) ? "array" : typeof value;
    throw fail(
      `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${given} into Go value of type map[string]interface {}`,
    );
  }
  return { config: value, duplicates };
}

/** Refuses a configuration of another kind, and one that says who owns what. */
export function checkConfiguration(kind: GroupVersionKind, config: JsonObject): void {
  if (config["apiVersion"] !== apiVersion(kind) || config["kind"] !== kind.kind)
    throw errors.badRequest(`invalid object type: ${kindText(config)}`);
  const { metadata } = config;
  if (isObject(metadata) && metadata["managedFields"] !== undefined && metadata["managedFields"] !== null)
    throw errors.badRequest("metadata.managedFields must be nil");
}

/** schema.GroupVersionKind as Go prints it: `apps/v1, Kind=Deployment`. */
function kindText({ apiVersion: version, kind }: JsonObject): string {
  const text = typeof version === "string" ? version : "";
  return `${text.includes("/") ? text : `/${text}`}, Kind=${typeof kind === "string" ? kind : ""}`;
}

/** `default/web; autoscaling/v1, Kind=Scale`: how errors name what is applied. */
export function about(kind: GroupVersionKind, config: JsonObject): string {
  const { name = "", namespace = "" } = (isObject(config["metadata"]) ? config["metadata"] : {}) as {
    name?: string;
    namespace?: string;
  };
  return `${namespace}/${name}; ${kindText({ apiVersion: apiVersion(kind), kind: kind.kind })}`;
}

/** The merged object as the kind's structure. */
function decoded(kind: AnyKind, object: JsonObject): Draft<KubeObject> {
  const { value, error } = decodeAs(schemaOf(kind), object);
  if (error)
    throw errors.unknownError(
      `failed to convert new object (${about(kind, object)}) to proper version (${apiVersion(kind)}): ${error}`,
    );
  delete value["kind"];
  delete value["apiVersion"];
  return value as unknown as Draft<KubeObject>;
}

/** An object without the account of who owns what. */
export function withoutManaged(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** Fields that client-side apply set and nobody changed since: server-side apply may take them (lastappliedmanager.go). */
function lastApplied({ shape, apiVersion: version }: VersionedType, live: JsonObject | undefined): Fields | undefined {
  const { annotations } = (live?.["metadata"] ?? {}) as { annotations?: Record<string, string> };
  const text = annotations?.[LAST_APPLIED];
  if (!live || !text) return undefined;
  let last: unknown;
  try {
    last = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(last) || last["apiVersion"] !== version) return undefined;
  const typed = fieldSetOf(last, shape);
  if (typed.error !== undefined) return undefined;
  const { changed, removed } = compareObjects(last, live, shape, new Set());
  return difference(difference(typed.fields, changed), removed);
}

/** The configuration as `kubectl apply` notes it. */
function lastAppliedText(config: JsonObject): string {
  const copy = copyJson(config);
  const { annotations } = (copy["metadata"] ?? {}) as { annotations?: JsonObject };
  if (annotations) delete annotations[LAST_APPLIED];
  return `${sortedJson(copy)}\n`;
}
