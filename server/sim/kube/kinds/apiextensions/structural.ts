import { RE2JS, RE2JSSyntaxException } from "re2js";
import {
  fieldMessage, forbidden, invalid, itemsOf, required, sameJson, valuesOf, type FieldErrors, type JsonSchema,
} from "../../api/index.ts"; // prettier-ignore

type Level = "root" | "item" | "field";

const INT_OR_STRING: readonly JsonSchema[] = [{ type: "integer" }, { type: "string" }];
const UNTYPED: Record<Level, string> = {
  root: "must not be empty at the root",
  item: "must not be empty for specified array items",
  field: "must not be empty for specified object fields",
};

/** Complaints about a schema that is not structural (apiextensions-apiserver pkg/apiserver/schema/{validation,complete}.go). */
export function validateStructural(schema: JsonSchema, path: string): FieldErrors {
  const found: FieldErrors = [];
  visit(schema, "root", path, found);
  visitCompleteness(schema, schema, path, path, found);
  const message = (at: number): string => fieldMessage(found[at]!);
  return found.map((_, at) => at).sort((a, b) => (message(a) < message(b) ? -1 : 1)).map((at) => found[at]!); // prettier-ignore
}

function visit(schema: JsonSchema, level: Level, path: string, found: FieldErrors): void {
  const { type = "", properties = {} } = schema;
  const items = itemsOf(schema);
  if (type === "array" && !items) found.push(required(`${path}.items`, "must be specified"));
  if (items) visit(items, "item", `${path}.items`, found);
  for (const [name, property] of Object.entries(properties))
    visit(property, "field", `${path}.properties[${name}]`, found);
  const values = valuesOf(schema);
  if (schema.additionalProperties !== undefined) {
    if (level === "root") found.push(forbidden(`${path}.additionalProperties`, "must not be used at the root"));
    if (values) visit(values, "field", `${path}.additionalProperties`, found);
  }
  const embedded = schema["x-kubernetes-embedded-resource"] === true;
  const intOrString = schema["x-kubernetes-int-or-string"] === true;
  const preserve = schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (intOrString && preserve)
    found.push(
      invalid(
        `${path}.x-kubernetes-preserve-unknown-fields`,
        true,
        "must be false if x-kubernetes-int-or-string is true",
      ),
    );
  if (intOrString && embedded)
    found.push(
      invalid(`${path}.x-kubernetes-embedded-resource`, true, "must be false if x-kubernetes-int-or-string is true"),
    );
  visitValidation(
    schema,
    sameJson(schema.anyOf, INT_OR_STRING),
    sameJson(schema.allOf?.[0]?.anyOf, INT_OR_STRING),
    path,
    found,
  );
  const object = "must be object if x-kubernetes-embedded-resource is true";
  if (embedded && type !== "object")
    found.push(type === "" ? required(`${path}.type`, object) : invalid(`${path}.type`, type, object));
  else if (type === "" && !intOrString && !preserve) found.push(required(`${path}.type`, UNTYPED[level]));
  if (embedded && schema.additionalProperties !== undefined)
    found.push(forbidden(`${path}.additionalProperties`, "must not be used if x-kubernetes-embedded-resource is set"));
  if (level === "root" && type !== "" && type !== "object")
    found.push(invalid(`${path}.type`, type, "must be object at the root"));
  if (level === "root" || embedded) visitMeta(schema, path, found);
  if (level === "root" && properties["metadata"]) visitRootMetadata(properties["metadata"], path, found);
  if (embedded && !preserve && Object.keys(properties).length === 0)
    found.push(
      required(
        `${path}.properties`,
        "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields",
      ),
    );
}

function visitMeta({ properties = {} }: JsonSchema, path: string, found: FieldErrors): void {
  for (const name of ["kind", "apiVersion"])
    if (properties[name] && properties[name].type !== "string")
      found.push(invalid(`${path}.properties[${name}].type`, properties[name].type ?? "", "must be string"));
  if (properties["metadata"] && properties["metadata"].type !== "object")
    found.push(invalid(`${path}.properties[metadata].type`, properties["metadata"].type ?? "", "must be object"));
}

