import {
  compareQuantities,
  forbidden,
  invalid,
  required,
  type FieldErrors,
  type ResourceRequirements,
} from "../../api/index.ts";
import { amountErrors, containerResourceErrors, isHugePages, isOvercommitable } from "./resource-names.ts";

/** Requests and limits of a container (ValidateContainerResourceRequirements). */
export function validateResources({ limits = {}, requests = {} }: ResourceRequirements, path: string): FieldErrors {
  const found: FieldErrors = [];
  for (const name of Object.keys(limits).sort()) {
    const at = `${path}.limits[${name}]`;
    found.push(...containerResourceErrors(name, at), ...amountErrors(name, limits[name]!, at));
  }
  for (const name of Object.keys(requests).sort()) {
    const at = `${path}.requests[${name}]`;
    found.push(...containerResourceErrors(name, at), ...amountErrors(name, requests[name]!, at));
    found.push(...compare(name, requests[name]!, limits[name], path));
  }
  const all = [...Object.keys(limits), ...Object.keys(requests)];
  if (all.some(isHugePages) && !all.includes("cpu") && !all.includes("memory"))
    found.push(forbidden(path, "HugePages require cpu or memory"));
  return found;
}

function compare(name: string, request: string, limit: string | undefined, path: string): FieldErrors {
  const shared = isOvercommitable(name);
  if (limit === undefined)
    return shared ? [] : [required(`${path}.limits`, "Limit must be set for non overcommitable resources")];
  const order = compareQuantities(request, limit);
  if (order !== 0 && !shared)
    return [invalid(`${path}.requests`, request, `must be equal to ${name} limit of ${limit}`)];
  return order > 0
    ? [invalid(`${path}.requests`, request, `must be less than or equal to ${name} limit of ${limit}`)]
    : [];
}
