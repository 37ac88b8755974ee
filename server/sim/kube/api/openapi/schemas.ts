import { listKeys } from "../fieldmanager/topology.ts";
import { docsTable, structureTable } from "../schema/table.ts";
import { structType, type Field, type ValueType } from "../schema/types.ts";
import { reference, schemaName } from "./names.ts";

export type Schema = Readonly<Record<string, unknown>>;

const MACHINERY = "io.k8s.apimachinery.pkg";

/** The schemas of the scalars that Go has types for, by name. */
const SCALARS: Readonly<Record<string, Schema>> = {
  [`${MACHINERY}.apis.meta.v1.Time`]: {
    type: "string",
    format: "date-time",
    description:
      "Time is a wrapper around time.Time which supports correct marshaling to YAML and JSON.  Wrappers are provided for many of the factory methods that the time package offers.",
  },
  [`${MACHINERY}.apis.meta.v1.MicroTime`]: {
    type: "string",
    format: "date-time",
    description: "MicroTime is version of Time with microsecond level precision.",
  },
  [`${MACHINERY}.apis.meta.v1.FieldsV1`]: {
    type: "object",
    description:
      "FieldsV1 stores a set of fields in a data structure like a Trie, in JSON format.\n\nEach key is either a '.' representing the field itself, and will always map to an empty set, or a string representing a sub-field or item. The string will follow one of these four formats: 'f:<name>', where <name> is the name of a field in a struct, or key in a map 'v:<value>', where <value> is the exact json formatted value of a list item 'i:<index>', where <index> is position of a item in a list 'k:<keys>', where <keys> is a map of  a list item's key fields to their unique values If a key maps to an empty Fields value, the field that key represents is part of the set.\n\nThe exact format is defined in sigs.k8s.io/structured-merge-diff",
  },
  [`${MACHINERY}.runtime.RawExtension`]: {
    type: "object",
    description: "RawExtension is used to hold extensions in external versions.",
  },
  [`${MACHINERY}.api.resource.Quantity`]: {
    oneOf: [{ type: "string" }, { type: "number" }],
    description:
      "Quantity is a fixed-point representation of a number. It provides convenient marshaling/unmarshaling in JSON and YAML, in addition to String() and AsInt64() accessors.",
  },
  [`${MACHINERY}.util.intstr.IntOrString`]: {
    format: "int-or-string",
    oneOf: [{ type: "integer" }, { type: "string" }],
    description:
      "IntOrString is a type that can hold an int32 or a string.  When used in JSON or YAML marshalling and unmarshalling, it produces or consumes the inner type.  This allows you to have, for example, a JSON field that can accept a name or number.",
  },
};

const NUMBERS = {
  int32: { type: "integer", format: "int32" },
  int64: { type: "integer", format: "int64" },
  float64: { type: "number", format: "double" },
} as const;

/** What the two fields of every kind say. */
export const TYPE_META: Readonly<Record<string, string>> = {
  apiVersion:
    "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources",
  kind: "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds",
};

/** Group, version and kind of the types that are kinds, as the schema of each names them. */
export type KindsOf = (id: string) => readonly Schema[] | undefined;

/** Collects the schemas that some types are made of. */
export class Schemas {
  readonly #found = new Map<string, Schema>();
  readonly #kindsOf: KindsOf;
  readonly #noteOf: (id: string) => string | undefined;

  /** `noteOf`: what a type's description says besides that of its structure. */
  constructor(kindsOf: KindsOf, noteOf: (id: string) => string | undefined) {
    this.#kindsOf = kindsOf;
    this.#noteOf = noteOf;
  }

