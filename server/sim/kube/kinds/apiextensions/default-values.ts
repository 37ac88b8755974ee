import {
  fieldErrors, goJson, invalid, isObject, itemsOf, prune, resourceSchema, sameJson, validateEmbedded, validateSchema, type FieldErrors,
  type JsonSchema, type JsonValue,
} from "../../api/index.ts"; // prettier-ignore

/** Complaints about defaults that the schema itself does not accept (apiserver/schema/defaulting/validation.go). */
export function validateDefaults(schema: JsonSchema, path: string): FieldErrors {
  const found: FieldErrors = [];
  visit(resourceSchema(schema), path, found);
  return found;
}

function visit(schema: JsonSchema, path: string, found: FieldErrors): void {
  const value = schema.default;
  if (value !== undefined) {
    const at = `${path}.default`;
    if (!sameJson(prune(schema, value).value, value))
      found.push(invalid(at, shown(value), "must not have unknown fields"));
    const embedded = isObject(value) ? validateEmbedded({ default: value }, wrapped(schema)) : [];
    if (embedded.length > 0)
      found.push(...embedded.map((error) => ({ ...error, field: error.field.replace("default", at) })));
    else found.push(...fieldErrors(validateSchema(schema, value), at));
  }
  const items = itemsOf(schema);
  if (items) visit(items, `${path}.items`, found);
  for (const name of Object.keys(schema.properties ?? {}).sort())
    visit(schema.properties![name]!, `${path}.properties[${name}]`, found);
}

function wrapped(schema: JsonSchema): JsonSchema {
  return { type: "object", properties: { default: schema } };
}

function shown(value: JsonValue): string | number | boolean | null | { readonly go: string } {
  return typeof value === "object" && value !== null ? goJson(value) : value;
}
