import { describe, expect, test } from "vitest";
import type { Pod } from "../api/index.ts";
import { TestCluster } from "./testing.ts";

const NS = "/api/v1/namespaces/default";

function wrong(url: string, body: object): string {
  const { message, code } = new TestCluster().refusal("POST", url, { metadata: { name: "x" }, ...body });
  expect(code).toBe(422);
  return message.slice(message.indexOf("is invalid: ") + "is invalid: ".length);
}

function limited(...limits: object[]): TestCluster {
  const cluster = new TestCluster();
  cluster.ok("POST", `${NS}/limitranges`, { metadata: { name: "lr" }, spec: { limits } });
  return cluster;
}

function pod(resources: object = {}, spec: object = {}): object {
  return { metadata: { name: "p" }, spec: { containers: [{ name: "c", image: "nginx", resources }], ...spec } };
}

describe("LimitRange", () => {
  const container = (item: object): object => ({ spec: { limits: [{ type: "Container", ...item }] } });
  const AT = "spec.limits[0]";
  test.each<[string, object, string]>([
    [
      "a type of nobody",
      { spec: { limits: [{ type: "Node" }] } },
      `${AT}.type: Invalid value: "Node": must be a standard limit type or fully qualified`,
    ],
    [
      "a type twice",
      { spec: { limits: [{ type: "Pod" }, { type: "Pod" }] } },
      'spec.limits[1].type: Duplicate value: "Pod"',
    ],
    [
      "a resource of nobody",
      container({ max: { gpu: "1" }, default: { cpu: "1" } }),
      `[${AT}.max[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified, ${AT}.max[gpu]: Invalid value: "gpu": must be a standard resource for containers, ${AT}.default[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified, ${AT}.default[gpu]: Invalid value: "gpu": must be a standard resource for containers, ${AT}.defaultRequest[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified, ${AT}.defaultRequest[gpu]: Invalid value: "gpu": must be a standard resource for containers]`,
    ],
    [
      "defaults for Pods",
      { spec: { limits: [{ type: "Pod", default: { cpu: "1" } }] } },
      `${AT}.default: Forbidden: may not be specified when \`type\` is 'Pod'`,
    ],
    [
      "claims without bounds",
      { spec: { limits: [{ type: "PersistentVolumeClaim" }] } },
      `${AT}.limits: Required value: either minimum or maximum storage value is required, but neither was provided`,
    ],
    [
      "a default above the maximum",
      container({ max: { cpu: "1" }, default: { cpu: "2" }, defaultRequest: { cpu: "500m" } }),
      `${AT}.default[cpu]: Invalid value: resource.MustParse("1"): default value 2 is greater than max value 1`,
    ],
    [
      "a ratio below one",
      container({ maxLimitRequestRatio: { cpu: "500m" } }),
      `${AT}.maxLimitRequestRatio[cpu]: Invalid value: resource.MustParse("500m"): ratio 500m is less than 1`,
    ],
  ])("%s", (_, body, text) => expect(wrong(`${NS}/limitranges`, body)).toBe(text));
});

describe("LimitRanger", () => {
  test("fills in what is open, and says so", () => {
    const cluster = limited({
      type: "Container",
      max: { cpu: "1" },
      default: { memory: "64Mi" },
      defaultRequest: { cpu: "100m" },
    });
    const { metadata, spec } = cluster.ok<Pod>("POST", `${NS}/pods`, pod());
    expect(spec.containers[0]!.resources).toEqual({
      limits: { cpu: "1", memory: "64Mi" },
      requests: { cpu: "100m", memory: "64Mi" },
    });
    expect(metadata.annotations).toEqual({
      "kubernetes.io/limit-ranger":
        "LimitRanger plugin set: cpu, memory request for container c; cpu, memory limit for container c",
    });
  });

  test.each<[string, object, object, string]>([
    [
      "too much",
      { type: "Container", max: { cpu: "1" } },
      { limits: { cpu: "2" } },
      "maximum cpu usage per Container is 1, but limit is 2",
    ],
    [
      "no limit",
      { type: "Pod", max: { memory: "1Gi" } },
      {},
      "maximum memory usage per Pod is 1Gi.  No limit is specified",
    ],
    [
      "too little",
      { type: "Container", min: { memory: "64Mi" } },
      { requests: { memory: "1Mi" } },
      "minimum memory usage per Container is 64Mi, but request is 1Mi",
    ],
    [
      "too far apart",
      { type: "Container", maxLimitRequestRatio: { cpu: "2" } },
      { requests: { cpu: "100m" }, limits: { cpu: "300m" } },
      "cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000",
    ],
  ])("refuses %s", (_, item, resources, why) =>
    expect(limited(item).refused("POST", `${NS}/pods`, pod(resources))).toBe(`403 pods "p" is forbidden: ${why}`),
  );
});

