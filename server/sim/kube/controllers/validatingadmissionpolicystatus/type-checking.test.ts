import { expect, test } from "vitest";
import type { ValidatingAdmissionPolicy } from "../../api/index.ts";
import { TestCluster } from "../../kinds/testing.ts";
import { typeWarnings, type ExpressionWarning } from "./type-checking.ts";

const { registry } = new TestCluster().api;

function warnings(rule: object, ...validations: object[]): ExpressionWarning[] {
  const matchConstraints = { resourceRules: [{ operations: ["CREATE"], ...rule }] };
  return typeWarnings(registry, { spec: { matchConstraints, validations } } as unknown as ValidatingAdmissionPolicy);
}

const deployments = { apiGroups: ["apps"], apiVersions: ["v1"], resources: ["deployments"] };

test("a field that a kind does not have is told with the kind", () => {
  expect(
    warnings(
      deployments,
      { expression: "object.spec.replicas <= 5" },
      { expression: "object.replicas > 1", messageExpression: "'got ' + object.spec.replicas" },
    ),
  ).toEqual([
    {
      fieldRef: "spec.validations[1].expression",
      warning:
        "apps/v1, Kind=Deployment: ERROR: <input>:1:7: undefined field 'replicas'\n | object.replicas > 1\n | ......^",
    },
    {
      fieldRef: "spec.validations[1].messageExpression",
      warning:
        "apps/v1, Kind=Deployment: ERROR: <input>:1:8: found no matching overload for '_+_' applied to '(string, int)'\n | 'got ' + object.spec.replicas\n | .......^",
    },
  ]);
});

test("each kind is looked at, in their order; those behind wildcards are not", () => {
  const both = {
    apiGroups: ["", "apps"],
    apiVersions: ["v1"],
    resources: ["pods", "deployments", "pods/exec", "nothing"],
  };
  const expression = "object.spec.template.spec.containers.all(c, c.image.startsWith('registry/'))";
  expect(warnings(both, { expression }).map(({ warning }) => warning.split("\n")[0])).toEqual([
    "/v1, Kind=Pod: ERROR: <input>:1:12: undefined field 'template'",
  ]);
  expect(warnings({ ...both, apiGroups: ["*"] }, { expression })).toEqual([]);
  expect(warnings({ ...deployments, resources: ["*"] }, { expression: "object.nothing" })).toEqual([]);
});

test("structures that hold themselves, values of many types, and what nobody knows", () => {
  const crds = {
    apiGroups: ["apiextensions.k8s.io"],
    apiVersions: ["v1"],
    resources: ["customresourcedefinitions"],
  };
  const deep = "object.spec.versions.all(v, v.schema.openAPIV3Schema.properties['a'].properties['b'].type == 'string')";
  expect(warnings(crds, { expression: deep })).toEqual([]);
  expect(
    warnings(
      deployments,
      { expression: "object.metadata.labels.app == 'x' && request.userInfo.username != object.metadata.name" },
      { expression: "object.spec.strategy.rollingUpdate.maxSurge == 1 || params.x == oldObject.spec.replicas" },
      {
        expression:
          "has(object.metadata.creationTimestamp) && object.metadata.creationTimestamp < timestamp('2026-01-01T00:00:00Z')",
      },
    ),
  ).toEqual([
    {
      fieldRef: "spec.validations[1].expression",
      warning: expect.stringContaining("undeclared reference to 'params' (in container '')") as string,
    },
  ]);
});
