import {
  compareQuantities,
  duplicate,
  forbidden,
  invalid,
  notSupported,
  required,
  type Container,
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

/** validateResizePolicy; paths lack the index, as the server's do. */
export function validateResizePolicy(
  policies: NonNullable<Container["resizePolicy"]>,
  podRestartPolicy: string | undefined,
  path: string,
): FieldErrors {
  const found: FieldErrors = [];
  for (const [index, { resourceName, restartPolicy }] of policies.entries()) {
    if (policies.findIndex((other) => other.resourceName === resourceName) < index)
      found.push(duplicate(`${path}[${index}]`, resourceName));
    if (!resourceName) found.push(required(path));
    else if (!["cpu", "memory"].includes(resourceName)) found.push(notSupported(path, resourceName, ["cpu", "memory"]));
    if (!restartPolicy) found.push(required(path));
    else if (!["NotRequired", "RestartContainer"].includes(restartPolicy))
      found.push(notSupported(path, restartPolicy, ["NotRequired", "RestartContainer"]));
    if (podRestartPolicy === "Never" && restartPolicy !== "NotRequired")
      found.push(invalid(path, restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'"));
  }
  return found;
}