  /** All that was collected, by name. */
  sorted(): Record<string, Schema> {
    return Object.fromEntries([...this.#found].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Takes a schema in that was made elsewhere. */
  define(name: string, schema: Schema): void {
    this.#found.set(name, schema);
  }

  /** A reference to the schema of a structure, which is collected with all that it refers to. */
  refer(id: string): { readonly $ref: string } {
    const name = schemaName(id);
    if (!this.#found.has(name)) {
      this.#found.set(name, {});
      this.#found.set(name, this.#struct(id));
    }
    return reference(name);
  }

  #struct(id: string): Schema {
    const type = structType(id);
    const docs = docsTable()[id] ?? [];
    const always = new Map(type.always.map(([name, value]) => [name, value]));
    const required: string[] = [];
    const properties: Record<string, Schema> = {};
    let index = 0;
    for (const field of type.fields.values()) {
      const typeMeta = isTypeMeta(field);
      const doc = docs[++index] || (typeMeta ? TYPE_META[field.name] : undefined);
      if (field.required && !typeMeta) required.push(field.name);
      const initial = always.get(field.name);
      properties[field.name] = {
        ...(doc ? { description: doc } : {}),
        ...(typeMeta ? { type: "string" } : { ...this.#property(field), ...listType(id, field) }),
        ...(initial === undefined || initial === null || typeof initial === "object" ? {} : { default: initial }),
      };
    }
    const kinds = this.#kindsOf(id);
    const description = [docs[0], this.#noteOf(id)].filter((text) => text).join("\n\n");
    return {
      ...(description === "" ? {} : { description }),
      type: "object",
      ...(required.length > 0 ? { required } : {}),
      ...(index > 0 ? { properties } : {}),
      ...(kinds ? { "x-kubernetes-group-version-kind": kinds } : {}),
    };
  }

  #property(field: Field): Schema {
    const schema = this.#value(field.type, field.name);
    if (field.mergeKey === undefined) return schema;
    const merge = { "x-kubernetes-patch-strategy": "merge" };
    return field.mergeKey === "*"
      ? { ...schema, ...merge }
      : { ...schema, "x-kubernetes-patch-merge-key": field.mergeKey, ...merge };
  }

  /** A type where it stands: a reference is wrapped, since it has no place for a description of its own. */
  #value(type: ValueType, name: string): Schema {
    switch (type.kind) {
      case "string":
        return { type: "string", ...(type.enum ? { enum: type.enum } : {}) };
      case "bool":
        return { type: "boolean" };
      case "int32":
      case "int64":
      case "float64":
        return NUMBERS[type.kind];
      case "bytes":
        return { type: "string", format: "byte" };
      case "time":
        return this.#scalar("apis.meta.v1.Time");
      case "microTime":
        return this.#scalar("apis.meta.v1.MicroTime");
      case "quantity":
        return this.#scalar("api.resource.Quantity");
      case "intOrString":
        return this.#scalar("util.intstr.IntOrString");
      case "any":
        return this.#scalar(name === "fieldsV1" ? "apis.meta.v1.FieldsV1" : "runtime.RawExtension");
      case "list":
        return { type: "array", items: this.#item(type.of, name) };
      case "map":
        return { type: "object", additionalProperties: this.#item(type.of, name) };
      case "struct":
        return Object.hasOwn(structureTable(), type.id)
          ? { default: {}, allOf: [this.refer(type.id)] }
          : { type: "object" };
      case "either":
        // JSONSchemaPropsOrBool and its like: the real document says nothing about them but their names.
        return { description: type.goName.slice(type.goName.indexOf(".") + 1) };
    }
  }

  #item(type: ValueType, name: string): Schema {
    const schema = this.#value(type, name);
    if (type.kind === "string" && !type.enum) return { ...schema, default: "" };
    return schema;
  }

  #scalar(rest: string): Schema {
    const name = `${MACHINERY}.${rest}`;
    this.#found.set(name, SCALARS[name]!);
    return { allOf: [reference(name)] };
  }
}

/** How server-side apply merges a list, where it does (markers listType and listMapKey of the Go types). */
function listType(id: string, { name, type }: Field): Schema {
  const keys = type.kind === "list" ? listKeys(id.slice(id.lastIndexOf(".") + 1), name) : undefined;
  if (!keys) return {};
  if (keys[0] === "*") return { "x-kubernetes-list-type": "set" };
  return { "x-kubernetes-list-map-keys": keys, "x-kubernetes-list-type": "map" };
}

/** The table knows which `kind` and `apiVersion` a type has; the API's schema does not say so. */
function isTypeMeta({ name, type }: Field): boolean {
  return (name === "kind" || name === "apiVersion") && type.kind === "string" && type.enum?.length === 1;
}
