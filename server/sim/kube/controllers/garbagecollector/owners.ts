import type { AnyKind, ApiServer, Client, KubeObject, OwnerReference } from "../../api/index.ts";

export const FOREGROUND = "foregroundDeletion";
export const ORPHAN = "orphan";

/** The kind that a reference names, as far as it is served. */
export function ownerKind(api: ApiServer, { apiVersion, kind }: OwnerReference): AnyKind | undefined {
  const slash = apiVersion.indexOf("/");
  const group = slash < 0 ? "" : apiVersion.slice(0, slash);
  return api.registry.kinds.find((one) => one.kind === kind && one.group === group && api.registry.stored(one) === one);
}

/** The owner that a reference names; "unknown" if nobody can tell whether it exists. */
export function ownerOf(
  client: Client,
  object: KubeObject,
  reference: OwnerReference,
): KubeObject | undefined | "unknown" {
  const kind = ownerKind(client.server, reference);
  if (!kind) return "unknown";
  const namespace = kind.namespaced ? (object.metadata.namespace ?? "") : "";
  // An owner in a namespace cannot own something outside of all.
  if (kind.namespaced && namespace === "") return undefined;
  const owner = client.get(kind, namespace, reference.name);
  return owner?.metadata.uid === reference.uid ? owner : undefined;
}

export function isDeleting({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

export function isDeletingDependents(object: KubeObject): boolean {
  return isDeleting(object) && (object.metadata.finalizers?.includes(FOREGROUND) ?? false);
}

export function isOrphaningDependents(object: KubeObject): boolean {
  return isDeleting(object) && (object.metadata.finalizers?.includes(ORPHAN) ?? false);
}
