import { describe, expect, test } from "vitest";
import { SECOND } from "../../../kernel/index.ts";
import { replicaSets } from "../../kinds/index.ts";
import { TestControlPlane } from "../testing.ts";

describe("ReplicaSets that are there already", () => {
  test("are adopted if they fit, and released if they do not any more", () => {
    const plane = new TestControlPlane();
    plane.deploy("web", 2);
    plane.run(5 * SECOND);
    const [set] = plane.replicaSets();
    const names = plane.pods().map(({ metadata }) => metadata.name);
    plane.ok("DELETE", "/apis/apps/v1/namespaces/default/deployments/web", { propagationPolicy: "Orphan" });
    plane.run(1 * SECOND);
    expect(plane.replicaSets()[0]!.metadata.ownerReferences).toBeUndefined();
    plane.deploy("web", 2);
    plane.run(1 * SECOND);
    expect(plane.replicaSets().map(({ metadata }) => metadata.name)).toEqual([set!.metadata.name]);
    expect(plane.replicaSets()[0]!.metadata.ownerReferences).toHaveLength(1);
    expect(plane.pods().map(({ metadata }) => metadata.name)).toEqual(names);
    plane.client.patch(replicaSets, { namespace: "default", name: set!.metadata.name }, "merge-patch+json", {
      metadata: { labels: { app: "other" } },
    });
    plane.run(1 * SECOND);
    expect(plane.client.get(replicaSets, "default", set!.metadata.name)!.metadata.ownerReferences).toBeUndefined();
  });

  test("with the same name and another template are avoided", () => {
    const plane = new TestControlPlane();
    plane.deploy("web", 1);
    plane.run(1 * SECOND);
    const [set] = plane.replicaSets();
    plane.ok("DELETE", "/apis/apps/v1/namespaces/default/deployments/web", { propagationPolicy: "Orphan" });
    plane.run(1 * SECOND);
    plane.client.patch(replicaSets, { namespace: "default", name: set!.metadata.name }, "merge-patch+json", {
      metadata: { labels: { app: "other" } },
    });
    plane.deploy("web", 1);
    plane.run(5 * SECOND);
    expect(plane.deployment("web").status).toMatchObject({ collisionCount: 1, availableReplicas: 1 });
    expect(plane.replicaSets()).toHaveLength(2);
  });
});

test("a Deployment that may have no Pods says why", () => {
  const plane = new TestControlPlane();
  plane.deploy("web", 2, {
    template: {
      metadata: { labels: { app: "web" } },
      spec: { serviceAccountName: "nobody", containers: [{ name: "web", image: "nginx" }] },
    },
  });
  plane.run(1 * SECOND);
  const [set] = plane.replicaSets();
  const why = `pods "${set!.metadata.name}-" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found`;
  expect(set!.status.conditions).toMatchObject([
    { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: why },
  ]);
  expect(plane.deployment("web").status.conditions).toContainEqual(
    expect.objectContaining({ type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: why }),
  );
  expect(plane.events("ReplicaSet")[0]).toMatch(`FailedCreate Error creating: ${why}`);
  plane.ok("POST", "/api/v1/namespaces/default/serviceaccounts", { metadata: { name: "nobody" } });
  plane.run(20 * SECOND);
  expect(plane.deployment("web").status.availableReplicas).toBe(2);
  expect(plane.deployment("web").status.conditions!.map(({ type }) => type)).not.toContain("ReplicaFailure");
});
