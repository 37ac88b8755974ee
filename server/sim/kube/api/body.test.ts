import { describe, expect, test } from "vitest";
import { TestCluster } from "../kinds/testing.ts";

const cluster = new TestCluster();
const NS = "/api/v1/namespaces/default";
const DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
const strict = "?fieldValidation=Strict&dryRun=All";

const pod = (spec: object = {}): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web" },
  spec: { containers: [{ name: "c", image: "nginx" }], ...spec },
});

describe("strict fields", () => {
  test("unknown ones are told with their paths, in their order", () => {
    const body = {
      ...pod({ foo: 1, containers: [{ name: "c", image: "x", imagee: "y", ports: [{ port: 80 }] }] }),
      spec2: {},
    };
    expect(cluster.refused("POST", `${NS}/pods${strict}`, body)).toBe(
      `400 Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.containers[0].imagee", unknown field "spec.containers[0].ports[0].port", unknown field "spec.foo", unknown field "spec2"`,
    );
  });

  test("duplicates are told after them", () => {
    const body = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"data":{"a":"1","a":"2"},"foo":1}`;
    expect(cluster.refused("POST", `${NS}/configmaps${strict}`, body)).toBe(
      `400 ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "foo", duplicate field "data.a"`,
    );
  });

  test("without Strict they are warnings, with Ignore nothing", () => {
    const body = { metadata: { name: "x" }, dataa: {}, data: {} };
    expect(cluster.warnings("POST", `${NS}/configmaps?dryRun=All`, body)).toEqual([`unknown field "dataa"`]);
    expect(cluster.warnings("POST", `${NS}/configmaps?dryRun=All&fieldValidation=Warn`, body)).toEqual([
      `unknown field "dataa"`,
    ]);
    expect(cluster.warnings("POST", `${NS}/configmaps?dryRun=All&fieldValidation=Ignore`, body)).toEqual([]);
    expect(cluster.refused("POST", `${NS}/configmaps?fieldValidation=Maybe`, body)).toBe(
      `422 CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Maybe": supported values: "", "Ignore", "Strict", "Warn"`,
    );
  });

  test("names are case-sensitive", () => {
    expect(cluster.refused("POST", `${NS}/pods${strict}`, pod({ hostnetwork: true }))).toContain(
      `unknown field "spec.hostnetwork"`,
    );
  });
});

describe("types", () => {
  test.each<[string, string, object, string]>([
    [
      "text for a number",
      `${NS}/services`,
      { apiVersion: "v1", kind: "Service", metadata: { name: "x" }, spec: { ports: [{ port: "eighty" }] } },
      `Service in version "v1" cannot be handled as a Service: json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32`,
    ],
    [
      "a number for text",
      `${NS}/configmaps`,
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x" }, data: { a: 1 } },
      `ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string`,
    ],
    [
      "a list for a structure",
      DEPLOYMENTS,
      { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "x" }, spec: [] },
      `Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal array into Go struct field Deployment.spec of type v1.DeploymentSpec`,
    ],
    [
      "a structure for a list",
      `${NS}/pods`,
      pod({ containers: { name: "c" } }),
      `Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container`,
    ],
    [
      "text for a truth",
      `${NS}/pods`,
      pod({ hostNetwork: "yes" }),
      `Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool`,
    ],
    [
      "half a number",
      DEPLOYMENTS,
      { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "x" }, spec: { replicas: 1.5 } },
      `Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32`,
    ],
    [
      "a quantity that is none",
      `${NS}/pods`,
      pod({ containers: [{ name: "c", image: "x", resources: { limits: { memory: "64MB" } } }] }),
      `Pod in version "v1" cannot be handled as a Pod: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
    ],
    [
      "data that is not base64",
      `${NS}/secrets`,
      { apiVersion: "v1", kind: "Secret", metadata: { name: "x" }, data: { a: "plain text" } },
      `Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 5`,
    ],
    [
      "a time that is none",
      `${NS}/pods`,
      { ...pod(), metadata: { name: "x", creationTimestamp: "yesterday" } },
      `Pod in version "v1" cannot be handled as a Pod: parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"`,
    ],
  ])("%s", (_, url, body, text) => expect(cluster.refused("POST", url, body)).toBe(`400 ${text}`));
});

describe("kind and version", () => {
  test("may be left out", () => {
    expect(cluster.ok("POST", `${NS}/configmaps?dryRun=All`, { metadata: { name: "x" } })).toMatchObject({
      kind: "ConfigMap",
      apiVersion: "v1",
    });
  });

  test("must fit", () => {
    expect(cluster.refused("POST", `${NS}/pods`, { apiVersion: "v1", kind: "Podd" })).toBe(
      `400 Podd in version "v1" cannot be handled as a Pod: no kind "Podd" is registered for version "v1" in scheme "pkg/api/legacyscheme/scheme.go:30"`,
    );
    expect(cluster.refused("POST", DEPLOYMENTS, { apiVersion: "extensions/v1beta1", kind: "Deployment" })).toContain(
      `no kind "Deployment" is registered for version "extensions/v1beta1" in scheme`,
    );
    expect(cluster.refused("POST", DEPLOYMENTS, { apiVersion: "v1", kind: "Pod" })).toBe(
      "400 the API version in the data (v1) does not match the expected API version (apps/v1)",
    );
  });

  test("a body that is no JSON", () => {
    expect(cluster.refused("POST", `${NS}/pods`, "{bad")).toBe(
      `400 the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: invalid character 'b' looking for beginning of object key string ({bad)`,
    );
    expect(cluster.refused("POST", `${NS}/pods`, "x", { contentType: "text/plain" })).toBe(
      "415 the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf",
    );
  });

  test("YAML is understood", () => {
    const yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  a: 'yes'\n";
    const made = cluster.ok("POST", `${NS}/configmaps`, yaml, { contentType: "application/yaml" });
    expect(made).toMatchObject({ data: { a: "yes" } });
  });
});

describe("what is stored", () => {
  test("has no empty fields that Go would leave out, and quantities in their canonical form", () => {
    const { spec } = cluster.ok<{ spec: Record<string, never> }>(
      "POST",
      `${NS}/pods`,
      pod({
        nodeSelector: {},
        hostname: "",
        volumes: null,
        terminationGracePeriodSeconds: 0,
        automountServiceAccountToken: false,
        containers: [
          {
            name: "c",
            image: "x:1",
            env: [{ name: "A", value: "" }],
            resources: { limits: { cpu: 0.5, memory: "1024Mi" } },
          },
        ],
      }),
    );
    expect(spec).toMatchObject({ terminationGracePeriodSeconds: 0, automountServiceAccountToken: false });
    expect(Object.keys(spec)).not.toEqual(expect.arrayContaining(["nodeSelector"]));
    expect(["nodeSelector", "hostname", "volumes"].filter((name) => name in spec)).toEqual([]);
    expect(spec["containers"]).toMatchObject([
      {
        env: [{ name: "A" }],
        resources: { limits: { cpu: "500m", memory: "1Gi" }, requests: { cpu: "500m", memory: "1Gi" } },
      },
    ]);
  });
});
