import { describe, expect, test } from "vitest";
import { MILLISECOND, SECOND } from "../../../kernel/index.ts";
import type { Pod, ReplicaSet } from "../../api/index.ts";
import { pods, replicaSets } from "../../kinds/index.ts";
import { TestControlPlane } from "../testing.ts";

const URL = "/apis/apps/v1/namespaces/default/replicasets";

function replicaSet(plane: TestControlPlane, name: string, replicas: number, spec: object = {}): ReplicaSet {
  const labels = { app: name };
  return plane.ok("POST", URL, {
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "nginx" }] } },
      ...spec,
    },
  });
}

function pod(plane: TestControlPlane, name: string, labels: Record<string, string>): Pod {
  return plane.client.create(pods, {
    metadata: { name, namespace: "default", labels },
    spec: { containers: [{ name: "c", image: "nginx" }] },
  });
}

function label(plane: TestControlPlane, name: string, labels: Record<string, string | null>): void {
  plane.client.patch(pods, { namespace: "default", name }, "merge-patch+json", { metadata: { labels } });
}

function names(plane: TestControlPlane): string[] {
  return plane.pods().map(({ metadata }) => metadata.name);
}

function get(plane: TestControlPlane, name: string): ReplicaSet {
  return plane.client.get(replicaSets, "default", name)!;
}

describe("a ReplicaSet", () => {
  test("has its Pods after a few milliseconds, and says how they are", () => {
    const plane = new TestControlPlane();
    replicaSet(plane, "web", 3);
    plane.run(4 * MILLISECOND);
    expect(names(plane)).toHaveLength(3);
    expect(get(plane, "web").status).toEqual({ replicas: 0, observedGeneration: 1 });
    plane.run(4 * MILLISECOND);
    expect(get(plane, "web").status).toEqual({ replicas: 3, fullyLabeledReplicas: 3, observedGeneration: 1 });
    plane.run(2 * SECOND);
    expect(get(plane, "web").status).toEqual({
      replicas: 3,
      fullyLabeledReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      observedGeneration: 1,
    });
  });

  test("replaces a Pod that is deleted, and one that failed", () => {
    const plane = new TestControlPlane();
    replicaSet(plane, "web", 2);
    plane.run(2 * SECOND);
    const [first, second] = names(plane);
    plane.client.delete(pods, "default", first!);
    plane.run(2 * SECOND);
    expect(names(plane)).toHaveLength(2);
    expect(names(plane)).toContain(second);
    plane.client.patch(pods, { namespace: "default", name: second!, subresource: "status" }, "merge-patch+json", {
      status: { phase: "Failed" },
    });
    plane.run(2 * SECOND);
    // The failed one stays for those who want to know why; the third takes its place.
    expect(names(plane)).toHaveLength(3);
    expect(get(plane, "web").status).toMatchObject({ replicas: 2, availableReplicas: 2 });
    expect(plane.events("ReplicaSet").map((text) => text.replace(/web-.....$/, "POD"))).toEqual([
      "SuccessfulCreate Created pod: POD",
      "SuccessfulCreate Created pod: POD",
      "SuccessfulCreate Created pod: POD",
      "SuccessfulCreate Created pod: POD",
    ]);
  });

  test("adopts Pods that nobody has, and makes only what is missing", () => {
    const plane = new TestControlPlane();
    pod(plane, "stray", { app: "web" });
    plane.run(1 * SECOND);
    const { metadata } = replicaSet(plane, "web", 2);
    plane.run(1 * SECOND);
    expect(names(plane)).toHaveLength(2);
    expect(plane.client.get(pods, "default", "stray")!.metadata.ownerReferences).toEqual([
      {
        apiVersion: "apps/v1",
        kind: "ReplicaSet",
        name: "web",
        uid: metadata.uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ]);
  });

  test("ends a Pod that comes too many, also if it made it not itself", () => {
    const plane = new TestControlPlane();
    replicaSet(plane, "web", 2);
    plane.run(2 * SECOND);
    const before = names(plane);
    pod(plane, "stray", { app: "web" });
    plane.run(2 * SECOND);
    expect(names(plane)).toEqual(before);
    expect(plane.events("ReplicaSet").at(-1)).toBe("SuccessfulDelete Deleted pod: stray");
  });

  test("releases a Pod that it does not select any more, makes another, and takes it back", () => {
    const plane = new TestControlPlane();
    replicaSet(plane, "web", 1);
    plane.run(2 * SECOND);
    const [name] = names(plane);
    label(plane, name!, { app: "debug" });
    plane.run(2 * SECOND);
    expect(names(plane)).toHaveLength(2);
    expect(plane.client.get(pods, "default", name!)!.metadata.ownerReferences).toBeUndefined();
    label(plane, name!, { app: "web" });
    plane.run(2 * SECOND);
    expect(names(plane)).toHaveLength(1);
  });

  test("does not take a Pod of somebody else", () => {
    const plane = new TestControlPlane();
    replicaSet(plane, "one", 1, {
      selector: { matchLabels: { app: "same" } },
      template: { metadata: { labels: { app: "same" } }, spec: { containers: [{ name: "c", image: "nginx" }] } },
    });
    plane.run(1 * SECOND);
    replicaSet(plane, "two", 1, {
      selector: { matchLabels: { app: "same" } },
      template: { metadata: { labels: { app: "same" } }, spec: { containers: [{ name: "c", image: "nginx" }] } },
    });
    plane.run(1 * SECOND);
    expect(names(plane).map((name) => name.slice(0, 3))).toEqual(["one", "two"]);
  });

  test("stops after the first batch that fails, and tries again later and later", () => {
    const plane = new TestControlPlane();
    replicaSet(plane, "web", 8, {
      template: {
        metadata: { labels: { app: "web" } },
        spec: { serviceAccountName: "nobody", containers: [{ name: "c", image: "nginx" }] },
      },
    });
    plane.run(4 * MILLISECOND);
    const refused = `Error creating: pods "web-" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found`;
    expect(plane.events("ReplicaSet")).toEqual([`FailedCreate ${refused}`]);
    plane.run(60 * SECOND);
    // After 5, 10, 20 … 40960 ms.
    expect(plane.events("ReplicaSet")).toEqual([`FailedCreate ${refused} (x14)`]);
  });
});