describe("ResourceQuota", () => {
  const hard = { pods: "1" };
  test.each<[string, object, string]>([
    [
      "a resource of nobody",
      { hard: { gpu: "1" } },
      '[spec.hard[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified, spec.hard[gpu]: Invalid value: "gpu": must be a standard resource for quota]',
    ],
    [
      "half a Pod",
      { hard: { pods: "500m" } },
      'spec.hard[pods]: Invalid value: resource.MustParse("500m"): must be an integer',
    ],
    [
      "less than nothing",
      { hard: { cpu: "-1" } },
      'spec.hard[cpu]: Invalid value: "-1": must be greater than or equal to 0',
    ],
    [
      "scopes that exclude each other",
      { hard, scopes: ["BestEffort", "NotBestEffort"] },
      'spec.scopes: Invalid value: []core.ResourceQuotaScope{"BestEffort", "NotBestEffort"}: conflicting scopes',
    ],
    [
      "a scope for what it cannot limit",
      { hard: { cpu: "1" }, scopes: ["BestEffort"] },
      'spec.scopes: Invalid value: []core.ResourceQuotaScope{"BestEffort"}: unsupported scope applied to resource',
    ],
    [
      "a selector without values",
      { hard, scopeSelector: { matchExpressions: [{ scopeName: "PriorityClass", operator: "In" }] } },
      "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
    ],
  ])("%s", (_, spec, text) => expect(wrong(`${NS}/resourcequotas`, { spec })).toBe(text));
});

describe("PriorityClass", () => {
  const URL = "/apis/scheduling.k8s.io/v1/priorityclasses";
  test.each<[string, object, string]>([
    [
      "too high",
      { value: 1_000_000_001 },
      "value: Forbidden: maximum allowed value of a user defined priority is 1000000000",
    ],
    [
      "a name of the system's",
      { metadata: { name: "system-x" }, value: 1 },
      "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-x is not a known system priority class",
    ],
    [
      "a policy of nobody",
      { value: 1, preemptionPolicy: "Always" },
      'preemptionPolicy: Unsupported value: "Always": supported values: "PreemptLowerPriority", "Never"',
    ],
  ])("%s", (_, body, text) => expect(wrong(URL, body)).toBe(text));

  test("one default, which Pods get", () => {
    const cluster = new TestCluster();
    cluster.ok("POST", URL, { metadata: { name: "low" }, value: 5, globalDefault: true, preemptionPolicy: "Never" });
    expect(cluster.refused("POST", URL, { metadata: { name: "other" }, value: 6, globalDefault: true })).toBe(
      '403 priorityclasses.scheduling.k8s.io "other" is forbidden: PriorityClass low is already marked as default. Only one default can exist',
    );
    expect(cluster.ok<Pod>("POST", `${NS}/pods`, pod()).spec).toMatchObject({
      priorityClassName: "low",
      priority: 5,
      preemptionPolicy: "Never",
    });
    expect(cluster.refused("PUT", `${URL}/low`, { metadata: { name: "low" }, value: 7 })).toContain(
      "value: Forbidden: may not be changed in an update.",
    );
  });
});

test("an Ingress gets the newest default class", () => {
  const cluster = new TestCluster();
  const annotations = { "ingressclass.kubernetes.io/is-default-class": "true" };
  for (const name of ["b", "a"])
    cluster.ok("POST", "/apis/networking.k8s.io/v1/ingressclasses", {
      metadata: { name, annotations },
      spec: { controller: "x.y/z" },
    });
  const body = { metadata: { name: "i" }, spec: { defaultBackend: { service: { name: "s", port: { number: 1 } } } } };
  expect(cluster.ok("POST", "/apis/networking.k8s.io/v1/namespaces/default/ingresses", body)).toMatchObject({
    spec: { ingressClassName: "a" },
  });
});
