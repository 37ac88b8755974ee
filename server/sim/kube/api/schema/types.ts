import { goType } from "./go-types.ts";
import { RECURSIVE_FIELDS } from "./recursive-fields.ts";
import { structureTable } from "./table.ts";

/** A structure of the API: what its fields are and what Go's encoder and decoder do with them. */
export interface StructType {
  /** `v1.Pod`, `apps/v1.DeploymentSpec`, `meta/v1.ObjectMeta`. */
  readonly id: string;
  /** `PodSpec`, as it stands before the path in decoding errors. */
  readonly name: string;
  /** `v1.PodSpec`, as Go prints the type. */
  readonly goName: string;
  readonly fields: ReadonlyMap<string, Field>;
  /** Written out even when not given, with these values. */
  readonly always: readonly (readonly [name: string, value: unknown, type: ValueType])[];
}

export interface Field {
  readonly name: string;
  readonly type: ValueType;
  readonly required: boolean;
  /** A zero value is a value: it does not mean that nothing was given. */
  readonly keepZero: boolean;
  /** How a list merges in a strategic patch: the key of its elements, `*` for a set, none if it is replaced. */
  readonly mergeKey: string | undefined;
}

export type Scalar =
  | "string"
  | "int32"
  | "int64"
  | "float64"
  | "bool"
  | "bytes"
  | "time"
  | "microTime"
  | "quantity"
  | "intOrString"
  | "any";

export type ValueType =
  | { readonly kind: Scalar; readonly goName: string; readonly enum?: readonly string[] }
  | { readonly kind: "list" | "map"; readonly of: ValueType; readonly goName: string }
  | { readonly kind: "struct"; readonly id: string; readonly goName: string }
  /** A structure, or a boolean, a list of such structures, a list of texts. */
  | {
      readonly kind: "either";
      readonly id: string;
      readonly or: "bool" | "list" | "strings";
      readonly goName: string;
    };

const LETTERS: Record<string, { kind: Scalar; goName: string }> = {
  s: { kind: "string", goName: "string" },
  i: { kind: "int32", goName: "int32" },
  l: { kind: "int64", goName: "int64" },
  d: { kind: "float64", goName: "float64" },
  b: { kind: "bool", goName: "bool" },
  y: { kind: "bytes", goName: "[]uint8" },
  t: { kind: "time", goName: "v1.Time" },
  u: { kind: "microTime", goName: "v1.MicroTime" },
  q: { kind: "quantity", goName: "resource.Quantity" },
  o: { kind: "intOrString", goName: "intstr.IntOrString" },
  "*": { kind: "any", goName: "interface {}" },
};

const compiled = new Map<string, StructType>();

/** The structure of that id; throws if the tables have none. */
export function structType(id: string): StructType {
  let type = compiled.get(id);
  if (!type) compiled.set(id, (type = compile(id)));
  return type;
}

export function hasStructType(id: string): boolean {
  return Object.hasOwn(structureTable(), id);
}

/** The id of the structure that a kind has, by group, version and kind. */
export function typeId(group: string, version: string, kind: string): string {
  return `${group === "" ? version : `${group}/${version}`}.${kind}`;
}

function compile(id: string): StructType {
  const rows = structureTable()[id];
  if (!rows) throw new Error(`no structure ${id} in the schema table`);
  const go = goType(id);
  const name = id.slice(id.lastIndexOf(".") + 1);
  const fields = new Map<string, Field>();
  for (const row of rows) {
    const colon = row.indexOf(":");
    const required = row[colon - 1] === "!";
    const field = row.slice(0, required ? colon - 1 : colon);
    const text = RECURSIVE_FIELDS[id]?.[field] ?? row.slice(colon + 1);
    fields.set(field, {
      name: field,
      type: parseType(text, go.stringTypes[field]),
      required,
      keepZero: go.pointers.has(field),
      mergeKey: go.mergeKeys[field],
    });
  }
  const always = Object.entries(go.always).map(([field, value]) => {
    const type = fields.get(field)?.type;
    if (!type) throw new Error(`${id} has no field ${field}`);
    return [field, value, type] as const;
  });
  return { id, name, goName: structGoName(id), fields, always };
}

/** `v1.PodSpec` for `apps/v1.PodSpec`: the package is called like the version. */
function structGoName(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

function parseType(text: string, stringType: string | undefined): ValueType {
  if (text.startsWith("[]")) {
    const of = parseType(text.slice(2), stringType);
    return { kind: "list", of, goName: `[]${of.goName}` };
  }
  if (text.startsWith("{}")) {
    const of = parseType(text.slice(2), stringType);
    return { kind: "map", of, goName: text === "{}q" ? "v1.ResourceList" : `map[string]${of.goName}` };
  }
  const either = /^#(.+)\|(bool|list|strings)$/.exec(text);
  if (either) {
    const or = either[2] as "bool" | "list" | "strings";
    const union = `${either[1]!}Or${{ bool: "Bool", list: "Array", strings: "StringArray" }[or]}`;
    return { kind: "either", id: either[1]!, or, goName: structGoName(union) };
  }
  if (text.startsWith("#")) return { kind: "struct", id: text.slice(1), goName: structGoName(text.slice(1)) };
  if (text.startsWith("e("))
    return { kind: "string", goName: stringType ?? "string", enum: text.slice(2, -1).split("|") };
  const scalar = LETTERS[text];
  if (!scalar) throw new Error(`no type ${text} in the schema table's letters`);
  return scalar.kind === "string" && stringType ? { kind: "string", goName: stringType } : scalar;
}
