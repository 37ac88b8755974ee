import {
  duplicate, invalid, propertyOf, required, sameJson, tooMany, type CustomResourceColumnDefinition, type CustomResourceDefinitionVersion,
  type CustomResourceSubresources, type FieldErrors, type JsonSchema,
} from "../../api/index.ts"; // prettier-ignore
import { validateOpenApi } from "./open-api.ts";

/** Where the parts of a version stand, as far as they are looked at. */
export interface PartPaths {
  readonly schema?: string;
  readonly subresources?: string;
  readonly columns?: string;
  readonly selectableFields?: string;
}

const COLUMN_TYPES = ["boolean", "date", "integer", "number", "string"];
const COLUMN_FORMATS = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];
const MOST_SELECTABLE = 8;

/** Complaints about what a version says of its objects; `old`: a schema that stays as it is keeps what was accepted. */
export function validateVersionParts(
  version: CustomResourceDefinitionVersion,
  old: CustomResourceDefinitionVersion | undefined,
  paths: PartPaths,
): FieldErrors {
  const found: FieldErrors = [];
  const { schema, subresources, additionalPrinterColumns, selectableFields } = version;
  const openApi = schema?.openAPIV3Schema;
  if (paths.schema !== undefined && openApi && !sameJson(openApi, old?.schema?.openAPIV3Schema))
    found.push(...validateOpenApi(openApi, `${paths.schema}.openAPIV3Schema`, subresources?.status !== undefined));
  if (paths.subresources !== undefined) found.push(...validateSubresources(subresources, paths.subresources));
  if (paths.columns !== undefined)
    additionalPrinterColumns?.forEach((column, index) =>
      found.push(...validateColumn(column, `${paths.columns}[${index}]`)),
    );
  if (paths.selectableFields !== undefined && selectableFields && openApi)
    found.push(...validateSelectableFields(selectableFields, openApi, paths.selectableFields));
  return found;
}

export function validateDeprecation(
  { deprecated, deprecationWarning: text }: CustomResourceDefinitionVersion,
  parent: string,
): FieldErrors {
  if (text === undefined) return [];
  const path = `${parent}.deprecationWarning`;
  if (!deprecated) return [invalid(path, text, "can only be set for deprecated versions")];
  const found: FieldErrors = [];
  if (Buffer.byteLength(text) > 256) found.push(invalid(path, text, "must be <= 256 characters long"));
  if (text === "") found.push(invalid(path, text, "must not be an empty string"));
  const odd = text.search(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u);
  if (odd >= 0) {
    const at = Buffer.byteLength(text.slice(0, odd));
    const words = `must only contain printable UTF-8 characters; non-printable character found at index ${at}`;
    found.push(invalid(path, text, words));
  }
  return found;
}

function validateSubresources(subresources: CustomResourceSubresources | undefined, parent: string): FieldErrors {
  const scale = subresources?.scale;
  if (!scale) return [];
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  return [
    ...validateReplicasPath(specReplicasPath, `${parent}.scale.specReplicasPath`, ".spec."),
    ...validateReplicasPath(statusReplicasPath, `${parent}.scale.statusReplicasPath`, ".status."),
    ...(labelSelectorPath ? validateSelectorPath(labelSelectorPath, `${parent}.scale.labelSelectorPath`) : []),
  ];
}

function validateReplicasPath(text: string, path: string, under: string): FieldErrors {
  if (text === "") return [required(path)];
  const found = validateSimplePath(text, path);
  if (found.length > 0 || text.startsWith(under)) return found;
  return [invalid(path, text, `should be a json path under ${under.slice(0, -1)}`)];
}

function validateSelectorPath(text: string, path: string): FieldErrors {
  const found = validateSimplePath(text, path);
  if (found.length > 0 || text.startsWith(".spec.") || text.startsWith(".status.")) return found;
  return [invalid(path, text, "should be a json path under either .spec or .status")];
}

function validateSimplePath(text: string, path: string): FieldErrors {
  return text.startsWith(".") ? [] : [invalid(path, text, "must be a simple json path starting with .")];
}

function validateColumn(column: CustomResourceColumnDefinition, path: string): FieldErrors {
  const found: FieldErrors = [];
  const { name, type, format, jsonPath } = column;
  if (name === "") found.push(required(`${path}.name`));
  const oneOf = `must be one of ${COLUMN_TYPES.join(",")}`;
  if (type === "") found.push(required(`${path}.type`, oneOf));
  else if (!COLUMN_TYPES.includes(type)) found.push(invalid(`${path}.type`, type, oneOf));
  if (format !== undefined && !COLUMN_FORMATS.includes(format))
    found.push(invalid(`${path}.format`, format, `must be one of ${COLUMN_FORMATS.join(",")}`));
  if (jsonPath === "") found.push(required(`${path}.JSONPath`));
  else found.push(...validateSimplePath(jsonPath, `${path}.JSONPath`));
  return found;
}

function validateSelectableFields(
  fields: readonly { readonly jsonPath: string }[],
  schema: JsonSchema,
  path: string,
): FieldErrors {
  const found: FieldErrors = [];
  const seen = new Set<string>();
  fields.forEach(({ jsonPath }, index) => {
    const at = `${path}[${index}].jsonPath`;
    if (jsonPath === "") return void found.push(required(at));
    const target = fieldSchema(jsonPath, schema);
    if (typeof target === "string") return void found.push(invalid(at, jsonPath, `is an invalid path: ${target}`));
    if (/^\.metadata(\.|$)/.test(jsonPath)) found.push(invalid(at, jsonPath, "must not point to fields in metadata"));
    if (!["string", "boolean", "integer"].includes(target.type ?? ""))
      found.push(
        invalid(
          at,
          jsonPath,
          "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.",
        ),
      );
    if (seen.has(jsonPath)) found.push(duplicate(at, jsonPath));
    seen.add(jsonPath);
  });
  if (seen.size > MOST_SELECTABLE) found.push(tooMany(path, seen.size, MOST_SELECTABLE));
  return found;
}

/** The schema of the field that a path leads to, or what is wrong with the path (cel.ValidFieldPath). */
function fieldSchema(path: string, schema: JsonSchema): JsonSchema | string {
  if (path.includes("[")) return "array notation is not allowed";
  if (!path.startsWith(".")) return `expected [ or . but got: ${path.split(".")[0]!}`;
  let current: JsonSchema | undefined = schema;
  for (const name of path.slice(1).split(".")) {
    if (name === "") return "unexpected end of JSON path";
    const values: unknown = current.additionalProperties;
    if (current.properties) current = propertyOf(current, name);
    else current = typeof values === "object" ? (values as JsonSchema) : undefined;
    if (!current) return "does not refer to a valid field";
  }
  return current;
}
