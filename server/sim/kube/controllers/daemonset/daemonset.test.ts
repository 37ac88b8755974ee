import { describe, expect, test } from "vitest";
import { MILLISECOND, MINUTE, SECOND } from "../../../kernel/index.ts";
import type { DaemonSet, Pod } from "../../api/index.ts";
import { daemonSets, nodes, pods } from "../../kinds/index.ts";
import { isPodActive, isPodReady } from "../pod-state.ts";
import { TestControlPlane } from "../testing.ts";

const THREE = ["node01", "node02", "node03"];

function daemonSet(plane: TestControlPlane, spec: object = {}, pod: object = {}): DaemonSet {
  const labels = { app: "agent" };
  return plane.ok("POST", "/apis/apps/v1/namespaces/default/daemonsets", {
    metadata: { name: "agent" },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "agent:1" }], ...pod } },
      ...spec,
    },
  });
}

function setImage(plane: TestControlPlane, image: string): void {
  plane.client.patch(daemonSets, { namespace: "default", name: "agent" }, "merge-patch+json", {
    spec: { template: { spec: { containers: [{ name: "c", image }] } } },
  });
}

/** `node01 agent:1` for every Pod that is not about to go. */
function running(plane: TestControlPlane): string[] {
  return plane
    .pods()
    .filter(isPodActive)
    .map(({ spec }) => `${spec.nodeName ?? "-"} ${spec.containers[0]!.image!}`)
    .sort();
}

function status(plane: TestControlPlane): DaemonSet["status"] {
  return plane.client.get(daemonSets, "default", "agent")!.status;
}

function taint(plane: TestControlPlane, name: string, taints: readonly object[]): void {
  plane.client.patch(nodes, { name }, "merge-patch+json", { spec: { taints: taints as never } });
}

