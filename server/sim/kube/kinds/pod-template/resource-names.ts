import { go, invalid, invalidEach, names, quantityNanos, type FieldErrors } from "../../api/index.ts";
import { NOT_NEGATIVE } from "./probes.ts";

/** Names of resources and what may be said of them (pkg/apis/core/helper/helpers.go). */

const NANO = 1_000_000_000n;
const CONTAINER = new Set(["cpu", "memory", "ephemeral-storage"]);
/** What is counted in pieces. */
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
const QUOTA = new Set([
  "requests.cpu", "requests.memory", "requests.ephemeral-storage", "requests.storage",
  "limits.cpu", "limits.memory", "limits.ephemeral-storage",
]); // prettier-ignore

export function isHugePages(name: string): boolean {
  return name.startsWith("hugepages-");
}

/** Resources that Kubernetes itself knows; others belong to devices. */
export function isNative(name: string): boolean {
  return !name.includes("/") || name.includes("kubernetes.io/");
}

/** Whether a container may ask for less than its limit. */
export function isOvercommitable(name: string): boolean {
  return isNative(name) && !isHugePages(name);
}

/** Names without a domain that a quota can limit. */
export function isQuotaResource(name: string): boolean {
  return CONTAINER.has(name) || COUNTED.has(name) || QUOTA.has(name) || isQuotaHugePages(name);
}

function isQuotaHugePages(name: string): boolean {
  return isHugePages(name) || name.startsWith("requests.hugepages-");
}

/** validateResourceName */
export function resourceNameErrors(name: string, path: string): FieldErrors {
  const found = invalidEach(path, name, names.qualifiedName(name));
  if (found.length > 0 || name.includes("/") || name === "storage" || isQuotaResource(name)) return found;
  return [invalid(path, name, "must be a standard resource type or fully qualified")];
}

/** validateContainerResourceName */
export function containerResourceErrors(name: string, path: string): FieldErrors {
  const found = resourceNameErrors(name, path);
  if (!name.includes("/") && !CONTAINER.has(name) && !isHugePages(name))
    found.push(invalid(path, name, "must be a standard resource for containers"));
  return found;
}

/** ValidateResourceQuotaResourceName */
export function quotaResourceErrors(name: string, path: string): FieldErrors {
  const found = resourceNameErrors(name, path);
  if (!name.includes("/") && !isQuotaResource(name))
    found.push(invalid(path, name, "must be a standard resource for quota"));
  return found;
}

/** ValidateResourceQuantityValue */
export function amountErrors(name: string, value: string, path: string): FieldErrors {
  const nanos = quantityNanos(value);
  const found = nanos < 0n ? [invalid(path, value, NOT_NEGATIVE)] : [];
  if ((COUNTED.has(name) || !isNative(name)) && nanos % NANO !== 0n)
    found.push(invalid(path, goQuantity(value), "must be an integer"));
  return found;
}

/** `%#v` of a resource.Quantity. */
export function goQuantity(value: string): ReturnType<typeof go> {
  return go(`resource.MustParse("${value}")`);
}
