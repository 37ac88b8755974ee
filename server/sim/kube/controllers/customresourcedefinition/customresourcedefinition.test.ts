import { describe, expect, test } from "vitest";
import { MILLISECOND, SECOND } from "../../../kernel/index.ts";
import { restoreTestKernel } from "../../../kernel/testing.ts";
import type { CustomResourceDefinition } from "../../api/index.ts";
import { TestCluster, told, type TestClusterOptions } from "../../kinds/testing.ts";
import { CustomResourceDefinitionController } from "./index.ts";

const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const CRONTABS = "/apis/stable.example.com/v1/namespaces/default/crontabs";
const MERGE = { contentType: "application/merge-patch+json" };

/** A server with the controller that is a part of it. */
class Definitions extends TestCluster {
  readonly controller: CustomResourceDefinitionController;

  constructor(options: TestClusterOptions = {}) {
    super(options);
    this.controller = new CustomResourceDefinitionController({ api: this.api, active: () => true });
    this.controller.start();
  }

  define(change: object = {}, version: object = {}): void {
    this.ok("POST", CRDS, definition(change, version));
    this.run(SECOND);
  }

  conditions(name = "crontabs.stable.example.com"): string[] {
    const { status } = this.ok<CustomResourceDefinition>("GET", `${CRDS}/${name}`);
    return status.conditions!.map(
      ({ type, status: value, reason, message }) => `${type}=${value} ${reason}: ${message}`,
    );
  }
}

const SPEC_SCHEMA = {
  type: "object",
  properties: { cronSpec: { type: "string" }, image: { type: "string" }, replicas: { type: "integer" } },
};

function definition(change: object = {}, version: object = {}): object {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "crontabs.stable.example.com" },
    spec: {
      group: "stable.example.com",
      scope: "Namespaced",
      names: { plural: "crontabs", singular: "crontab", kind: "CronTab", shortNames: ["ct"] },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { spec: SPEC_SCHEMA } } },
          ...version,
        },
      ],
      ...change,
    },
  };
}

const cronTab = (spec: object, name = "my-crontab"): object => ({
  apiVersion: "stable.example.com/v1",
  kind: "CronTab",
  metadata: { name },
  spec,
});

