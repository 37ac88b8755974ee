import { structType, type ValueType } from "../schema/types.ts";
import { fieldTopology, isAtomic, keyDefault, listKeys } from "./topology.ts";

/**
 * How a value is owned: as a whole (scalars, atomic lists and maps), or part by part. Schemas of structured-merge-diff,
 * made from the structures of the API or from the schema of a custom resource.
 */
export type Shape =
  | { readonly kind: "scalar"; readonly type: "string" | "numeric" | "boolean" | "untyped" }
  | { readonly kind: "list"; readonly atomic: boolean; readonly keys: readonly Key[]; readonly of: () => Shape }
  | { readonly kind: "map"; readonly atomic: boolean; readonly of: () => Shape }
  | {
      readonly kind: "struct";
      readonly atomic: boolean;
      readonly fields: ReadonlyMap<string, ShapeField>;
      /** It may have fields that nobody described. */
      readonly open?: boolean;
    }
  /** Nothing is known: objects are merged field by field, everything else is owned as a whole. */
  | { readonly kind: "any" };

/** A member that, with others, names an element of a list; sorted by name. A set has none: its elements name themselves. */
export interface Key {
  readonly name: string;
  readonly default: string | number | undefined;
}

export interface ShapeField {
  readonly shape: () => Shape;
  /** It is written out even when nothing is in it. */
  readonly present: boolean;
}

const compiled = new Map<string, Shape>();

/** The shape of a structure of the API. */
export function structShape(id: string): Shape {
  let shape = compiled.get(id);
  if (!shape) compiled.set(id, (shape = compile(id)));
  return shape;
}

function compile(id: string): Shape {
  const type = structType(id);
  const always = new Set(type.always.map(([name]) => name));
  const fields = new Map<string, ShapeField>();
  for (const field of type.fields.values()) {
    fields.set(field.name, {
      shape: once(() => fieldShape(type.name, field.name, field.type)),
      present: field.required || always.has(field.name),
    });
  }
  return { kind: "struct", atomic: isAtomic(type.name), fields };
}

function fieldShape(owner: string, field: string, type: ValueType): Shape {
  const topology = fieldTopology(owner, field);
  if (type.kind === "list") {
    const keys = listKeys(owner, field);
    const named = keys && keys[0] !== "*" ? keys.toSorted().map((name) => ({ name, default: keyDefault(name) })) : [];
    return { kind: "list", atomic: keys === undefined, keys: named, of: once(() => shapeOf(type.of)) };
  }
  const shape = shapeOf(type);
  if (topology === undefined || (shape.kind !== "map" && shape.kind !== "struct")) return shape;
  return { ...shape, atomic: topology === "atomic" };
}

function shapeOf(type: ValueType): Shape {
  switch (type.kind) {
    case "struct":
      return structShape(type.id);
    case "list":
      return { kind: "list", atomic: true, keys: [], of: once(() => shapeOf(type.of)) };
    case "map":
      return { kind: "map", atomic: false, of: once(() => shapeOf(type.of)) };
    case "int32":
    case "int64":
    case "float64":
      return { kind: "scalar", type: "numeric" };
    case "bool":
      return { kind: "scalar", type: "boolean" };
    case "string":
    case "bytes":
      return { kind: "scalar", type: "string" };
    case "any":
      return { kind: "any" };
    default:
      return { kind: "scalar", type: "untyped" };
  }
}

/** Types contain each other; each is made when it is first needed. */
export function once(make: () => Shape): () => Shape {
  let made: Shape | undefined;
  return () => (made ??= make());
}
