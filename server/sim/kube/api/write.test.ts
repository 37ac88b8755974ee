import { describe, expect, test } from "vitest";
import { configMaps, namespaces, pods } from "../kinds/index.ts";
import { TestCluster } from "../kinds/testing.ts";
import type { ConfigMap, Namespace } from "./index.ts";

const NS = "/api/v1/namespaces/default";
const MERGE = { contentType: "application/merge-patch+json" };

function withMap(): { cluster: TestCluster; map: ConfigMap; url: string } {
  const cluster = new TestCluster();
  const map = cluster.ok<ConfigMap>("POST", `${NS}/configmaps`, { metadata: { name: "m" }, data: { a: "1" } });
  return { cluster, map, url: `${NS}/configmaps/m` };
}

describe("create", () => {
  test("fills in what only the server knows", () => {
    const cluster = new TestCluster();
    const made = cluster.ok<ConfigMap>("POST", `${NS}/configmaps`, {
      metadata: {
        generateName: "m-",
        uid: "mine",
        creationTimestamp: "2000-01-01T00:00:00Z",
        generation: 9,
        deletionTimestamp: "2000-01-01T00:00:00Z",
        finalizers: ["x.io/y"],
      },
    });
    expect(made.metadata).toEqual({
      name: expect.stringMatching(/^m-.{5}$/) as string,
      generateName: "m-",
      namespace: "default",
      uid: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/) as string,
      resourceVersion: String(cluster.api.store.revision),
      creationTimestamp: "2026-11-21T10:00:00Z",
      finalizers: ["x.io/y"],
      managedFields: [
        {
          manager: "kubectl",
          operation: "Update",
          apiVersion: "v1",
          time: "2026-11-21T10:00:00Z",
          fieldsType: "FieldsV1",
          fieldsV1: {
            "f:metadata": {
              "f:deletionTimestamp": {},
              "f:finalizers": { ".": {}, 'v:"x.io/y"': {} },
              "f:generateName": {},
            },
          },
        },
      ],
    });
  });

  test("refuses what is there, or is still going", () => {
    const { cluster } = withMap();
    const again = { metadata: { name: "m" } };
    expect(cluster.refusal("POST", `${NS}/configmaps`, again)).toMatchObject({
      code: 409,
      reason: "AlreadyExists",
      message: 'configmaps "m" already exists',
      details: { name: "m", kind: "configmaps" },
    });
    cluster.ok("PATCH", `${NS}/configmaps/m`, { metadata: { finalizers: ["x.io/y"] } }, MERGE);
    cluster.ok("DELETE", `${NS}/configmaps/m`);
    expect(cluster.refused("POST", `${NS}/configmaps`, again)).toBe(
      '409 object is being deleted: configmaps "m" already exists',
    );
  });

  test("refuses another namespace and a resourceVersion", () => {
    const cluster = new TestCluster();
    expect(cluster.refused("POST", `${NS}/configmaps`, { metadata: { name: "x", namespace: "other" } })).toBe(
      "400 the namespace of the provided object does not match the namespace sent on the request",
    );
    expect(cluster.refused("POST", `${NS}/configmaps`, { metadata: { name: "x", resourceVersion: "5" } })).toBe(
      "500 resourceVersion should not be set on objects to be created",
    );
  });
});

describe("update", () => {
  test("needs to know what it replaces", () => {
    const { cluster, map, url } = withMap();
    cluster.ok("PUT", url, { ...map, data: { a: "2" } });
    expect(cluster.refusal("PUT", url, { ...map, data: { a: "3" } })).toMatchObject({
      code: 409,
      reason: "Conflict",
      message:
        'Operation cannot be fulfilled on configmaps "m": the object has been modified; please apply your changes to the latest version and try again',
    });
    cluster.ok("PUT", url, { metadata: { name: "m" }, data: { a: "4" } });
    expect(cluster.client.get(configMaps, "default", "m")!.data).toEqual({ a: "4" });
  });

  test("that changes nothing writes nothing", () => {
    const { cluster, map, url } = withMap();
    const same = cluster.ok<ConfigMap>("PUT", url, map);
    expect(same.metadata.resourceVersion).toBe(map.metadata.resourceVersion);
    expect(cluster.api.store.revision).toBe(Number(map.metadata.resourceVersion));
  });

  test("is of the object that the URL names", () => {
    const { cluster, map, url } = withMap();
    const named = (metadata: object): string => cluster.refused("PUT", url, { metadata });
    expect(named({ name: "n" })).toBe("400 the name of the object (n) does not match the name on the URL (m)");
    expect(named({})).toBe("400 the name of the object (m based on URL) was undeterminable: name must be provided");
    expect(named({ name: "m", namespace: "other" })).toBe(
      "400 the namespace of the object (other) does not match the namespace on the request (default)",
    );
    expect(cluster.refused("PUT", `${NS}/configmaps/none`, { metadata: { name: "none" } })).toBe(
      '404 configmaps "none" not found',
    );
    expect(named({ name: "m", uid: "other" })).toBe(
      `409 Operation cannot be fulfilled on configmaps "m": StorageError: invalid object, Code: 4, Key: /registry/configmaps/default/m, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: other, UID in object meta: ${map.metadata.uid}`,
    );
  });

  test("shares what did not change", () => {
    const { cluster } = withMap();
    const before = cluster.client.get(configMaps, "default", "m")!;
    cluster.ok("PATCH", `${NS}/configmaps/m`, { metadata: { labels: { a: "b" } } }, MERGE);
    const after = cluster.client.get(configMaps, "default", "m")!;
    expect(after).not.toBe(before);
    expect(after.data).toBe(before.data);
  });
});