describe("a definition", () => {
  test("is accepted and established, and its kind is served then", () => {
    const cluster = new Definitions();
    expect(cluster.call("GET", CRONTABS)).toMatchObject({ kind: "text", code: 404 });
    const created = cluster.ok<CustomResourceDefinition>("POST", CRDS, definition());
    expect(created.status).toEqual({
      conditions: null,
      acceptedNames: { plural: "", kind: "" },
      storedVersions: ["v1"],
    });
    expect(created.spec.names).toEqual({
      plural: "crontabs", singular: "crontab", kind: "CronTab", shortNames: ["ct"], listKind: "CronTabList",
    }); // prettier-ignore
    expect(created.spec.conversion).toEqual({ strategy: "None" });
    cluster.run(10 * MILLISECOND);
    expect(cluster.conditions()).toEqual([
      "NamesAccepted=True NoConflicts: no conflicts found",
      "Established=True InitialNamesAccepted: the initial names have been accepted",
    ]);
    expect(cluster.ok("GET", CRONTABS)).toMatchObject({
      kind: "CronTabList",
      apiVersion: "stable.example.com/v1",
      items: [],
    });
    expect(cluster.ok("GET", "/apis/stable.example.com/v1")).toMatchObject({
      resources: [{ name: "crontabs", singularName: "crontab", kind: "CronTab", shortNames: ["ct"] }],
    });
    expect(cluster.ok("GET", "/apis/stable.example.com")).toMatchObject({
      name: "stable.example.com",
      preferredVersion: { groupVersion: "stable.example.com/v1", version: "v1" },
    });
  });

  test("that wants the names of another waits for them", () => {
    const cluster = new Definitions();
    cluster.define();
    const other = definition({
      names: { plural: "crons", singular: "cron", kind: "CronTab", shortNames: ["ct"] },
    }) as { metadata: object };
    other.metadata = { name: "crons.stable.example.com" };
    cluster.ok("POST", CRDS, other);
    cluster.run(SECOND);
    expect(cluster.conditions("crons.stable.example.com")).toEqual([
      'NamesAccepted=False ListKindConflict: "CronTabList" is already in use',
      "Established=False NotAccepted: not all names are accepted",
    ]);
    cluster.ok("DELETE", `${CRDS}/crontabs.stable.example.com`);
    cluster.run(SECOND);
    expect(cluster.conditions("crons.stable.example.com")).toEqual([
      "NamesAccepted=True NoConflicts: no conflicts found",
      "Established=True InitialNamesAccepted: the initial names have been accepted",
    ]);
  });

  test("takes its objects with it", () => {
    const cluster = new Definitions();
    cluster.define();
    cluster.ok("POST", CRONTABS, cronTab({ image: "a" }));
    const { events } = cluster.watch(`${CRONTABS}?watch=1&resourceVersion=${cluster.api.store.revision}`);
    const answer = cluster.ok<CustomResourceDefinition>("DELETE", `${CRDS}/crontabs.stable.example.com`);
    expect(answer.metadata).toMatchObject({
      deletionTimestamp: "2026-11-21T10:00:01Z",
      finalizers: ["customresourcecleanup.apiextensions.k8s.io"],
    });
    expect(cluster.refused("POST", CRONTABS, cronTab({}, "late"))).toBe(
      "405 create not allowed while custom resource definition is terminating",
    );
    cluster.run(SECOND);
    expect(told(events)).toEqual(["DELETED my-crontab"]);
    expect(cluster.refused("GET", `${CRDS}/crontabs.stable.example.com`)).toBe(
      '404 customresourcedefinitions.apiextensions.k8s.io "crontabs.stable.example.com" not found',
    );
    expect(cluster.call("GET", CRONTABS)).toMatchObject({ kind: "text", code: 404 });
  });

  test("waits for objects that something holds", () => {
    const cluster = new Definitions();
    cluster.define();
    const held = cronTab({}) as { metadata: object };
    held.metadata = { name: "held", finalizers: ["example.com/hold"] };
    cluster.ok("POST", CRONTABS, held);
    cluster.ok("DELETE", `${CRDS}/crontabs.stable.example.com`);
    cluster.run(20 * SECOND);
    expect(cluster.conditions().at(-1)).toBe(
      "Terminating=True InstanceDeletionInProgress: CustomResource deletion is in progress",
    );
    cluster.ok("PATCH", `${CRONTABS}/held`, { metadata: { finalizers: null } }, MERGE);
    cluster.run(6 * SECOND);
    expect(cluster.call("GET", `${CRDS}/crontabs.stable.example.com`)).toMatchObject({ code: 404 });
  });

  test("and its kind survive a restore", () => {
    const cluster = new Definitions();
    cluster.define();
    cluster.ok("POST", CRONTABS, cronTab({ image: "a" }));
    for (const kernel of [cluster.kernel.fork(), restoreTestKernel(cluster.kernel.snapshot())]) {
      const again = new Definitions({ kernel, bare: true });
      expect(again.ok("GET", `${CRONTABS}/my-crontab`)).toEqual(cluster.ok("GET", `${CRONTABS}/my-crontab`));
      again.ok("DELETE", `${CRDS}/crontabs.stable.example.com`);
      again.run(SECOND);
      expect(again.call("GET", CRONTABS)).toMatchObject({ kind: "text", code: 404 });
    }
    expect(cluster.ok<{ items: object[] }>("GET", CRONTABS).items).toHaveLength(1);
  });
});

