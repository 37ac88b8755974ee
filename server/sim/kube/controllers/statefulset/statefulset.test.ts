import { describe, expect, test } from "vitest";
import { SECOND } from "../../../kernel/index.ts";
import type { ControllerRevision, StatefulSet } from "../../api/index.ts";
import { controllerRevisions, pods, statefulSets } from "../../kinds/index.ts";
import { isPodActive } from "../pod-state.ts";
import { TestControlPlane } from "../testing.ts";

const URL = "/apis/apps/v1/namespaces/default/statefulsets";

function statefulSet(plane: TestControlPlane, replicas: number, spec: object = {}): StatefulSet {
  const labels = { app: "nginx" };
  return plane.ok("POST", URL, {
    metadata: { name: "web" },
    spec: {
      serviceName: "nginx",
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "nginx", image: "nginx:1" }] } },
      ...spec,
    },
  });
}

function patch(plane: TestControlPlane, spec: object): void {
  plane.client.patch(statefulSets, { namespace: "default", name: "web" }, "merge-patch+json", { spec: spec as never });
}

function setImage(plane: TestControlPlane, image: string): void {
  patch(plane, { template: { spec: { containers: [{ name: "nginx", image }] } } });
}

function status(plane: TestControlPlane): StatefulSet["status"] {
  return plane.client.get(statefulSets, "default", "web")!.status;
}

/** `web-0 nginx:1` of those that are not about to go. */
function running(plane: TestControlPlane): string[] {
  return plane
    .pods()
    .filter(isPodActive)
    .map(({ metadata, spec }) => `${metadata.name} ${spec.containers[0]!.image!}`);
}

function revisions(plane: TestControlPlane): readonly ControllerRevision[] {
  return plane.client.list(controllerRevisions, "default").toSorted((a, b) => a.revision - b.revision);
}

