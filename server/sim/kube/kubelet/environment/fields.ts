import type { FieldRef, Pod } from "../../api/index.ts";

/** What the fields of a Pod are read with that its object does not hold yet. */
export interface FieldContext {
  readonly podIPs: readonly string[];
  readonly hostIPs: readonly string[];
}

/** The value of a fieldRef of a Pod (kubelet_pods.go podFieldSelectorRuntimeValue, pkg/fieldpath). */
export function fieldValue({ fieldPath }: FieldRef, pod: Pod, context: FieldContext): string {
  const { metadata, spec } = pod;
  switch (fieldPath) {
    case "metadata.name":
      return metadata.name;
    case "metadata.namespace":
      return metadata.namespace ?? "";
    case "metadata.uid":
      return metadata.uid;
    case "metadata.labels":
      return mapText(metadata.labels);
    case "metadata.annotations":
      return mapText(metadata.annotations);
    case "spec.nodeName":
      return spec.nodeName ?? "";
    case "spec.serviceAccountName":
      return spec.serviceAccountName ?? "";
    case "status.hostIP":
      return context.hostIPs[0] ?? "";
    case "status.hostIPs":
      return context.hostIPs.join(",");
    case "status.podIP":
      return context.podIPs[0] ?? "";
    case "status.podIPs":
      return context.podIPs.join(",");
  }
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(fieldPath);
  return subscript ? (metadata[subscript[1] as "labels" | "annotations"]?.[subscript[2]!] ?? "") : "";
}

/** `a="1"` lines, sorted (fieldpath.FormatMap). */
function mapText(map: Readonly<Record<string, string>> = {}): string {
  return Object.keys(map)
    .sort()
    .map((key) => `${key}=${JSON.stringify(map[key])}`)
    .join("\n");
}
