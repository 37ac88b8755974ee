import { invalid, notSupported, required, tooLong, type FieldErrors } from "./field-errors.ts";
import { goStrings } from "./go-syntax.ts";
import { isObject, type JsonObject } from "./json.ts";
import { parameter, type ApiRequest, type Query } from "./request.ts";
import { decode } from "./schema/decode.ts";
import { errors } from "./status.ts";
import type { DeleteOptions } from "./types/meta.ts";

export type FieldValidation = "Ignore" | "Warn" | "Strict";

/** CreateOptions, UpdateOptions and PatchOptions, which come in the query. */
export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldValidation: FieldValidation;
  readonly fieldManager: string;
}

const APPLY_PATCH = "application/apply-patch+yaml";
const DRY_RUN = ["All"];
const FIELD_VALIDATIONS = ["", "Ignore", "Strict", "Warn"];
const FIELD_MANAGER_BYTES = 128;

export function writeOptions(
  kind: "CreateOptions" | "UpdateOptions" | "PatchOptions",
  request: ApiRequest,
): WriteOptions {
  const { query } = request;
  const dryRun = query["dryRun"] ?? [];
  const validation = parameter(query, "fieldValidation");
  const fieldManager = parameter(query, "fieldManager");
  const found: FieldErrors = [];
  if (fieldManager.length > FIELD_MANAGER_BYTES) found.push(tooLong("fieldManager", FIELD_MANAGER_BYTES));
  else if (!/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u.test(fieldManager))
    found.push(invalid("fieldManager", fieldManager, "should only contain printable characters"));
  found.push(...dryRunErrors(dryRun));
  if (!FIELD_VALIDATIONS.includes(validation))
    found.push(notSupported("fieldValidation", validation, FIELD_VALIDATIONS));
  const applies = kind === "PatchOptions" && request.contentType.split(";")[0]!.trim() === APPLY_PATCH;
  if (applies && fieldManager === "") found.push(required("fieldManager", "is required for apply patch"));
  if (kind === "PatchOptions" && !applies && query["force"])
    found.push({
      reason: "FieldValueForbidden",
      field: "force",
      body: "Forbidden: may not be specified for non-apply patch",
    });
  if (found.length > 0) throw errors.invalid({ group: "meta.k8s.io", kind }, "", found);
  // What this process made itself is checked by its compiler; kubectl sends on what files hold.
  const own = typeof request.body === "object" && !request.userAgent.startsWith("kubectl/");
  const usual = own ? "Ignore" : "Warn";
  return {
    dryRun: dryRun.length > 0,
    fieldValidation: validation === "" ? usual : (validation as FieldValidation),
    fieldManager,
  };
}

function dryRunErrors(values: readonly string[]): FieldErrors {
  return values.every((value) => value === "All") ? [] : [notSupported("dryRun", goStrings(values), DRY_RUN)];
}

/** DeleteOptions from the body if there is one, else from the query. */
export function deleteOptions(query: Query, body: JsonObject | undefined): DeleteOptions {
  const given = body ?? fromQuery(query);
  const { value, error } = decode("meta/v1.DeleteOptions", given);
  if (error) throw errors.badRequest(error);
  const options = value as DeleteOptions;
  const found: FieldErrors = [...dryRunErrors(options.dryRun ?? [])];
  const policy = options.propagationPolicy;
  if (policy !== undefined && options.orphanDependents !== undefined)
    found.push(invalid("propagationPolicy", policy, "orphanDependents and deletionPropagation cannot be both set"));
  if (policy !== undefined && !["Foreground", "Background", "Orphan"].includes(policy))
    found.push(notSupported("propagationPolicy", policy, ["Foreground", "Background", "Orphan", "nil"]));
  if (found.length > 0) throw errors.invalid({ group: "meta.k8s.io", kind: "DeleteOptions" }, "", found);
  return options;
}

function fromQuery(query: Query): JsonObject {
  const options: JsonObject = {};
  const grace = parameter(query, "gracePeriodSeconds");
  if (grace !== "") {
    if (!/^[-+]?\d+$/.test(grace))
      throw errors.badRequest(`strconv.ParseInt: parsing ${JSON.stringify(grace)}: invalid syntax`);
    options["gracePeriodSeconds"] = Number(grace);
  }
  const policy = parameter(query, "propagationPolicy");
  if (policy !== "") options["propagationPolicy"] = policy;
  const orphan = parameter(query, "orphanDependents");
  if (orphan !== "") options["orphanDependents"] = orphan === "true" || orphan === "1";
  if (query["dryRun"]) options["dryRun"] = [...query["dryRun"]];
  return options;
}

/** The first `{…}` of a body that an action carries: DeleteOptions inside an Eviction. */
export function nestedOptions(body: JsonObject, field: string): JsonObject | undefined {
  const nested = body[field];
  return isObject(nested) ? nested : undefined;
}