describe("a DaemonSet", () => {
  test("has a Pod on every node, with the affinity, tolerations and labels of upstream", () => {
    const plane = new TestControlPlane();
    const { metadata } = daemonSet(plane, {}, { tolerations: [{ operator: "Exists", effect: "NoExecute" }] });
    plane.run(50 * MILLISECOND);
    expect(running(plane)).toEqual(["node01 agent:1", "node02 agent:1"]);
    const pod = plane.pods().find(({ spec }) => spec.nodeName === "node01")!;
    const hash = pod.metadata.labels!["controller-revision-hash"]!;
    expect(hash).toMatch(/^[456789bcdf]{1,10}$/);
    expect(pod.metadata).toMatchObject({
      generateName: "agent-",
      labels: { app: "agent", "controller-revision-hash": hash, "pod-template-generation": "1" },
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "DaemonSet",
          name: "agent",
          uid: metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    });
    expect(pod.spec.affinity).toEqual({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["node01"] }] }],
        },
      },
    });
    expect(pod.spec.tolerations).toEqual([
      { operator: "Exists", effect: "NoExecute" },
      { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
      { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
      { key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" },
      { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
      { key: "node.kubernetes.io/pid-pressure", operator: "Exists", effect: "NoSchedule" },
      { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" },
    ]);
    plane.run(2 * SECOND);
    expect(status(plane)).toEqual({
      currentNumberScheduled: 2,
      numberMisscheduled: 0,
      desiredNumberScheduled: 2,
      numberReady: 2,
      observedGeneration: 1,
      updatedNumberScheduled: 2,
      numberAvailable: 2,
    });
    const names = plane.pods().map((one) => `SuccessfulCreate Created pod: ${one.metadata.name}`);
    expect(plane.events("DaemonSet").sort()).toEqual(names.sort());
  });

  test("of the host's network puts up with nodes without a network", () => {
    const plane = new TestControlPlane({ nodes: [] });
    plane.addNode("node01", { taints: [{ key: "node.kubernetes.io/network-unavailable", effect: "NoSchedule" }] });
    daemonSet(plane, {}, { hostNetwork: true });
    plane.run(1 * SECOND);
    expect(running(plane)).toEqual(["node01 agent:1"]);
  });

  test("follows nodes that come, change and go", () => {
    const plane = new TestControlPlane({ nodes: ["node01"] });
    daemonSet(plane, {}, { nodeSelector: { disk: "ssd" } });
    plane.run(1 * SECOND);
    expect(running(plane)).toEqual([]);
    expect(status(plane)).toMatchObject({ desiredNumberScheduled: 0 });
    plane.addNode("node02", { labels: { disk: "ssd" } });
    plane.client.patch(nodes, { name: "node01" }, "merge-patch+json", { metadata: { labels: { disk: "ssd" } } });
    plane.run(1 * SECOND);
    expect(running(plane)).toEqual(["node01 agent:1", "node02 agent:1"]);
    plane.client.patch(nodes, { name: "node01" }, "merge-patch+json", { metadata: { labels: { disk: "hdd" } } });
    plane.run(1 * SECOND);
    expect(running(plane)).toEqual(["node02 agent:1"]);
    plane.client.delete(nodes, "", "node02");
    plane.run(1 * MINUTE);
    expect(running(plane)).toEqual([]);
  });

  test("stays off tainted nodes, but leaves where it is unless it must not execute there", () => {
    const plane = new TestControlPlane({ nodes: THREE });
    taint(plane, "node01", [{ key: "only", value: "db", effect: "NoSchedule" }]);
    daemonSet(plane);
    plane.run(2 * SECOND);
    expect(running(plane)).toEqual(["node02 agent:1", "node03 agent:1"]);
    taint(plane, "node02", [{ key: "only", value: "db", effect: "NoSchedule" }]);
    taint(plane, "node03", [{ key: "only", value: "db", effect: "NoExecute" }]);
    plane.run(2 * SECOND);
    expect(running(plane)).toEqual(["node02 agent:1"]);
    expect(status(plane)).toMatchObject({ desiredNumberScheduled: 0, numberMisscheduled: 1 });
  });

  test("does not mind a cordon", () => {
    const plane = new TestControlPlane({ nodes: ["node01"] });
    plane.client.patch(nodes, { name: "node01" }, "merge-patch+json", { spec: { unschedulable: true } });
    plane.run(1 * SECOND);
    daemonSet(plane);
    plane.run(1 * SECOND);
    expect(running(plane)).toEqual(["node01 agent:1"]);
  });

  test("names in messages what keeps its Pods off a node", () => {
    const plane = new TestControlPlane({ nodes: [] });
    plane.addNode("node01", { cpu: "1" });
    plane.addNode("node02");
    daemonSet(plane, {}, { containers: [{ name: "c", image: "agent:1", resources: { requests: { cpu: "1500m" } } }] });
    plane.run(1 * SECOND);
    expect(running(plane)).toEqual(["- agent:1", "node02 agent:1"]);
    const waiting = plane.pods().find(({ spec }) => !spec.nodeName)!;
    expect(plane.events("Pod", waiting.metadata.name)).toEqual([
      "FailedScheduling 0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s) [NodeAffinity]. preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.",
    ]);
  });
});

describe("a rolling update of a DaemonSet", () => {
  test("replaces one Pod after the other", () => {
    const plane = new TestControlPlane({ nodes: THREE });
    daemonSet(plane);
    plane.run(5 * SECOND);
    let fewest = 3;
    plane.client.watch(pods, () => {
      fewest = Math.min(fewest, plane.pods().filter((pod) => isPodActive(pod) && isPodReady(pod)).length);
    });
    setImage(plane, "agent:2");
    plane.run(30 * SECOND);
    expect(running(plane)).toEqual(["node01 agent:2", "node02 agent:2", "node03 agent:2"]);
    expect(fewest).toBe(2);
    expect(status(plane)).toMatchObject({ updatedNumberScheduled: 3, numberAvailable: 3, observedGeneration: 2 });
    const pod = plane.pods()[0]!;
    expect(pod.metadata.labels!["pod-template-generation"]).toBe("2");
  });

  test("stops at the first node where the new Pod does not get ready", () => {
    const plane = new TestControlPlane({ nodes: THREE });
    daemonSet(plane);
    plane.run(5 * SECOND);
    plane.kubelets.broken.add("agent:2");
    setImage(plane, "agent:2");
    plane.run(30 * SECOND);
    expect(running(plane).filter((text) => text.endsWith("agent:2"))).toHaveLength(1);
    expect(status(plane)).toMatchObject({ updatedNumberScheduled: 1, numberAvailable: 2, numberUnavailable: 1 });
    setImage(plane, "agent:3");
    plane.run(30 * SECOND);
    expect(running(plane)).toEqual(["node01 agent:3", "node02 agent:3", "node03 agent:3"]);
  });

  test("with a surge keeps every old one until the new one is available", () => {
    const plane = new TestControlPlane({ nodes: THREE });
    daemonSet(plane, { updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } });
    plane.run(5 * SECOND);
    const on = (pod: Pod): string => pod.spec.nodeName ?? "";
    let most = 0;
    let fewest = 3;
    plane.client.watch(pods, () => {
      const active = plane.pods().filter(isPodActive);
      most = Math.max(most, active.length);
      fewest = Math.min(fewest, new Set(active.filter(isPodReady).map(on)).size);
    });
    setImage(plane, "agent:2");
    plane.run(30 * SECOND);
    expect(running(plane)).toEqual(["node01 agent:2", "node02 agent:2", "node03 agent:2"]);
    expect([most, fewest]).toEqual([4, 3]);
  });

  test("does nothing by itself where Pods are replaced only on delete", () => {
    const plane = new TestControlPlane();
    daemonSet(plane, { updateStrategy: { type: "OnDelete" } });
    plane.run(5 * SECOND);
    setImage(plane, "agent:2");
    plane.run(5 * SECOND);
    expect(running(plane)).toEqual(["node01 agent:1", "node02 agent:1"]);
    plane.client.delete(pods, "default", plane.pods().find(({ spec }) => spec.nodeName === "node01")!.metadata.name);
    plane.run(5 * SECOND);
    expect(running(plane)).toEqual(["node01 agent:2", "node02 agent:1"]);
    expect(status(plane)).toMatchObject({ updatedNumberScheduled: 1 });
  });
});

