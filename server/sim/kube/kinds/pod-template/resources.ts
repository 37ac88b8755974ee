import {
  compareQuantities,
  go,
  invalid,
  invalidEach,
  names,
  quantityNanos,
  type FieldErrors,
  type ResourceRequirements,
} from "../../api/index.ts";
import { NOT_NEGATIVE } from "./probes.ts";

const STANDARD = new Set(["cpu", "memory", "ephemeral-storage"]);
const NANO = 1_000_000_000n;

/** Requests and limits of a container (ValidateContainerResourceRequirements). */
export function validateResources({ limits = {}, requests = {} }: ResourceRequirements, path: string): FieldErrors {
  const found: FieldErrors = [];
  for (const name of Object.keys(limits).sort()) {
    const at = `${path}.limits`;
    found.push(...validateResourceName(name, at), ...validateQuantity(name, limits[name]!, `${at}[${name}]`));
  }
  for (const name of Object.keys(requests).sort()) {
    const at = `${path}.requests`;
    found.push(...validateResourceName(name, at), ...validateQuantity(name, requests[name]!, `${at}[${name}]`));
    const limit = limits[name];
    if (limit !== undefined && compareQuantities(requests[name], limit) > 0)
      found.push(invalid(at, requests[name], `must be less than or equal to ${name} limit of ${limit}`));
    else if (limit === undefined && isExtended(name))
      found.push({
        reason: "FieldValueRequired",
        field: `${path}.limits`,
        body: "Required value: Limit must be set for non overcommitable resources",
      });
  }
  return found;
}

function validateResourceName(name: string, path: string): FieldErrors {
  const messages = names.qualifiedName(name);
  if (messages.length > 0) return invalidEach(path, name, messages);
  if (name.includes("/")) return [];
  if (!isNative(name)) return [invalid(path, name, "must be a standard resource type or fully qualified")];
  return STANDARD.has(name) || name.startsWith("hugepages-")
    ? []
    : [invalid(path, name, "must be a standard resource for containers")];
}

/** Resource names without a domain that the API knows somewhere, in quotas or on nodes. */
function isNative(name: string): boolean {
  return (
    STANDARD.has(name) ||
    name.startsWith("hugepages-") ||
    ["storage", "pods", "services", "secrets", "configmaps"].includes(name)
  );
}

function isExtended(name: string): boolean {
  return name.startsWith("hugepages-") || (name.includes("/") && !name.includes("kubernetes.io/"));
}

function validateQuantity(name: string, value: string, path: string): FieldErrors {
  const nanos = quantityNanos(value);
  if (nanos < 0n) return [invalid(path, value, NOT_NEGATIVE)];
  const whole = name !== "cpu" && name !== "memory" && name !== "ephemeral-storage" && nanos % NANO !== 0n;
  return whole ? [invalid(path, go(`resource.MustParse("${value}")`), "must be an integer")] : [];
}
