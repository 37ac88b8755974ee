import { expect, test } from "vitest";
import { KINDS } from "../../kinds/index.ts";
import { Registry } from "../registry.ts";
import { openApi } from "./index.ts";
import { openApiV2 } from "./v2.ts";

const registry = new Registry(KINDS);

interface Document {
  readonly paths: Record<string, Record<string, { readonly operationId: string }>>;
  readonly components: { readonly schemas: Record<string, object> };
}

const document = (prefix: string): Document => openApi(registry, `/openapi/v3/${prefix}`) as Document;

test("the index names each group-version, with a hash that follows its kinds", () => {
  const index = openApi(registry, "/openapi/v3") as { paths: Record<string, { serverRelativeURL: string }> };
  expect(Object.keys(index.paths)).toEqual(expect.arrayContaining(["api/v1", "apis/apps/v1"]));
  expect(index.paths["apis/apps/v1"]!.serverRelativeURL).toMatch(/^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{128}$/);
  const fewer = new Registry(KINDS.filter(({ kind }) => kind !== "ReplicaSet"));
  expect(openApi(fewer, "/openapi/v3")).not.toEqual(index);
  expect(openApi(registry, "/openapi/v3/apis/nope/v1")).toBeUndefined();
  expect(openApi(registry, "/openapi/v2")).toBeUndefined();
});

test("every reference of every document leads to a schema", () => {
  const index = openApi(registry, "/openapi/v3") as { paths: Record<string, unknown> };
  for (const prefix of Object.keys(index.paths)) {
    const { schemas } = document(prefix).components;
    for (const [, name] of JSON.stringify(document(prefix)).matchAll(/"#\/components\/schemas\/([^"]+)"/g))
      expect(schemas).toHaveProperty([name!]);
  }
});

test("a schema says what the real one says", () => {
  const { schemas } = document("api/v1").components;
  expect(schemas["io.k8s.api.core.v1.ContainerPort"]).toEqual({
    description: "ContainerPort represents a network port in a single container.",
    type: "object",
    required: ["containerPort"],
    properties: {
      containerPort: {
        description:
          "Number of port to expose on the pod's IP address. This must be a valid port number, 0 < x < 65536.",
        type: "integer",
        format: "int32",
        default: 0,
      },
      hostIP: { description: "What host IP to bind the external port to.", type: "string" },
      hostPort: {
        description:
          "Number of port to expose on the host. If specified, this must be a valid port number, 0 < x < 65536. If HostNetwork is specified, this must match ContainerPort. Most containers do not need this.",
        type: "integer",
        format: "int32",
      },
      name: {
        description:
          "If specified, this must be an IANA_SVC_NAME and unique within the pod. Each named port in a pod must have a unique name. Name for the port that can be referred to by services.",
        type: "string",
      },
      protocol: {
        description:
          'Protocol for port. Must be UDP, TCP, or SCTP. Defaults to "TCP".\n\nPossible enum values:\n - `"SCTP"` is the SCTP protocol.\n - `"TCP"` is the TCP protocol.\n - `"UDP"` is the UDP protocol.',
        type: "string",
        enum: ["SCTP", "TCP", "UDP"],
      },
    },
  });
  expect(schemas["io.k8s.api.core.v1.Pod"]).toMatchObject({
    "x-kubernetes-group-version-kind": [{ group: "", kind: "Pod", version: "v1" }],
  });
  expect(schemas["io.k8s.api.core.v1.PodSpec"]).toMatchObject({
    required: ["containers"],
    properties: {
      containers: {
        type: "array",
        items: { default: {}, allOf: [{ $ref: "#/components/schemas/io.k8s.api.core.v1.Container" }] },
        "x-kubernetes-patch-merge-key": "name",
        "x-kubernetes-patch-strategy": "merge",
      },
    },
  });
});

test("paths have the real operations", () => {
  const { paths } = document("api/v1");
  const ids = (path: string): unknown =>
    Object.fromEntries(Object.entries(paths[path] ?? {}).map(([method, { operationId }]) => [method, operationId]));
  expect(ids("/api/v1/pods")).toEqual({ get: "listCoreV1PodForAllNamespaces", parameters: undefined });
  expect(ids("/api/v1/namespaces/{namespace}/pods/{name}")).toEqual({
    get: "readCoreV1NamespacedPod",
    put: "replaceCoreV1NamespacedPod",
    patch: "patchCoreV1NamespacedPod",
    delete: "deleteCoreV1NamespacedPod",
    parameters: undefined,
  });
  expect(ids("/api/v1/namespaces/{namespace}/pods")).toMatchObject({
    get: "listCoreV1NamespacedPod",
    post: "createCoreV1NamespacedPod",
    delete: "deleteCoreV1CollectionNamespacedPod",
  });
  expect(ids("/api/v1/namespaces/{namespace}/pods/{name}/binding")).toMatchObject({
    post: "createCoreV1NamespacedPodBinding",
  });
});

test("the older form says the same in one document", () => {
  const made = openApiV2(registry, "/openapi/v2", "application/json, */*");
  if (made?.kind !== "object") throw new Error("no document");
  const { swagger, paths, definitions } = made.object as Record<string, Record<string, Record<string, unknown>>>;
  expect(swagger).toBe("2.0");
  expect(definitions!["io.k8s.api.core.v1.ServicePort"]!["properties"]).toMatchObject({
    targetPort: { $ref: "#/definitions/io.k8s.apimachinery.pkg.util.intstr.IntOrString" },
    port: { type: "integer", format: "int32" },
  });
  expect(definitions!["io.k8s.apimachinery.pkg.util.intstr.IntOrString"]).toMatchObject({
    type: "string",
    format: "int-or-string",
  });
  expect(paths!["/api/v1/namespaces/{namespace}/pods"]!["post"]).toMatchObject({
    operationId: "createCoreV1NamespacedPod",
    consumes: ["*/*"],
    parameters: [
      { name: "body", in: "body", required: true, schema: { $ref: "#/definitions/io.k8s.api.core.v1.Pod" } },
      { name: "dryRun", in: "query", type: "string", uniqueItems: true },
      {},
      {},
    ],
    responses: { 200: { description: "OK", schema: { $ref: "#/definitions/io.k8s.api.core.v1.Pod" } } },
  });
  const text = JSON.stringify(made.object);
  const missing = [...new Set(text.match(/#\/definitions\/[\w.-]+/g))].filter(
    (name) => !definitions![name.slice("#/definitions/".length)],
  );
  expect([missing, text.includes("components/schemas"), text.includes('"oneOf":[')]).toEqual([[], false, false]);
  expect(openApiV2(registry, "/openapi/v2", "")).toEqual(made);
});
