import { apiVersion, type GroupVersionKind, type KubeObject, type OwnerReference } from "../api/index.ts";

/** The reference to what controls an object (metav1.GetControllerOf). */
export function controllerOf({ metadata }: KubeObject): OwnerReference | undefined {
  const { ownerReferences } = metadata;
  if (ownerReferences) for (const reference of ownerReferences) if (reference.controller) return reference;
  return undefined;
}

/** metav1.NewControllerRef */
export function controllerReference(kind: GroupVersionKind, { metadata }: KubeObject): OwnerReference {
  return {
    apiVersion: apiVersion(kind),
    kind: kind.kind,
    name: metadata.name,
    uid: metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}