function visitRootMetadata(metadata: JsonSchema, path: string, found: FieldErrors): void {
  const { type: _type, default: _default, properties = {}, ...rest } = metadata;
  const named = Object.keys(properties).every((name) => name === "name" || name === "generateName");
  const validations = ["description", "title", "nullable", "items", "additionalProperties"];
  const members = rest as Readonly<Record<string, unknown>>;
  if (named && !validations.some((name) => members[name] !== undefined) && !Object.keys(rest).some(isExtension)) return;
  found.push(
    forbidden(
      `${path}.properties[metadata]`,
      "must not specify anything other than name and generateName, but metadata is implicitly specified",
    ),
  );
}

function isExtension(name: string): boolean {
  return name.startsWith("x-kubernetes-");
}

function visitValidation(
  schema: JsonSchema,
  skipAnyOf: boolean,
  skipFirstAllOf: boolean,
  path: string,
  found: FieldErrors,
): void {
  if (!skipAnyOf) schema.anyOf?.forEach((one, at) => visitNested(one, false, `${path}.anyOf[${at}]`, found));
  schema.allOf?.forEach((one, at) => visitNested(one, skipFirstAllOf && at === 0, `${path}.allOf[${at}]`, found));
  schema.oneOf?.forEach((one, at) => visitNested(one, false, `${path}.oneOf[${at}]`, found));
  if (schema.not) visitNested(schema.not, false, `${path}.not`, found);
  const { pattern } = schema;
  const problem = pattern === undefined ? undefined : patternProblem(pattern);
  if (problem !== undefined)
    found.push(invalid(`${path}.pattern`, pattern, `must be a valid regular expression, but isn't: ${problem}`));
}

function patternProblem(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return error.message;
    throw error;
  }
}

const MUST_BE: readonly (readonly [name: string, words: string])[] = [
  ["type", "must be empty to be structural"],
  ["additionalProperties", "must be undefined to be structural"],
  ["default", "must be undefined to be structural"],
  ["title", "must be empty to be structural"],
  ["description", "must be empty to be structural"],
  ["nullable", "must be false to be structural"],
  ["externalDocs", "must be undefined to be structural"],
  ["x-kubernetes-preserve-unknown-fields", "must be false to be structural"],
  ["x-kubernetes-embedded-resource", "must be false to be structural"],
  ["x-kubernetes-int-or-string", "must be false to be structural"],
  ["x-kubernetes-list-map-keys", "must be empty to be structural"],
  ["x-kubernetes-list-type", "must be undefined to be structural"],
  ["x-kubernetes-map-type", "must be undefined to be structural"],
  ["x-kubernetes-validations", "must be empty to be structural"],
];

/** Below a junctor a schema may restrict values, but not shape them. */
function visitNested(schema: JsonSchema, skipAnyOf: boolean, path: string, found: FieldErrors): void {
  visitValidation(schema, skipAnyOf, false, path, found);
  const items = itemsOf(schema);
  if (items) visitNested(items, false, `${path}.items`, found);
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    visitNested(property, false, `${path}.properties[${name}]`, found);
  const members = schema as Readonly<Record<string, unknown>>;
  for (const [name, words] of MUST_BE) if (members[name] !== undefined) found.push(forbidden(`${path}.${name}`, words));
  if (schema.properties?.["metadata"])
    found.push(forbidden(`${path}.properties[metadata]`, "must not be specified in a nested context"));
}

/** Every field that a junctor speaks of is specified outside of it, too. */
function visitCompleteness(nested: JsonSchema, schema: JsonSchema, path: string, at: string, found: FieldErrors): void {
  const go = (one: JsonSchema, where: string): void => visitNestedCompleteness(one, schema, path, where, found);
  if (nested.not) go(nested.not, `${at}.not`);
  for (const junctor of ["allOf", "anyOf", "oneOf"] as const)
    nested[junctor]?.forEach((one, index) => go(one, `${at}.${junctor}[${index}]`));
}

function visitNestedCompleteness(
  nested: JsonSchema,
  schema: JsonSchema | undefined,
  path: string,
  at: string,
  found: FieldErrors,
): void {
  if (!schema) {
    found.push(required(path, `because it is defined in ${at}`));
    return;
  }
  visitCompleteness(nested, schema, path, at, found);
  const items = itemsOf(nested);
  if (items) visitNestedCompleteness(items, itemsOf(schema), `${path}.items`, `${at}.items`, found);
  for (const [name, property] of Object.entries(nested.properties ?? {}))
    visitNestedCompleteness(
      property,
      schema.properties?.[name],
      `${path}.properties[${name}]`,
      `${at}.properties[${name}]`,
      found,
    );
}
