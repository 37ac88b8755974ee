import {
  forbidden, go, goStrings, invalid, isMetaField, itemsOf, notSupported, required, valuesOf, type FieldErrors, type JsonSchema,
} from "../../api/index.ts"; // prettier-ignore
import { validateDefaults } from "./default-values.ts";
import { validateStructural } from "./structural.ts";
import { validateRuleTexts } from "./rule-texts.ts";

const TYPES = ["array", "boolean", "integer", "number", "object", "string"];
const ALLOWED_AT_ROOT =
  "[Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations]";
const FORBIDDEN_AT_ROOT = [
  "id", "$schema", "$ref", "enum", "maxProperties", "minProperties", "allOf", "oneOf", "anyOf", "not", "additionalProperties",
  "patternProperties", "dependencies", "additionalItems", "definitions", "default", "x-kubernetes-embedded-resource",
  "x-kubernetes-int-or-string", "x-kubernetes-list-map-keys", "x-kubernetes-list-type", "x-kubernetes-map-type",
]; // prettier-ignore

/** Members that no schema of a definition may have, whatever they are called in Go. */
const UNSUPPORTED = ["id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref"];

interface Place {
  /** Why no defaults may be set here. */
  readonly noDefaults?: string;
  /** Within metadata, kind or apiVersion. */
  readonly inMeta?: boolean;
  /** The list above whose items cannot be told apart, so that nobody knows what they were before. */
  readonly uncorrelated?: string;
}

/** Complaints about the schema of a version (validateCustomResourceDefinitionValidation). */
export function validateOpenApi(schema: JsonSchema, path: string, hasStatus: boolean): FieldErrors {
  const found: FieldErrors = [];
  if (hasStatus) found.push(...validateRootWithStatus(schema, path));
  if (schema.nullable) found.push(forbidden(`${path}.nullable`, "nullable cannot be true at the root"));
  const structural = validateStructural(schema, path);
  const defaults = structural.length > 0 ? [] : validateDefaults(schema, path);
  found.push(...structural, ...defaults);
  const rules: FieldErrors = [];
  const compile = structural.length === 0 && defaults.length === 0;
  visit(schema, path, {}, true, { found, rules, compile });
  return [...found, ...rules];
}

function validateRootWithStatus(schema: JsonSchema, path: string): FieldErrors {
  if (schema.type !== undefined && schema.type !== "object")
    return [
      invalid(
        `${path}.type`,
        schema.type,
        'only "object" is allowed as the type at the root of the schema if the status subresource is enabled',
      ),
    ];
  const members = schema as Readonly<Record<string, unknown>>;
  if (!FORBIDDEN_AT_ROOT.some((name) => members[name] !== undefined)) return [];
  const words = `only ${ALLOWED_AT_ROOT} fields are allowed at the root of the schema if the status subresource is enabled`;
  // Go prints the whole internal structure here, most of it addresses.
  return [invalid(path, go("apiextensions.JSONSchemaProps{...}"), words)];
}

interface Sink {
  readonly found: FieldErrors;
  readonly rules: FieldErrors;
  readonly compile: boolean;
}

/** ValidateCustomResourceDefinitionOpenAPISchema */
function visit(schema: JsonSchema, path: string, place: Place, root: boolean, sink: Sink): void {
  const { found } = sink;
  const before = found.length;
  validateMembers(schema, path, place, found);
  if (schema.uniqueItems)
    found.push(
      forbidden(
        `${path}.uniqueItems`,
        "uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
      ),
    );
  const { additionalProperties } = schema;
  if (additionalProperties !== undefined) {
    if (schema.properties && additionalProperties !== true)
      found.push(forbidden(`${path}.additionalProperties`, "additionalProperties and properties are mutual exclusive"));
    const values = valuesOf(schema);
    const inner = place.inMeta
      ? { ...place, noDefaults: "inside additionalProperties applying to object metadata" }
      : place;
    if (values) visit(values, `${path}.additionalProperties`, inner, false, sink);
  }
  for (const name of Object.keys(schema.properties ?? {}).sort()) {
    const meta = (root || schema["x-kubernetes-embedded-resource"] === true) && isMetaField(name);
    const inner: Place = meta
      ? { ...place, inMeta: true, ...(root ? { noDefaults: `in top-level ${name}` } : {}) }
      : place;
    visit(schema.properties![name]!, `${path}.properties[${name}]`, inner, false, sink);
  }
  const nested: Sink = { ...sink, compile: false };
  if (schema.not) visit(schema.not, `${path}.not`, place, false, nested);
  for (const junctor of ["allOf", "oneOf", "anyOf"] as const)
    schema[junctor]?.forEach((one, index) => visit(one, `${path}.${junctor}[${index}]`, place, false, nested));
  const items = itemsOf(schema);
  const told = schema["x-kubernetes-list-type"] === "map" || place.uncorrelated !== undefined;
  if (items) visit(items, `${path}.items`, told ? place : { ...place, uncorrelated: path }, false, sink);
  validateExtensions(schema, path, found);
  const texts = validateRuleTexts(schema, path, {
    compile: sink.compile && found.length === before,
    root,
    ...(place.uncorrelated === undefined ? {} : { uncorrelated: place.uncorrelated }),
  });
  found.push(...texts.schema);
  sink.rules.push(...texts.rules);
}

