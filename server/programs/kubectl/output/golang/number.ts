import { kindOf, typeName, type Json } from "./kind.ts";

/** A Go number of a type that JSON does not give: literals and lengths are `int`, bytes of strings `uint8`. */
export class GoNumber {
  readonly type: "int" | "uint8" | "float64";
  readonly value: number;

  constructor(type: "int" | "uint8" | "float64", value: number) {
    this.type = type;
    this.value = value;
  }
}

/** What Go programs compute with: JSON, numbers of Go's own types, and undefined for no value at all. */
export type GoValue = Json | GoNumber | undefined;

/** Kinds as package reflect groups them for comparing and printing. */
export type BasicKind = "bool" | "int" | "uint" | "float" | "string";

export function basicKind(value: GoValue): BasicKind | undefined {
  if (value instanceof GoNumber) return value.type === "float64" ? "float" : value.type === "uint8" ? "uint" : "int";
  if (value === undefined) return undefined;
  const kind = kindOf(value);
  if (kind === "int64") return "int";
  if (kind === "float64") return "float";
  return kind === "bool" || kind === "string" ? kind : undefined;
}

export function goTypeName(value: GoValue): string {
  if (value instanceof GoNumber) return value.type;
  return value === undefined ? "<nil>" : typeName(value);
}

/** The number in a value that is one. */
export function numberIn(value: GoValue): number {
  return value instanceof GoNumber ? value.value : (value as number);
}
