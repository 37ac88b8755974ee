import type { ManifestObject } from "../load/manifests.ts";
import type { Refused } from "./admin.ts";

/** What the API server has against an object of a manifest, each complaint at its field. */
export function refusalProblems(manifest: ManifestObject, { message, status }: Refused): string[] {
  const unknown = [...message.matchAll(/(?:unknown|duplicate) field "([^"]+)"/g)];
  if (unknown.length > 0) return unknown.map(([words, field]) => `${manifest.position(field)}: ${words}`);
  const causes = (status?.details?.causes ?? []).flatMap(({ field, message: words }) =>
    field === undefined || words === undefined ? [] : [`${manifest.position(field)}: ${field}: ${words}`],
  );
  if (causes.length > 0) return causes;
  const [, path = ""] = /Go struct field \w+\.(\S+)/.exec(message) ?? [];
  const wrong = /cannot unmarshal (\w+) into Go struct field \S+ of type (\S+)/.exec(message);
  if (wrong) return [`${manifest.position(path)}: ${path}: expected ${wrong[2]!}, found a ${wrong[1]!}`];
  const absent = /^namespaces "(.+)" not found$/.exec(message);
  if (absent)
    return [
      `${manifest.position("metadata.namespace")}: metadata.namespace: there is no namespace ${absent[1]!}: make it before, in this file or one above`,
    ];
  return [`${manifest.position()}: ${message}`];
}
