import { RE2JS } from "re2js";
import { sameJson } from "../../equality.ts";
import { isObject, type JsonArray, type JsonObject, type JsonValue } from "../../json.ts";
import { isFormat, isKnownFormat } from "./formats.ts";
import { itemsOf, propertyOf, valuesOf, type JsonSchema } from "./json-schema.ts";
import { correlated } from "./list-types.ts";
import { Result, type SchemaError } from "./result.ts";

/**
 * Validates a value against a schema, in the order and the words of kube-openapi (pkg/validation/validate, errors). With `old`,
 * the value before an update, complaints about what the update leaves as it was do not count (CRDValidationRatcheting).
 */
export function validateSchema(schema: JsonSchema, value: JsonValue, old?: JsonValue): Result {
  return check(schema, value, "", old);
}

function check(schema: JsonSchema, value: JsonValue, path: string, old: JsonValue | undefined): Result {
  const result = checkAll(schema, value, path, old);
  return !result.valid && old !== undefined && sameJson(old, value) ? new Result() : result;
}

function checkAll(schema: JsonSchema, value: JsonValue, path: string, old: JsonValue | undefined): Result {
  const result = new Result();
  checkType(schema, value, path, result);
  if (value === null) {
    checkEnum(schema, value, path, result);
    return result;
  }
  checkJunctors(schema, value, path, result);
  if (typeof value === "string") checkString(schema, value, path, result);
  if (typeof value === "number") checkNumber(schema, value, path, result);
  if (Array.isArray(value)) checkList(schema, value, path, result, old);
  checkEnum(schema, value, path, result);
  if (isObject(value)) checkObject(schema, value, path, result, old);
  // One for each validator that applies to the value, whatever it found.
  result.matches += Array.isArray(value) || isObject(value) ? 5 : 6;
  return result;
}

// Types

function typesOf(schema: JsonSchema): readonly string[] {
  if (schema["x-kubernetes-int-or-string"]) return ["integer", "string"];
  return schema.type === undefined ? [] : [schema.type];
}

function typeOf(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function checkType(schema: JsonSchema, value: JsonValue, path: string, result: Result): void {
  const types = typesOf(schema);
  const found = typeOf(value);
  // A text with a format is the format validator's business, whatever type is asked for.
  const formatted =
    isKnownFormat(schema.format) && !types.includes("integer") && (found === "string" || found === "array");
  if (
    types.length === 0 ||
    types.includes(found) ||
    (found === "integer" && types.includes("number")) ||
    (found === "null" && schema.nullable) ||
    formatted
  ) {
    result.matches++;
    return;
  }
  result.add(wrongType(path, types.join(","), found));
}

function wrongType(path: string, type: string, found: string): SchemaError {
  const message = `${path} in body must be of type ${type}: ${JSON.stringify(found)}`;
  return { code: "type", name: path, value: found, message };
}

// Scalars

function complain(path: string, rule: string, value: JsonValue): SchemaError {
  return { code: "other", name: path, value, message: `${path} in body ${rule}` };
}

function checkString(schema: JsonSchema, value: string, path: string, result: Result): void {
  const { maxLength, minLength, pattern, format } = schema;
  const length = [...value].length;
  if (maxLength !== undefined && length > maxLength)
    result.add({ code: "tooLong", name: path, most: maxLength, message: "" });
  else if (minLength !== undefined && length < minLength)
    result.add(complain(path, `should be at least ${minLength} chars long`, value));
  else if (pattern !== undefined && !matchesPattern(pattern, value))
    result.add(complain(path, `should match '${pattern}'`, value));
  if (isKnownFormat(format) && !isFormat(format, value))
    result.add({
      code: "type",
      name: path,
      value,
      message: `${path} in body must be of type ${format}: ${JSON.stringify(value)}`,
    });
}

const patterns = new Map<string, RE2JS>();

function matchesPattern(pattern: string, value: string): boolean {
  let compiled = patterns.get(pattern);
  if (!compiled) {
    if (patterns.size > 1_000) patterns.clear();
    patterns.set(pattern, (compiled = RE2JS.compile(pattern)));
  }
  return compiled.matcher(value).find();
}

function checkNumber(schema: JsonSchema, value: number, path: string, result: Result): void {
  const { multipleOf, maximum, minimum, exclusiveMaximum, exclusiveMinimum } = schema;
  if (multipleOf !== undefined && !Number.isInteger(multipleOf < 1 ? (1 / multipleOf) * value : value / multipleOf))
    result.add(complain(path, `should be a multiple of ${multipleOf}`, value));
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum))
    result.add(complain(path, `should be greater than ${exclusiveMinimum ? "" : "or equal to "}${minimum}`, value));
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum))
    result.add(complain(path, `should be less than ${exclusiveMaximum ? "" : "or equal to "}${maximum}`, value));
}

