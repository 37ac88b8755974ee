import { describe, expect, test } from "vitest";
import { MINUTE, rfc3339, SECOND } from "../../../kernel/index.ts";
import type { Node } from "../../api/index.ts";
import { endpoints, nodes, services } from "../../kinds/index.ts";
import { TestControlPlane } from "../testing.ts";

function node(plane: TestControlPlane, name: string): Node {
  return plane.client.get(nodes, "", name)!;
}

/** `key:effect` */
function taints(plane: TestControlPlane, name: string): string[] {
  return (node(plane, name).spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
}

function setConditions(plane: TestControlPlane, name: string, conditions: Record<string, string>): void {
  plane.client.patch(nodes, { name, subresource: "status" }, "strategic-merge-patch+json", {
    status: { conditions: Object.entries(conditions).map(([type, status]) => ({ type, status })) },
  });
}

/** What happens on a node that goes silent at `T`, by the second. */
function silentNode(): TestControlPlane {
  const plane = new TestControlPlane({ nodes: ["node01", "node02", "node03"] });
  plane.deploy("web", 6);
  plane.client.create(services, {
    metadata: { name: "web", namespace: "default" },
    spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
  });
  plane.run(60 * SECOND);
  plane.kubelets.works = (name) => name !== "node01";
  plane.heartbeats.report("node01", { alive: false });
  return plane;
}

function podsOn(plane: TestControlPlane, name: string): string[] {
  return plane
    .pods()
    .filter(({ spec }) => spec.nodeName === name)
    .map(({ metadata, status }) => {
      const ready = status.conditions!.find(({ type }) => type === "Ready")!.status;
      return `${metadata.deletionTimestamp ? "terminating" : "there"} ready=${ready}`;
    });
}

describe("a node that goes silent", () => {
  test("is unknown after 50 s, with its Pods not ready and no endpoints any more", () => {
    const plane = silentNode();
    plane.run(49.9 * SECOND);
    expect(taints(plane, "node01")).toEqual([]);
    expect(podsOn(plane, "node01")).toEqual(["there ready=True", "there ready=True"]);
    plane.run(0.2 * SECOND);
    const [ready] = node(plane, "node01").status.conditions!;
    expect(ready).toEqual({
      type: "Ready",
      status: "Unknown",
      lastHeartbeatTime: "2026-11-21T10:00:00Z",
      lastTransitionTime: "2026-11-21T10:01:50Z",
      reason: "NodeStatusUnknown",
      message: "Kubelet stopped posting node status.",
    });
    expect(node(plane, "node01").status.conditions!.map(({ type, status, reason }) => [type, status, reason])).toEqual([
      ["Ready", "Unknown", "NodeStatusUnknown"],
      ["MemoryPressure", "Unknown", "NodeStatusNeverUpdated"],
      ["DiskPressure", "Unknown", "NodeStatusNeverUpdated"],
      ["PIDPressure", "Unknown", "NodeStatusNeverUpdated"],
    ]);
    expect(node(plane, "node01").spec.taints).toEqual([
      { key: "node.kubernetes.io/unreachable", effect: "NoSchedule", timeAdded: "2026-11-21T10:01:50Z" },
      { key: "node.kubernetes.io/unreachable", effect: "NoExecute", timeAdded: "2026-11-21T10:01:50Z" },
    ]);
    expect(podsOn(plane, "node01")).toEqual(["there ready=False", "there ready=False"]);
    const [subset] = plane.client.get(endpoints, "default", "web")!.subsets!;
    expect(subset!.addresses).toHaveLength(4);
    expect(subset!.notReadyAddresses).toHaveLength(2);
    expect(plane.events("Node", "node01")).toEqual([
      "RegisteredNode Node node01 event: Registered Node node01 in Controller",
      "NodeNotReady Node node01 status is now: NodeNotReady",
    ]);
    expect(plane.events("Pod").filter((text) => text.startsWith("NodeNotReady"))).toEqual([
      "NodeNotReady Node is not ready",
      "NodeNotReady Node is not ready",
    ]);
    expect(plane.deployment("web").status).toMatchObject({ replicas: 6, availableReplicas: 4, unavailableReplicas: 2 });
  });

  test("has its Pods evicted after another 300 s, which end when it comes back", () => {
    const plane = silentNode();
    plane.run(349 * SECOND);
    expect(podsOn(plane, "node01")).toEqual(["there ready=False", "there ready=False"]);
    plane.run(2 * SECOND);
    expect(podsOn(plane, "node01")).toEqual(["terminating ready=False", "terminating ready=False"]);
    const gone = plane.pods().find(({ spec }) => spec.nodeName === "node01")!;
    expect(gone.status.conditions).toContainEqual(
      expect.objectContaining({
        type: "DisruptionTarget",
        status: "True",
        reason: "DeletionByTaintManager",
        message: "Taint manager: deleting due to NoExecute taint",
      }),
    );
    const { name } = gone.metadata;
    expect(plane.events("Pod", name)).toContain(`TaintManagerEviction Marking for deletion Pod default/${name}`);
    plane.run(10 * SECOND);
    // The others took over; who was on the silent node stays there as terminating.
    expect(plane.deployment("web").status).toMatchObject({ replicas: 6, availableReplicas: 6 });
    expect(podsOn(plane, "node01")).toHaveLength(2);
    plane.kubelets.works = () => true;
    plane.heartbeats.report("node01", { alive: true });
    setConditions(plane, "node01", { Ready: "True" });
    plane.run(1 * SECOND);
    expect(taints(plane, "node01")).toEqual([]);
  });

  test("that comes back in time keeps its Pods", () => {
    const plane = silentNode();
    plane.run(200 * SECOND);
    const before = podsOn(plane, "node01").length;
    plane.kubelets.works = () => true;
    plane.heartbeats.report("node01", { alive: true });
    setConditions(plane, "node01", {
      Ready: "True",
      MemoryPressure: "False",
      DiskPressure: "False",
      PIDPressure: "False",
    });
    plane.run(1 * SECOND);
    expect(taints(plane, "node01")).toEqual([]);
    const cancelled = plane.events("Pod").filter((text) => text.startsWith("TaintManagerEviction"));
    expect(cancelled).toEqual(
      plane
        .pods()
        .filter(({ spec }) => spec.nodeName === "node01")
        .map(({ metadata }) => `TaintManagerEviction Cancelling deletion of Pod default/${metadata.name}`),
    );
    plane.run(5 * MINUTE);
    expect(podsOn(plane, "node01")).toHaveLength(before);
  });

  test("leaves nothing to be done: one event was planned for each step", () => {
    const plane = silentNode();
    plane.run(10 * MINUTE);
    expect(plane.kernel.events().filter(({ periodic }) => !periodic)).toEqual([]);
  });

  test("is not unknown if it only pauses", () => {
    const plane = silentNode();
    plane.run(49 * SECOND);
    plane.heartbeats.report("node01", { alive: true });
    plane.run(1 * SECOND);
    plane.heartbeats.report("node01", { alive: false });
    plane.run(49 * SECOND);
    expect(taints(plane, "node01")).toEqual([]);
    plane.run(2 * SECOND);
    expect(taints(plane, "node01")).toHaveLength(2);
  });

  test("may have been so for a while before anybody says", () => {
    const plane = new TestControlPlane();
    plane.run(60 * SECOND);
    plane.heartbeats.report("node01", { alive: false, since: plane.kernel.now - 45 * SECOND });
    plane.run(4 * SECOND);
    expect(taints(plane, "node01")).toEqual([]);
    plane.run(2 * SECOND);
    expect(taints(plane, "node01")).toHaveLength(2);
  });
});

test("a node that never posts is unknown after a minute", () => {
  const plane = new TestControlPlane();
  plane.client.create(nodes, { metadata: { name: "node03" } });
  plane.run(59 * SECOND);
  expect(node(plane, "node03").status.conditions).toBeUndefined();
  plane.run(2 * SECOND);
  expect(node(plane, "node03").status.conditions![0]).toEqual({
    type: "Ready",
    status: "Unknown",
    lastHeartbeatTime: "2026-11-21T10:00:00Z",
    lastTransitionTime: "2026-11-21T10:01:00Z",
    reason: "NodeStatusNeverUpdated",
    message: "Kubelet never posted node status.",
  });
});

describe("taints follow", () => {
  test.each([
    ["Ready", "False", ["node.kubernetes.io/not-ready:NoSchedule", "node.kubernetes.io/not-ready:NoExecute"]],
    ["MemoryPressure", "True", ["node.kubernetes.io/memory-pressure:NoSchedule"]],
    ["DiskPressure", "True", ["node.kubernetes.io/disk-pressure:NoSchedule"]],
    ["PIDPressure", "True", ["node.kubernetes.io/pid-pressure:NoSchedule"]],
    ["NetworkUnavailable", "True", ["node.kubernetes.io/network-unavailable:NoSchedule"]],
  ])("the condition %s=%s", (type, status, expected) => {
    const plane = new TestControlPlane();
    setConditions(plane, "node01", { [type]: status });
    plane.run(1 * SECOND);
    expect(taints(plane, "node01")).toEqual(expected);
    setConditions(plane, "node01", { [type]: status === "True" ? "False" : "True" });
    plane.run(1 * SECOND);
    expect(taints(plane, "node01")).toEqual([]);
  });

  test("a cordon, and leave those of others alone", () => {
    const plane = new TestControlPlane();
    plane.client.patch(nodes, { name: "node01" }, "merge-patch+json", {
      spec: { unschedulable: true, taints: [{ key: "mine", value: "1", effect: "NoSchedule" }] },
    });
    plane.run(1 * SECOND);
    expect(node(plane, "node01").spec.taints).toEqual([
      { key: "mine", value: "1", effect: "NoSchedule" },
      { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule", timeAdded: "2026-11-21T10:00:00Z" },
    ]);
    plane.client.patch(nodes, { name: "node01" }, "merge-patch+json", { spec: { unschedulable: null } });
    plane.run(1 * SECOND);
    expect(taints(plane, "node01")).toEqual(["mine:NoSchedule"]);
  });
});

describe("where many nodes are silent", () => {
  function silent(count: number, of: number): TestControlPlane {
    const names = Array.from({ length: of }, (_, index) => `node${String(index + 1).padStart(2, "0")}`);
    const plane = new TestControlPlane({ nodes: names });
    plane.run(1 * SECOND);
    for (const name of names.slice(0, count)) plane.heartbeats.report(name, { alive: false });
    return plane;
  }
  const evicting = (plane: TestControlPlane): number =>
    plane.client.list(nodes).filter(({ spec }) => spec.taints?.some(({ effect }) => effect === "NoExecute")).length;

  test("they lose their Pods one after the other, ten seconds apart", () => {
    const plane = silent(2, 6);
    plane.run(51 * SECOND);
    expect(evicting(plane)).toBe(1);
    plane.run(10 * SECOND);
    expect(evicting(plane)).toBe(2);
  });

  test("none does while most of a small zone is down", () => {
    const plane = silent(4, 6);
    plane.run(10 * MINUTE);
    // The first one was tainted before the others were known to be down.
    expect(evicting(plane)).toBeLessThanOrEqual(1);
    plane.heartbeats.report("node04", { alive: true });
    setConditions(plane, "node04", { Ready: "True" });
    plane.heartbeats.report("node03", { alive: true });
    setConditions(plane, "node03", { Ready: "True" });
    plane.run(30 * SECOND);
    expect(evicting(plane)).toBe(2);
  });

  test("and none if all are down: then it is not they who are cut off", () => {
    const plane = silent(3, 3);
    plane.run(10 * MINUTE);
    expect(evicting(plane)).toBe(0);
    expect(plane.client.list(nodes).map(({ status }) => status.conditions![0]!.status)).toEqual([
      "Unknown",
      "Unknown",
      "Unknown",
    ]);
  });
});

test("the controller tells of nodes that go", () => {
  const plane = new TestControlPlane();
  plane.run(1 * SECOND);
  plane.client.delete(nodes, "", "node02");
  plane.run(1 * SECOND);
  expect(plane.events("Node", "node02")).toEqual([
    "RegisteredNode Node node02 event: Registered Node node02 in Controller",
    "RemovingNode Node node02 event: Removing Node node02 from Controller",
  ]);
});

test("the old labels of system and architecture follow the new ones", () => {
  const plane = new TestControlPlane({ nodes: [] });
  plane.addNode("node01", { labels: { "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" } });
  plane.run(1 * SECOND);
  expect(node(plane, "node01").metadata.labels).toMatchObject({
    "beta.kubernetes.io/os": "linux",
    "beta.kubernetes.io/arch": "amd64",
  });
});

describe("heartbeats", () => {
  test("are renewed every ten seconds, without anything that ticks", () => {
    const plane = new TestControlPlane({ nodes: ["node01"] });
    const { heartbeats } = plane;
    const last = (): string => rfc3339(heartbeats.lastRenewal("node01")!);
    plane.run(34 * SECOND);
    expect(last()).toBe("2026-11-21T10:00:30Z");
    heartbeats.report("node01", { alive: false });
    plane.run(60 * SECOND);
    expect(last()).toBe("2026-11-21T10:00:30Z");
    expect([heartbeats.isAlive("node01"), rfc3339(heartbeats.silentSince("node01")!)]).toEqual([
      false,
      "2026-11-21T10:00:34Z",
    ]);
    heartbeats.report("node01", { alive: true });
    plane.run(5 * SECOND);
    expect(last()).toBe("2026-11-21T10:01:34Z");
    heartbeats.forget("node01");
    expect([heartbeats.lastRenewal("node01"), heartbeats.isAlive("node01")]).toEqual([undefined, false]);
  });
});
