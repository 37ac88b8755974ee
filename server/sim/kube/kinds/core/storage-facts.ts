import type { Draft, KindContext, ObjectMeta } from "../../api/index.ts";

/** Where claims and volumes of old named their class. */
export const CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

/** Keeps an object that is in use (plugin/pkg/admission/storage/storageobjectinuseprotection), unless that plugin is off. */
export function protect(metadata: Draft<ObjectMeta>, finalizer: string, { settings }: KindContext): void {
  if (settings.disableAdmission.includes("StorageObjectInUseProtection")) return;
  const finalizers = (metadata.finalizers ??= []);
  if (!finalizers.includes(finalizer)) finalizers.push(finalizer);
}
