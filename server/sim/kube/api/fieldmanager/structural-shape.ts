import { itemsOf, type JsonSchema } from "../schema/structural/json-schema.ts";
import { once, structShape, type Shape, type ShapeField } from "./shape.ts";

const ANY: Shape = { kind: "any" };
const shapes = new WeakMap<JsonSchema, Shape>();

/** The shape of a custom resource by the schema that its definition gives it. */
export function structuralShape(schema: JsonSchema): Shape {
  let shape = shapes.get(schema);
  if (!shape) {
    const known = shapeOf(schema);
    const meta: ShapeField = { shape: () => structShape("meta/v1.ObjectMeta"), present: false };
    const text: ShapeField = { shape: () => ({ kind: "scalar", type: "string" }), present: false };
    const fields = new Map(known.kind === "struct" ? known.fields : []);
    for (const name of ["apiVersion", "kind"]) fields.set(name, text);
    fields.set("metadata", meta);
    shape = { kind: "struct", atomic: false, fields, open: known.kind !== "struct" || (known.open ?? false) };
    shapes.set(schema, shape);
  }
  return shape;
}

/** As kube-openapi/pkg/schemaconv. */
function shapeOf(schema: JsonSchema): Shape {
  if (schema["x-kubernetes-int-or-string"]) return { kind: "scalar", type: "untyped" };
  if (schema["x-kubernetes-embedded-resource"] && !schema.properties) return ANY;
  switch (schema.type) {
    case "string":
      return { kind: "scalar", type: "string" };
    case "integer":
    case "number":
      return { kind: "scalar", type: "numeric" };
    case "boolean":
      return { kind: "scalar", type: "boolean" };
    case "array":
      return listShape(schema);
    case "object":
      return objectShape(schema);
    default:
      return ANY;
  }
}

function listShape(schema: JsonSchema): Shape {
  const items = itemsOf(schema);
  const type = schema["x-kubernetes-list-type"];
  const keys = type === "map" ? (schema["x-kubernetes-list-map-keys"] ?? []) : [];
  return {
    kind: "list",
    atomic: type !== "map" && type !== "set",
    keys: keys.toSorted().map((name) => {
      const usual = items?.properties?.[name]?.default;
      return { name, default: typeof usual === "string" || typeof usual === "number" ? usual : undefined };
    }),
    of: once(() => (items ? shapeOf(items) : ANY)),
  };
}

function objectShape(schema: JsonSchema): Shape {
  const atomic = schema["x-kubernetes-map-type"] === "atomic";
  const { properties, additionalProperties } = schema;
  if (properties) {
    const fields = new Map<string, ShapeField>();
    for (const [name, property] of Object.entries(properties))
      fields.set(name, { shape: once(() => shapeOf(property)), present: false });
    return { kind: "struct", atomic, fields, open: schema["x-kubernetes-preserve-unknown-fields"] ?? false };
  }
  if (typeof additionalProperties === "object")
    return { kind: "map", atomic, of: once(() => shapeOf(additionalProperties)) };
  return atomic ? { kind: "map", atomic, of: () => ANY } : ANY;
}
