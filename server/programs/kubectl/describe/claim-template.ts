import type { PersistentVolumeClaim, StringMap } from "../../../sim/kube/api/index.ts";
import { accessModesText } from "./access-modes.ts";
import { writeAnnotations, writeLabels, type Description } from "./description.ts";

/** Named so before the field was there. */
const CLASS = "volume.beta.kubernetes.io/storage-class";

/** Of a volume or of a claim. */
export function classOf({
  metadata,
  spec,
}: {
  readonly metadata: { readonly annotations?: StringMap };
  readonly spec: { readonly storageClassName?: string };
}): string {
  return metadata.annotations?.[CLASS] ?? spec.storageClassName ?? "";
}

/** What a claim asks for and has got. */
export function writeClaim(out: Description, { spec, status }: Partial<PersistentVolumeClaim>): void {
  const bound = (spec?.volumeName ?? "") !== "";
  out.field("Capacity", bound ? (status?.capacity?.["storage"] ?? "0") : "");
  out.field("Access Modes", bound ? accessModesText(status?.accessModes) : "");
  if (spec?.volumeMode !== undefined) out.field("VolumeMode", spec.volumeMode);
  const { dataSource } = spec ?? {};
  if (!dataSource) return;
  out.line(0, "DataSource:");
  if (dataSource.apiGroup) out.field("APIGroup", dataSource.apiGroup, 1);
  out.field("Kind", dataSource.kind, 1);
  out.field("Name", dataSource.name, 1);
}

/** The claim that is made for a pod's volume (printPersistentVolumeClaim). */
export function writeClaimTemplate(out: Description, template: Pick<PersistentVolumeClaim, "metadata" | "spec">): void {
  out.field("StorageClass", classOf({ metadata: template.metadata ?? {}, spec: template.spec }));
  out.field("Volume", template.spec.volumeName ?? "");
  writeLabels(out, "Labels", template.metadata?.labels);
  writeAnnotations(out, "Annotations", template.metadata?.annotations);
  writeClaim(out, { spec: template.spec });
}