test("a failed Pod is replaced, and one that fails again and again less and less often", () => {
  const plane = new TestControlPlane({ nodes: ["node01"] });
  daemonSet(plane);
  plane.run(5 * SECOND);
  plane.client.watch(pods, ({ type, object }) => {
    const { namespace, name } = object.metadata;
    if (type === "MODIFIED" && object.status.phase === "Running" && !object.metadata.deletionTimestamp)
      plane.client.patch(pods, { namespace, name, subresource: "status" }, "merge-patch+json", {
        status: { phase: "Failed" },
      });
  });
  const killed = (): string[] => plane.events("DaemonSet").filter((text) => text.startsWith("FailedDaemonPod"));
  const name = plane.pods()[0]!.metadata.name;
  plane.client.patch(pods, { namespace: "default", name, subresource: "status" }, "merge-patch+json", {
    status: { phase: "Failed" },
  });
  plane.run(10 * MILLISECOND);
  expect(killed()).toEqual([
    `FailedDaemonPod Found failed daemon pod default/${name} on node node01, will try to kill it`,
  ]);
  plane.run(1 * MINUTE);
  // After 1, 2, 4, 8, 16 and 32 s at the earliest.
  expect(killed()).toHaveLength(6);
});

test("deleted, it takes its Pods along", () => {
  const plane = new TestControlPlane();
  daemonSet(plane);
  plane.run(5 * SECOND);
  plane.client.delete(daemonSets, "default", "agent");
  plane.run(5 * SECOND);
  expect(plane.pods()).toEqual([]);
});
