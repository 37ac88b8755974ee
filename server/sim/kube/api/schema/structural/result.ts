import {
  invalid, notSupported, required, tooLong, tooMany, typeInvalid, type BadValue, type FieldError, type FieldErrors,
} from "../../field-errors.ts"; // prettier-ignore
import { goJson } from "../../go-syntax.ts";
import type { JsonValue } from "../../json.ts";

/** A complaint of the schema validator. `name` is the path, which may begin with a dot; `message` names it, too. */
export interface SchemaError {
  readonly code:
    | "type"
    | "required"
    | "enum"
    | "tooLong"
    | "tooManyItems"
    | "tooManyProperties"
    | "other"
    | "composite";
  readonly name: string;
  readonly message: string;
  /** What is shown of the bad value; undefined shows `""`. */
  readonly value?: JsonValue;
  readonly allowed?: readonly JsonValue[];
  readonly most?: number;
}

/** What validating a value gave. `matches` counts the checks that it passed, by which `anyOf` finds the nearest schema. */
export class Result {
  readonly errors: SchemaError[] = [];
  matches = 0;

  get valid(): boolean {
    return this.errors.length === 0;
  }

  add(error: SchemaError): this {
    this.errors.push(error);
    return this;
  }

  merge(other: Result): void {
    this.errors.push(...other.errors);
    this.matches += other.matches;
  }
}

/** As kubeOpenAPIResultToFieldErrors of apiextensions-apiserver pkg/apiserver/validation/validation.go; `path` comes first. */
export function fieldErrors(result: Result, path = ""): FieldErrors {
  return result.errors.map((error) => fieldError(error, path));
}

/** What a path is called that says nothing: that of the whole object. */
export const NO_PATH = "<nil>";

function fieldError({ code, name, message, value, allowed, most }: SchemaError, parent: string): FieldError {
  const relative = name.replace(/^\./, "");
  const joined = relative === "" ? parent : parent === "" ? relative : `${parent}.${relative}`;
  const path = joined === "" ? NO_PATH : joined;
  switch (code) {
    case "composite":
      return invalid(parent === "" ? NO_PATH : parent, "", message);
    case "required":
      return required(path);
    case "enum":
      return notSupported(
        path,
        shown(value),
        allowed!.map((one) => (typeof one === "string" ? one : JSON.stringify(one))),
      );
    case "tooLong":
      return tooLong(path, most!);
    case "tooManyItems":
    case "tooManyProperties":
      return tooMany(path, value as number, most!);
    case "type":
      return typeInvalid(path, shown(value ?? ""), message);
    case "other":
      return invalid(path, shown(value ?? ""), message);
  }
}

function shown(value: JsonValue | undefined): BadValue {
  return typeof value === "object" && value !== null ? goJson(value) : value;
}
