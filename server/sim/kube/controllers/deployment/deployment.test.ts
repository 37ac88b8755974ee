import { describe, expect, test } from "vitest";
import { MILLISECOND, MINUTE, SECOND } from "../../../kernel/index.ts";
import { replicaSets, pods } from "../../kinds/index.ts";
import type { Deployment, Pod, ReplicaSet } from "../../api/index.ts";
import { TestControlPlane } from "../testing.ts";

function conditions({ status }: Deployment): string[] {
  return (status.conditions ?? []).map(
    ({ type, status: is, reason, message }) => `${type}=${is} ${reason ?? ""}: ${message ?? ""}`,
  );
}

function image({ spec }: Pod | Deployment): string {
  const { containers } = "template" in spec ? spec.template.spec : spec;
  return containers[0]!.image!;
}

/** The sets by age of their revision: `1: 0`. */
function sizes(plane: TestControlPlane): string[] {
  return plane
    .replicaSets()
    .map(({ metadata, spec }) => `${metadata.annotations!["deployment.kubernetes.io/revision"]!}: ${spec.replicas!}`)
    .sort();
}

describe("a new Deployment", () => {
  test("has its Pods created and bound within 50 ms", () => {
    const plane = new TestControlPlane();
    plane.deploy("web", 2);
    plane.run(50 * MILLISECOND);
    expect(plane.pods().map(({ spec }) => spec.nodeName)).toEqual(["node02", "node01"]);
  });

  test("of a hundred Pods is there within a second", () => {
    const plane = new TestControlPlane({ nodes: ["node01", "node02", "node03"] });
    plane.deploy("web", 100);
    plane.run(1 * SECOND);
    expect(plane.deployment("web").status).toMatchObject({ replicas: 100, availableReplicas: 100 });
  });

  test("makes a ReplicaSet that is like upstream's", () => {
    const plane = new TestControlPlane();
    const { metadata } = plane.deploy("web", 2);
    plane.run(5 * SECOND);
    const [set] = plane.replicaSets();
    const hash = set!.metadata.labels!["pod-template-hash"]!;
    expect(hash).toMatch(/^[456789bcdf]{1,10}$/);
    expect(set).toMatchObject({
      metadata: {
        name: `web-${hash}`,
        labels: { app: "web", "pod-template-hash": hash },
        annotations: {
          "deployment.kubernetes.io/revision": "1",
          "deployment.kubernetes.io/desired-replicas": "2",
          "deployment.kubernetes.io/max-replicas": "3",
        },
        ownerReferences: [
          {
            apiVersion: "apps/v1",
            kind: "Deployment",
            name: "web",
            uid: metadata.uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: "web", "pod-template-hash": hash } },
        template: { metadata: { labels: { app: "web", "pod-template-hash": hash } } },
      },
      status: { replicas: 2, fullyLabeledReplicas: 2, readyReplicas: 2, availableReplicas: 2, observedGeneration: 1 },
    });
    const [pod] = plane.pods();
    expect(pod!.metadata).toMatchObject({
      generateName: `web-${hash}-`,
      labels: { app: "web", "pod-template-hash": hash },
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "ReplicaSet",
          name: `web-${hash}`,
          uid: set!.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    });
  });

  test("tells of its progress", () => {
    const plane = new TestControlPlane();
    plane.deploy("web", 2);
    plane.run(10 * MILLISECOND);
    const name = plane.replicaSets()[0]!.metadata.name;
    expect(conditions(plane.deployment("web"))).toEqual([
      `Progressing=True NewReplicaSetCreated: Created new replica set "${name}"`,
      "Available=False MinimumReplicasUnavailable: Deployment does not have minimum availability.",
    ]);
    plane.run(10 * MILLISECOND);
    expect(conditions(plane.deployment("web"))).toEqual([
      "Available=False MinimumReplicasUnavailable: Deployment does not have minimum availability.",
      `Progressing=True ReplicaSetUpdated: ReplicaSet "${name}" is progressing.`,
    ]);
    expect(plane.deployment("web").status).toMatchObject({ replicas: 2, updatedReplicas: 2, unavailableReplicas: 2 });
    plane.run(5 * SECOND);
    expect(conditions(plane.deployment("web"))).toEqual([
      "Available=True MinimumReplicasAvailable: Deployment has minimum availability.",
      `Progressing=True NewReplicaSetAvailable: ReplicaSet "${name}" has successfully progressed.`,
    ]);
    const { conditions: _, ...status } = plane.deployment("web").status;
    expect(status).toEqual({
      observedGeneration: 1,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
    });
    expect(plane.deployment("web").metadata.annotations).toEqual({ "deployment.kubernetes.io/revision": "1" });
    expect(plane.events("Deployment")).toEqual([`ScalingReplicaSet Scaled up replica set ${name} from 0 to 2`]);
    expect(plane.events("ReplicaSet")).toEqual(
      plane.pods().map(() => expect.stringMatching(`SuccessfulCreate Created pod: ${name}-`)),
    );
  });

  test("rests when all is done", () => {
    const plane = new TestControlPlane();
    plane.deploy("web", 3);
    plane.run(30 * SECOND);
    expect(plane.kernel.events().filter(({ periodic }) => !periodic)).toEqual([]);
  });
});

