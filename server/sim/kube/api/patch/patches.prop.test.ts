import fc from "fast-check";
import { expect, test } from "vitest";
import { sameJson } from "../equality.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import { applyMergePatch } from "./merge-patch.ts";
import { applyStrategicPatch } from "./strategic.ts";

const key = fc.constantFrom("a", "b", "c", "d");
const { document } = fc.letrec<{ document: JsonObject; value: JsonValue }>((tie) => ({
  document: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<JsonValue>(0, 1, "x", true, ""),
    fc.array(fc.nat(3), { maxLength: 3 }),
    tie("document"),
  ),
}));

/** The merge patch that makes `to` of `from` (RFC 7386, for documents without nulls). */
function difference(from: JsonObject, to: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const name in from) if (!(name in to)) patch[name] = null;
  for (const name in to) {
    const [before, after] = [from[name], to[name]!];
    if (sameJson(before, after)) continue;
    const nest = isMap(before) && isMap(after);
    patch[name] = nest ? difference(before, after) : after;
  }
  return patch;
}

function isMap(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

test("a merge patch of the difference makes one document of another, and changes neither", () => {
  fc.assert(
    fc.property(document, document, (from, to) => {
      const before = structuredClone(from);
      expect(applyMergePatch(from, difference(from, to))).toEqual(to);
      expect(from).toEqual(before);
    }),
  );
});

test("a merge patch twice is the same as once", () => {
  fc.assert(
    fc.property(document, document, (from, to) => {
      const patch = difference(from, to);
      const once = applyMergePatch(from, patch);
      expect(applyMergePatch(once, patch)).toEqual(once);
    }),
  );
});

const name = fc.constantFrom("a", "b", "c", "d", "e");
const containers = fc.uniqueArray(fc.record({ name, image: fc.constantFrom("x:1", "x:2", "y") }), {
  selector: (container) => container.name,
  maxLength: 5,
});

test("a strategic patch with every container and their order makes one list of the other", () => {
  fc.assert(
    fc.property(containers, containers, (from, to) => {
      const gone = from.filter((one) => !to.some((other) => other.name === one.name));
      const patch = {
        "$setElementOrder/containers": to.map((one) => ({ name: one.name })),
        containers: [...to, ...gone.map((one) => ({ name: one.name, $patch: "delete" }))],
      };
      const result = applyStrategicPatch("v1.PodSpec", { containers: from }, patch);
      expect(result["containers"] ?? []).toEqual(to);
    }),
  );
});