function checkEnum(schema: JsonSchema, value: JsonValue, path: string, result: Result): void {
  const { enum: allowed } = schema;
  if (!allowed || allowed.length === 0) return;
  if (value !== null && allowed.some((one) => sameJson(one, value))) return;
  result.add({ code: "enum", name: path, value, allowed, message: "" });
}

// Lists and objects

function checkList(
  schema: JsonSchema,
  list: JsonArray,
  path: string,
  result: Result,
  old: JsonValue | undefined,
): void {
  const items = itemsOf(schema);
  const before = items && old !== undefined ? correlated(schema, old) : undefined;
  for (let index = 0; items && index < list.length; index++)
    result.merge(check(items, list[index]!, `${path}[${index}]`, before?.(list[index]!)));
  const { minItems, maxItems } = schema;
  if (minItems !== undefined && list.length < minItems)
    result.add(complain(path, `should have at least ${minItems} items`, list.length));
  if (maxItems !== undefined && list.length > maxItems)
    result.add({ code: "tooManyItems", name: path, value: list.length, most: maxItems, message: "" });
  result.matches++;
}

function checkObject(
  schema: JsonSchema,
  object: JsonObject,
  path: string,
  result: Result,
  old: JsonValue | undefined,
): void {
  const { minProperties, maxProperties } = schema;
  const count = Object.keys(object).length;
  if (minProperties !== undefined && count < minProperties) {
    result.add(complain(path, `should have at least ${minProperties} properties`, minProperties));
    return;
  }
  if (maxProperties !== undefined && count > maxProperties) {
    result.add({ code: "tooManyProperties", name: path, value: count, most: maxProperties, message: "" });
    return;
  }
  const before = isObject(old) ? old : undefined;
  const values = valuesOf(schema);
  for (const name in object) {
    if (propertyOf(schema, name)) continue;
    if (schema.additionalProperties === false)
      result.add({
        code: "other",
        name: path,
        value: name,
        message: `${path}.${name} in body is a forbidden property`,
      });
    else if (values) result.merge(check(values, object[name]!, `${path}.${name}`, before?.[name]));
  }
  for (const name in schema.properties)
    if (Object.hasOwn(object, name))
      result.merge(
        check(schema.properties[name]!, object[name]!, path === "" ? name : `${path}.${name}`, before?.[name]),
      );
  for (const name of schema.required ?? [])
    if (!Object.hasOwn(object, name)) result.add({ code: "required", name: `${path}.${name}`, message: "" });
}

// Junctors

function composite(path: string, words: string): SchemaError {
  return { code: "composite", name: path, message: `${JSON.stringify(path)} ${words}` };
}

function checkJunctors(schema: JsonSchema, value: JsonValue, path: string, result: Result): void {
  const { anyOf, oneOf, allOf, not } = schema;
  if (anyOf && anyOf.length > 0) {
    const { passed, first, nearest } = tried(anyOf, value, path, true);
    if (passed === 0) result.add(composite(path, "must validate at least one schema (anyOf)"));
    result.merge(passed === 0 ? nearest! : first!);
  }
  if (oneOf && oneOf.length > 0) {
    const { passed, first, nearest } = tried(oneOf, value, path, false);
    if (passed !== 1) {
      const why = passed === 0 ? "Found none valid" : `Found ${passed} valid alternatives`;
      result.add(composite(path, `must validate one and only one schema (oneOf). ${why}`));
    }
    if (passed === 0) result.merge(nearest!);
    else if (passed === 1) result.merge(first!);
  }
  if (allOf && allOf.length > 0) {
    const results = allOf.map((one) => check(one, value, path, undefined));
    for (const one of results) result.merge(one);
    const passed = results.filter((one) => one.valid).length;
    if (passed < allOf.length)
      result.add(composite(path, `must validate all the schemas (allOf)${passed === 0 ? ". None validated" : ""}`));
  }
  if (not && check(not, value, path, undefined).valid)
    result.add(composite(path, "must not validate the schema (not)"));
}

/** How many schemas a value passes, the first that it does, and the one that it comes nearest to. */
function tried(
  schemas: readonly JsonSchema[],
  value: JsonValue,
  path: string,
  once: boolean,
): { readonly passed: number; readonly first: Result | undefined; readonly nearest: Result | undefined } {
  let passed = 0;
  let first: Result | undefined;
  let nearest: Result | undefined;
  for (const schema of schemas) {
    const result = check(schema, value, path, undefined);
    if (result.valid) {
      passed++;
      first ??= result;
      if (once) break;
    } else if (passed === 0 && (!nearest || result.matches > nearest.matches)) nearest = result;
  }
  return { passed, first, nearest };
}
