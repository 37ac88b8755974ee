import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyStrategicPatch, typeId, type JsonObject } from "../../../sim/kube/api/index.ts";
import { threeWayPatch } from "./three-way.ts";

const DEPLOYMENT = { group: "apps", version: "v1", kind: "Deployment" };
const ID = typeId("apps", "v1", "Deployment");

const variables = fc
  .uniqueArray(fc.constantFrom("A", "B", "C", "D"), { maxLength: 4 })
  .chain((names) => fc.tuple(...names.map((name) => fc.constantFrom("1", "2").map((value) => ({ name, value })))));

const container = (name: string): fc.Arbitrary<JsonObject> =>
  fc.record({ image: fc.constantFrom("nginx", "busybox"), env: variables }).map(({ image, env }) => ({
    name,
    image,
    ...(env.length > 0 ? { env: env } : {}),
  }));

const containers = fc
  .uniqueArray(fc.constantFrom("web", "log", "job"), { minLength: 1, maxLength: 3 })
  .chain((names) => fc.tuple(...names.map(container)));

const labels = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom("x", "y"), { noNullPrototype: true });

/** What a file says of a Deployment. */
const manifest: fc.Arbitrary<JsonObject> = fc
  .record({ labels, containers, replicas: fc.option(fc.nat(5), { nil: undefined }) })
  .map((made) => ({
    metadata: { name: "web", labels: made.labels },
    spec: {
      ...(made.replicas === undefined ? {} : { replicas: made.replicas }),
      template: { spec: { containers: made.containers } },
    },
  }));

/** The object that a server keeps of a file: with fields that nobody asked for. */
function served(file: JsonObject): JsonObject {
  const spec = file["spec"] as { replicas?: number; template: { spec: { containers: JsonObject[] } } };
  return {
    ...file,
    metadata: { ...(file["metadata"] as JsonObject), uid: "1" },
    spec: {
      replicas: 1,
      ...spec,
      template: {
        spec: {
          dnsPolicy: "ClusterFirst",
          containers: spec.template.spec.containers.map((one) => ({ ...one, imagePullPolicy: "Always" })),
        },
      },
    },
  };
}

function containersOf(object: JsonObject): JsonObject[] {
  return (object["spec"] as { template: { spec: { containers: JsonObject[] } } }).template.spec.containers;
}

describe("what apply sends", () => {
  test("makes the object what the file says, and leaves alone what it never said", () => {
    fc.assert(
      fc.property(manifest, manifest, (before, after) => {
        const live = served(before);
        const { patch } = threeWayPatch(DEPLOYMENT, before, after, live);
        const result = applyStrategicPatch(ID, live, patch);
        const wanted = containersOf(after);
        expect(containersOf(result).map(({ name, image, env }) => ({ name, image, ...(env ? { env } : {}) }))).toEqual(
          wanted,
        );
        expect((result["metadata"] as JsonObject)["labels"]).toEqual((after["metadata"] as JsonObject)["labels"]);
        expect((result["metadata"] as JsonObject)["uid"]).toBe("1");
        const { replicas } = after["spec"] as { replicas?: number };
        if (replicas !== undefined) expect((result["spec"] as JsonObject)["replicas"]).toBe(replicas);
      }),
    );
  });

  test("is nothing if the file has not changed", () => {
    fc.assert(
      fc.property(manifest, (file) => {
        expect(threeWayPatch(DEPLOYMENT, file, file, served(file)).patch).toEqual({});
      }),
    );
  });

  test("keeps what others added", () => {
    fc.assert(
      fc.property(manifest, (file) => {
        const live = served(file);
        const labelled = { ...live, metadata: { ...(live["metadata"] as JsonObject), annotations: { seen: "yes" } } };
        const { patch } = threeWayPatch(DEPLOYMENT, file, { ...file, metadata: { name: "web" } }, labelled);
        expect((applyStrategicPatch(ID, labelled, patch)["metadata"] as JsonObject)["annotations"]).toEqual({
          seen: "yes",
        });
      }),
    );
  });
});
