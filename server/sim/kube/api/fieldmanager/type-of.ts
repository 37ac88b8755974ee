import type { JsonObject } from "../json.ts";
import { apiVersion, type AnyKind } from "../kind.ts";
import { decode } from "../schema/decode.ts";
import { schemaOf } from "../schema/kind-schema.ts";
import type { VersionedType } from "./field-manager.ts";
import { setOf } from "./field-set.ts";
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

/** A kind with a status keeps that apart from all else, unless it says so otherwise. */
function resetFields({ resetFields: own, subresources }: AnyKind, subresource: string): readonly (readonly string[])[] {
  const stated = own?.[subresource];
  if (stated) return stated;
  if (subresources?.["status"]?.type !== "part") return [];
  if (subresource === "") return [["status"]];
  return subresource === "status" ? [["spec"]] : [];
}
