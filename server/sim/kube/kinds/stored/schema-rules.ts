import { isObject, notSupported, required, structType, type FieldErrors, type ValueType } from "../../api/index.ts";

/** Complaints that the published schema of a type makes: fields that it requires, and values that it does not list. */
export function validateBySchema(id: string, object: object): FieldErrors {
  const found: FieldErrors = [];
  visitStruct(id, object as Record<string, unknown>, "", found);
  return found;
}

function visitStruct(id: string, object: Readonly<Record<string, unknown>>, path: string, found: FieldErrors): void {
  for (const field of structType(id).fields.values()) {
    const { name } = field;
    if (path === "" && (name === "kind" || name === "apiVersion" || name === "metadata" || name === "status")) continue;
    const value = object[name];
    const at = path === "" ? name : `${path}.${name}`;
    if (field.required && isMissing(value)) found.push(required(at));
    else if (value !== undefined && value !== null) visit(field.type, value, at, found);
  }
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

function visit(type: ValueType, value: unknown, path: string, found: FieldErrors): void {
  if (type.kind === "struct" && isObject(value)) visitStruct(type.id, value, path, found);
  else if (type.kind === "list" && Array.isArray(value))
    value.forEach((item, index) => visit(type.of, item, `${path}[${index}]`, found));
  else if (type.kind === "map" && isObject(value))
    for (const key of Object.keys(value).sort()) visit(type.of, value[key], `${path}[${key}]`, found);
  else if (type.kind === "string" && type.enum && typeof value === "string" && !type.enum.includes(value))
    found.push(notSupported(path, value, type.enum));
}