describe("dry runs", () => {
  test.each<[string, string, string, unknown]>([
    ["create", "POST", `${NS}/configmaps?dryRun=All`, { metadata: { name: "new" } }],
    ["update", "PUT", `${NS}/configmaps/m?dryRun=All`, { metadata: { name: "m" }, data: { a: "9" } }],
    ["patch", "PATCH", `${NS}/configmaps/m?dryRun=All`, { data: { a: "9" } }],
    ["delete by query", "DELETE", `${NS}/configmaps/m?dryRun=All`, undefined],
    ["delete by body", "DELETE", `${NS}/configmaps/m`, { kind: "DeleteOptions", apiVersion: "v1", dryRun: ["All"] }],
    ["a collection", "DELETE", `${NS}/configmaps`, { dryRun: ["All"] }],
  ])("%s writes nothing", (_, method, url, body) => {
    const { cluster } = withMap();
    const { revision } = cluster.api.store;
    cluster.ok(method, url, body, method === "PATCH" ? MERGE : {});
    expect(cluster.api.store.revision).toBe(revision);
    expect(cluster.client.get(configMaps, "default", "m")!.data).toEqual({ a: "1" });
  });

  test("of another sort", () => {
    const { cluster } = withMap();
    expect(cluster.refused("POST", `${NS}/configmaps?dryRun=some`, { metadata: { name: "x" } })).toBe(
      '422 CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: []string{"some"}: supported values: "All"',
    );
  });
});

describe("delete", () => {
  test("says that it is gone", () => {
    const { cluster, map, url } = withMap();
    expect(cluster.ok("DELETE", url)).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Success",
      details: { name: "m", kind: "configmaps", uid: map.metadata.uid },
      code: 200,
    });
    expect(cluster.refused("DELETE", url)).toBe('404 configmaps "m" not found');
  });

  test("only what is meant", () => {
    const { cluster, map, url } = withMap();
    expect(cluster.refused("DELETE", url, { preconditions: { uid: "other" } })).toContain(
      `Precondition failed: UID in precondition: other, UID in object meta: ${map.metadata.uid}`,
    );
    expect(cluster.refused("DELETE", url, { preconditions: { resourceVersion: "1" } })).toContain(
      `Precondition failed: ResourceVersion in precondition: 1, ResourceVersion in object meta: ${map.metadata.resourceVersion}`,
    );
    expect(cluster.refused("DELETE", url, { propagationPolicy: "Sideways" })).toBe(
      '422 DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Sideways": supported values: "Foreground", "Background", "Orphan", "nil"',
    );
  });

  test("waits for finalizers", () => {
    const { cluster, url } = withMap();
    cluster.ok("PATCH", url, { metadata: { finalizers: ["x.io/y"] } }, MERGE);
    const going = cluster.ok<ConfigMap>("DELETE", url);
    expect(going.metadata).toMatchObject({ deletionTimestamp: "2026-11-21T10:00:00Z", deletionGracePeriodSeconds: 0 });
    expect(cluster.refused("PATCH", url, { metadata: { finalizers: ["x.io/y", "x.io/z"] } }, MERGE)).toContain(
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"x.io/z"}',
    );
    cluster.ok("PATCH", url, { metadata: { finalizers: null } }, MERGE);
    expect(cluster.client.get(configMaps, "default", "m")).toBeUndefined();
  });

  test.each([
    ["Foreground", ["foregroundDeletion"]],
    ["Orphan", ["orphan"]],
  ])("%s leaves the rest to the garbage collector", (propagationPolicy, finalizers) => {
    const { cluster, url } = withMap();
    cluster.ok("DELETE", url, { propagationPolicy });
    expect(cluster.client.get(configMaps, "default", "m")!.metadata.finalizers).toEqual(finalizers);
  });

  test("of a collection, by selection", () => {
    const { cluster } = withMap();
    cluster.ok("POST", `${NS}/configmaps`, { metadata: { name: "n", labels: { a: "b" } } });
    cluster.ok("DELETE", `${NS}/configmaps?labelSelector=a%3Db`);
    expect(cluster.client.list(configMaps).map(({ metadata }) => metadata.name)).toEqual(["m"]);
  });
});

