import type { AnyKind } from "../kind.ts";
import { resourceSchema, schemaOf } from "../schema/kind-schema.ts";
import type { JsonSchema } from "../schema/structural/json-schema.ts";
import { hasStructType, structType, type ValueType } from "../schema/types.ts";

/** What an expression of admission may know of objects of a kind, as of those of a CustomResourceDefinition. */
export function declaredSchema(kind: AnyKind): JsonSchema {
  const schema = schemaOf(kind);
  return schema.type === "structural" ? resourceSchema(schema.openApi) : structSchema(schema.id);
}

const known = new Map<string, JsonSchema>();

/** Structures refer to each other, and to themselves: what is in one is made when somebody looks. */
function structSchema(id: string): JsonSchema {
  let schema = known.get(id);
  if (!schema) {
    let properties: Record<string, JsonSchema> | undefined;
    schema = {
      type: "object",
      get properties(): Record<string, JsonSchema> {
        properties ??= Object.fromEntries(
          [...structType(id).fields.values()].map(({ name, type }) => [name, valueSchema(type)]),
        );
        return properties;
      },
    };
    known.set(id, schema);
  }
  return schema;
}

function valueSchema(type: ValueType): JsonSchema {
  switch (type.kind) {
    case "string":
      return { type: "string" };
    case "bool":
      return { type: "boolean" };
    case "int32":
    case "int64":
      return { type: "integer" };
    case "float64":
      return { type: "number" };
    case "bytes":
      return { type: "string", format: "byte" };
    case "time":
    case "microTime":
      return { type: "string", format: "date-time" };
    case "list":
      return { type: "array", items: valueSchema(type.of) };
    case "map":
      return { type: "object", additionalProperties: valueSchema(type.of) };
    case "struct":
      return hasStructType(type.id) ? structSchema(type.id) : {};
    case "quantity":
    case "intOrString":
    case "any":
    case "either":
      return {};
  }
}