describe("a definition is refused", () => {
  const cluster = new Definitions();
  const refusals = (body: object): string[] => {
    const { message, details } = cluster.refusal("POST", CRDS, body);
    return details?.causes?.map(({ field, message: text }) => `${field}: ${text}`) ?? [message];
  };
  const schema = (openAPIV3Schema: object): object => definition({}, { schema: { openAPIV3Schema } });
  const spec = (properties: object): object =>
    schema({ type: "object", properties: { spec: { type: "object", properties } } });
  const AT = "spec.validation.openAPIV3Schema";

  test.each<[string, object, string[]]>([
    [
      "for its name",
      { ...definition(), metadata: { name: "x.stable.example.com" } },
      ['metadata.name: Invalid value: "x.stable.example.com": must be spec.names.plural+"."+spec.group'],
    ],
    [
      "without a schema",
      definition({}, { schema: undefined }),
      ["spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required"],
    ],
    [
      "without a storage version",
      definition({}, { storage: false }),
      [
        'spec.versions: Invalid value: []apiextensions.CustomResourceDefinitionVersion{apiextensions.CustomResourceDefinitionVersion{Name:"v1", Served:true, Storage:false, Deprecated:false, DeprecationWarning:(*string)(nil), Schema:(*apiextensions.CustomResourceValidation)(nil), Subresources:(*apiextensions.CustomResourceSubresources)(nil), AdditionalPrinterColumns:[]apiextensions.CustomResourceColumnDefinition(nil), SelectableFields:[]apiextensions.SelectableField(nil)}}: must have exactly one version marked as storage version',
        "status.storedVersions: Invalid value: []string(nil): must have at least one stored version",
      ],
    ],
    ["for its scope", definition({ scope: "Everywhere" }), [
      'spec.scope: Unsupported value: "Everywhere": supported values: "Cluster", "Namespaced"',
    ]],
    ["for fields without a type", spec({ a: {} }), [
      `${AT}.properties[spec].properties[a].type: Required value: must not be empty for specified object fields`,
    ]],
    ["for a type that is none", spec({ a: { type: "int" } }), [
      `${AT}.properties[spec].properties[a].type: Unsupported value: "int": supported values: "array", "boolean", "integer", "number", "object", "string"`,
    ]],
    ["for a list without items", spec({ a: { type: "array" } }), [
      `${AT}.properties[spec].properties[a].items: Required value: must be specified`,
    ]],
    ["for a root that is no object", schema({ type: "string" }), [
      `${AT}.type: Invalid value: "string": must be object at the root`,
    ]],
    ["for metadata", schema({ type: "object", properties: { metadata: { type: "object", properties: { labels: { type: "object" } } } } }), [
      `${AT}.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified`,
    ]],
    ["for both kinds of properties", spec({ a: { type: "object", properties: { b: { type: "string" } }, additionalProperties: { type: "string" } } }), [
      `${AT}.properties[spec].properties[a].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive`,
    ]],
    ["for a default of another type", spec({ a: { type: "integer", default: "x" } }), [
      `${AT}.properties[spec].properties[a].default: Invalid value: "string":  in body must be of type integer: "string"`,
    ]],
    ["for a default with unknown fields", spec({ a: { type: "object", default: { b: 1 } } }), [
      `${AT}.properties[spec].properties[a].default: Invalid value: map[string]interface {}{"b":1}: must not have unknown fields`,
    ]],
    ["for types under a junctor", spec({ a: { type: "string", anyOf: [{ type: "string" }] } }), [
      `${AT}.properties[spec].properties[a].anyOf[0].type: Forbidden: must be empty to be structural`,
    ]],
    ["for what only a junctor knows", schema({ type: "object", oneOf: [{ properties: { b: { minLength: 1 } } }] }), [
      `${AT}.properties[b]: Required value: because it is defined in ${AT}.oneOf[0].properties[b]`,
    ]],
    ["for a pattern", spec({ a: { type: "string", pattern: "(" } }), [
      `${AT}.properties[spec].properties[a].pattern: Invalid value: "(": must be a valid regular expression, but isn't: error parsing regexp: missing closing ): \`(\``,
    ]],
    ["for map keys without defaults", spec({ a: { type: "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"], items: { type: "object", properties: { k: { type: "string" } } } } }), [
      `${AT}.properties[spec].properties[a].items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`,
    ]],
    ["for unique items", spec({ a: { type: "array", uniqueItems: true, items: { type: "string" } } }), [
      `${AT}.properties[spec].properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic`,
    ]],
    ["for its columns", definition({}, { additionalPrinterColumns: [{ name: "", type: "text", jsonPath: "spec" }] }), [
      "spec.additionalPrinterColumns[0].name: Required value",
      'spec.additionalPrinterColumns[0].type: Invalid value: "text": must be one of boolean,date,integer,number,string',
      'spec.additionalPrinterColumns[0].JSONPath: Invalid value: "spec": must be a simple json path starting with .',
    ]],
    ["for its scale", definition({}, { subresources: { scale: { specReplicasPath: ".status.x", statusReplicasPath: "" } } }), [
      'spec.subresources.scale.specReplicasPath: Invalid value: ".status.x": should be a json path under .spec',
      "spec.subresources.scale.statusReplicasPath: Required value",
    ]],
    ["for its selectable fields", definition({}, { selectableFields: [{ jsonPath: ".spec.none" }, { jsonPath: ".spec" }] }), [
      'spec.selectableFields[0].jsonPath: Invalid value: ".spec.none": is an invalid path: does not refer to a valid field',
      'spec.selectableFields[1].jsonPath: Invalid value: ".spec": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
    ]],
    ["for its names", definition({ names: { plural: "crontabs", kind: "Cron_Tab", listKind: "Cron_Tab" } }), [
      "spec.names.singular: Invalid value: \"cron_tab\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
      "spec.names.kind: Invalid value: \"Cron_Tab\": may have mixed case, but should otherwise match: a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
      "spec.names.listKind: Invalid value: \"Cron_Tab\": may have mixed case, but should otherwise match: a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
      'spec.names.listKind: Invalid value: "Cron_Tab": kind and listKind may not be the same',
    ]],
  ])("%s", (_, body, expected) => expect(refusals(body)).toEqual(expected)); // prettier-ignore

  test("for a group of the community without approval", () => {
    const body = definition({ group: "x.k8s.io" }) as { metadata: object };
    body.metadata = { name: "crontabs.x.k8s.io" };
    expect(cluster.refused("POST", CRDS, body)).toBe(
      '422 CustomResourceDefinition.apiextensions.k8s.io "crontabs.x.k8s.io" is invalid: metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
    );
  });

  test("for unknown members of a schema, deep inside", () => {
    const url = `${CRDS}?fieldValidation=Strict`;
    expect(cluster.refused("POST", url, spec({ a: { type: "string", minLenght: 1 } }))).toBe(
      '400 CustomResourceDefinition in version "v1" cannot be handled as a CustomResourceDefinition: strict decoding error: unknown field "spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.a.minLenght"',
    );
  });
});
