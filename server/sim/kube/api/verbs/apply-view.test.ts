import { describe, expect, test } from "vitest";
import { TestCluster } from "../../kinds/testing.ts";
import type { JsonObject } from "../json.ts";
import type { KubeObject } from "../types/meta.ts";

const URL = "/apis/apps/v1/namespaces/default/deployments/web";
const APPLY = { contentType: "application/apply-patch+yaml" };
const labels = { app: "web" };
const spec = (replicas?: number): JsonObject => ({
  ...(replicas === undefined ? {} : { replicas }),
  selector: { matchLabels: labels },
  template: { metadata: { labels }, spec: { containers: [{ name: "nginx", image: "nginx:1" }] } },
});
const scale = (replicas: number): JsonObject => ({
  apiVersion: "autoscaling/v1",
  kind: "Scale",
  metadata: { name: "web" },
  spec: { replicas },
});

function deployed(replicas?: number): TestCluster {
  const cluster = new TestCluster();
  const body = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: spec(replicas) };
  cluster.ok("PATCH", `${URL}?fieldManager=one`, body, APPLY);
  return cluster;
}

/** Who owns the replicas: `manager operation/subresource version`. */
function owners(cluster: TestCluster): string[] {
  return (cluster.ok<KubeObject>("GET", URL).metadata.managedFields ?? [])
    .filter(({ fieldsV1 }) => "f:replicas" in (fieldsV1["f:spec"] ?? {}))
    .map(({ manager, operation, subresource, apiVersion }) => `${manager} ${operation}/${subresource} ${apiVersion}`);
}

describe("server-side apply of a scale", () => {
  test("sets the replicas, which the manager owns in the object from then on", () => {
    const cluster = deployed();
    const url = `${URL}/scale?fieldManager=scaler`;
    // The default that nobody asked for counts as somebody's (skipnonapplied.go).
    expect(cluster.refused("PATCH", url, scale(3), APPLY)).toBe(
      '409 Apply failed with 1 conflict: conflict with "before-first-apply" with subresource "scale" using autoscaling/v1: .spec.replicas',
    );
    expect(cluster.ok("PATCH", `${url}&force=true`, scale(3), APPLY)).toMatchObject({
      kind: "Scale",
      spec: { replicas: 3 },
    });
    expect(owners(cluster)).toEqual(["scaler Apply/scale apps/v1"]);
    expect(cluster.ok("PATCH", url, scale(5), APPLY)).toMatchObject({ spec: { replicas: 5 } });
    expect(owners(cluster)).toEqual(["scaler Apply/scale apps/v1"]);
  });

  test("conflicts with who owns them, and takes them when forced", () => {
    const cluster = deployed(2);
    const url = `${URL}/scale?fieldManager=scaler`;
    expect(cluster.refused("PATCH", url, scale(3), APPLY)).toBe(
      '409 Apply failed with 1 conflict: conflict with "one": .spec.replicas',
    );
    expect(cluster.ok("PATCH", `${url}&force=true`, scale(3), APPLY)).toMatchObject({ spec: { replicas: 3 } });
    expect(owners(cluster)).toEqual(["scaler Apply/scale apps/v1"]);
    const other = cluster.ok<KubeObject>("GET", URL).metadata.managedFields!.find(({ manager }) => manager === "one")!;
    expect(Object.keys(other.fieldsV1["f:spec"]!)).toEqual(["f:selector", "f:template"]);
  });

  test("is shared where both say the same", () => {
    const cluster = deployed(2);
    cluster.ok("PATCH", `${URL}/scale?fieldManager=scaler`, scale(2), APPLY);
    expect(owners(cluster)).toEqual(["scaler Apply/scale apps/v1", "one Apply/undefined apps/v1"]);
  });

  test("is validated, may be dry, and must be a scale", () => {
    const cluster = deployed(2);
    const url = `${URL}/scale?fieldManager=scaler&force=true`;
    expect(cluster.refused("PATCH", url, scale(-1), APPLY)).toBe(
      '422 Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    );
    expect(cluster.ok("PATCH", `${url}&dryRun=All`, scale(4), APPLY)).toMatchObject({ spec: { replicas: 4 } });
    expect(cluster.ok("GET", `${URL}/scale`)).toMatchObject({ spec: { replicas: 2 } });
    expect(cluster.refused("PATCH", url, { ...scale(1), kind: "Scale2" }, APPLY)).toBe(
      "400 invalid object type: autoscaling/v1, Kind=Scale2",
    );
  });

  test("a uid that is another's is refused", () => {
    const cluster = deployed(2);
    const { uid } = cluster.ok<KubeObject>("GET", URL).metadata;
    const body = { ...scale(3), metadata: { name: "web", uid: "other" } };
    expect(cluster.refused("PUT", `${URL}/scale`, body)).toBe(
      `409 Operation cannot be fulfilled on deployments/scale.apps "web": Precondition failed: UID in precondition: other, UID in object meta: ${uid}`,
    );
  });
});