describe("scaling", () => {
  test("up and down, with the Pods that go first", () => {
    const plane = new TestControlPlane();
    plane.deploy("web", 2);
    plane.run(10 * SECOND);
    plane.scale("web", 5);
    plane.run(10 * SECOND);
    expect(plane.deployment("web").status.availableReplicas).toBe(5);
    const all = Object.groupBy(plane.pods(), ({ spec }) => spec.nodeName!);
    const emptier = Object.values(all).find((onNode) => onNode!.length === 2)!;
    plane.scale("web", 2);
    plane.run(10 * SECOND);
    expect(plane.pods()).toEqual(emptier);
    const [{ metadata }] = plane.replicaSets() as [ReplicaSet];
    expect(plane.events("Deployment")).toEqual([
      `ScalingReplicaSet Scaled up replica set ${metadata.name} from 0 to 2`,
      `ScalingReplicaSet Scaled up replica set ${metadata.name} from 2 to 5`,
      `ScalingReplicaSet Scaled down replica set ${metadata.name} from 5 to 2`,
    ]);
    expect(metadata.annotations).toMatchObject({
      "deployment.kubernetes.io/desired-replicas": "2",
      "deployment.kubernetes.io/max-replicas": "3",
    });
  });

  test("in the middle of a rollout keeps the shares", () => {
    const plane = new TestControlPlane();
    plane.deploy("web", 10, { strategy: { rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } } });
    plane.run(10 * SECOND);
    plane.kubelets.broken.add("broken");
    plane.setImage("web", "broken");
    plane.run(10 * SECOND);
    expect(sizes(plane)).toEqual(["1: 8", "2: 5"]);
    plane.scale("web", 15);
    plane.run(10 * SECOND);
    // The example of the documentation of Deployments: 15 with a surge of 3 are 11 and 7.
    expect(sizes(plane)).toEqual(["1: 11", "2: 7"]);
  });

  test("to zero", () => {
    const plane = new TestControlPlane();
    plane.deploy("web", 3);
    plane.run(5 * SECOND);
    plane.scale("web", 0);
    plane.run(5 * SECOND);
    expect(plane.pods()).toEqual([]);
    expect(conditions(plane.deployment("web"))[0]).toBe(
      "Available=True MinimumReplicasAvailable: Deployment has minimum availability.",
    );
  });
});

