import { goIntOrString, invalid, invalidEach, names, type FieldErrors, type IntOrString } from "../../api/index.ts";

/** maxUnavailable and maxSurge: a number of Pods, or a share of them. */
export function validateShare(value: IntOrString | undefined, path: string): FieldErrors {
  if (value === undefined) return [];
  if (typeof value === "string") return invalidEach(path, value, names.percent(value));
  return value < 0 ? [invalid(path, value, "must be greater than or equal to 0")] : [];
}

export function validateAtMostAll(value: IntOrString | undefined, path: string): FieldErrors {
  const percent = typeof value === "string" ? /^([0-9]+)%$/.exec(value)?.[1] : undefined;
  return percent !== undefined && Number(percent) > 100
    ? [invalid(path, goIntOrString(value), "must not be greater than 100%")]
    : [];
}

/** `0` and `0%`. */
export function isNone(value: IntOrString | undefined): boolean {
  return value === undefined || value === 0 || (typeof value === "string" && /^0+%$/.test(value));
}
