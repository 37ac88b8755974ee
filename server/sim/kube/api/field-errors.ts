import { quote, type GoValue } from "./go-syntax.ts";

/** What Go shows of a bad value: text in quotes, numbers and booleans plain, structures in Go syntax. */
export type BadValue = string | number | boolean | null | undefined | GoValue;

/** One complaint about a field, as apimachinery/pkg/util/validation/field. */
export interface FieldError {
  readonly reason: FieldReason;
  readonly field: string;
  /** Without the path: `Invalid value: "x": must be …`. */
  readonly body: string;
}

export type FieldReason =
  | "FieldValueRequired"
  | "FieldValueInvalid"
  | "FieldValueDuplicate"
  | "FieldValueForbidden"
  | "FieldValueNotFound"
  | "FieldValueNotSupported"
  | "FieldValueTooLong"
  | "FieldValueTooMany"
  | "FieldValueTypeInvalid"
  | "InternalError";

export type FieldErrors = FieldError[];

export function required(field: string, detail = ""): FieldError {
  return error("FieldValueRequired", field, "Required value", detail);
}

export function invalid(field: string, value: BadValue, detail: string): FieldError {
  return error("FieldValueInvalid", field, `Invalid value: ${shown(value)}`, detail);
}

/** A value of a type that it may not have: it reads as an invalid one. */
export function typeInvalid(field: string, value: BadValue, detail: string): FieldError {
  return error("FieldValueTypeInvalid", field, `Invalid value: ${shown(value)}`, detail);
}

export function duplicate(field: string, value: BadValue, detail = ""): FieldError {
  return error("FieldValueDuplicate", field, `Duplicate value: ${shown(value)}`, detail);
}

export function forbidden(field: string, detail: string): FieldError {
  return error("FieldValueForbidden", field, "Forbidden", detail);
}

export function notFound(field: string, value: BadValue): FieldError {
  return error("FieldValueNotFound", field, `Not found: ${shown(value)}`, "");
}

export function notSupported(field: string, value: BadValue, supported: readonly string[]): FieldError {
  const list = supported.length > 0 ? `supported values: ${supported.map(quote).join(", ")}` : "";
  return error("FieldValueNotSupported", field, `Unsupported value: ${shown(value)}`, list);
}

export function tooLong(field: string, bytes: number): FieldError {
  return error("FieldValueTooLong", field, "Too long", `may not be more than ${bytes} bytes`);
}

export function tooMany(field: string, actual: number, items: number): FieldError {
  return error("FieldValueTooMany", field, `Too many: ${actual}`, `must have at most ${items} items`);
}

export const IMMUTABLE = "field is immutable";

/** An error for each message about one value. */
export function invalidEach(field: string, value: BadValue, messages: readonly string[]): FieldErrors {
  return messages.map((message) => invalid(field, value, message));
}

/** The message of a field error, with its path. An empty path prints as `[]` does in Go: `<nil>` never comes up here. */
export function fieldMessage(error: FieldError): string {
  return `${error.field}: ${error.body}`;
}

/** As field.ErrorList.ToAggregate prints: one message bare, several in brackets, equal ones once. */
export function aggregate(errors: readonly FieldError[]): string {
  const messages = [...new Set(errors.map(fieldMessage))];
  return messages.length === 1 ? messages[0]! : `[${messages.join(", ")}]`;
}

function error(reason: FieldReason, field: string, head: string, detail: string): FieldError {
  return { reason, field, body: detail === "" ? head : `${head}: ${detail}` };
}

function shown(value: BadValue): string {
  // Go puts the word in the place of the value, and quotes it as any text.
  if (value === null || value === undefined) return '"null"';
  if (typeof value === "object") return value.go;
  return typeof value === "string" ? quote(value) : String(value);
}
