import { describe, expect, test } from "vitest";
import type { DaemonSet, Deployment, ReplicaSet } from "../../api/index.ts";
import { TestCluster } from "../testing.ts";

const URL = "/apis/apps/v1/namespaces/default";
const containers = [{ name: "c", image: "nginx:1" }];
const selector = { matchLabels: { app: "web" } };
const template = { metadata: { labels: { app: "web" } }, spec: { containers } };
const MERGE = { contentType: "application/merge-patch+json" };

const cluster = new TestCluster();

function wrong(plural: string, spec: object): string {
  const { message } = cluster.refusal("POST", `${URL}/${plural}`, { metadata: { name: "w" }, spec });
  return message.slice(message.indexOf("is invalid: ") + "is invalid: ".length);
}

const goSelector = (labels: string): string =>
  `v1.LabelSelector{MatchLabels:${labels}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}`;

describe("defaults", () => {
  test("of a Deployment", () => {
    const made = cluster.ok<Deployment>("POST", `${URL}/deployments`, {
      metadata: { name: "d" },
      spec: { selector, template },
    });
    expect(made.metadata.generation).toBe(1);
    expect(made.spec).toEqual({
      replicas: 1,
      selector,
      template: {
        metadata: { labels: { app: "web" }, creationTimestamp: null },
        spec: {
          containers: [
            {
              name: "c",
              image: "nginx:1",
              resources: {},
              terminationMessagePath: "/dev/termination-log",
              terminationMessagePolicy: "File",
              imagePullPolicy: "IfNotPresent",
            },
          ],
          restartPolicy: "Always",
          terminationGracePeriodSeconds: 30,
          dnsPolicy: "ClusterFirst",
          securityContext: {},
          schedulerName: "default-scheduler",
        },
      },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    });
    expect(made.status).toEqual({});
  });

  test("of the others", () => {
    const set = cluster.ok<ReplicaSet>("POST", `${URL}/replicasets`, {
      metadata: { name: "r" },
      spec: { selector, template },
    });
    expect([set.spec.replicas, set.status]).toEqual([1, { replicas: 0 }]);
    const daemons = cluster.ok<DaemonSet>("POST", `${URL}/daemonsets`, {
      metadata: { name: "ds" },
      spec: { selector, template },
    });
    expect(daemons.spec.updateStrategy).toEqual({
      type: "RollingUpdate",
      rollingUpdate: { maxUnavailable: 1, maxSurge: 0 },
    });
    expect(daemons.spec.revisionHistoryLimit).toBe(10);
    expect(daemons.status).toEqual({
      currentNumberScheduled: 0,
      numberMisscheduled: 0,
      desiredNumberScheduled: 0,
      numberReady: 0,
    });
  });
});

describe("validation", () => {
  test.each<[string, string, object, string]>([
    [
      "no selector",
      "deployments",
      { template },
      '[spec.selector: Required value, spec.template.metadata.labels: Invalid value: map[string]string{"app":"web"}: `selector` does not match template `labels`]',
    ],
    [
      "an empty selector",
      "deployments",
      { selector: {}, template },
      `spec.selector: Invalid value: ${goSelector("map[string]string(nil)")}: empty selector is invalid for deployment`,
    ],
    [
      "an empty selector",
      "replicasets",
      { selector: {}, template },
      `spec.selector: Invalid value: ${goSelector("map[string]string(nil)")}: empty selector is invalid for deployment`,
    ],
    [
      "an empty selector",
      "daemonsets",
      { selector: {}, template },
      `spec.selector: Invalid value: ${goSelector("map[string]string(nil)")}: empty selector is invalid for daemonset`,
    ],
    [
      "a selector that does not choose its own Pods",
      "deployments",
      { selector: { matchLabels: { app: "other" } }, template },
      'spec.template.metadata.labels: Invalid value: map[string]string{"app":"web"}: `selector` does not match template `labels`',
    ],
    [
      "Pods that end",
      "deployments",
      { selector, template: { ...template, spec: { containers, restartPolicy: "Never" } } },
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ],
    [
      "no containers",
      "deployments",
      { selector, template: { ...template, spec: { containers: [] } } },
      "spec.template.spec.containers: Required value",
    ],
    [
      "an odd operator",
      "deployments",
      {
        selector: { matchLabels: { app: "web" }, matchExpressions: [{ key: "a", operator: "Is", values: ["b"] }] },
        template,
      },
      '[spec.selector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator, spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{"app":"web"}, MatchExpressions:[]v1.LabelSelectorRequirement{v1.LabelSelectorRequirement{Key:"a", Operator:"Is", Values:[]string{"b"}}}}: invalid label selector]',
    ],
    [
      "Recreate with parameters",
      "deployments",
      { selector, template, strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } } },
      "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
    ],
    [
      "an odd strategy",
      "deployments",
      { selector, template, strategy: { type: "BlueGreen" } },
      'spec.strategy: Unsupported value: apps.DeploymentStrategy{Type:"BlueGreen", RollingUpdate:(*apps.RollingUpdateDeployment)(nil)}: supported values: "Recreate", "RollingUpdate"',
    ],
    [
      "a standstill",
      "deployments",
      { selector, template, strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } },
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: intstr.IntOrString{Type:0, IntVal:0, StrVal:""}: may not be 0 when `maxSurge` is 0',
    ],
    [
      "more than all",
      "deployments",
      { selector, template, strategy: { rollingUpdate: { maxUnavailable: "120%" } } },
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: intstr.IntOrString{Type:1, IntVal:0, StrVal:"120%"}: must not be greater than 100%',
    ],
    [
      "an impatient deadline",
      "deployments",
      { selector, template, minReadySeconds: 60, progressDeadlineSeconds: 60 },
      "spec.progressDeadlineSeconds: Invalid value: 60: must be greater than minReadySeconds",
    ],
    [
      "negative replicas",
      "deployments",
      { selector, template, replicas: -1 },
      "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
    ],
    [
      "surge and unavailable",
      "daemonsets",
      {
        selector,
        template,
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } },
      },
      'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: intstr.IntOrString{Type:0, IntVal:1, StrVal:""}: may not be set when maxUnavailable is non-zero',
    ],
    [
      "neither",
      "daemonsets",
      {
        selector,
        template,
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } },
      },
      "spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0",
    ],
  ])("%s in %s", (_, plural, spec, text) => expect(wrong(plural, spec)).toBe(text));

  test.each(["deployments", "replicasets", "daemonsets"])("the selector of %s stays", (plural) => {
    const name = `fixed-${plural}`;
    cluster.ok("POST", `${URL}/${plural}`, { metadata: { name }, spec: { selector, template } });
    const spec = { selector: { matchLabels: { app: "b" } }, template: { metadata: { labels: { app: "b" } } } };
    expect(cluster.refused("PATCH", `${URL}/${plural}/${name}`, { spec }, MERGE)).toContain(
      `spec.selector: Invalid value: ${goSelector('map[string]string{"app":"b"}')}: field is immutable`,
    );
  });
});