describe("a rolling update", () => {
  test("goes step by step", () => {
    const plane = new TestControlPlane();
    plane.deploy("web", 4);
    plane.run(10 * SECOND);
    plane.setImage("web", "httpd");
    plane.run(30 * SECOND);
    const [older, newer] = plane.replicaSets().toSorted((a, b) => a.spec.replicas! - b.spec.replicas!);
    const [from, to] = [older!.metadata.name, newer!.metadata.name];
    expect(plane.events("Deployment")).toEqual([
      `ScalingReplicaSet Scaled up replica set ${from} from 0 to 4`,
      `ScalingReplicaSet Scaled up replica set ${to} from 0 to 1`,
      `ScalingReplicaSet Scaled down replica set ${from} from 4 to 3`,
      `ScalingReplicaSet Scaled up replica set ${to} from 1 to 2`,
      `ScalingReplicaSet Scaled down replica set ${from} from 3 to 2`,
      `ScalingReplicaSet Scaled up replica set ${to} from 2 to 3`,
      `ScalingReplicaSet Scaled down replica set ${from} from 2 to 1`,
      `ScalingReplicaSet Scaled up replica set ${to} from 3 to 4`,
      `ScalingReplicaSet Scaled down replica set ${from} from 1 to 0`,
    ]);
    expect(plane.pods().map(image)).toEqual(["httpd", "httpd", "httpd", "httpd"]);
    expect(plane.deployment("web").metadata.annotations).toEqual({ "deployment.kubernetes.io/revision": "2" });
  });

  test("stops where the new Pods do not get ready, and says so after the deadline", () => {
    const plane = new TestControlPlane();
    plane.deploy("web", 4, { progressDeadlineSeconds: 60 });
    plane.run(10 * SECOND);
    plane.kubelets.broken.add("broken");
    plane.setImage("web", "broken");
    plane.run(10 * SECOND);
    expect(sizes(plane)).toEqual(["1: 3", "2: 2"]);
    expect(plane.deployment("web").status).toMatchObject({
      replicas: 5,
      updatedReplicas: 2,
      availableReplicas: 3,
      unavailableReplicas: 2,
    });
    plane.run(2 * MINUTE);
    const name = plane.replicaSets().find(({ spec }) => spec.replicas === 2)!.metadata.name;
    expect(conditions(plane.deployment("web"))).toEqual([
      "Available=True MinimumReplicasAvailable: Deployment has minimum availability.",
      `Progressing=False ProgressDeadlineExceeded: ReplicaSet "${name}" has timed out progressing.`,
    ]);
    // One event was planned for that, and none is left.
    expect(plane.kernel.events().filter(({ kind }) => kind.endsWith("/deployment"))).toEqual([]);
  });

  test("undone goes back to the old set as a new revision", () => {
    const plane = new TestControlPlane();
    plane.deploy("web", 2);
    plane.run(10 * SECOND);
    plane.setImage("web", "httpd");
    plane.run(10 * SECOND);
    const [first] = plane.replicaSets().filter(({ spec }) => spec.replicas === 0);
    // kubectl rollout undo replaces the template by that of the old set, without the label.
    const template = JSON.parse(JSON.stringify(first!.spec.template)) as {
      metadata: { labels: Record<string, string> };
    };
    delete template.metadata.labels["pod-template-hash"];
    plane.ok(
      "PATCH",
      "/apis/apps/v1/namespaces/default/deployments/web",
      [{ op: "replace", path: "/spec/template", value: template }],
      {
        contentType: "application/json-patch+json",
      },
    );
    plane.run(10 * SECOND);
    expect(plane.replicaSets()).toHaveLength(2);
    expect(plane.client.get(replicaSets, "default", first!.metadata.name)).toMatchObject({
      metadata: {
        annotations: {
          "deployment.kubernetes.io/revision": "3",
          "deployment.kubernetes.io/revision-history": "1",
        },
      },
      spec: { replicas: 2 },
    });
    expect(plane.deployment("web").metadata.annotations).toEqual({ "deployment.kubernetes.io/revision": "3" });
    expect(plane.pods().map(image)).toEqual(["nginx", "nginx"]);
  });

  test("undone by the annotation of old clients", () => {
    const plane = new TestControlPlane();
    plane.deploy("web", 1);
    plane.run(10 * SECOND);
    plane.setImage("web", "httpd");
    plane.run(10 * SECOND);
    const undo = (revision: string): void =>
      plane.patchDeployment("web", { metadata: { annotations: { "deprecated.deployment.rollback.to": revision } } });
    undo("0");
    plane.run(10 * SECOND);
    expect(image(plane.deployment("web"))).toBe("nginx");
    undo("3");
    plane.run(1 * SECOND);
    undo("7");
    plane.run(1 * SECOND);
    expect(plane.events("Deployment").filter((text) => text.startsWith("DeploymentRollback"))).toEqual([
      'DeploymentRollback Rolled back deployment "web" to revision 1',
      'DeploymentRollbackTemplateUnchanged The rollback revision contains the same template as current deployment "web"',
      "DeploymentRollbackRevisionNotFound Unable to find the revision to rollback to.",
    ]);
    expect(plane.deployment("web").metadata.annotations).toEqual({ "deployment.kubernetes.io/revision": "3" });
  });

  test("keeps as many old sets as the history may have", () => {
    const plane = new TestControlPlane();
    plane.deploy("web", 1, { revisionHistoryLimit: 2 });
    for (const tag of ["1", "2", "3", "4", "5"]) {
      plane.run(5 * SECOND);
      plane.setImage("web", `nginx:${tag}`);
    }
    plane.run(5 * SECOND);
    expect(sizes(plane)).toEqual(["4: 0", "5: 0", "6: 1"]);
  });

  test("hands annotations and minReadySeconds on", () => {
    const plane = new TestControlPlane();
    plane.deploy("web", 1);
    plane.run(5 * SECOND);
    plane.patchDeployment("web", {
      metadata: { annotations: { "kubernetes.io/change-cause": "why" } },
      spec: { minReadySeconds: 5 },
    });
    plane.run(1 * SECOND);
    expect(plane.replicaSets()[0]).toMatchObject({
      metadata: { annotations: { "kubernetes.io/change-cause": "why", "deployment.kubernetes.io/revision": "1" } },
      spec: { minReadySeconds: 5 },
    });
  });

  test("waits for minReadySeconds", () => {
    const plane = new TestControlPlane();
    plane.deploy("web", 1, { minReadySeconds: 20 });
    plane.run(10 * SECOND);
    expect(plane.deployment("web").status).toMatchObject({ readyReplicas: 1, unavailableReplicas: 1 });
    plane.run(15 * SECOND);
    expect(plane.deployment("web").status).toMatchObject({ readyReplicas: 1, availableReplicas: 1 });
  });
});

