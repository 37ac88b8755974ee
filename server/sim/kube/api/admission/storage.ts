import type { Draft } from "../types/meta.ts";
import type { PersistentVolumeClaim, StorageClass } from "../types/storage.ts";
import { quantityNanos } from "../quantity.ts";
import { isAbout, refuse, type AdmissionPlugin } from "./plugin.ts";

const CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";
const DEFAULT_ANNOTATIONS = [
  "storageclass.kubernetes.io/is-default-class",
  "storageclass.beta.kubernetes.io/is-default-class",
];

/** Claims that name no class get the default one, as plugin/pkg/admission/storage/storageclass/setdefault. */
export const defaultStorageClass: AdmissionPlugin = {
  name: "DefaultStorageClass",
  operations: ["CREATE"],
  admit(attributes) {
    if (!isAbout(attributes, "", "persistentvolumeclaims")) return;
    const { metadata, spec } = attributes.object as Draft<PersistentVolumeClaim>;
    if (spec.storageClassName !== undefined || metadata.annotations?.[CLASS_ANNOTATION] !== undefined) return;
    const { context } = attributes;
    const classes = context.find("storage.k8s.io", "storageclasses");
    const best = classes && newestDefault(context.store.list(classes) as readonly StorageClass[]);
    if (best) spec.storageClassName = best.metadata.name;
  },
};

/** The default class: of several the newest, then the first by name (pkg/volume/util GetDefaultClass). */
export function newestDefault(classes: readonly StorageClass[]): StorageClass | undefined {
  return classes
    .filter(({ metadata }) => DEFAULT_ANNOTATIONS.some((annotation) => metadata.annotations?.[annotation] === "true"))
    .toSorted((a, b) =>
      a.metadata.creationTimestamp === b.metadata.creationTimestamp
        ? a.metadata.name < b.metadata.name
          ? -1
          : 1
        : a.metadata.creationTimestamp > b.metadata.creationTimestamp
          ? -1
          : 1,
    )[0];
}

/** Only bound claims of a class that allows it grow, as plugin/pkg/admission/storage/persistentvolume/resize. */
export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: "PersistentVolumeClaimResize",
  operations: ["UPDATE"],
  validate(attributes) {
    if (!isAbout(attributes, "", "persistentvolumeclaims")) return;
    const [claim, old] = [attributes.object as PersistentVolumeClaim, attributes.old as PersistentVolumeClaim];
    const size = ({ spec }: PersistentVolumeClaim): bigint => quantityNanos(spec.resources.requests?.["storage"]);
    if (size(claim) <= size(old)) return;
    if (old.status.phase !== "Bound") throw refuse(attributes, "Only bound persistent volume claims can be expanded");
    const name = old.metadata.annotations?.[CLASS_ANNOTATION] ?? old.spec.storageClassName ?? "";
    const { context } = attributes;
    const classes = context.find("storage.k8s.io", "storageclasses");
    const found =
      classes && name !== "" ? (context.store.get(classes, "", name) as StorageClass | undefined) : undefined;
    if (!found?.allowVolumeExpansion)
      throw refuse(
        attributes,
        "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
      );
  },
};
