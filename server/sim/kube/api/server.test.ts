import { describe, expect, test } from "vitest";
import { TestCluster } from "../kinds/testing.ts";
import { parseTarget, resourcePath } from "./paths.ts";

const NS = "/api/v1/namespaces/default";
const cluster = new TestCluster();

describe("paths", () => {
  test.each<[string, string, object]>([
    ["GET", "/api/v1/pods", { verb: "list", version: "v1", resource: "pods" }],
    ["GET", "/api/v1/pods?watch=true", { verb: "watch", resource: "pods" }],
    ["GET", "/api/v1/watch/pods", { verb: "watch", resource: "pods" }],
    ["GET", "/api/v1/namespaces/x/pods/web", { verb: "get", namespace: "x", resource: "pods", name: "web" }],
    ["GET", "/api/v1/namespaces/x/pods/web/log?follow=true", { verb: "get", name: "web", subresource: "log" }],
    ["POST", "/apis/apps/v1/namespaces/x/deployments", { verb: "create", group: "apps", resource: "deployments" }],
    ["PUT", "/api/v1/namespaces/x", { verb: "update", namespace: "", resource: "namespaces", name: "x" }],
    [
      "PUT",
      "/api/v1/namespaces/x/finalize",
      { verb: "update", resource: "namespaces", name: "x", subresource: "finalize" },
    ],
    ["PATCH", "/api/v1/nodes/n/status", { verb: "patch", resource: "nodes", name: "n", subresource: "status" }],
    ["DELETE", "/api/v1/namespaces/x/pods", { verb: "deletecollection", namespace: "x", resource: "pods", name: "" }],
    ["DELETE", "/api/v1/namespaces/x/pods/web", { verb: "delete", name: "web" }],
    ["GET", "/version", { verb: "get", path: "/version", resource: "" }],
    ["GET", "/apis/apps/v1", { path: "/apis/apps/v1" }],
  ])("%s %s", (method, url, target) => expect(parseTarget(method, url)).toMatchObject(target));

  test("and back", () => {
    for (const path of [
      "/api/v1/pods",
      "/api/v1/namespaces/x/pods/web/log",
      "/apis/apps/v1/namespaces/x/deployments/a%20b",
    ]) {
      const target = parseTarget("GET", path);
      expect(resourcePath(target)).toBe(path);
    }
  });
});

describe("routes", () => {
  test("what is no path answers in plain text", () => {
    for (const path of [
      "/nothing",
      "/api/v2",
      "/api/v1/widgets",
      "/apis/apps/v1/namespaces/default/pods",
      `${NS}/pods/web/shell`,
    ])
      expect(cluster.call("GET", path)).toEqual({
        kind: "text",
        code: 404,
        text: "404 page not found\n",
        mediaType: "text/plain; charset=utf-8",
      });
  });

  test("what cannot be done", () => {
    expect(cluster.refusal("POST", "/api/v1/pods", {})).toMatchObject({
      code: 405,
      reason: "MethodNotAllowed",
      message: "the server does not allow this method on the requested resource",
    });
    expect(cluster.refused("DELETE", "/api/v1/namespaces")).toBe(
      "405 the server does not allow this method on the requested resource",
    );
  });

  test("what is not there", () => {
    expect(cluster.refusal("GET", `${NS}/pods/none`)).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: 'pods "none" not found',
      reason: "NotFound",
      details: { name: "none", kind: "pods" },
      code: 404,
    });
    expect(cluster.refusal("GET", "/apis/apps/v1/namespaces/default/deployments/none")).toMatchObject({
      message: 'deployments.apps "none" not found',
      details: { name: "none", group: "apps", kind: "deployments" },
    });
    expect(cluster.refused("POST", "/api/v1/namespaces/nowhere/configmaps", { metadata: { name: "x" } })).toBe(
      '404 namespaces "nowhere" not found',
    );
  });

  test("forms of answers", () => {
    expect(cluster.refused("GET", `${NS}/pods`, undefined, { accept: "application/xml" })).toBe(
      "406 only the following media types are accepted: application/json, application/yaml",
    );
    const accept = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json";
    const list = cluster.ok<{ items: object[] }>("GET", "/api/v1/namespaces", undefined, { accept });
    expect(list).toMatchObject({ kind: "PartialObjectMetadataList", apiVersion: "meta.k8s.io/v1" });
    expect(Object.keys(list.items[0]!)).toEqual(["kind", "apiVersion", "metadata"]);
  });
});