/** specStandardValidatorV3 */
function validateMembers(schema: JsonSchema, path: string, { noDefaults, inMeta }: Place, found: FieldErrors): void {
  const { type } = schema;
  if (type !== undefined && !TYPES.includes(type)) found.push(notSupported(`${path}.type`, type, TYPES));
  if (schema.default !== undefined && noDefaults !== undefined)
    found.push(forbidden(`${path}.default`, `must not be set ${noDefaults}`));
  const members = schema as Readonly<Record<string, unknown>>;
  for (const name of UNSUPPORTED)
    if (members[name] !== undefined) found.push(forbidden(`${path}.${name}`, `${name} is not supported`));
  if (type === "null")
    found.push(forbidden(`${path}.type`, "type cannot be set to null, use nullable as an alternative"));
  if (Array.isArray(schema.items))
    found.push(forbidden(`${path}.items`, "items must be a schema object and not an array"));
  if (inMeta && schema["x-kubernetes-embedded-resource"])
    found.push(forbidden(`${path}.x-kubernetes-embedded-resource`, "must not be used inside of resource meta"));
}

function validateExtensions(schema: JsonSchema, path: string, found: FieldErrors): void {
  const type = schema.type ?? "";
  if (schema["x-kubernetes-preserve-unknown-fields"] === false)
    found.push(invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, "must be true or undefined"));
  const mapType = schema["x-kubernetes-map-type"];
  if (mapType !== undefined && type !== "object") {
    const words = "must be object if x-kubernetes-map-type is specified";
    found.push(type === "" ? required(`${path}.type`, words) : invalid(`${path}.type`, type, words));
  }
  if (mapType !== undefined && mapType !== "atomic" && mapType !== "granular")
    found.push(notSupported(`${path}.x-kubernetes-map-type`, mapType, ["atomic", "granular"]));
  const listType = schema["x-kubernetes-list-type"];
  const items = itemsOf(schema);
  if (listType !== undefined && type !== "array") {
    const words = "must be array if x-kubernetes-list-type is specified";
    found.push(type === "" ? required(`${path}.type`, words) : invalid(`${path}.type`, type, words));
  } else if (listType === "set" && items) validateSetItems(items, path, found);
  if (listType !== undefined && !["atomic", "set", "map"].includes(listType))
    found.push(notSupported(`${path}.x-kubernetes-list-type`, listType, ["atomic", "set", "map"]));
  validateMapKeys(schema, items, path, found);
}

function validateSetItems(items: JsonSchema, path: string, found: FieldErrors): void {
  const words = "must be atomic as item of a list with x-kubernetes-list-type=set";
  const listType = items["x-kubernetes-list-type"];
  if (items.type === "array" && listType !== undefined && listType !== "atomic")
    found.push(invalid(`${path}.items.x-kubernetes-list-type`, listType, words));
  if (items.type === "object" && items["x-kubernetes-map-type"] !== "atomic")
    found.push(invalid(`${path}.items.x-kubernetes-map-type`, listType ?? null, words));
}

function validateMapKeys(schema: JsonSchema, items: JsonSchema | undefined, path: string, found: FieldErrors): void {
  const listType = schema["x-kubernetes-list-type"];
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  const at = `${path}.x-kubernetes-list-map-keys`;
  if (keys.length > 0 && listType !== "map") {
    const words = "must be map if x-kubernetes-list-map-keys is non-empty";
    const where = `${path}.x-kubernetes-list-type`;
    found.push(listType === undefined ? required(where, words) : invalid(where, listType, words));
  }
  if (listType === "map") {
    if (keys.length === 0) found.push(required(at, "must not be empty if x-kubernetes-list-type is map"));
    if (!schema.items) found.push(required(`${path}.items`, "must have a schema if x-kubernetes-list-type is map"));
    if (items && items.type !== "object")
      found.push(
        invalid(
          `${path}.items.type`,
          items.type ?? "",
          "must be object if parent array's x-kubernetes-list-type is map",
        ),
      );
    if (items?.type === "object")
      keys.forEach((key, index) => {
        const property = items.properties?.[key];
        if (property?.type === "array" || property?.type === "object")
          found.push(
            invalid(
              `${path}.items.properties[${key}].type`,
              "object",
              "must be a scalar type if parent array's x-kubernetes-list-type is map",
            ),
          );
        if (!property) found.push(invalid(at, goStrings(keys), "entries must all be names of item properties"));
        if (keys.indexOf(key) < index) found.push(invalid(at, goStrings(keys), "must not contain duplicate entries"));
      });
  }
  if (items && (listType === "set" || listType === "map")) validateKeyProperties(items, listType, keys, path, found);
}

/** validateMapListKeysMapSet */
function validateKeyProperties(
  items: JsonSchema,
  listType: string,
  keys: readonly string[],
  path: string,
  found: FieldErrors,
): void {
  if (items.nullable)
    found.push(forbidden(`${path}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${listType}`));
  if (listType !== "map") return;
  for (const key of keys) {
    const property = items.properties?.[key];
    if (!property) continue;
    const at = `${path}.items.properties[${key}]`;
    if (!items.required?.includes(key) && property.default === undefined)
      found.push(
        required(
          `${at}.default`,
          "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property",
        ),
      );
    if (property.nullable)
      found.push(
        forbidden(`${at}.nullable`, "this property is in x-kubernetes-list-map-keys, so it cannot be nullable"),
      );
  }
}
