import { parseGoDuration } from "../../api/index.ts";

/** Fields by name: a Go type (`int32`, `v1alpha1.ProxyMode`), `duration`, `any`, or the fields of a structure. */
export interface FieldTypes {
  readonly [name: string]: string | FieldTypes;
}

export interface DecodedFields {
  /** The first value that does not fit, in the words of sigs.k8s.io/json. */
  readonly error?: string;
  /** `iptables.foo`: fields that there are not. */
  readonly unknown: readonly string[];
}

/** Checks an object of a configuration file against the fields of its Go type. Null fits everywhere. */
export function decodeFields(root: string, types: FieldTypes, object: Record<string, unknown>): DecodedFields {
  const unknown: string[] = [];
  const visit = (fields: FieldTypes, value: Record<string, unknown>, path: string): string | undefined => {
    for (const [name, member] of Object.entries(value)) {
      const type = Object.hasOwn(fields, name) ? fields[name]! : undefined;
      const where = path === "" ? name : `${path}.${name}`;
      if (type === undefined) unknown.push(where);
      else if (member !== null) {
        const error =
          typeof type === "string" ? misfit(type, member, `${root}.${where}`) : structure(type, member, where);
        if (error !== undefined) return error;
      }
    }
    return undefined;
  };
  const structure = (fields: FieldTypes, member: unknown, where: string): string | undefined =>
    kindOf(member) === "object"
      ? visit(fields, member as Record<string, unknown>, where)
      : cannot(member, `${root}.${where}`, "struct");
  const error = visit(types, object, "");
  return { unknown, ...(error === undefined ? {} : { error }) };
}

function misfit(type: string, value: unknown, where: string): string | undefined {
  const kind = kindOf(value);
  switch (type) {
    case "any":
      return undefined;
    case "bool":
      return kind === "bool" ? undefined : cannot(value, where, type);
    case "int32":
    case "uint32":
    case "float32":
      if (kind !== "number") return cannot(value, where, type);
      return type === "float32" || Number.isInteger(value)
        ? undefined
        : cannot(value, where, type, `number ${String(value)}`);
    case "duration":
      if (kind !== "string") return `json: cannot unmarshal ${kind} into Go value of type string`;
      return parseGoDuration(value as string) === undefined ? badDuration(value as string) : undefined;
    case "[]string": {
      if (kind !== "array") return cannot(value, where, type);
      const wrong = (value as unknown[]).find((item) => kindOf(item) !== "string");
      return wrong === undefined ? undefined : cannot(wrong, where, "string");
    }
    default:
      return kind === "string" ? undefined : cannot(value, where, type);
  }
}

function cannot(value: unknown, where: string, type: string, what = kindOf(value)): string {
  return `json: cannot unmarshal ${what} into Go struct field ${where} of type ${type}`;
}

/** time.ParseDuration */
function badDuration(text: string): string {
  return /^[+-]?\d+(\.\d*)?$/.test(text)
    ? `time: missing unit in duration ${JSON.stringify(text)}`
    : `time: invalid duration ${JSON.stringify(text)}`;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (value === null) return "null";
  const type = typeof value;
  return type === "boolean" ? "bool" : type;
}
