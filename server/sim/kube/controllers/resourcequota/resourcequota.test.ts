import { describe, expect, test } from "vitest";
import { MINUTE, SECOND } from "../../../kernel/index.ts";
import { resourceQuotas } from "../../kinds/index.ts";
import { TestControlPlane } from "../testing.ts";

const NS = "/api/v1/namespaces/default";

function plane(hard: object, spec: object = {}): TestControlPlane {
  const made = new TestControlPlane({ nodes: ["node01"] });
  made.run(SECOND);
  made.ok("POST", `${NS}/resourcequotas`, { metadata: { name: "q" }, spec: { hard, ...spec } });
  made.run(SECOND);
  return made;
}

function used(made: TestControlPlane): object {
  return made.client.get(resourceQuotas, "default", "q")!.status.used!;
}

function pod(name: string, resources: object = {}, spec: object = {}): object {
  return { metadata: { name }, spec: { containers: [{ name: "c", image: "nginx", resources }], ...spec } };
}

describe("what is charged", () => {
  test("Pods: pieces, requests and limits, while they live", () => {
    const made = plane({ pods: "2", "requests.cpu": "1", "limits.memory": "1Gi", "count/pods": "9" });
    const resources = { requests: { cpu: "300m" }, limits: { memory: "256Mi" } };
    made.ok("POST", `${NS}/pods`, pod("a", resources));
    made.ok("POST", `${NS}/pods`, pod("b", resources));
    expect(used(made)).toEqual({ "count/pods": "2", "limits.memory": "512Mi", pods: "2", "requests.cpu": "600m" });
    expect(made.refused("POST", `${NS}/pods`, pod("c", { ...resources, requests: { cpu: "500m" } }))).toBe(
      '403 pods "c" is forbidden: exceeded quota: q, requested: pods=1,requests.cpu=500m, used: pods=2,requests.cpu=600m, limited: pods=2,requests.cpu=1',
    );
    expect(made.refused("POST", `${NS}/pods`, pod("d"))).toBe(
      '403 pods "d" is forbidden: failed quota: q: must specify limits.memory for: c; requests.cpu for: c',
    );
    made.ok("DELETE", `${NS}/pods/a?gracePeriodSeconds=0`);
    made.run(SECOND);
    expect(used(made)).toEqual({ "count/pods": "1", "limits.memory": "256Mi", pods: "1", "requests.cpu": "300m" });
  });

  test("Services: by what they will get", () => {
    const made = plane({ services: "3", "services.nodeports": "2", "services.loadbalancers": "1" });
    const service = (name: string, spec: object): object => ({
      metadata: { name },
      spec: { ports: [{ port: 80 }], ...spec },
    });
    made.ok("POST", `${NS}/services`, service("a", { type: "LoadBalancer" }));
    made.ok("POST", `${NS}/services`, service("b", {}));
    expect(used(made)).toEqual({ services: "2", "services.loadbalancers": "1", "services.nodeports": "1" });
    expect(made.refused("POST", `${NS}/services`, service("c", { type: "LoadBalancer" }))).toContain(
      "exceeded quota: q, requested: services.loadbalancers=1, used: services.loadbalancers=1, limited: services.loadbalancers=1",
    );
    made.ok("PUT", `${NS}/services/b`, service("b", { type: "NodePort" }));
    expect(used(made)).toEqual({ services: "2", "services.loadbalancers": "1", "services.nodeports": "2" });
    made.ok("PUT", `${NS}/services/b`, service("b", {}));
    made.run(SECOND);
    expect(used(made)).toEqual({ services: "2", "services.loadbalancers": "1", "services.nodeports": "1" });
  });

  test("claims: storage, in all and by class", () => {
    const made = plane({
      persistentvolumeclaims: "2",
      "requests.storage": "3Gi",
      "gold.storageclass.storage.k8s.io/requests.storage": "1Gi",
    });
    const claim = (name: string, storage: string, storageClassName: string): object => ({
      metadata: { name },
      spec: { accessModes: ["ReadWriteOnce"], storageClassName, resources: { requests: { storage } } },
    });
    made.ok("POST", `${NS}/persistentvolumeclaims`, claim("a", "1Gi", "gold"));
    made.ok("POST", `${NS}/persistentvolumeclaims`, claim("b", "512Mi", "iron"));
    expect(used(made)).toEqual({
      "gold.storageclass.storage.k8s.io/requests.storage": "1Gi",
      persistentvolumeclaims: "2",
      "requests.storage": "1536Mi",
    });
  });

  test("any kind by count", () => {
    const made = plane({ "count/deployments.apps": "1", configmaps: "2", "count/configmaps": "3" });
    expect(used(made)).toEqual({ configmaps: "0", "count/configmaps": "0", "count/deployments.apps": "0" });
    for (const name of ["a", "c"]) made.ok("POST", `${NS}/configmaps`, { metadata: { name } });
    expect(made.refused("POST", `${NS}/configmaps`, { metadata: { name: "b" } })).toBe(
      '403 configmaps "b" is forbidden: exceeded quota: q, requested: configmaps=1, used: configmaps=2, limited: configmaps=2',
    );
  });
});

describe("scopes", () => {
  test("only Pods of the scope count", () => {
    const made = plane({ pods: "1" }, { scopes: ["BestEffort"] });
    made.ok("POST", `${NS}/pods`, pod("asks", { requests: { cpu: "1" } }));
    expect(used(made)).toEqual({ pods: "0" });
    made.ok("POST", `${NS}/pods`, pod("a"));
    expect(made.refused("POST", `${NS}/pods`, pod("b"))).toContain("exceeded quota: q");
  });

  test("priority classes by name", () => {
    const scopeSelector = { matchExpressions: [{ scopeName: "PriorityClass", operator: "In", values: ["high"] }] };
    const made = plane({ pods: "0" }, { scopeSelector });
    made.ok("POST", "/apis/scheduling.k8s.io/v1/priorityclasses", { metadata: { name: "high" }, value: 10 });
    made.ok("POST", `${NS}/pods`, pod("a"));
    expect(made.refused("POST", `${NS}/pods`, pod("b", {}, { priorityClassName: "high" }))).toContain("exceeded quota");
  });
});

test("a dry run costs nothing, and what was never stored is given back in the end", () => {
  const made = plane({ configmaps: "3" });
  made.ok("POST", `${NS}/configmaps`, { metadata: { name: "there" } });
  made.ok("POST", `${NS}/configmaps?dryRun=All`, { metadata: { name: "a" } });
  expect(used(made)).toEqual({ configmaps: "1" });
  expect(made.refused("POST", `${NS}/configmaps`, { metadata: { name: "there" } })).toContain("already exists");
  expect(used(made)).toEqual({ configmaps: "2" });
  made.run(6 * MINUTE);
  expect(used(made)).toEqual({ configmaps: "1" });
});