describe("what is no resource", () => {
  test("the version", () => {
    expect(cluster.ok("GET", "/version")).toMatchObject({
      major: "1",
      minor: "33",
      gitVersion: "v1.33.1",
      platform: "linux/amd64",
    });
  });

  test.each(["/healthz", "/livez", "/readyz", "/healthz/etcd"])("%s", (path) => {
    expect(cluster.call("GET", path)).toMatchObject({ kind: "text", code: 200, text: "ok" });
  });

  test("health in many words, with what shall not count", () => {
    const text = (path: string): string[] => {
      const response = cluster.call("GET", path);
      return response.kind === "text" ? response.text.split("\n") : [];
    };
    const livez = text("/livez?verbose");
    expect([livez.slice(0, 4), livez.slice(-3)]).toEqual([
      ["[+]ping ok", "[+]log ok", "[+]etcd ok", "[+]poststarthook/start-apiserver-admission-initializer ok"],
      ["[+]poststarthook/apiservice-openapiv3-controller ok", "livez check passed", ""],
    ]);
    const readyz = text("/readyz?verbose&exclude=etcd&exclude=x");
    expect([readyz.slice(2, 5), readyz.slice(-4)]).toEqual([
      ["[+]etcd excluded: ok", "[+]etcd-readiness ok", "[+]informer-sync ok"],
      ["[+]shutdown ok", 'warn: some health checks cannot be excluded: no matches for "x"', "readyz check passed", ""],
    ]);
    expect(text("/livez/poststarthook/rbac/bootstrap-roles")).toEqual(["ok"]);
    expect(text("/livez/nothing")).toEqual(["404 page not found", ""]);
    expect(cluster.call("GET", "/debug/pprof/")).toMatchObject({
      code: 501,
      text: "drydock: kube-apiserver: '/debug/pprof/' is not simulated\n",
    });
    expect(cluster.call("GET", "/logs")).toMatchObject({ code: 404, text: "404 page not found\n" });
  });

  test("the paths that there are", () => {
    const response = cluster.call("GET", "/");
    const { paths } = JSON.parse(response.kind === "text" ? response.text : "") as { paths: string[] };
    expect(paths).toEqual(paths.toSorted());
    for (const path of ["/api/v1", "/apis/", "/apis/apps", "/apis/apps/v1", "/livez/etcd", "/version"])
      expect(paths).toContain(path);
  });

  test("health with etcd gone", () => {
    const sick = new TestCluster({ settings: { etcdError: () => "etcdserver: request timed out" }, bare: true });
    const response = sick.call("GET", "/readyz");
    expect(response).toMatchObject({ kind: "text", code: 500 });
    expect(response.kind === "text" && response.text).toContain("[-]etcd failed: reason withheld");
    expect(sick.refused("GET", "/api/v1/pods")).toBe("500 etcdserver: request timed out");
  });
});

describe("discovery", () => {
  test("the older form", () => {
    expect(cluster.ok("GET", "/api")).toEqual({
      kind: "APIVersions",
      versions: ["v1"],
      serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: "172.30.1.2:6443" }],
    });
    const groups = cluster.ok<{ groups: { name: string }[] }>("GET", "/apis");
    const order = [
      "apps",
      "events.k8s.io",
      "autoscaling",
      "batch",
      "policy",
      "coordination.k8s.io",
      "discovery.k8s.io",
    ];
    expect(groups.groups.map(({ name }) => name).filter((name) => order.includes(name))).toEqual(order);
    const { resources, groupVersion } = cluster.ok<{ groupVersion: string; resources: { name: string }[] }>(
      "GET",
      "/apis/apps/v1",
    );
    expect(groupVersion).toBe("apps/v1");
    expect(resources.map(({ name }) => name)).toEqual([
      "controllerrevisions",
      "daemonsets",
      "daemonsets/status",
      "deployments",
      "deployments/scale",
      "deployments/status",
      "replicasets",
      "replicasets/scale",
      "replicasets/status",
      "statefulsets",
      "statefulsets/scale",
      "statefulsets/status",
    ]);
    expect(resources.find(({ name }) => name === "deployments")).toEqual({
      name: "deployments",
      singularName: "deployment",
      namespaced: true,
      kind: "Deployment",
      verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
      shortNames: ["deploy"],
      categories: ["all"],
      storageVersionHash: "8aSe+NMegvE=",
    });
  });

  test("the newer form, by the Accept header", () => {
    const accept =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
    const core = cluster.ok<{
      items: { versions: { resources: { resource: string; subresources?: object[] }[] }[] }[];
    }>("GET", "/api", undefined, { accept });
    expect(core).toMatchObject({ kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2" });
    const pods = core.items[0]!.versions[0]!.resources.find(({ resource }) => resource === "pods");
    expect(pods).toMatchObject({
      responseKind: { group: "", version: "", kind: "Pod" },
      scope: "Namespaced",
      singularResource: "pod",
      shortNames: ["po"],
      categories: ["all"],
    });
    expect(pods!.subresources).toContainEqual({
      subresource: "eviction",
      responseKind: { group: "policy", version: "v1", kind: "Eviction" },
      verbs: ["create"],
    });
  });
});

describe("permissions", () => {
  test("are asked for", () => {
    const guarded = new TestCluster({
      settings: {
        authorize: ({ verb, user }) =>
          verb === "create" ? { allowed: true } : { allowed: false, reason: `not for ${user.name}` },
      },
    });
    expect(guarded.refusal("GET", `${NS}/pods`)).toMatchObject({
      code: 403,
      message: `pods is forbidden: User "kubernetes-admin" cannot list resource "pods" in API group "" in the namespace "default": not for kubernetes-admin`,
    });
  });
});
