import { describe, expect, test } from "vitest";
import { MILLISECOND, MINUTE, SECOND } from "../../kernel/index.ts";
import { restoreTestKernel } from "../../kernel/testing.ts";
import { TestControlPlane } from "./testing.ts";

describe("while kube-controller-manager does not run", () => {
  test("nothing happens; when it starts, all that is left undone is done", () => {
    const plane = new TestControlPlane();
    plane.deploy("web", 2);
    plane.run(5 * SECOND);
    plane.active = false;
    plane.deploy("db", 1);
    plane.scale("web", 4);
    plane.run(1 * MINUTE);
    expect(plane.pods()).toHaveLength(2);
    expect(plane.replicaSets()).toHaveLength(1);
    plane.active = true;
    plane.manager.start();
    plane.scheduler.start();
    plane.run(5 * SECOND);
    expect(plane.pods()).toHaveLength(5);
    expect(plane.deployment("web").status.availableReplicas).toBe(4);
    expect(plane.deployment("db").status.availableReplicas).toBe(1);
  });

  test("the silence of nodes does not count", () => {
    const plane = new TestControlPlane();
    plane.run(5 * SECOND);
    plane.active = false;
    plane.heartbeats.report("node01", { alive: false });
    plane.run(5 * MINUTE);
    plane.active = true;
    plane.manager.start();
    plane.run(49 * SECOND);
    const told = "NodeNotReady Node node01 status is now: NodeNotReady";
    expect(plane.events("Node", "node01")).not.toContain(told);
    plane.run(2 * SECOND);
    expect(plane.events("Node", "node01")).toContain(told);
  });

  test("and a restore in between changes nothing", () => {
    const before = new TestControlPlane();
    before.deploy("web", 2);
    before.run(20 * MILLISECOND);
    before.active = false;
    before.run(5 * SECOND);
    const plane = new TestControlPlane({ kernel: restoreTestKernel(before.kernel.snapshot()), restored: true });
    plane.manager.start();
    plane.scheduler.start();
    plane.run(5 * SECOND);
    expect(plane.deployment("web").status.availableReplicas).toBe(2);
  });
});

describe("--controllers", () => {
  test("leaves a loop out", () => {
    const plane = new TestControlPlane({ settings: { controllers: ["*", "-replicaset"] } });
    plane.deploy("web", 2);
    plane.run(5 * SECOND);
    expect(plane.replicaSets()).toHaveLength(1);
    expect(plane.pods()).toEqual([]);
  });

  test("read anew at the next start, lets it run", () => {
    const plane = new TestControlPlane({ settings: { controllers: ["*", "-replicaset"] } });
    plane.deploy("web", 2);
    plane.run(5 * SECOND);
    plane.settings = { ...plane.settings, controllers: ["*"] };
    plane.manager.start();
    plane.run(5 * SECOND);
    expect(plane.pods()).toHaveLength(2);
  });
});

test("a manager that was stopped has let go of the server", () => {
  const plane = new TestControlPlane();
  plane.run(1 * SECOND);
  plane.manager.stop();
  plane.scheduler.stop();
  plane.deploy("web", 2);
  plane.heartbeats.report("node01", { alive: false });
  plane.run(2 * MINUTE);
  expect(plane.replicaSets()).toEqual([]);
  expect(plane.kernel.events()).toEqual([]);
});
