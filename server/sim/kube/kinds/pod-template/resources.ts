import {
  compareQuantities,
  forbidden,
  go,
  invalid,
  invalidEach,
  names,
  quantityNanos,
  required,
  type FieldErrors,
  type ResourceRequirements,
} from "../../api/index.ts";
import { NOT_NEGATIVE } from "./probes.ts";

const CONTAINER = new Set(["cpu", "memory", "ephemeral-storage"]);
/** Further names without a domain, which count in quotas and on nodes. */
const COUNTED = new Set([
  "pods",
  "services",
  "replicationcontrollers",
  "resourcequotas",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers",
]);
const QUOTA = new Set(["storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage", "requests.storage",
  "limits.cpu", "limits.memory", "limits.ephemeral-storage"]); // prettier-ignore
const NANO = 1_000_000_000n;

/** Requests and limits of a container (ValidateContainerResourceRequirements). */
export function validateResources({ limits = {}, requests = {} }: ResourceRequirements, path: string): FieldErrors {
  const found: FieldErrors = [];
  for (const name of Object.keys(limits).sort()) {
    const at = `${path}.limits[${name}]`;
    found.push(...validateResourceName(name, at), ...validateQuantity(name, limits[name]!, at));
  }
  for (const name of Object.keys(requests).sort()) {
    const at = `${path}.requests[${name}]`;
    found.push(...validateResourceName(name, at), ...validateQuantity(name, requests[name]!, at));
    found.push(...compare(name, requests[name]!, limits[name], path));
  }
  const all = [...Object.keys(limits), ...Object.keys(requests)];
  if (all.some(isHugePages) && !all.includes("cpu") && !all.includes("memory"))
    found.push(forbidden(path, "HugePages require cpu or memory"));
  return found;
}

function compare(name: string, request: string, limit: string | undefined, path: string): FieldErrors {
  const shared = isNative(name) && !isHugePages(name);
  if (limit === undefined)
    return shared ? [] : [required(`${path}.limits`, "Limit must be set for non overcommitable resources")];
  const order = compareQuantities(request, limit);
  if (order !== 0 && !shared)
    return [invalid(`${path}.requests`, request, `must be equal to ${name} limit of ${limit}`)];
  return order > 0
    ? [invalid(`${path}.requests`, request, `must be less than or equal to ${name} limit of ${limit}`)]
    : [];
}

function validateResourceName(name: string, path: string): FieldErrors {
  const found = invalidEach(path, name, names.qualifiedName(name));
  if (name.includes("/")) return found;
  const standard = CONTAINER.has(name) || isHugePages(name);
  if (found.length === 0 && !standard && !COUNTED.has(name) && !QUOTA.has(name))
    found.push(invalid(path, name, "must be a standard resource type or fully qualified"));
  if (!standard) found.push(invalid(path, name, "must be a standard resource for containers"));
  return found;
}

function isHugePages(name: string): boolean {
  return name.startsWith("hugepages-");
}

/** Resources that Kubernetes itself knows; others belong to devices. */
function isNative(name: string): boolean {
  return !name.includes("/") || name.includes("kubernetes.io/");
}

function validateQuantity(name: string, value: string, path: string): FieldErrors {
  const nanos = quantityNanos(value);
  const found = nanos < 0n ? [invalid(path, value, NOT_NEGATIVE)] : [];
  if ((COUNTED.has(name) || !isNative(name)) && nanos % NANO !== 0n)
    found.push(invalid(path, go(`resource.MustParse("${value}")`), "must be an integer"));
  return found;
}
