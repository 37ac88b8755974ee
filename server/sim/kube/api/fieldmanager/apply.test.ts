import { describe, expect, test } from "vitest";
import { TestCluster } from "../../kinds/testing.ts";
import type { JsonObject } from "../json.ts";
import type { KubeObject } from "../types/meta.ts";
import type { ManagedFieldsEntry } from "./managers.ts";

const NS = "/apis/apps/v1/namespaces/default/deployments";
const URL = `${NS}/web`;
const MAPS = "/api/v1/namespaces/default/configmaps";
const APPLY = { contentType: "application/apply-patch+yaml" };

function deployment(spec: object = {}): JsonObject {
  const labels = { app: "web" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", labels },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "nginx", image: "nginx:1" }] } },
      ...spec,
    },
  };
}

const map = (data: Record<string, string>): JsonObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "m" },
  data,
});

/** `manager operation[/subresource]` of each entry. */
function managers(object: KubeObject): string[] {
  return (object.metadata.managedFields ?? []).map(
    ({ manager, operation, subresource }) => `${manager} ${operation}${subresource ? `/${subresource}` : ""}`,
  );
}

function fieldsOf(object: KubeObject, manager: string): unknown {
  return object.metadata.managedFields?.find((entry: ManagedFieldsEntry) => entry.manager === manager)?.fieldsV1;
}

function apply<T extends KubeObject = KubeObject>(
  cluster: TestCluster,
  url: string,
  config: unknown,
  manager = "one",
  query = "",
): T {
  return cluster.ok<T>("PATCH", `${url}?fieldManager=${manager}${query}`, config, APPLY);
}

describe("apply", () => {
  test("creates what is missing, and owns just what was said", () => {
    const cluster = new TestCluster();
    const response = cluster.call("PATCH", `${URL}?fieldManager=one`, deployment({ replicas: 2 }), APPLY);
    expect(response).toMatchObject({ kind: "object", code: 201 });
    const { metadata } = (response as unknown as { object: KubeObject }).object;
    expect(metadata.managedFields).toEqual([
      {
        manager: "one",
        operation: "Apply",
        apiVersion: "apps/v1",
        time: "2026-11-21T10:00:00Z",
        fieldsType: "FieldsV1",
        fieldsV1: {
          "f:metadata": { "f:labels": { "f:app": {} } },
          "f:spec": {
            "f:replicas": {},
            "f:selector": {},
            "f:template": {
              "f:metadata": { "f:labels": { "f:app": {} } },
              "f:spec": { "f:containers": { 'k:{"name":"nginx"}': { ".": {}, "f:image": {}, "f:name": {} } } },
            },
          },
        },
      },
    ]);
  });

  test("takes YAML", () => {
    const cluster = new TestCluster();
    const text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m\ndata:\n  a: '1'\n";
    expect(apply(cluster, `${MAPS}/m`, text)).toMatchObject({ data: { a: "1" } });
  });

  test("twice is as once", () => {
    const cluster = new TestCluster();
    const first = apply(cluster, URL, deployment());
    cluster.run(5_000_000);
    expect(apply(cluster, URL, deployment())).toEqual(first);
  });

  test("removes what is no longer said and nobody else owns", () => {
    const cluster = new TestCluster();
    apply(cluster, `${MAPS}/m`, map({ a: "1", b: "2" }));
    apply(cluster, `${MAPS}/m`, map({ b: "2" }), "two");
    expect(apply(cluster, `${MAPS}/m`, map({}))).toMatchObject({ data: { b: "2" } });
    expect(apply(cluster, `${MAPS}/m`, map({}), "two")).not.toHaveProperty("data");
  });

  test("removes elements of lists by their keys, and keeps those of others", () => {
    const cluster = new TestCluster();
    const containers = (names: string[]): object => ({
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: names.map((name) => ({ name, image: name })) },
      },
    });
    apply(cluster, URL, deployment(containers(["a", "b"])));
    cluster.ok(
      "PATCH",
      URL,
      { spec: { template: { spec: { containers: [{ name: "c", image: "c" }] } } } },
      { contentType: "application/strategic-merge-patch+json" },
    );
    const after = apply<KubeObject & { spec: { template: { spec: { containers: { name: string }[] } } } }>(
      cluster,
      URL,
      deployment(containers(["b"])),
    );
    expect(after.spec.template.spec.containers.map(({ name }) => name).sort()).toEqual(["b", "c"]);
    expect(managers(after)).toEqual(["one Apply", "kubectl Update"]);
  });

  test("with the same value shares a field", () => {
    const cluster = new TestCluster();
    apply(cluster, `${MAPS}/m`, map({ a: "1" }));
    const shared = apply(cluster, `${MAPS}/m`, map({ a: "1" }), "two");
    expect(managers(shared).sort()).toEqual(["one Apply", "two Apply"]);
    expect(cluster.refused("PATCH", `${MAPS}/m?fieldManager=one`, map({ a: "2" }), APPLY)).toBe(
      '409 Apply failed with 1 conflict: conflict with "two": .data.a',
    );
  });
});

