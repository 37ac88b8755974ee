import { describe, expect, test } from "vitest";
import { MILLISECOND, MINUTE, SECOND } from "../../kernel/index.ts";
import { TestControlPlane } from "../controllers/testing.ts";
import type { Pod } from "../api/index.ts";
import { nodes, pods } from "../kinds/index.ts";

function create(plane: TestControlPlane, name: string, spec: object = {}, labels: Record<string, string> = {}): Pod {
  return plane.client.create(pods, {
    metadata: { name, namespace: "default", labels },
    spec: { containers: [{ name: "c", image: "nginx" }], ...spec },
  });
}

function requests(cpu: string): object {
  return { containers: [{ name: "c", image: "nginx", resources: { requests: { cpu } } }] };
}

function get(plane: TestControlPlane, name: string): Pod | undefined {
  return plane.client.get(pods, "default", name);
}

function nodeOf(plane: TestControlPlane, name: string): string | undefined {
  return get(plane, name)!.spec.nodeName;
}

describe("a Pod", () => {
  test("is bound within a few milliseconds, and says where", () => {
    const plane = new TestControlPlane({ nodes: ["node01"] });
    create(plane, "pod");
    plane.run(5 * MILLISECOND);
    expect(nodeOf(plane, "pod")).toBe("node01");
    expect(get(plane, "pod")!.status.conditions).toEqual([
      { type: "PodScheduled", status: "True", lastProbeTime: null, lastTransitionTime: "2026-11-21T10:00:00Z" },
    ]);
    expect(plane.events("Pod")).toEqual(["Scheduled Successfully assigned default/pod to node01"]);
  });

  test("with a node of its own, of another scheduler, or with gates is left alone", () => {
    const plane = new TestControlPlane({ nodes: ["node01"] });
    create(plane, "static", { nodeName: "nowhere" });
    create(plane, "others", { schedulerName: "mine" });
    create(plane, "gated", { schedulingGates: [{ name: "example.com/wait" }] });
    plane.run(10 * SECOND);
    expect(plane.pods().map(({ spec }) => spec.nodeName)).toEqual([undefined, undefined, "nowhere"]);
    expect(plane.events("Pod")).toEqual([]);
    plane.client.patch(pods, { namespace: "default", name: "gated" }, "merge-patch+json", {
      spec: { schedulingGates: null },
    });
    plane.run(10 * MILLISECOND);
    expect(nodeOf(plane, "gated")).toBe("node01");
  });

  test("that waits is not tried until something changes, but every five minutes", () => {
    const plane = new TestControlPlane();
    create(plane, "pod", requests("5"));
    plane.run(4 * MINUTE);
    const told = (): string => plane.events("Pod").join();
    expect(told()).not.toContain("(x");
    expect(plane.kernel.events().filter(({ periodic }) => !periodic)).toEqual([]);
    plane.run(2 * MINUTE);
    expect(told()).toContain("(x2)");
  });
});

describe("replicas", () => {
  test.each([2, 3, 5])("are spread over %d nodes", (count) => {
    const plane = new TestControlPlane({ nodes: Array.from({ length: count }, (_, index) => `node0${index + 1}`) });
    plane.deploy("web", count * 3);
    plane.run(1 * SECOND);
    const counts = Map.groupBy(plane.pods(), ({ spec }) => spec.nodeName);
    expect([...counts.values()].map(({ length }) => length)).toEqual(Array.from({ length: count }, () => 3));
  });
});

