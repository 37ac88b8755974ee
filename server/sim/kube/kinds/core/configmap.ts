import {
  age,
  AGE,
  forbidden,
  invalid,
  invalidEach,
  NAME,
  names,
  sameJson,
  tooLong,
  type Column,
  type ConfigMap,
  type FieldErrors,
  type Kind,
} from "../../api/index.ts";

const COLUMNS: readonly Column[] = [NAME, { name: "Data" }, AGE];
const MAX_BYTES = 1024 * 1024;
export const WHEN_IMMUTABLE = "field is immutable when `immutable` is set";

export const configMaps: Kind<ConfigMap> = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  singular: "configmap",
  shortNames: ["cm"],
  namespaced: true,
  columns: COLUMNS,
  cells: ({ metadata, data = {}, binaryData = {} }, now) => [
    metadata.name,
    Object.keys(data).length + Object.keys(binaryData).length,
    age(metadata.creationTimestamp, now),
  ],
  nameRule: names.forNames(names.subdomain),
  validate: validateConfigMap,
  validateUpdate: (next, old) => [...validateImmutable(next, old), ...validateConfigMap(next)],
};

function validateConfigMap({ data = {}, binaryData = {} }: ConfigMap): FieldErrors {
  const found: FieldErrors = [];
  let bytes = 0;
  for (const key of Object.keys(data).sort()) {
    found.push(...invalidEach(`data[${key}]`, key, names.configKey(key)));
    if (key in binaryData) found.push(invalid(`data[${key}]`, key, "duplicate of key present in binaryData"));
    bytes += Buffer.byteLength(data[key]!);
  }
  for (const key of Object.keys(binaryData).sort()) {
    found.push(...invalidEach(`binaryData[${key}]`, key, names.configKey(key)));
    bytes += Buffer.byteLength(binaryData[key]!, "base64");
  }
  // The path of the whole object prints as empty brackets.
  if (bytes > MAX_BYTES) found.push(tooLong("[]", MAX_BYTES));
  return found;
}

function validateImmutable(next: ConfigMap, old: ConfigMap): FieldErrors {
  if (!old.immutable) return [];
  const found: FieldErrors = [];
  if (!next.immutable) found.push(forbidden("immutable", WHEN_IMMUTABLE));
  for (const field of ["data", "binaryData"] as const)
    if (!sameJson(next[field], old[field])) found.push(forbidden(field, WHEN_IMMUTABLE));
  return found;
}