describe("conflicts", () => {
  const scaled = (): TestCluster => {
    const cluster = new TestCluster();
    apply(cluster, URL, deployment({ replicas: 1 }));
    cluster.ok(
      "PATCH",
      `${URL}/scale?fieldManager=scaler`,
      { spec: { replicas: 3 } },
      { contentType: "application/merge-patch+json" },
    );
    return cluster;
  };

  test("with who scaled", () => {
    const cluster = scaled();
    expect(managers(cluster.ok("GET", URL))).toEqual(["one Apply", "scaler Update/scale"]);
    expect(fieldsOf(cluster.ok("GET", URL), "scaler")).toEqual({ "f:spec": { "f:replicas": {} } });
    expect(cluster.refusal("PATCH", `${URL}?fieldManager=one`, deployment({ replicas: 1 }), APPLY)).toMatchObject({
      code: 409,
      reason: "Conflict",
      message:
        'Apply failed with 1 conflict: conflict with "scaler" with subresource "scale" using apps/v1: .spec.replicas',
      details: {
        causes: [
          {
            reason: "FieldManagerConflict",
            message: 'conflict with "scaler" with subresource "scale" using apps/v1',
            field: ".spec.replicas",
          },
        ],
      },
    });
  });

  test("end by force, or by not saying it any more", () => {
    const forced = scaled();
    expect(managers(apply(forced, URL, deployment({ replicas: 1 }), "one", "&force=true"))).toEqual(["one Apply"]);
    const given = scaled();
    expect(apply(given, URL, deployment())).toMatchObject({ spec: { replicas: 3 } });
  });

  test("are told by manager", () => {
    const cluster = new TestCluster();
    apply(cluster, `${MAPS}/m`, map({ a: "1", b: "1" }), "one");
    cluster.ok("PATCH", `${MAPS}/m`, { data: { c: "1" } }, { contentType: "application/merge-patch+json" });
    expect(cluster.refused("PATCH", `${MAPS}/m?fieldManager=two`, map({ a: "2", b: "2", c: "2" }), APPLY)).toBe(
      '409 Apply failed with 3 conflicts: conflicts with "kubectl" using v1:\n- .data.c\nconflicts with "one":\n- .data.a\n- .data.b',
    );
  });

  test("are none for kubectl where client-side apply was", () => {
    const cluster = new TestCluster();
    const config = map({ a: "1" });
    const text = JSON.stringify(config);
    cluster.ok("POST", `${MAPS}?fieldManager=kubectl-client-side-apply`, {
      ...config,
      metadata: { name: "m", annotations: { "kubectl.kubernetes.io/last-applied-configuration": text } },
    });
    expect(cluster.refused("PATCH", `${MAPS}/m?fieldManager=other`, map({ a: "2" }), APPLY)).toContain(
      'conflict with "kubectl-client-side-apply" using v1: .data.a',
    );
    const after = apply(cluster, `${MAPS}/m`, map({ a: "2" }), "kubectl");
    expect(after).toMatchObject({ data: { a: "2" } });
    expect(after.metadata.annotations!["kubectl.kubernetes.io/last-applied-configuration"]).toBe(
      '{"apiVersion":"v1","data":{"a":"2"},"kind":"ConfigMap","metadata":{"name":"m"}}\n',
    );
  });
});

