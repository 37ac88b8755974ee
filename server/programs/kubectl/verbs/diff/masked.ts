import type { JsonObject } from "../../../../sim/kube/api/index.ts";

const SECRET = "***";

/** Of a secret, values are hidden; those that differ are told apart (kubectl pkg/cmd/diff/diff.go Masker). */
export function masked(from: JsonObject | undefined, to: JsonObject): readonly [JsonObject | undefined, JsonObject] {
  if (to["kind"] !== "Secret" || to["apiVersion"] !== "v1") return [from, to];
  const before = (from?.["data"] ?? {}) as Readonly<Record<string, string>>;
  const after = (to["data"] ?? {}) as Readonly<Record<string, string>>;
  const hide = (
    own: Readonly<Record<string, string>>,
    other: Readonly<Record<string, string>>,
    mark: string,
  ): JsonObject =>
    Object.fromEntries(
      Object.entries(own).map(([key, value]) => {
        const differs = Object.hasOwn(other, key) && other[key] !== value;
        return [key, differs ? `${SECRET} (${mark})` : SECRET];
      }),
    );
  const with_ = (object: JsonObject, data: JsonObject): JsonObject =>
    object["data"] === undefined ? object : { ...object, data };
  return [from && with_(from, hide(before, after, "before")), with_(to, hide(after, before, "after"))];
}
