import type { JsonObject } from "../json.ts";
import { apiVersion, type AnyKind, type GroupVersionKind } from "../kind.ts";
import { decode } from "../schema/decode.ts";
import { schemaOf } from "../schema/kind-schema.ts";
import { typeId } from "../schema/types.ts";
import type { VersionedType } from "./field-manager.ts";
import { NOTHING, setOf } from "./field-set.ts";
import type { Fields } from "./fields.ts";
import { structShape, type Shape } from "./shape.ts";
import { structuralShape } from "./structural-shape.ts";

const types = new WeakMap<AnyKind, Map<string, VersionedType>>();

/** How the fields of a kind are owned when it is written as a whole (`""`) or through a subresource. */
export function versionedType(kind: AnyKind, subresource: string): VersionedType {
  let ways = types.get(kind);
  if (!ways) types.set(kind, (ways = new Map<string, VersionedType>()));
  let type = ways.get(subresource);
  if (!type) ways.set(subresource, (type = compile(kind, subresource)));
  return type;
}

function compile(kind: AnyKind, subresource: string): VersionedType {
  const reset = resetFields(kind, subresource);
  return {
    apiVersion: apiVersion(kind),
    shape: shapeOfKind(kind),
    empty: emptyObject(kind),
    reset: setOf(...reset.filter((path) => path.length > 1)),
    kept: keptFields(kind, subresource),
    passed: new Set(reset.filter((path) => path.length === 1).map(([name]) => name!)),
  };
}

function shapeOfKind(kind: AnyKind): Shape {
  const schema = schemaOf(kind);
  return schema.type === "table" ? structShape(schema.id) : structuralShape(schema.openApi);
}

/** What Go writes of an object of which nothing is given; custom resources have no Go type. */
function emptyObject(kind: AnyKind): JsonObject {
  const schema = schemaOf(kind);
  return schema.type === "table" ? decode(schema.id, {}).value : {};
}

function keptFields({ keptFields: of }: AnyKind, subresource: string): Fields | undefined {
  const path = of?.[subresource];
  return path && setOf(path);
}

/** The view of an object through which it is scaled: nothing of it is reset. */
export function viewType(as: GroupVersionKind): VersionedType {
  const id = typeId(as.group, as.version, as.kind);
  return {
    apiVersion: apiVersion(as),
    shape: structShape(id),
    empty: decode(id, {}).value,
    reset: NOTHING,
    kept: undefined,
    passed: new Set(),
  };
}

/** A kind with a status keeps that apart from all else, unless it says so otherwise. */
function resetFields({ resetFields: own, subresources }: AnyKind, subresource: string): readonly (readonly string[])[] {
  const stated = own?.[subresource];
  if (stated) return stated;
  if (subresources?.["status"]?.type !== "part") return [];
  if (subresource === "") return [["status"]];
  return subresource === "status" ? [["spec"]] : [];
}
