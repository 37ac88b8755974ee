import { describe, expect, test } from "vitest";
import { MILLISECOND, SECOND } from "../../../kernel/index.ts";
import type { Pod, Toleration } from "../../api/index.ts";
import { nodes, pods } from "../../kinds/index.ts";
import { TestControlPlane } from "../testing.ts";

const KEEP = { key: "out", value: "now", effect: "NoExecute" };

function pod(plane: TestControlPlane, name: string, tolerations: readonly Toleration[] = []): Pod {
  return plane.client.create(pods, {
    metadata: { name, namespace: "default" },
    spec: { nodeName: "node01", containers: [{ name: "c", image: "nginx" }], tolerations },
  });
}

function taint(plane: TestControlPlane, taints: readonly object[]): void {
  plane.client.patch(nodes, { name: "node01" }, "merge-patch+json", { spec: { taints: taints as never } });
}

function names(plane: TestControlPlane): string[] {
  return plane.pods().map(({ metadata }) => metadata.name);
}

describe("a taint NoExecute", () => {
  test("drives out who does not tolerate it at once, others when their time is over, some never", () => {
    const plane = new TestControlPlane();
    pod(plane, "none");
    pod(plane, "short", [{ key: "out", operator: "Exists", effect: "NoExecute", tolerationSeconds: 30 }]);
    pod(plane, "shortest", [
      { key: "out", operator: "Equal", value: "now", effect: "NoExecute", tolerationSeconds: 10 },
    ]);
    pod(plane, "ever", [{ operator: "Exists" }]);
    plane.run(1 * SECOND);
    taint(plane, [KEEP]);
    plane.run(5 * MILLISECOND);
    expect(plane.client.get(pods, "default", "none")!.metadata.deletionTimestamp).toBeDefined();
    plane.run(9 * SECOND);
    expect(names(plane)).toEqual(["ever", "short", "shortest"]);
    plane.run(2 * SECOND);
    expect(names(plane)).toEqual(["ever", "short"]);
    plane.run(20 * SECOND);
    expect(names(plane)).toEqual(["ever"]);
    expect(plane.events("Pod", "short").at(-1)).toBe("TaintManagerEviction Marking for deletion Pod default/short");
  });

  test("that goes again lets them stay", () => {
    const plane = new TestControlPlane();
    pod(plane, "short", [{ key: "out", operator: "Exists", effect: "NoExecute", tolerationSeconds: 30 }]);
    plane.run(1 * SECOND);
    taint(plane, [KEEP]);
    plane.run(20 * SECOND);
    taint(plane, []);
    plane.run(60 * SECOND);
    expect(names(plane)).toEqual(["short"]);
    expect(plane.events("Pod", "short").at(-1)).toBe("TaintManagerEviction Cancelling deletion of Pod default/short");
  });

  test("also meets Pods that come later", () => {
    const plane = new TestControlPlane();
    taint(plane, [KEEP]);
    plane.run(1 * SECOND);
    pod(plane, "late");
    plane.run(1 * SECOND);
    expect(names(plane)).toEqual([]);
  });

  test("of two the one that is not tolerated decides", () => {
    const plane = new TestControlPlane();
    pod(plane, "half", [{ key: "out", operator: "Exists" }]);
    plane.run(1 * SECOND);
    taint(plane, [KEEP]);
    plane.run(10 * SECOND);
    expect(names(plane)).toEqual(["half"]);
    taint(plane, [KEEP, { key: "other", effect: "NoExecute" }]);
    plane.run(1 * SECOND);
    expect(names(plane)).toEqual([]);
  });
});

test("a taint NoSchedule drives nobody out", () => {
  const plane = new TestControlPlane();
  pod(plane, "here");
  plane.run(1 * SECOND);
  taint(plane, [{ key: "out", effect: "NoSchedule" }]);
  plane.run(60 * SECOND);
  expect(names(plane)).toEqual(["here"]);
});
