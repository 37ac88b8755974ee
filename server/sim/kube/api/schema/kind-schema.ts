import { isObject, type JsonObject } from "../json.ts";
import type { GroupVersionKind } from "../kind.ts";
import { decode, type Decoded } from "./decode.ts";
import { asResource, type JsonSchema } from "./structural/json-schema.ts";
import { fillDefaults } from "./structural/defaults.ts";
import { coerceMetadata } from "./structural/metadata.ts";
import { prune } from "./structural/prune.ts";
import { typeId } from "./types.ts";

/** A structure of the table (`structureTable`), as all kinds have that Kubernetes itself brings. */
export interface TableSchema {
  readonly type: "table";
  /** `v1.Pod` */
  readonly id: string;
}

/** The schema that a CustomResourceDefinition gives a version of its kind. */
export interface StructuralSchema {
  readonly type: "structural";
  /** As it was published: `openAPIV3Schema`. */
  readonly openApi: JsonSchema;
}

/** How objects of a kind are read from JSON, described to clients, and merged. */
export type KindSchema = TableSchema | StructuralSchema;

/** The schema of a kind: its own, or the structure of the table that bears its name. */
export function schemaOf(kind: GroupVersionKind & { readonly schema?: KindSchema }): KindSchema {
  return kind.schema ?? { type: "table", id: typeId(kind.group, kind.version, kind.kind) };
}

/** Reads a value as an object of a schema: a deep copy of what the schema knows, with what it lacks filled in. */
export function decodeAs(schema: KindSchema, value: unknown): Decoded {
  return schema.type === "table" ? decode(schema.id, value) : decodeStructural(schema, value);
}

/** As apiserver's schemaCoercingDecoder and unstructuredDefaulter for custom resources. */
function decodeStructural({ openApi }: StructuralSchema, value: unknown): Decoded {
  if (!isObject(value)) {
    const found = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
    const error = `json: cannot unmarshal ${found} into Go value of type map[string]interface {}`;
    return { value: {}, error, unknown: [] };
  }
  const root = resourceSchema(openApi);
  const pruned = prune(root, value);
  const object = pruned.value as JsonObject;
  const metadata = coerceMetadata(object, root);
  if ("error" in metadata) return { value: {}, error: metadata.error, unknown: [] };
  fillDefaults(root, object);
  return { value: object, error: undefined, unknown: [...metadata.unknown, ...pruned.unknown] };
}

const roots = new WeakMap<JsonSchema, JsonSchema>();

/** The schema of a whole object; the same one for the same schema, so that what is known of it stays known. */
export function resourceSchema(schema: JsonSchema): JsonSchema {
  let root = roots.get(schema);
  if (!root) roots.set(schema, (root = asResource(schema)));
  return root;
}