describe("namespaces", () => {
  const url = "/api/v1/namespaces/team";

  function withNamespace(): TestCluster {
    const cluster = new TestCluster();
    cluster.ok("POST", "/api/v1/namespaces", { metadata: { name: "team" } });
    return cluster;
  }

  test("begin active, with their name as a label and a finalizer", () => {
    const made = withNamespace().ok<Namespace>("GET", url);
    expect([made.metadata.labels, made.spec, made.status]).toEqual([
      { "kubernetes.io/metadata.name": "team" },
      { finalizers: ["kubernetes"] },
      { phase: "Active" },
    ]);
  });

  test("terminate, take nothing new, and go when they are finalized", () => {
    const cluster = withNamespace();
    const going = cluster.ok<Namespace>("DELETE", url);
    expect([going.status.phase, going.metadata.deletionTimestamp]).toEqual(["Terminating", "2026-11-21T10:00:00Z"]);
    expect(cluster.refusal("POST", `${url}/configmaps`, { metadata: { name: "x" } })).toMatchObject({
      code: 403,
      message:
        'configmaps "x" is forbidden: unable to create new content in namespace team because it is being terminated',
      details: {
        causes: [
          {
            reason: "NamespaceTerminating",
            message: "namespace team is being terminated",
            field: "metadata.namespace",
          },
        ],
      },
    });
    const { metadata } = cluster.client.get(namespaces, "", "team")!;
    cluster.ok("PUT", `${url}/finalize`, { metadata, spec: {} });
    expect(cluster.client.get(namespaces, "", "team")).toBeUndefined();
  });

  test.each(["default", "kube-system", "kube-public"])("%s stays", (name) => {
    const cluster = new TestCluster({ bare: true });
    cluster.ok("POST", "/api/v1/namespaces", { metadata: { name } });
    expect(cluster.refused("DELETE", `/api/v1/namespaces/${name}`)).toBe(
      `403 namespaces "${name}" is forbidden: this namespace may not be deleted`,
    );
  });

  test("have a name that is a label", () => {
    expect(new TestCluster().refused("POST", "/api/v1/namespaces", { metadata: { name: "a.b" } })).toContain(
      'Namespace "a.b" is invalid: metadata.name: Invalid value: "a.b": must not contain dots',
    );
    expect(
      new TestCluster().refused("POST", "/api/v1/namespaces", { metadata: { name: "a" }, spec: { finalizers: ["x"] } }),
    ).toContain("name is neither a standard finalizer name nor is it fully qualified");
  });
});

describe("status", () => {
  test("is written apart from the rest", () => {
    const cluster = new TestCluster();
    const spec = { containers: [{ name: "c", image: "x" }] };
    cluster.ok("POST", `${NS}/pods`, { metadata: { name: "web" }, spec, status: { phase: "Running" } });
    expect(cluster.client.get(pods, "default", "web")!.status.phase).toBe("Pending");
    const pod = cluster.client.get(pods, "default", "web")!;
    cluster.client.updateStatus(pods, { ...pod, status: { phase: "Running" }, spec: { ...pod.spec, hostname: "no" } });
    const after = cluster.client.get(pods, "default", "web")!;
    expect([after.status.phase, after.status.qosClass, after.spec.hostname]).toEqual([
      "Running",
      "BestEffort",
      undefined,
    ]);
    cluster.client.update(pods, {
      ...after,
      status: { phase: "Failed" },
      metadata: { ...after.metadata, labels: { a: "b" } },
    });
    expect(cluster.client.get(pods, "default", "web")!.status.phase).toBe("Running");
  });
});