describe("a StatefulSet", () => {
  test("makes its Pods one after the other, each with its name", () => {
    const plane = new TestControlPlane();
    const { metadata } = statefulSet(plane, 3);
    let most = 0;
    plane.client.watch(pods, () => {
      const waiting = plane.pods().filter(({ status: { phase } }) => phase === "Pending").length;
      most = Math.max(most, waiting);
    });
    plane.run(10 * SECOND);
    expect(most).toBe(1);
    expect(running(plane)).toEqual(["web-0 nginx:1", "web-1 nginx:1", "web-2 nginx:1"]);
    const revision = revisions(plane)[0]!.metadata.name;
    expect(plane.pods()[1]).toMatchObject({
      metadata: {
        name: "web-1",
        generateName: "web-",
        labels: {
          app: "nginx",
          "apps.kubernetes.io/pod-index": "1",
          "controller-revision-hash": revision,
          "statefulset.kubernetes.io/pod-name": "web-1",
        },
        ownerReferences: [
          {
            apiVersion: "apps/v1",
            kind: "StatefulSet",
            name: "web",
            uid: metadata.uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: { hostname: "web-1", subdomain: "nginx" },
    });
    expect(status(plane)).toEqual({
      observedGeneration: 1,
      replicas: 3,
      readyReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      currentRevision: revision,
      updateRevision: revision,
      collisionCount: 0,
      availableReplicas: 3,
    });
    expect(plane.events("StatefulSet")).toEqual([
      "SuccessfulCreate create Pod web-0 in StatefulSet web successful",
      "SuccessfulCreate create Pod web-1 in StatefulSet web successful",
      "SuccessfulCreate create Pod web-2 in StatefulSet web successful",
    ]);
    expect(plane.cells(URL)).toMatchObject({ Name: "web", Ready: "3/3", Images: "nginx:1" });
  });

  test("in parallel makes them at once", () => {
    const plane = new TestControlPlane();
    statefulSet(plane, 3, { podManagementPolicy: "Parallel", ordinals: { start: 5 } });
    plane.run(0.05 * SECOND);
    expect(running(plane)).toEqual(["web-5 nginx:1", "web-6 nginx:1", "web-7 nginx:1"]);
  });

  test("waits for the one that does not get ready", () => {
    const plane = new TestControlPlane();
    plane.kubelets.broken.add("nginx:1");
    statefulSet(plane, 3);
    plane.run(10 * SECOND);
    expect(running(plane)).toEqual(["web-0 nginx:1"]);
  });

  test("shrinks from the end, one after the other, and replaces a Pod under its name", () => {
    const plane = new TestControlPlane();
    statefulSet(plane, 3);
    plane.run(10 * SECOND);
    patch(plane, { replicas: 1 });
    plane.run(10 * SECOND);
    expect(running(plane)).toEqual(["web-0 nginx:1"]);
    expect(plane.events("StatefulSet").slice(3)).toEqual([
      "SuccessfulDelete delete Pod web-2 in StatefulSet web successful",
      "SuccessfulDelete delete Pod web-1 in StatefulSet web successful",
    ]);
    const { uid } = plane.pods()[0]!.metadata;
    plane.client.delete(pods, "default", "web-0");
    plane.run(5 * SECOND);
    expect(running(plane)).toEqual(["web-0 nginx:1"]);
    expect(plane.pods()[0]!.metadata.uid).not.toBe(uid);
  });

  test("puts claims in the place of the volumes of their names", () => {
    const plane = new TestControlPlane();
    statefulSet(plane, 1, {
      volumeClaimTemplates: [
        {
          metadata: { name: "www" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        },
      ],
    });
    plane.run(1 * SECOND);
    expect(plane.pods()[0]!.spec.volumes![0]).toEqual({
      name: "www",
      persistentVolumeClaim: { claimName: "www-web-0" },
    });
    const [first] = plane.events("StatefulSet");
    expect(first).toBe("SuccessfulCreate create Claim www-web-0 Pod web-0 in StatefulSet web success");
  });
});

describe("a rolling update of a StatefulSet", () => {
  test("goes from the last to the first, and remembers what was", () => {
    const plane = new TestControlPlane();
    statefulSet(plane, 3);
    plane.run(10 * SECOND);
    setImage(plane, "nginx:2");
    plane.run(1.2 * SECOND);
    expect(running(plane)).toEqual(["web-0 nginx:1", "web-1 nginx:1", "web-2 nginx:2"]);
    plane.run(20 * SECOND);
    expect(running(plane)).toEqual(["web-0 nginx:2", "web-1 nginx:2", "web-2 nginx:2"]);
    const [first, second] = revisions(plane);
    expect(status(plane)).toMatchObject({
      currentRevision: second!.metadata.name,
      updateRevision: second!.metadata.name,
      currentReplicas: 3,
      updatedReplicas: 3,
    });
    // Going back makes the first revision the newest, as `kubectl rollout undo` has it.
    setImage(plane, "nginx:1");
    plane.run(20 * SECOND);
    expect(revisions(plane).map(({ metadata, revision }) => [metadata.name, revision])).toEqual([
      [second!.metadata.name, 2],
      [first!.metadata.name, 3],
    ]);
  });

  test("leaves those below the partition as they are, also when they are made anew", () => {
    const plane = new TestControlPlane();
    statefulSet(plane, 3, { updateStrategy: { rollingUpdate: { partition: 2 } } });
    plane.run(10 * SECOND);
    setImage(plane, "nginx:2");
    plane.run(10 * SECOND);
    plane.client.delete(pods, "default", "web-0");
    plane.run(10 * SECOND);
    expect(running(plane)).toEqual(["web-0 nginx:1", "web-1 nginx:1", "web-2 nginx:2"]);
    expect(status(plane)).toMatchObject({ currentReplicas: 2, updatedReplicas: 1 });
  });

  test("on delete changes nothing by itself", () => {
    const plane = new TestControlPlane();
    statefulSet(plane, 2, { updateStrategy: { type: "OnDelete" } });
    plane.run(10 * SECOND);
    setImage(plane, "nginx:2");
    plane.run(10 * SECOND);
    plane.client.delete(pods, "default", "web-0");
    plane.run(10 * SECOND);
    expect(running(plane)).toEqual(["web-0 nginx:2", "web-1 nginx:1"]);
  });

  test("forgets revisions beyond the limit", () => {
    const plane = new TestControlPlane();
    statefulSet(plane, 1, { revisionHistoryLimit: 1 });
    for (const image of ["nginx:2", "nginx:3", "nginx:4"]) {
      plane.run(10 * SECOND);
      setImage(plane, image);
    }
    plane.run(10 * SECOND);
    expect(revisions(plane).map(({ revision }) => revision)).toEqual([3, 4]);
  });
});

test("what an update may not change", () => {
  const plane = new TestControlPlane();
  const set = statefulSet(plane, 1);
  const changed = { ...set, spec: { ...set.spec, serviceName: "other" } };
  expect(plane.refused("PUT", `${URL}/web`, changed)).toBe(
    "422 StatefulSet.apps \"web\" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
  );
});
