import { describe, expect, test } from "vitest";
import { TestCluster } from "../../kinds/testing.ts";
import { applyMergePatch } from "./merge-patch.ts";
import { applyJsonPatch } from "./json-patch.ts";

/** The examples of RFC 7386, appendix A. */
test.each<[never, never, unknown]>([
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [
    ["a", "b"],
    ["c", "d"],
    ["c", "d"],
  ],
  [{ a: "b" }, ["c"], ["c"]],
  [{ a: "foo" }, null, null],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: "b", c: null }, { a: "b" }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
] as never)("%j patched by %j is %j", (document, patch, result) =>
  expect(applyMergePatch(document, patch)).toEqual(result),
);

describe("JSON patch", () => {
  const document = { a: { b: [1, 2, 3] }, "x/y": 1, "m~n": 2 };

  test.each([
    [[{ op: "add", path: "/a/c", value: 1 }], { a: { b: [1, 2, 3], c: 1 } }],
    [[{ op: "add", path: "/a/b/1", value: 9 }], { a: { b: [1, 9, 2, 3] } }],
    [[{ op: "add", path: "/a/b/-", value: 9 }], { a: { b: [1, 2, 3, 9] } }],
    [[{ op: "remove", path: "/a/b/0" }], { a: { b: [2, 3] } }],
    [[{ op: "replace", path: "/x~1y", value: 5 }], { "x/y": 5 }],
    // As evanphx/json-patch 4.12, which Kubernetes 1.33 has, does it: a member need not be there.
    [[{ op: "replace", path: "/none", value: 5 }], { none: 5 }],
    [[{ op: "copy", from: "/none", path: "/d" }], { d: null }],
    [[{ op: "replace", path: "/m~0n", value: 5 }], { "m~n": 5 }],
    [[{ op: "move", from: "/a/b/0", path: "/first" }], { a: { b: [2, 3] }, first: 1 }],
    [[{ op: "copy", from: "/a", path: "/d" }], { d: { b: [1, 2, 3] } }],
    [[{ op: "test", path: "/a/b", value: [1, 2, 3] }], {}],
  ])("%j", (patch, result) => expect(applyJsonPatch(document, patch)).toEqual({ ...document, ...result }));

  test.each([
    [
      [{ op: "remove", path: "/none" }],
      "error in remove for path: '/none': Unable to remove nonexistent key: none: missing value",
    ],
    [
      [{ op: "replace", path: "/a/b/9", value: 1 }],
      "replace operation does not apply: doc is missing key: /a/b/9: missing value",
    ],
    [
      [{ op: "add", path: "/a/b/x", value: 1 }],
      `error in add for path: '/a/b/x': value was not a proper array index: 'x': strconv.Atoi: parsing "x": invalid syntax`,
    ],
    [
      [{ op: "add", path: "/none/x", value: 1 }],
      `add operation does not apply: doc is missing path: "/none/x": missing value`,
    ],
    [[{ op: "test", path: "/a/b", value: [] }], "testing value /a/b failed: test failed"],
    [
      [{ op: "add", path: "/a/b/9", value: 1 }],
      "error in add for path: '/a/b/9': Unable to access invalid index: 9: invalid index referenced",
    ],
    [[{ op: "frob", path: "/a" }], "Unexpected kind: frob"],
  ])("%j: %s", (patch, error) => expect(() => applyJsonPatch(document, patch)).toThrow(error));
});

describe("by request", () => {
  const cluster = new TestCluster();
  const url = "/apis/apps/v1/namespaces/default/deployments/d";
  cluster.ok("POST", "/apis/apps/v1/namespaces/default/deployments", {
    metadata: { name: "d" },
    spec: {
      selector: { matchLabels: { a: "b" } },
      template: { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "x:1" }] } },
    },
  });
  const [MERGE, STRATEGIC, JSON_PATCH] = ["merge-patch+json", "strategic-merge-patch+json", "json-patch+json"].map(
    (type) => ({
      contentType: `application/${type}`,
    }),
  );

  test("the three of them", () => {
    expect(cluster.ok("PATCH", url, { spec: { replicas: 2 } }, MERGE)).toMatchObject({ spec: { replicas: 2 } });
    const containers = [{ name: "c", image: "x:2" }];
    expect(cluster.ok("PATCH", url, { spec: { template: { spec: { containers } } } }, STRATEGIC)).toMatchObject({
      spec: { template: { spec: { containers: [{ name: "c", image: "x:2", imagePullPolicy: "IfNotPresent" }] } } },
    });
    expect(cluster.ok("PATCH", url, [{ op: "replace", path: "/spec/replicas", value: 3 }], JSON_PATCH)).toMatchObject({
      spec: { replicas: 3 },
    });
  });

  test("with an old resourceVersion conflict", () => {
    expect(cluster.refused("PATCH", url, { metadata: { resourceVersion: "1" } }, MERGE)).toContain(
      '409 Operation cannot be fulfilled on deployments.apps "d": the object has been modified',
    );
  });

  test("that do not apply", () => {
    expect(cluster.refused("PATCH", url, [{ op: "remove", path: "/spec/none" }], JSON_PATCH)).toContain(
      "422 the server rejected our request due to an error in our request",
    );
    expect(cluster.refused("PATCH", url, { spec: { replicas: "many" } }, MERGE)).toContain(
      "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
    );
    expect(cluster.refused("PATCH", url, {}, { contentType: "application/json" })).toBe(
      "415 the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml",
    );
    expect(cluster.refused("PATCH", url, "{x", MERGE)).toContain("400 error decoding patch: invalid character 'x'");
  });

  test("strictly", () => {
    expect(cluster.refused("PATCH", `${url}?fieldValidation=Strict`, { spec: { foo: 1 } }, MERGE)).toMatch(
      /^422 {2}"" is invalid: patch: Invalid value: ".*": strict decoding error: unknown field "spec\.foo"$/,
    );
    expect(cluster.refused("PATCH", `${url}?fieldValidation=Strict`, { spec: { foo: 1 } }, STRATEGIC)).toBe(
      `422  "" is invalid: patch: Invalid value: "map[spec:map[foo:1]]": strict decoding error: unknown field "spec.foo"`,
    );
  });
});
