import type { ManifestObject } from "../load/manifests.ts";
import type { Refused } from "./admin.ts";

/** What the API server has against an object of a manifest, each complaint at its field. */
export function refusalProblems(manifest: ManifestObject, { message, status }: Refused): string[] {
  const unknown = [...message.matchAll(/(?:unknown|duplicate) field "([^"]+)"/g)];
  if (unknown.length > 0) return unknown.map(([words, field]) => `${manifest.position(field)}: ${words}`);
  const causes = (status?.details?.causes ?? []).flatMap(({ field, message: words }) =>
    field === undefined || words === undefined ? [] : [`${manifest.position(field)}: ${field}: ${words}`],
  );
  return causes.length > 0 ? causes : [`${manifest.position()}: ${message}`];
}
