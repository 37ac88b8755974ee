import { parse } from "yaml";
import { describe, expect, test } from "vitest";
import { SECOND } from "../../../kernel/index.ts";
import { CustomResourceDefinitionController } from "./index.ts";
import { TestCluster, told } from "../../kinds/testing.ts";
import { GATEWAY_CLASSES, HTTP_ROUTES } from "./testing-definitions.ts";

const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const CRONTABS = "/apis/stable.example.com/v1/namespaces/default/crontabs";
const MERGE = { contentType: "application/merge-patch+json" };

function withDefinition(definition: object): TestCluster {
  const cluster = new TestCluster();
  new CustomResourceDefinitionController({ api: cluster.api, active: () => true }).start();
  cluster.ok("POST", CRDS, definition);
  cluster.run(SECOND);
  return cluster;
}

const CRON_TABS = {
  metadata: { name: "crontabs.stable.example.com" },
  spec: {
    group: "stable.example.com",
    scope: "Namespaced",
    names: { plural: "crontabs", kind: "CronTab", shortNames: ["ct"], categories: ["all"] },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: {
          status: {},
          scale: {
            specReplicasPath: ".spec.replicas",
            statusReplicasPath: ".status.replicas",
            labelSelectorPath: ".status.selector",
          },
        },
        additionalPrinterColumns: [
          { name: "Spec", type: "string", jsonPath: ".spec.cronSpec", description: "The schedule" },
          { name: "Replicas", type: "integer", jsonPath: ".spec.replicas" },
          { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
          { name: "Since", type: "date", jsonPath: ".spec.since", priority: 1 },
          { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
        ],
        selectableFields: [{ jsonPath: ".spec.color" }],
        schema: {
          openAPIV3Schema: {
            type: "object",
            required: ["spec"],
            properties: {
              spec: {
                type: "object",
                required: ["cronSpec"],
                properties: {
                  cronSpec: { type: "string", pattern: "^(\\S+ ){4}\\S+$" },
                  image: { type: "string", minLength: 2, maxLength: 8 },
                  replicas: { type: "integer", minimum: 1, maximum: 10, default: 1 },
                  ratio: { type: "number", multipleOf: 0.5, exclusiveMaximum: true, maximum: 2 },
                  color: { type: "string", enum: ["red", "blue"], default: "red" },
                  port: { "x-kubernetes-int-or-string": true },
                  note: { type: "string", nullable: true },
                  plain: { type: "string" },
                  since: { type: "string", format: "date-time" },
                  address: { type: "string", format: "ipv4" },
                  tags: { type: "array", items: { type: "string" }, maxItems: 2, minItems: 1, "x-kubernetes-list-type": "set" },
                  labels: { type: "object", additionalProperties: { type: "string" }, maxProperties: 2 },
                  free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
                  object: { type: "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true },
                  rules: {
                    type: "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["name"],
                    items: {
                      type: "object",
                      required: ["name"],
                      properties: { name: { type: "string" }, weight: { type: "integer", default: 5 } },
                    },
                  },
                  either: {
                    type: "object",
                    properties: { a: { type: "string" }, b: { type: "string" } },
                    oneOf: [{ required: ["a"] }, { required: ["b"] }],
                  },
                },
              },
              status: {
                type: "object",
                properties: {
                  replicas: { type: "integer" },
                  selector: { type: "string" },
                  conditions: {
                    type: "array",
                    items: { type: "object", properties: { type: { type: "string" }, status: { type: "string" } } },
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
}; // prettier-ignore

const SPEC = { cronSpec: "* * * * */5" };
const cronTab = (spec: object = {}, metadata: object = {}): object => ({
  apiVersion: "stable.example.com/v1",
  kind: "CronTab",
  metadata: { name: "a", ...metadata },
  spec: { ...SPEC, ...spec },
});

describe("a custom resource", () => {
  test("gets defaults, loses what its schema does not know, and counts its generations", () => {
    const cluster = withDefinition(CRON_TABS);
    const made = cluster.ok("POST", CRONTABS, {
      ...cronTab({ unknown: 1, rules: [{ name: "x", y: 1 }], free: { a: { b: 1 } }, note: null, plain: null }),
      status: { replicas: 3 },
    });
    expect(made).toMatchObject({ metadata: { name: "a", generation: 1 } });
    expect(made["spec"]).toEqual({
      cronSpec: "* * * * */5",
      replicas: 1,
      color: "red",
      rules: [{ name: "x", weight: 5 }],
      free: { a: { b: 1 } },
      note: null,
    });
    expect(made["status"]).toBeUndefined();
    const patch = (body: object, part = ""): Record<string, unknown> =>
      cluster.ok("PATCH", `${CRONTABS}/a${part}`, body, MERGE);
    expect(patch({ metadata: { labels: { a: "b" } } })["metadata"]).toMatchObject({ generation: 1 });
    expect(patch({ spec: { replicas: 2 }, status: { replicas: 9 } })).toMatchObject({
      metadata: { generation: 2 },
      spec: { replicas: 2 },
    });
    const status = patch({ spec: { replicas: 7 }, status: { replicas: 2, selector: "app=x" } }, "/status");
    expect(status).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 2 }, status: { replicas: 2 } });
    expect(cluster.ok("GET", `${CRONTABS}/a/scale`)).toMatchObject({
      kind: "Scale",
      apiVersion: "autoscaling/v1",
      spec: { replicas: 2 },
      status: { replicas: 2, selector: "app=x" },
    });
    cluster.ok("PATCH", `${CRONTABS}/a/scale`, { spec: { replicas: 4 } }, MERGE);
    expect(cluster.ok("GET", `${CRONTABS}/a`)).toMatchObject({ metadata: { generation: 3 }, spec: { replicas: 4 } });
  });

  test("tells unknown fields", () => {
    const cluster = withDefinition(CRON_TABS);
    const body = cronTab({ image_: "x", rules: [{ name: "a", y: 1 }] }, { labelz: {} });
    expect(cluster.refused("POST", `${CRONTABS}?fieldValidation=Strict`, body)).toBe(
      '400 CronTab in version "v1" cannot be handled as a CronTab: strict decoding error: unknown field "metadata.labelz", unknown field "spec.image_", unknown field "spec.rules[0].y"',
    );
    expect(cluster.warnings("POST", `${CRONTABS}?fieldValidation=Warn`, body)).toEqual([
      'unknown field "metadata.labelz"',
      'unknown field "spec.image_"',
      'unknown field "spec.rules[0].y"',
    ]);
  });

  describe("is refused", () => {
    const cluster = withDefinition(CRON_TABS);
    const refused = (spec: object): string =>
      cluster.refused("POST", CRONTABS, cronTab(spec)).replace('422 CronTab.stable.example.com "a" is invalid: ', "");
    test.each<[object, string]>([
      [{ replicas: "3" }, '[spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string", .spec.replicas: Invalid value: 0: .spec.replicas accessor error: 3 is of the type string, expected int64]'],
      [{ plain: 3 }, 'spec.plain: Invalid value: "integer": spec.plain in body must be of type string: "integer"'],
      [{ replicas: 1.5 }, '[spec.replicas: Invalid value: "number": spec.replicas in body must be of type integer: "number", .spec.replicas: Invalid value: 0: .spec.replicas accessor error: 1.5 is of the type float64, expected int64]'],
      [{ replicas: 0 }, "spec.replicas: Invalid value: 0: spec.replicas in body should be greater than or equal to 1"],
      [{ replicas: 11 }, "spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10"],
      [{ ratio: 2 }, "spec.ratio: Invalid value: 2: spec.ratio in body should be less than 2"],
      [{ ratio: 0.3 }, "spec.ratio: Invalid value: 0.3: spec.ratio in body should be a multiple of 0.5"],
      [{ cronSpec: "x" }, "spec.cronSpec: Invalid value: \"x\": spec.cronSpec in body should match '^(\\S+ ){4}\\S+$'"],
      [{ cronSpec: undefined }, "spec.cronSpec: Required value"],
      [{ color: "green" }, 'spec.color: Unsupported value: "green": supported values: "red", "blue"'],
      [{ image: "x" }, 'spec.image: Invalid value: "x": spec.image in body should be at least 2 chars long'],
      [{ image: "123456789" }, "spec.image: Too long: may not be more than 8 bytes"],
      [{ port: true }, 'spec.port: Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean"'],
      [{ address: "10.0.0" }, 'spec.address: Invalid value: "10.0.0": spec.address in body must be of type ipv4: "10.0.0"'],
      [{ since: "now" }, 'spec.since: Invalid value: "now": spec.since in body must be of type date-time: "now"'],
      [{ tags: [] }, "spec.tags: Invalid value: 0: spec.tags in body should have at least 1 items"],
      [{ tags: ["a", "b", "c"] }, "spec.tags: Too many: 3: must have at most 2 items"],
      [{ tags: ["a", "a"] }, 'spec.tags[1]: Duplicate value: "a"'],
      [{ labels: { a: 1 } }, 'spec.labels.a: Invalid value: "integer": spec.labels.a in body must be of type string: "integer"'],
      [{ labels: { a: "", b: "", c: "" } }, "spec.labels: Too many: 3: must have at most 2 items"],
      [{ rules: [{ weight: 1 }] }, "spec.rules[0].name: Required value"],
      [{ rules: [{ name: "x" }, { name: "x" }] }, 'spec.rules[1]: Duplicate value: map[string]interface {}{"name":"x"}'],
      [{ object: { kind: "x" } }, "spec.object.apiVersion: Required value"],
      [{ either: { a: "1", b: "2" } }, '<nil>: Invalid value: "": "spec.either" must validate one and only one schema (oneOf). Found 2 valid alternatives'],
      [{ either: {} }, '[<nil>: Invalid value: "": "spec.either" must validate one and only one schema (oneOf). Found none valid, spec.either.a: Required value]'],
      [{ rules: "x" }, 'spec.rules: Invalid value: "string": spec.rules in body must be of type array: "string"'],
    ])("%j", (spec, expected) => expect(refused(spec)).toBe(expected)); // prettier-ignore

    test("without a spec, or under another name", () => {
      expect(cluster.refused("POST", CRONTABS, { metadata: { name: "b" } })).toBe(
        '422 CronTab.stable.example.com "b" is invalid: spec: Required value',
      );
      expect(cluster.refused("POST", CRONTABS, { ...cronTab(), apiVersion: "stable.example.com/v2" })).toBe(
        "400 the API version in the data (stable.example.com/v2) does not match the expected API version (stable.example.com/v1)",
      );
    });

    test("a change that says nothing of what it found", () => {
      cluster.ok("POST", CRONTABS, cronTab({}, { name: "c" }));
      const { metadata, ...rest } = cluster.ok<{ metadata: object }>("GET", `${CRONTABS}/c`);
      const put = { ...rest, metadata: { ...metadata, resourceVersion: undefined } };
      expect(cluster.refused("PUT", `${CRONTABS}/c`, put)).toBe(
        '422 CronTab.stable.example.com "c" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update',
      );
      const strategic = { contentType: "application/strategic-merge-patch+json" };
      expect(cluster.refused("PATCH", `${CRONTABS}/c`, {}, strategic)).toBe(
        "415 the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
      );
      const operations = [{ op: "replace", path: "/spec/replicas", value: 5 }];
      const patched = cluster.ok("PATCH", `${CRONTABS}/c`, operations, { contentType: "application/json-patch+json" });
      expect(patched).toMatchObject({ spec: { replicas: 5 }, metadata: { generation: 2 } });
    });
  });

  test("is printed by the columns of its definition, and found by its fields", () => {
    const cluster = withDefinition(CRON_TABS);
    cluster.ok("POST", CRONTABS, cronTab({ since: "2026-11-21T09:00:00Z" }));
    cluster.ok("POST", CRONTABS, cronTab({ color: "blue" }, { name: "b" }));
    cluster.ok("PATCH", `${CRONTABS}/a/status`, { status: { conditions: [{ type: "X", status: "False" }, { type: "Ready", status: "True" }] } }, MERGE); // prettier-ignore
    const { columnDefinitions, rows } = cluster.table(CRONTABS);
    expect(columnDefinitions!.map(({ name, type, priority, description }) => [name, type, priority, description])).toEqual([
      ["Name", "string", 0, ""],
      ["Spec", "string", 0, "The schedule"],
      ["Replicas", "integer", 0, "Custom resource definition column (in JSONPath format): .spec.replicas"],
      ["Ready", "string", 0, 'Custom resource definition column (in JSONPath format): .status.conditions[?(@.type=="Ready")].status'],
      ["Since", "date", 1, "Custom resource definition column (in JSONPath format): .spec.since"],
      ["Age", "date", 0, "Custom resource definition column (in JSONPath format): .metadata.creationTimestamp"],
    ]); // prettier-ignore
    expect(rows.map(({ cells }) => cells)).toEqual([
      ["a", "* * * * */5", 1, "True", "60m", "0s"],
      ["b", "* * * * */5", 1, null, null, "0s"],
    ]);
    const found = cluster.ok<{ items: { metadata: { name: string } }[] }>("GET", `${CRONTABS}?fieldSelector=spec.color%3Dblue`); // prettier-ignore
    expect(found.items.map(({ metadata }) => metadata.name)).toEqual(["b"]);
    expect(cluster.refused("GET", `${CRONTABS}?fieldSelector=spec.image%3Dx`)).toBe(
      "400 field label not supported: spec.image",
    );
    const { events } = cluster.watch(`${CRONTABS}?watch=1&fieldSelector=spec.color%3Dblue`);
    cluster.ok("PATCH", `${CRONTABS}/a`, { spec: { color: "blue" } }, MERGE);
    cluster.ok("PATCH", `${CRONTABS}/b`, { spec: { color: "red" } }, MERGE);
    expect(told(events)).toEqual(["ADDED b", "ADDED a", "DELETED b"]);
  });

  test("is served in every version of its definition, and warns of old ones", () => {
    const [v1] = CRON_TABS.spec.versions;
    const old = { ...v1, name: "v1beta1", storage: false, deprecated: true, schema: { openAPIV3Schema: { type: "object", properties: { spec: { type: "object", properties: { cronSpec: { type: "string" }, extra: { type: "string", default: "x" } } } } } } }; // prettier-ignore
    const { selectableFields: _, ...beta } = old;
    const cluster = withDefinition({ ...CRON_TABS, spec: { ...CRON_TABS.spec, versions: [v1, beta] } });
    cluster.ok("POST", CRONTABS, cronTab());
    const url = CRONTABS.replace("/v1/", "/v1beta1/");
    const shown = cluster.ok("GET", `${url}/a`);
    expect(shown["apiVersion"]).toBe("stable.example.com/v1beta1");
    // What is read has the defaults of the stored version, not those of this one.
    expect(shown["spec"]).toEqual({ cronSpec: "* * * * */5" });
    expect(cluster.warnings("GET", url)).toEqual([
      "stable.example.com/v1beta1 CronTab is deprecated; use stable.example.com/v1 CronTab",
    ]);
    expect(cluster.ok<{ versions: object[] }>("GET", "/apis/stable.example.com").versions).toEqual([
      { groupVersion: "stable.example.com/v1", version: "v1" },
      { groupVersion: "stable.example.com/v1beta1", version: "v1beta1" },
    ]);
  });

  test("may keep what was wrong with it before its schema was", () => {
    const cluster = withDefinition(CRON_TABS);
    cluster.ok("POST", CRONTABS, cronTab({ image: "12345678" }));
    cluster.ok("PATCH", `${CRDS}/crontabs.stable.example.com`, [{ op: "replace", path: "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/image/maxLength", value: 4 }], { contentType: "application/json-patch+json" }); // prettier-ignore
    cluster.run(SECOND);
    expect(cluster.ok("PATCH", `${CRONTABS}/a`, { spec: { replicas: 2 } }, MERGE)).toMatchObject({
      spec: { replicas: 2 },
    });
    expect(cluster.refused("PATCH", `${CRONTABS}/a`, { spec: { image: "54321" } }, MERGE)).toBe(
      '422 CronTab.stable.example.com "a" is invalid: spec.image: Too long: may not be more than 4 bytes',
    );
  });
});

describe("published definitions", () => {
  test("GatewayClass: immutable by a rule, with a default status and columns from conditions", () => {
    const cluster = withDefinition(parse(GATEWAY_CLASSES) as object);
    const url = "/apis/gateway.networking.k8s.io/v1/gatewayclasses";
    const made = cluster.ok("POST", url, {
      metadata: { name: "nginx" },
      spec: { controllerName: "example.net/gateway" },
    });
    expect(made["status"]).toEqual({
      conditions: [
        {
          lastTransitionTime: "1970-01-01T00:00:00Z",
          message: "Waiting for controller",
          reason: "Pending",
          status: "Unknown",
          type: "Accepted",
        },
      ],
    });
    expect(cluster.cells(url)).toEqual({
      Name: "nginx", Controller: "example.net/gateway", Accepted: "Unknown", Age: "0s", Description: null,
    }); // prettier-ignore
    expect(cluster.refused("PATCH", `${url}/nginx`, { spec: { controllerName: "other.net/x" } }, MERGE)).toBe(
      '422 GatewayClass.gateway.networking.k8s.io "nginx" is invalid: spec.controllerName: Invalid value: "string": Value is immutable',
    );
    expect(cluster.ok<{ status: { conditions: { type: string }[] } }>("GET", `${CRDS}/gatewayclasses.gateway.networking.k8s.io`).status.conditions).toMatchObject([
      { type: "KubernetesAPIApprovalPolicyConformant", status: "True", reason: "ApprovedAnnotation" },
      { type: "NamesAccepted", status: "True" },
      { type: "Established", status: "True" },
    ]); // prettier-ignore
  });

  test("HTTPRoute: defaults, and rules on filters, matches and paths", () => {
    const cluster = withDefinition(parse(HTTP_ROUTES) as object);
    const url = "/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes";
    const route = (rules: object[]): object => ({
      metadata: { name: "r" },
      spec: { parentRefs: [{ name: "gw" }], rules },
    });
    const made = cluster.ok<{ spec: object }>("POST", url, {
      ...route([{ matches: [{ path: { value: "/app" } }], backendRefs: [{ name: "web", port: 80 }] }]),
      metadata: { name: "ok" },
    });
    expect(made.spec).toEqual({
      parentRefs: [{ name: "gw", group: "gateway.networking.k8s.io", kind: "Gateway" }],
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: "/app" } }],
          backendRefs: [{ name: "web", port: 80, group: "", kind: "Service", weight: 1 }],
        },
      ],
    });
    expect(cluster.ok("POST", url, { ...route([{}]), metadata: { name: "bare" } })).toMatchObject({
      spec: { rules: [{ matches: [{ path: { type: "PathPrefix", value: "/" } }] }] },
    });
    const refused = (rules: object[]): string =>
      cluster
        .refused("POST", url, route(rules))
        .replace('422 HTTPRoute.gateway.networking.k8s.io "r" is invalid: ', "");
    expect(refused([{ matches: [{ path: { value: "app" } }] }])).toBe(
      "spec.rules[0].matches[0].path: Invalid value: \"object\": value must be an absolute path and start with '/' when type one of ['Exact', 'PathPrefix']",
    );
    expect(refused([{ backendRefs: [{ name: "web" }] }])).toBe(
      'spec.rules[0].backendRefs[0]: Invalid value: "object": Must have port for Service reference',
    );
    expect(
      refused([{ filters: [{ type: "RequestRedirect", requestRedirect: { statusCode: 301 } }], backendRefs: [{ name: "web", port: 80 }] }]),
    ).toBe('spec.rules[0]: Invalid value: "object": RequestRedirect filter must not be used together with backendRefs'); // prettier-ignore
    expect(refused([{ filters: [{ type: "RequestRedirect" }] }])).toBe(
      'spec.rules[0].filters[0]: Invalid value: "object": filter.requestRedirect must be specified for RequestRedirect filter.type',
    );
    expect(refused([{ matches: [{ path: { type: "Glob", value: "/" } }] }])).toBe(
      '[spec.rules[0].matches[0].path.type: Unsupported value: "Glob": supported values: "Exact", "PathPrefix", "RegularExpression", <nil>: Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]',
    );
  });
});
