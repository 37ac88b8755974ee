import { isClusterScoped } from "./openapi.ts";

/** Group, version and kind; as a selector, an empty member takes anything. */
export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** What a resource is known by (kyaml resid.ResId). */
export interface ResId extends Gvk {
  readonly name: string;
  readonly namespace: string;
}

const CLUSTER = "_non_namespaceable_";

export function parseApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf("/");
  return { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1) };
}

export function gvkText({ group, version, kind }: Gvk): string {
  return [kind || "[noKind]", version || "[noVer]", group || "[noGrp]"].join(".");
}

export function idText(id: ResId): string {
  return `${gvkText(id)}/${id.name || "[noName]"}.${id.namespace || "[noNs]"}`;
}

/** As Go prints the struct with `%#v`. */
export function idSyntax(id: ResId): string {
  const text = (value: string): string => JSON.stringify(value);
  return `resid.ResId{Gvk:resid.Gvk{Group:${text(id.group)}, Version:${text(id.version)}, Kind:${text(id.kind)}, isClusterScoped:${isClusterScoped(id)}}, Name:${text(id.name)}, Namespace:${text(id.namespace)}}`;
}

export function sameGvk(a: Gvk, b: Gvk): boolean {
  return a.group === b.group && a.version === b.version && a.kind === b.kind;
}

export function isSelected(gvk: Gvk, selector: Gvk): boolean {
  return (
    (selector.group === "" || selector.group === gvk.group) &&
    (selector.version === "" || selector.version === gvk.version) &&
    (selector.kind === "" || selector.kind === gvk.kind)
  );
}

export function effectiveNamespace(id: ResId): string {
  if (isClusterScoped(id)) return CLUSTER;
  return id.namespace === "" ? "default" : id.namespace;
}

export function sameNamespace(a: ResId, b: ResId): boolean {
  return effectiveNamespace(a) === effectiveNamespace(b);
}

export function sameId(a: ResId, b: ResId): boolean {
  return a.name === b.name && sameGvk(a, b) && sameNamespace(a, b);
}

export function isSelectedBy(id: ResId, selector: ResId): boolean {
  return (
    (selector.name === "" || selector.name === id.name) &&
    (selector.namespace === "" || sameNamespace(selector, id)) &&
    isSelected(id, selector)
  );
}

/** What should be made before others, and what after them (kyaml resid/gvk.go). */
export const ORDER_FIRST: readonly string[] = [
  "Namespace", "ResourceQuota", "StorageClass", "CustomResourceDefinition", "ServiceAccount", "PodSecurityPolicy", "Role",
  "ClusterRole", "RoleBinding", "ClusterRoleBinding", "ConfigMap", "Secret", "Endpoints", "Service", "LimitRange",
  "PriorityClass", "PersistentVolume", "PersistentVolumeClaim", "Deployment", "StatefulSet", "CronJob", "PodDisruptionBudget",
]; // prettier-ignore
export const ORDER_LAST: readonly string[] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/** A kind's place among others: negative for those that come first. */
export function kindOrder(kind: string, first: readonly string[], last: readonly string[]): number {
  const late = last.lastIndexOf(kind);
  if (late >= 0) return late + 1;
  const early = first.lastIndexOf(kind);
  return early < 0 ? 0 : early - first.length;
}

/** A text that puts kinds of the same place in order. */
export function gvkSortText({ group, version, kind }: Gvk): string {
  return [group || "~G", version || "~V", kind || "~K"].join("_");
}

export function compareGvk(a: Gvk, b: Gvk, first = ORDER_FIRST, last = ORDER_LAST): number {
  const order = kindOrder(a.kind, first, last) - kindOrder(b.kind, first, last);
  if (order !== 0) return order;
  const [left, right] = [gvkSortText(a), gvkSortText(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