describe("refuses", () => {
  const cluster = new TestCluster();
  const cases: [what: string, query: string, body: unknown, words: string][] = [
    [
      "no manager",
      "",
      map({}),
      '422 PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    ],
    [
      "another kind",
      "?fieldManager=x",
      { apiVersion: "v1", kind: "Secret" },
      "400 invalid object type: /v1, Kind=Secret",
    ],
    [
      "managers",
      "?fieldManager=x",
      { ...map({}), metadata: { name: "m", managedFields: [{}] } },
      "400 metadata.managedFields must be nil",
    ],
    [
      "unknown fields",
      "?fieldManager=x",
      { ...map({}), foo: 1 },
      "500 failed to create typed patch object (/m; /v1, Kind=ConfigMap): .foo: field not declared in schema",
    ],
    [
      "other types",
      "?fieldManager=x",
      { ...map({}), data: { a: 1 } },
      "500 failed to create typed patch object (/m; /v1, Kind=ConfigMap): .data.a: expected string, got &value.valueUnstructured{Value:1}",
    ],
    [
      "a manager that cannot be printed",
      "?fieldManager=a%0Ab",
      map({}),
      '422 PatchOptions.meta.k8s.io "" is invalid: fieldManager: Invalid value: "a\\nb": should only contain printable characters',
    ],
    [
      "another name",
      "?fieldManager=x",
      { ...map({}), metadata: { name: "n" } },
      "400 the name of the object (n) does not match the name on the URL (m)",
    ],
  ];
  test.each(cases)("%s", (_, query, body, words) => {
    expect(cluster.refused("PATCH", `${MAPS}/m${query}`, body, APPLY)).toBe(words);
  });

  test("duplicate elements", () => {
    const config = deployment({
      template: { spec: { containers: [{ name: "a", image: "x" }, { name: "a", image: "y" }, { image: "z" }] } },
    });
    expect(cluster.refused("PATCH", `${URL}?fieldManager=x`, config, APPLY)).toBe(
      `500 failed to create typed patch object (/web; apps/v1, Kind=Deployment): errors:
  .spec.template.spec.containers: duplicate entries for key [name="a"]
  .spec.template.spec.containers: element 2: associative list with keys has an element that omits key field "name" (and doesn't have default value)`,
    );
  });
});

describe("updates", () => {
  test("own what they change, by manager, way and version", () => {
    const cluster = new TestCluster();
    const made = cluster.ok<KubeObject>("POST", `${NS}?fieldManager=maker`, deployment());
    expect(managers(made)).toEqual(["maker Update"]);
    cluster.run(1_000_000);
    const old = cluster.ok<JsonObject>("GET", URL);
    const status = { ...old, status: { observedGeneration: 1, conditions: [{ type: "Available", status: "True" }] } };
    const after = cluster.ok<KubeObject>("PUT", `${URL}/status?fieldManager=controller`, status);
    expect(managers(after)).toEqual(["maker Update", "controller Update/status"]);
    expect(fieldsOf(after, "controller")).toEqual({
      "f:status": {
        "f:conditions": {
          ".": {},
          'k:{"type":"Available"}': {
            ".": {},
            "f:lastTransitionTime": {},
            "f:lastUpdateTime": {},
            "f:status": {},
            "f:type": {},
          },
        },
        "f:observedGeneration": {},
      },
    });
    // Whoever changes the status by the main way owns nothing of it, for that is not listened to.
    const again = cluster.ok<KubeObject>("PUT", `${URL}?fieldManager=third`, { ...after, status: {} });
    expect(managers(again)).toEqual(managers(after));
  });

  test("can forget all managers; who applies then finds that somebody was there", () => {
    const cluster = new TestCluster();
    apply(cluster, `${MAPS}/m`, map({ a: "1" }));
    const merge = { contentType: "application/merge-patch+json" };
    const reset = cluster.ok<KubeObject>("PATCH", `${MAPS}/m`, { metadata: { managedFields: [{}] } }, merge);
    expect(reset.metadata).not.toHaveProperty("managedFields");
    expect(cluster.ok<KubeObject>("PATCH", `${MAPS}/m`, { data: { b: "1" } }, merge).metadata).not.toHaveProperty(
      "managedFields",
    );
    expect(managers(apply(cluster, `${MAPS}/m`, map({ a: "1" }))).sort()).toEqual([
      "before-first-apply Update",
      "one Apply",
    ]);
  });

  test("of more than ten managers are put together", () => {
    const cluster = new TestCluster();
    cluster.ok("POST", `${MAPS}?fieldManager=m00`, map({ k00: "1" }));
    for (let at = 1; at < 13; at++) {
      cluster.run(1_000_000);
      const name = String(at).padStart(2, "0");
      cluster.ok(
        "PATCH",
        `${MAPS}/m?fieldManager=m${name}`,
        { data: { [`k${name}`]: "1" } },
        { contentType: "application/merge-patch+json" },
      );
    }
    const object = cluster.ok<KubeObject>("GET", `${MAPS}/m`);
    expect(managers(object)).toEqual([
      "ancient-changes Update",
      ...[4, 5, 6, 7, 8, 9, 10, 11, 12].map((at) => `m${String(at).padStart(2, "0")} Update`),
    ]);
    expect(fieldsOf(object, "ancient-changes")).toEqual({
      "f:data": { ".": {}, "f:k00": {}, "f:k01": {}, "f:k02": {}, "f:k03": {} },
    });
  });
});

test("a dry run says what would be and changes nothing", () => {
  const cluster = new TestCluster();
  const answer = apply(cluster, `${MAPS}/m`, map({ a: "1" }), "one", "&dryRun=All");
  expect(managers(answer)).toEqual(["one Apply"]);
  expect(cluster.refused("GET", `${MAPS}/m`)).toBe('404 configmaps "m" not found');
});
