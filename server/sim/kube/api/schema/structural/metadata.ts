import { invalid, required, type FieldErrors } from "../../field-errors.ts";
import { isObject, type JsonObject, type JsonValue } from "../../json.ts";
import { goJson } from "../../go-syntax.ts";
import type { ObjectMeta } from "../../types/meta.ts";
import { label1035 } from "../../validation/names.ts";
import { validateObjectMeta } from "../../validation/object-meta.ts";
import { decode } from "../decode.ts";
import { itemsOf, propertyOf, valuesOf, type JsonSchema } from "./json-schema.ts";

/** What was wrong with metadata: the first error, or the paths of unknown fields. */
type Coerced = { readonly error: string } | { readonly unknown: readonly string[] };

const META = "meta/v1.ObjectMeta";

/**
 * Reads the metadata of an object and of all that are embedded in it as ObjectMeta, in place
 * (apiextensions-apiserver pkg/apiserver/schema/objectmeta).
 */
export function coerceMetadata(object: JsonObject, schema: JsonSchema): Coerced {
  const unknown: string[] = [];
  const error = coerce(object, schema, "", unknown);
  return error === undefined ? { unknown } : { error };
}

function coerce(value: JsonValue, schema: JsonSchema | undefined, path: string, unknown: string[]): string | undefined {
  if (!schema || !holdsResources(schema)) return undefined;
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    for (let index = 0; items && index < value.length; index++) {
      const error = coerce(value[index]!, items, `${path}[${index}]`, unknown);
      if (error) return error;
    }
    return undefined;
  }
  if (!isObject(value)) return undefined;
  if (schema["x-kubernetes-embedded-resource"]) {
    const error = coerceResource(value, path, unknown);
    if (error) return error;
  }
  const values = valuesOf(schema);
  for (const name in value) {
    if (schema["x-kubernetes-embedded-resource"] && name === "metadata") continue;
    const error = coerce(value[name]!, propertyOf(schema, name) ?? values, at(path, name), unknown);
    if (error) return error;
  }
  return undefined;
}

function coerceResource(object: JsonObject, path: string, unknown: string[]): string | undefined {
  const { metadata } = object;
  // The top of an object always has metadata, as all kinds do.
  if (metadata === undefined || metadata === null) {
    if (path === "") object["metadata"] = decode(META, {}).value;
    else delete object["metadata"];
    return undefined;
  }
  const decoded = decode(META, metadata);
  if (decoded.error !== undefined) return decoded.error;
  for (const field of decoded.unknown) unknown.push(`${at(path, "metadata")}.${field}`);
  if (path !== "" && !Object.hasOwn(metadata as JsonObject, "creationTimestamp"))
    delete decoded.value["creationTimestamp"];
  object["metadata"] = decoded.value;
  return undefined;
}

/** Complaints about the objects that are embedded in one. */
export function validateEmbedded(object: JsonObject, schema: JsonSchema): FieldErrors {
  const found: FieldErrors = [];
  validate(object, schema, "", found);
  return found;
}

function validate(value: JsonValue, schema: JsonSchema | undefined, path: string, found: FieldErrors): void {
  if (!schema || !holdsResources(schema)) return;
  if (Array.isArray(value)) {
    value.forEach((item, index) => validate(item, itemsOf(schema), `${path}[${index}]`, found));
    return;
  }
  if (!isObject(value)) return;
  if (schema["x-kubernetes-embedded-resource"] && path !== "") validateResource(value, path, found);
  const values = valuesOf(schema);
  for (const name in value) validate(value[name]!, propertyOf(schema, name) ?? values, at(path, name), found);
}

function validateResource(object: JsonObject, path: string, found: FieldErrors): void {
  const { apiVersion: version, kind, metadata } = object;
  if (version === undefined || version === "") found.push(required(`${path}.apiVersion`));
  else if (typeof version !== "string") found.push(invalid(`${path}.apiVersion`, goJson(version), "must be a string"));
  else if (version.split("/").length > 2)
    found.push(invalid(`${path}.apiVersion`, version, `unexpected GroupVersion string: ${version}`));
  if (kind === undefined || kind === "") found.push(required(`${path}.kind`));
  else if (typeof kind !== "string") found.push(invalid(`${path}.kind`, goJson(kind), "must be a string"));
  else {
    const messages = label1035(kind.toLowerCase());
    if (messages.length > 0)
      found.push(
        invalid(`${path}.kind`, kind, `may have mixed case, but should otherwise match: ${messages.join(",")}`),
      );
  }
  if (isObject(metadata)) {
    const meta = { name: "fakename", ...metadata } as unknown as ObjectMeta;
    found.push(...validateObjectMeta(meta, meta.namespace !== undefined, () => [], `${path}.metadata`));
  }
}

const known = new WeakMap<JsonSchema, boolean>();

/** Whether a schema describes an object, or something in which one is embedded. */
function holdsResources(schema: JsonSchema): boolean {
  let found = known.get(schema);
  if (found === undefined) {
    const items = itemsOf(schema);
    const values = valuesOf(schema);
    const inner = [...Object.values(schema.properties ?? {}), ...(items ? [items] : []), ...(values ? [values] : [])];
    found = schema["x-kubernetes-embedded-resource"] === true || inner.some(holdsResources);
    known.set(schema, found);
  }
  return found;
}

function at(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
