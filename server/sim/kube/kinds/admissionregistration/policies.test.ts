import { describe, expect, test } from "vitest";
import { TestCluster, type TestClusterOptions } from "../testing.ts";

const BASE = "/apis/admissionregistration.k8s.io/v1";
const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
const RULES = [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE", "DELETE"], resources: ["configmaps"] }]; // prettier-ignore

/** A cluster with one policy on ConfigMaps, bound with these actions. */
function judged(spec: object, binding: object = {}, options: TestClusterOptions = {}): TestCluster {
  const cluster = new TestCluster(options);
  cluster.ok("POST", `${BASE}/validatingadmissionpolicies`, {
    metadata: { name: "p.example.com" },
    spec: { matchConstraints: { resourceRules: RULES }, ...spec },
  });
  cluster.ok("POST", `${BASE}/validatingadmissionpolicybindings`, {
    metadata: { name: "b.example.com" },
    spec: { policyName: "p.example.com", validationActions: ["Deny"], ...binding },
  });
  return cluster;
}

const configMap = (data: object = {}, labels: object = {}): object => ({ metadata: { name: "c", labels }, data });
const DENIED = "ValidatingAdmissionPolicy 'p.example.com' with binding 'b.example.com' denied request: ";
const refused = (cluster: TestCluster, body: object = configMap()): string =>
  cluster.refused("POST", CONFIG_MAPS, body);
const says = (code: number, words: string): string => `${code} configmaps "c" is forbidden: ${DENIED}${words}`;

describe("a policy", () => {
  test("denies what its expression does not hold for, with the code and reason it chose", () => {
    const cluster = judged({ validations: [{ expression: "size(object.data) < 2" }] });
    expect(cluster.refusal("POST", CONFIG_MAPS, configMap({ a: "1", b: "2" }))).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: `configmaps "c" is forbidden: ${DENIED}failed expression: size(object.data) < 2`,
      reason: "Invalid",
      details: {
        name: "c",
        kind: "configmaps",
        causes: [{ message: `${DENIED}failed expression: size(object.data) < 2` }],
      },
      code: 422,
    });
    cluster.ok("POST", CONFIG_MAPS, configMap({ a: "1" }));
  });

  test.each<[string, object, string]>([
    ["its own message", { validations: [{ expression: "false", message: " no " }] }, says(422, "no")],
    ["a message made of the request", { validations: [{ expression: "false", messageExpression: "'%s by %s'.format([object.metadata.name, request.userInfo.username])" }] }, says(422, "c by kubernetes-admin")], // prettier-ignore
    ["its message, if the other cannot be made", { validations: [{ expression: "false", message: "no", messageExpression: "object.nothing" }] }, says(422, "no")], // prettier-ignore
    [
      "another reason",
      { validations: [{ expression: "false", reason: "Forbidden" }] },
      says(403, "failed expression: false"),
    ],
    ["an error", { validations: [{ expression: "object.nothing == 1" }] }, says(422, "expression 'object.nothing == 1' resulted in error: no such key: nothing")], // prettier-ignore
    ["an error in a variable", { variables: [{ name: "v", expression: "object.nothing" }], validations: [{ expression: "variables.v == 1" }] }, says(422, `expression 'variables.v == 1' resulted in error: composited variable "v" fails to evaluate: no such key: nothing`)], // prettier-ignore
    ["the rights of who asks", { validations: [{ expression: "authorizer.group('apps').resource('deployments').check('get').allowed()" }] }, says(422, "failed expression: authorizer.group('apps').resource('deployments').check('get').allowed()")], // prettier-ignore
    ["the namespace", { validations: [{ expression: "namespaceObject.metadata.name == 'other'" }] }, says(422, "failed expression: namespaceObject.metadata.name == 'other'")], // prettier-ignore
  ])("denies with %s", (_, spec, words) => {
    const asked: string[] = [];
    const cluster = judged(spec, {}, {
      settings: {
        authorize: ({ verb, group, resource, user }) => {
          asked.push(`${user.name} ${verb} ${resource}.${group}`);
          return { allowed: group !== "apps" };
        },
      },
    }); // prettier-ignore
    expect(refused(cluster)).toBe(words);
    if (words.includes("authorizer")) expect(asked.at(-1)).toBe("kubernetes-admin get deployments.apps");
  });

  test("that ignores its failures lets pass what it cannot judge", () => {
    judged({ failurePolicy: "Ignore", validations: [{ expression: "object.nothing == 1" }] }).ok(
      "POST",
      CONFIG_MAPS,
      configMap(),
    );
  });

  test("warns, if its binding says so", () => {
    const cluster = judged({ validations: [{ expression: "false" }] }, { validationActions: ["Warn", "Audit"] });
    expect(cluster.warnings("POST", CONFIG_MAPS, configMap())).toEqual([
      "Validation failed for ValidatingAdmissionPolicy 'p.example.com' with binding 'b.example.com': failed expression: false",
    ]);
  });

  test("sees the old object of a deletion", () => {
    const cluster = judged({
      validations: [{ expression: "request.operation != 'DELETE' || !('keep' in oldObject.metadata.labels)" }],
    });
    cluster.ok("POST", CONFIG_MAPS, configMap({}, { keep: "yes" }));
    expect(cluster.refused("DELETE", `${CONFIG_MAPS}/c`)).toBe(
      says(422, "failed expression: request.operation != 'DELETE' || !('keep' in oldObject.metadata.labels)"),
    );
  });

  test("judges no request that configures policies", () => {
    const rules = [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*"] }];
    const cluster = judged({ matchConstraints: { resourceRules: rules }, validations: [{ expression: "false" }] });
    cluster.ok("DELETE", `${BASE}/validatingadmissionpolicybindings/b.example.com`);
    cluster.ok("POST", CONFIG_MAPS, configMap());
  });
});