describe("pausing", () => {
  test("holds the rollout back, not the scaling", () => {
    const plane = new TestControlPlane();
    plane.deploy("web", 2);
    plane.run(5 * SECOND);
    plane.patchDeployment("web", { spec: { paused: true } });
    plane.setImage("web", "httpd");
    plane.scale("web", 3);
    plane.run(5 * SECOND);
    expect(plane.pods().map(image)).toEqual(["nginx", "nginx", "nginx"]);
    expect(conditions(plane.deployment("web"))).toContain("Progressing=Unknown DeploymentPaused: Deployment is paused");
    plane.patchDeployment("web", { spec: { paused: false } });
    plane.run(8 * MILLISECOND);
    expect(conditions(plane.deployment("web"))).toContainEqual(
      expect.stringContaining("Progressing=True NewReplicaSetCreated"),
    );
    plane.run(20 * SECOND);
    expect(plane.pods().map(image)).toEqual(["httpd", "httpd", "httpd"]);
  });
});

test("Recreate ends all old Pods before it begins a new one", () => {
  const plane = new TestControlPlane();
  plane.deploy("web", 3, { strategy: { type: "Recreate" } });
  plane.run(5 * SECOND);
  const seen = new Set<string>();
  plane.client.watch(pods, () => seen.add([...new Set(plane.pods().map(image))].sort().join()));
  plane.setImage("web", "httpd");
  plane.run(10 * SECOND);
  expect([...seen]).toEqual(["nginx", "", "httpd"]);
  expect(plane.deployment("web").status.availableReplicas).toBe(3);
});