describe("update", () => {
  test("the generation counts changes of the spec and of annotations, not of the status", () => {
    const url = `${URL}/deployments/counted`;
    cluster.ok("POST", `${URL}/deployments`, { metadata: { name: "counted" }, spec: { selector, template } });
    const patch = (body: object, part = ""): number =>
      cluster.ok<Deployment>("PATCH", url + part, body, MERGE).metadata.generation!;
    expect(patch({ metadata: { labels: { a: "b" } } })).toBe(1);
    expect(patch({ spec: { replicas: 2 } })).toBe(2);
    expect(patch({ spec: { replicas: 2 } })).toBe(2);
    expect(patch({ metadata: { annotations: { a: "b" } } })).toBe(3);
    expect(patch({ status: { replicas: 7 } })).toBe(3);
    expect(patch({ status: { replicas: 7 }, spec: { replicas: 9 } }, "/status")).toBe(3);
    const { spec, status } = cluster.ok<Deployment>("GET", url);
    expect([spec.replicas, status.replicas]).toEqual([2, 7]);
  });
});

describe("scale", () => {
  const url = `${URL}/deployments/scaled`;
  cluster.ok("POST", `${URL}/deployments`, { metadata: { name: "scaled" }, spec: { selector, template, replicas: 2 } });

  test("is another view of the object", () => {
    const { metadata } = cluster.ok<Deployment>("GET", url);
    expect(cluster.ok("GET", `${url}/scale`)).toEqual({
      kind: "Scale",
      apiVersion: "autoscaling/v1",
      metadata: {
        name: "scaled",
        namespace: "default",
        uid: metadata.uid,
        resourceVersion: metadata.resourceVersion,
        creationTimestamp: metadata.creationTimestamp,
      },
      spec: { replicas: 2 },
      status: { replicas: 0, selector: "app=web" },
    });
  });

  test("is written by PATCH and PUT", () => {
    expect(cluster.ok("PATCH", `${url}/scale`, { spec: { replicas: 5 } }, MERGE)).toMatchObject({
      spec: { replicas: 5 },
    });
    const scale = cluster.ok<{ metadata: object }>("GET", `${url}/scale`);
    cluster.ok("PUT", `${url}/scale`, { ...scale, spec: { replicas: 6 } });
    expect(cluster.ok<Deployment>("GET", url).spec.replicas).toBe(6);
    expect(cluster.refused("PUT", `${url}/scale`, { ...scale, spec: { replicas: 7 } })).toBe(
      `409 Operation cannot be fulfilled on deployments.apps "scaled": the object has been modified; please apply your changes to the latest version and try again`,
    );
  });

  test("cannot be negative", () => {
    expect(cluster.refused("PATCH", `${url}/scale`, { spec: { replicas: -1 } }, MERGE)).toContain(
      "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
    );
  });
});