describe("what a policy is about", () => {
  const never = { validations: [{ expression: "false" }] };
  test.each<[string, object, object, boolean]>([
    ["another resource", { matchConstraints: { resourceRules: [{ ...RULES[0], resources: ["secrets"] }] } }, {}, false],
    [
      "another operation",
      { matchConstraints: { resourceRules: [{ ...RULES[0], operations: ["UPDATE"] }] } },
      {},
      false,
    ],
    ["cluster-wide objects", { matchConstraints: { resourceRules: [{ ...RULES[0], scope: "Cluster" }] } }, {}, false],
    ["all resources", { matchConstraints: { resourceRules: [{ ...RULES[0], apiGroups: ["*"], resources: ["*"] }] } }, {}, true], // prettier-ignore
    ["a name", { matchConstraints: { resourceRules: [{ ...RULES[0], resourceNames: ["c"] }] } }, {}, true],
    ["another name", { matchConstraints: { resourceRules: [{ ...RULES[0], resourceNames: ["d"] }] } }, {}, false],
    ["what is excluded", { matchConstraints: { resourceRules: RULES, excludeResourceRules: RULES } }, {}, false],
    ["labels", { matchConstraints: { resourceRules: RULES, objectSelector: { matchLabels: { a: "b" } } } }, {}, true],
    ["other labels", { matchConstraints: { resourceRules: RULES, objectSelector: { matchLabels: { a: "c" } } } }, {}, false], // prettier-ignore
    ["namespaces", {}, { matchResources: { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "default" } } } }, true], // prettier-ignore
    ["other namespaces", {}, { matchResources: { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "x" } } } }, false], // prettier-ignore
    ["a condition that holds", { matchConditions: [{ name: "a", expression: "request.name == 'c'" }] }, {}, true],
    ["one that does not", { matchConditions: [{ name: "a", expression: "request.name == 'd'" }] }, {}, false],
  ])("%s", (_, spec, binding, denied) => {
    const cluster = judged({ ...never, ...spec }, binding);
    const response = cluster.call("POST", CONFIG_MAPS, configMap({}, { a: "b" }));
    expect(response).toMatchObject({ code: denied ? 422 : 201 });
  });
});

describe("parameters", () => {
  const spec = {
    paramKind: { apiVersion: "v1", kind: "ConfigMap" },
    matchConditions: [{ name: "not-the-limits", expression: "!object.metadata.name.startsWith('limit')" }],
    validations: [{ expression: "size(object.data) <= int(params.data.most)", messageExpression: "'at most ' + params.data.most" }], // prettier-ignore
  };
  const bound = (paramRef: object): TestCluster => {
    const cluster = judged(spec, { paramRef: { parameterNotFoundAction: "Allow", ...paramRef } });
    for (const most of ["1", "3"])
      cluster.ok("POST", CONFIG_MAPS, {
        metadata: { name: `limit${most}`, labels: { limits: "yes" } },
        data: { most },
      });
    return cluster;
  };
  const two = configMap({ a: "1", b: "2" });

  test("are found by name", () => {
    expect(refused(bound({ name: "limit1" }), two)).toBe(says(422, "at most 1"));
    bound({ name: "limit3" }).ok("POST", CONFIG_MAPS, two);
  });

  test("are found by labels: each of them judges", () => {
    expect(refused(bound({ selector: { matchLabels: { limits: "yes" } } }), two)).toBe(says(422, "at most 1"));
  });

  test("that are not there let pass, or deny", () => {
    bound({ name: "limit9" }).ok("POST", CONFIG_MAPS, two);
    const cluster = judged(spec, { paramRef: { name: "limit9", parameterNotFoundAction: "Deny" } });
    expect(refused(cluster, two)).toBe(
      says(422, "failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction"),
    );
  });

  test("of a kind that is not there deny for the policy", () => {
    const paramKind = { apiVersion: "rules.example.com/v1", kind: "ReplicaLimit" };
    expect(refused(judged({ ...spec, paramKind }))).toBe(
      `422 configmaps "c" is forbidden: ValidatingAdmissionPolicy 'p.example.com' denied request: failed to configure policy: failed to find resource referenced by paramKind: 'rules.example.com/v1, Kind=ReplicaLimit'`,
    );
  });
});

