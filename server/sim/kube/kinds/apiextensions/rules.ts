import type { FieldErrors, JsonObject, JsonSchema } from "../../api/index.ts";

/** The `x-kubernetes-validations` of a schema, ready to be asked. */
export interface Rules {
  validate(object: JsonObject, old: JsonObject | undefined, warn?: (message: string) => void): FieldErrors;
}

/** The rules of a schema and of all in it; undefined if there are none. */
export function rulesOf(_schema: JsonSchema): Rules | undefined {
  return undefined;
}
