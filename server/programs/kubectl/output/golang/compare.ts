import { compareBytes } from "./kind.ts";
import { basicKind, numberIn, type GoValue } from "./number.ts";

/** Why two values cannot be compared, in the words of package template. */
export interface ComparisonError {
  readonly error: string;
}

export const BAD_TYPE: ComparisonError = { error: "invalid type for comparison" };
export const BAD_PAIR: ComparisonError = { error: "incompatible types for comparison" };

/** `left == right` for basic kinds. */
export function goEqual(left: GoValue, right: GoValue): boolean | ComparisonError {
  const kinds = comparable(left, right);
  if ("error" in kinds) return kinds;
  return kinds.number ? numberIn(left) === numberIn(right) : left === right;
}

/** `left < right`; booleans have no order. */
export function goLess(left: GoValue, right: GoValue): boolean | ComparisonError {
  const kinds = comparable(left, right);
  if ("error" in kinds) return kinds;
  if (kinds.number) return numberIn(left) < numberIn(right);
  return typeof left === "string" ? compareBytes(left, right as string) < 0 : BAD_TYPE;
}

function comparable(left: GoValue, right: GoValue): { number: boolean } | ComparisonError {
  const a = basicKind(left);
  const b = basicKind(right);
  if (a === undefined || b === undefined) return BAD_TYPE;
  const integers = (a === "int" || a === "uint") && (b === "int" || b === "uint");
  if (a !== b && !integers) return BAD_PAIR;
  return { number: a === "int" || a === "uint" || a === "float" };
}