describe("is invalid:", () => {
  const cluster = new TestCluster();
  const policy = (spec: object): string =>
    cluster
      .refused("POST", `${BASE}/validatingadmissionpolicies`, { metadata: { name: "p" }, spec })
      .replace('422 ValidatingAdmissionPolicy.admissionregistration.k8s.io "p" is invalid: ', "");
  const matchConstraints = { resourceRules: RULES };
  const validations = [{ expression: "true" }];

  test.each<[object, string]>([
    [{}, "[spec.matchConstraints: Required value, spec.validations: Required value: validations or auditAnnotations must contain at least one item, spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one item]"], // prettier-ignore
    [{ matchConstraints: {}, validations }, "spec.matchConstraints.resourceRules: Required value"],
    [{ matchConstraints, validations, failurePolicy: "x" }, 'spec.failurePolicy: Unsupported value: "x": supported values: "Fail", "Ignore"'], // prettier-ignore
    [{ matchConstraints, validations: [{ expression: " " }] }, "spec.validations[0].expression: Required value: expression is not specified"], // prettier-ignore
    [{ matchConstraints, validations: [{ expression: "'a'" }] }, `spec.validations[0].expression: Invalid value: "'a'": must evaluate to bool`], // prettier-ignore
    [{ matchConstraints, validations: [{ expression: "params.x == 1" }] }, `spec.validations[0].expression: Invalid value: "params.x == 1": compilation failed: ERROR: <input>:1:1: undeclared reference to 'params' (in container '')\n | params.x == 1\n | ^`], // prettier-ignore
    [{ matchConstraints, validations: [{ expression: "true", reason: "x" }] }, 'spec.validations[0].reason: Unsupported value: "x": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge"'], // prettier-ignore
    [{ matchConstraints, validations, variables: [{ name: "a-b", expression: "1" }] }, 'spec.variables[0].name: Invalid value: "a-b": name is not a valid CEL identifier'], // prettier-ignore
    [{ matchConstraints, validations, paramKind: { apiVersion: "a/b/c" } }, '[spec.paramKind.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c, spec.paramKind.kind: Required value]'], // prettier-ignore
    [{ matchConstraints: { resourceRules: [{ operations: ["READ"], apiGroups: ["*", "apps"], apiVersions: [], resources: ["*", "pods"] }] }, validations }, '[spec.matchConstraints.resourceRules[0].operations[0]: Unsupported value: "READ": supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE", spec.matchConstraints.resourceRules[0].apiGroups: Invalid value: []string{"*", "apps"}: if \'*\' is present, must not specify other API groups, spec.matchConstraints.resourceRules[0].apiVersions: Required value, spec.matchConstraints.resourceRules[0].resources: Invalid value: []string{"*", "pods"}: if \'*\' is present, must not specify other resources without subresources]'], // prettier-ignore
  ])("%j", (spec, words) => expect(policy(spec)).toBe(words));

  test("a binding without a policy, or with two actions that say the same", () => {
    const binding = (spec: object): string =>
      cluster.refused("POST", `${BASE}/validatingadmissionpolicybindings`, { metadata: { name: "b" }, spec });
    expect(binding({})).toBe(
      '422 ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io "b" is invalid: [spec.policyName: Required value, spec.validationActions: Required value: at least one validation action is required]',
    );
    expect(binding({ policyName: "p", validationActions: ["Deny", "Warn"], paramRef: {} })).toBe(
      '422 ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io "b" is invalid: [spec.paramRef: Required value: one of name or selector must be specified, spec.paramRef.parameterNotFoundAction: Required value, spec.validationActions: Invalid value: []string{"Deny", "Warn"}: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)]',
    );
  });
});
