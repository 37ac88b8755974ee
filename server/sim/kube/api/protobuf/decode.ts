import { decode as text, rfc3339, SECOND, type Bytes } from "../../../kernel/index.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import { goFields, type GoField } from "../schema/go/structs.ts";
import { structType, typeId, type ValueType } from "../schema/types.ts";
import { fieldsOf, numberOf, textOf, WireError, type WireField } from "./wire.ts";

/** What stands before every object (apimachinery/pkg/runtime/serializer/protobuf). */
const MAGIC = "k8s\x00";

/** An object that came as protobuf, as JSON would have carried it; or why it is none. */
export type FromProtobuf =
  | { readonly ok: true; readonly value: JsonObject }
  | { readonly ok: false; readonly error: string };

/**
 * Reads `k8s\0` and a runtime.Unknown (type 1, raw 2; in the type apiVersion 1, kind 2). Zero values of fields that are no
 * pointers are on the wire too: the schema's decoder drops them afterwards, as Go does when it writes JSON.
 */
export function fromProtobuf(body: Bytes): FromProtobuf {
  if (!body.startsWith(MAGIC))
    return {
      ok: false,
      error: `provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]`,
    };
  try {
    const unknown = fieldsOf(body.slice(MAGIC.length));
    const type = fieldsOf(textOf(unknown, 1));
    const [apiVersion, kind] = [textOf(type, 1), textOf(type, 2)];
    const slash = apiVersion.indexOf("/");
    const [group, version] = slash < 0 ? ["", apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
    const value = object(idOf(group, version, kind), textOf(unknown, 2));
    return { ok: true, value: { kind, apiVersion, ...value } };
  } catch (error) {
    if (error instanceof WireError) return { ok: false, error: error.message };
    throw error;
  }
}

/** Options are registered in every group-version, and their type is one: that of meta/v1. */
function idOf(group: string, version: string, kind: string): string {
  const id = typeId(group, version, kind);
  if (goFields(id).length > 0) return id;
  const meta = `meta/v1.${kind}`;
  if (goFields(meta).length > 0) return meta;
  throw new WireError(
    `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(group === "" ? version : `${group}/${version}`)} in scheme "pkg/api/legacyscheme/scheme.go:30"`,
  );
}

function object(id: string, message: Bytes): JsonObject {
  const out: JsonObject = {};
  readInto(out, id, id, message);
  return out;
}

/** Reads a message of type `wire` into an object of the structure `id`, in which it may be embedded. */
function readInto(out: JsonObject, id: string, wire: string, message: Bytes): void {
  const byNumber = numbered(wire);
  const { fields } = structType(id);
  for (const field of fieldsOf(message)) {
    const known = byNumber.get(field.number);
    if (!known) continue;
    if (known.inline) readInto(out, id, known.type.slice(1), piece(field));
    else {
      const type = fields.get(known.json)?.type;
      if (type) add(out, known.json, type, field);
    }
  }
}

const numbers = new Map<string, ReadonlyMap<number, GoField>>();

function numbered(id: string): ReadonlyMap<number, GoField> {
  let known = numbers.get(id);
  if (!known) numbers.set(id, (known = new Map(goFields(id).map((field) => [field.number, field]))));
  return known;
}

function add(out: JsonObject, name: string, type: ValueType, field: WireField): void {
  if (type.kind === "list") {
    const list = (out[name] ??= []) as JsonValue[];
    list.push(value(type.of, field));
  } else if (type.kind === "map") {
    const map = (out[name] ??= {}) as JsonObject;
    const entry = fieldsOf(piece(field));
    map[text(textOf(entry, 1))] = value(
      type.of,
      entry.findLast(({ number }) => number === 2) ?? { number: 2, value: "" },
    );
  } else out[name] = value(type, field);
}

function value(type: ValueType, field: WireField): JsonValue {
  switch (type.kind) {
    case "string":
      return text(piece(field));
    case "bytes":
      return Buffer.from(piece(field), "latin1").toString("base64");
    case "bool":
      return integer(field) !== 0;
    case "int32":
    case "int64":
      return integer(field);
    case "float64":
      return Buffer.from(piece(field), "latin1").readDoubleLE();
    case "time":
    case "microTime":
      return time(piece(field), type.kind === "microTime");
    case "quantity":
      return text(textOf(fieldsOf(piece(field)), 1));
    case "intOrString": {
      const fields = fieldsOf(piece(field));
      return numberOf(fields, 1) === 1 ? text(textOf(fields, 3)) : numberOf(fields, 2);
    }
    case "struct":
      return object(type.id, piece(field));
    case "list":
      // A list inside of a map has a message of its own (ExtraValue), as has one of a named list type.
      return fieldsOf(piece(field)).map((item) => value(type.of, item));
    case "map":
      throw new WireError("maps of maps have no form on the wire");
    case "any":
      return raw(piece(field));
    case "either":
      return either(type, piece(field));
  }
}

/** A message with a place for each of the two (apiextensions/v1 generated.proto). */
function either({ id, or }: ValueType & { readonly kind: "either" }, message: Bytes): JsonValue {
  const fields = fieldsOf(message);
  const schema = fields.find(({ number }) => number === (or === "bool" ? 2 : 1));
  if (schema) return object(id, piece(schema));
  if (or === "bool") return numberOf(fields, 1) !== 0;
  const items = fields.filter(({ number }) => number === 2).map(piece);
  return items.map((item) => (or === "list" ? object(id, item) : text(item)));
}

/** RawExtension and FieldsV1 carry JSON as text. */
function raw(message: Bytes): JsonValue {
  const carried = textOf(fieldsOf(message), 1);
  if (carried === "") return null;
  try {
    return JSON.parse(text(carried)) as JsonValue;
  } catch (error) {
    throw new WireError((error as Error).message);
  }
}

/** No bytes are no time. */
function time(message: Bytes, micro: boolean): JsonValue {
  if (message === "") return null;
  const fields = fieldsOf(message);
  const nanos = numberOf(fields, 2);
  const whole = rfc3339(numberOf(fields, 1) * SECOND);
  return micro ? `${whole.slice(0, -1)}.${String(Math.floor(nanos / 1000)).padStart(6, "0")}Z` : whole;
}

function piece({ value: given }: WireField): Bytes {
  if (typeof given !== "string") throw new WireError("proto: wrong wireType = 0 for field");
  return given;
}

function integer({ value: given }: WireField): number {
  if (typeof given !== "bigint") throw new WireError("proto: wrong wireType = 2 for field");
  return Number(BigInt.asIntN(64, given));
}
