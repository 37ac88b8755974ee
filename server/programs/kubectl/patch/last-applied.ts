import type { JsonObject } from "../../../sim/kube/api/index.ts";
import { encodeJson } from "../output/index.ts";
import { metadataOf } from "../resource/info.ts";

export const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** What is kept of an object: all of it but the annotation itself, as JSON on a line (kubectl pkg/util/apply.go). */
export function lastAppliedText(object: JsonObject, options: { keepOrder?: boolean } = {}): string {
  const metadata = metadataOf(object) as JsonObject;
  const { [LAST_APPLIED]: _, ...annotations } = (metadata["annotations"] ?? {}) as JsonObject;
  return `${encodeJson({ ...object, metadata: { ...metadata, annotations } }, options)}\n`;
}

/** The object with itself kept in the annotation. */
export function withLastApplied(object: JsonObject, options: { keepOrder?: boolean } = {}): JsonObject {
  const metadata = metadataOf(object) as JsonObject;
  const kept =
    options.keepOrder && metadata["annotations"] === undefined
      ? `${encodeJson(object, options)}\n`
      : lastAppliedText(object, options);
  const annotations = { ...(metadata["annotations"] as JsonObject | undefined), [LAST_APPLIED]: kept };
  return { ...object, metadata: { ...metadata, annotations } };
}

export function lastAppliedOf(object: JsonObject): string | undefined {
  return ((metadataOf(object) as JsonObject)["annotations"] as Record<string, string> | undefined)?.[LAST_APPLIED];
}