describe("a Pod that waits comes back", () => {
  function waits(spec: object, there: object = {}): TestControlPlane {
    const plane = new TestControlPlane({ nodes: ["node01"] });
    create(plane, "there", { nodeName: "node01", ...there }, { app: "there" });
    plane.run(2 * SECOND);
    create(plane, "pod", spec);
    plane.run(30 * SECOND);
    expect(nodeOf(plane, "pod")).toBeUndefined();
    return plane;
  }

  test("when a node comes", () => {
    const plane = waits(requests("5"));
    plane.addNode("node02", { cpu: "8" });
    plane.run(10 * MILLISECOND);
    expect(nodeOf(plane, "pod")).toBe("node02");
    expect(get(plane, "pod")!.status.conditions).toMatchObject([{ type: "PodScheduled", status: "True" }]);
  });

  test("when a node is let free, relabelled, untainted, or gets more", () => {
    const change = (plane: TestControlPlane, patch: object, subresource?: string): void => {
      plane.client.patch(
        nodes,
        { name: "node01", ...(subresource && { subresource }) },
        "merge-patch+json",
        patch as never,
      );
      plane.run(10 * MILLISECOND);
    };
    const selecting = waits({ nodeSelector: { disk: "ssd" } });
    change(selecting, { metadata: { labels: { disk: "ssd" } } });
    expect(nodeOf(selecting, "pod")).toBe("node01");
    const large = waits(requests("5"));
    change(large, { status: { allocatable: { cpu: "6" } } }, "status");
    expect(nodeOf(large, "pod")).toBe("node01");
    const cordoned = new TestControlPlane({ nodes: ["node01"] });
    change(cordoned, { spec: { unschedulable: true } });
    create(cordoned, "pod");
    cordoned.run(30 * SECOND);
    expect(nodeOf(cordoned, "pod")).toBeUndefined();
    change(cordoned, { spec: { unschedulable: null } });
    expect(nodeOf(cordoned, "pod")).toBe("node01");
  });

  test("when another Pod goes", () => {
    const plane = waits(requests("3"), requests("2"));
    plane.client.delete(pods, "default", "there");
    plane.run(1 * SECOND);
    expect(nodeOf(plane, "pod")).toBe("node01");
  });

  test("when a Pod comes that it wants to be near", () => {
    const term = { labelSelector: { matchLabels: { app: "db" } }, topologyKey: "kubernetes.io/hostname" };
    const plane = waits({ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } });
    create(plane, "db", {}, { app: "db" });
    plane.run(20 * MILLISECOND);
    expect(nodeOf(plane, "pod")).toBe("node01");
  });

  test("but is not tried for what does not help it", () => {
    const plane = waits({ nodeSelector: { disk: "ssd" } });
    plane.client.delete(pods, "default", "there");
    plane.addNode("node02");
    plane.run(30 * SECOND);
    expect(plane.events("Pod", "pod").join()).not.toContain("(x");
  });

  test("after its back-off, which grows with every failure", () => {
    const plane = new TestControlPlane({ nodes: ["node01"] });
    create(plane, "pod", { nodeSelector: { disk: "ssd" }, ...requests("9") });
    const told = (): string => get(plane, "pod")!.status.conditions![0]!.message ?? "";
    plane.run(10 * MILLISECOND);
    expect(told()).toContain("node affinity/selector");
    plane.client.patch(nodes, { name: "node01" }, "merge-patch+json", { metadata: { labels: { disk: "ssd" } } });
    plane.run(0.9 * SECOND);
    expect(told()).toContain("node affinity/selector");
    plane.run(0.1 * SECOND);
    expect(told()).toContain("Insufficient cpu");
    plane.client.patch(nodes, { name: "node01", subresource: "status" }, "merge-patch+json", {
      status: { allocatable: { cpu: "16" } },
    });
    plane.run(1.9 * SECOND);
    expect(nodeOf(plane, "pod")).toBeUndefined();
    plane.run(0.2 * SECOND);
    expect(nodeOf(plane, "pod")).toBe("node01");
  });
});

describe("preemption", () => {
  const MIDDLE = "system-cluster-critical";
  const HIGH = "system-node-critical";

  function crowded(): TestControlPlane {
    const plane = new TestControlPlane();
    create(plane, "cheap", { nodeName: "node01", ...requests("3") });
    create(plane, "dear", { nodeName: "node02", priorityClassName: MIDDLE, ...requests("3") });
    plane.run(2 * SECOND);
    return plane;
  }

  test("makes room on the node that loses least, and waits for it", () => {
    const plane = crowded();
    const pod = create(plane, "pod", { priorityClassName: HIGH, ...requests("2") });
    plane.run(10 * MILLISECOND);
    expect(get(plane, "pod")!.status.nominatedNodeName).toBe("node01");
    expect(nodeOf(plane, "pod")).toBeUndefined();
    const victim = get(plane, "cheap")!;
    expect(victim.metadata.deletionTimestamp).toBeDefined();
    expect(victim.status.conditions!.at(-1)).toMatchObject({
      type: "DisruptionTarget",
      status: "True",
      reason: "PreemptionByScheduler",
      message: "default-scheduler: preempting to accommodate a higher priority pod",
    });
    expect(plane.events("Pod", "cheap").at(-1)).toBe(`Preempted Preempted by pod ${pod.metadata.uid} on node node01`);
    expect(plane.events("Pod", "pod")).toEqual(["FailedScheduling 0/2 nodes are available: 2 Insufficient cpu."]);
    plane.run(3 * SECOND);
    expect(nodeOf(plane, "pod")).toBe("node01");
    expect(nodeOf(plane, "dear")).toBe("node02");
  });

  test("keeps the room for whom it was made", () => {
    const plane = crowded();
    create(plane, "pod", { priorityClassName: HIGH, ...requests("2") });
    plane.run(10 * MILLISECOND);
    create(plane, "thief", requests("3"));
    plane.run(5 * SECOND);
    expect(nodeOf(plane, "pod")).toBe("node01");
    expect(nodeOf(plane, "thief")).toBeUndefined();
  });

  test("touches nobody if that does not help", () => {
    const plane = crowded();
    create(plane, "pod", { priorityClassName: HIGH, ...requests("5") });
    plane.run(5 * SECOND);
    expect(plane.pods().filter(({ metadata }) => metadata.deletionTimestamp)).toEqual([]);
    expect(plane.events("Pod", "pod")).toEqual([
      "FailedScheduling 0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: 2 Insufficient cpu.",
    ]);
  });

  test("spares those that need not go", () => {
    const plane = new TestControlPlane({ nodes: ["node01"] });
    for (const [name, cpu, more] of [
      ["old", "1", {}],
      ["young", "1", {}],
      ["important", "2", { priorityClassName: MIDDLE }],
    ] as const) {
      create(plane, name, { nodeName: "node01", ...more, ...requests(cpu) });
      plane.run(2 * SECOND);
    }
    create(plane, "pod", { priorityClassName: HIGH, ...requests("1") });
    plane.run(10 * MILLISECOND);
    const leaving = plane.pods().filter(({ metadata }) => metadata.deletionTimestamp);
    expect(leaving.map(({ metadata }) => metadata.name)).toEqual(["young"]);
  });
});
