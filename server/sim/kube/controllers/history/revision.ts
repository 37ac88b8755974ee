import {
  isObject,
  safeEncode,
  sortedJson,
  type ControllerRevision,
  type JsonValue,
  type PodTemplateSpec,
} from "../../api/index.ts";

/**
 * What a revision remembers of a workload: the strategic patch that gives it its template back (getPatch). As Go writes a
 * map, with sorted keys: kubectl compares the bytes.
 */
export function revisionData(template: PodTemplateSpec): JsonValue {
  const restored = { ...(template as unknown as Record<string, JsonValue>), $patch: "replace" };
  return JSON.parse(sortedJson({ spec: { template: restored } })) as JsonValue;
}

/** The template that a revision remembers; undefined if it was written by somebody who remembers something else. */
export function revisionTemplate({ data }: ControllerRevision): PodTemplateSpec | undefined {
  const spec = isObject(data) ? data["spec"] : undefined;
  const template = isObject(spec) ? spec["template"] : undefined;
  if (!isObject(template)) return undefined;
  const { $patch: _, ...rest } = template;
  return rest as unknown as PodTemplateSpec;
}

/**
 * The hash in the name of a StatefulSet's revision: FNV-1 (not 1a) over the JSON of its data as Go writes it and the
 * digits of the collision count (pkg/controller/history HashControllerRevision). It is the one of a real cluster.
 */
export function revisionHash(data: JsonValue, collisionCount: number): string {
  const text = goJsonText(data) + String(collisionCount);
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = (Math.imul(hash, 0x01000193) ^ byte) >>> 0;
  return safeEncode(String(hash));
}

/** encoding/json: sorted keys, and characters that would mean something in HTML as escapes. */
function goJsonText(value: JsonValue): string {
  return sortedJson(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
