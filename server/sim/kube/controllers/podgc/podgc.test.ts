import { expect, test } from "vitest";
import { SECOND } from "../../../kernel/index.ts";
import { nodes, pods } from "../../kinds/index.ts";
import { TestControlPlane } from "../testing.ts";

function pod(plane: TestControlPlane, name: string, nodeName = "node01"): void {
  plane.client.create(pods, {
    metadata: { name, namespace: "default" },
    spec: { nodeName, containers: [{ name: "c", image: "nginx" }] },
  });
}

function names(plane: TestControlPlane): string[] {
  return plane.pods().map(({ metadata }) => metadata.name);
}

test("Pods of a node that is gone go after 40 s, as failed ones", () => {
  const plane = new TestControlPlane();
  pod(plane, "one");
  pod(plane, "two", "node02");
  plane.run(5 * SECOND);
  const failed: unknown[] = [];
  plane.client.watch(pods, ({ object }) => {
    if (object.status.phase === "Failed") failed.push(object.status.conditions!.at(-1));
  });
  plane.client.delete(nodes, "", "node01");
  plane.run(39 * SECOND);
  expect(names(plane)).toEqual(["one", "two"]);
  plane.run(2 * SECOND);
  expect(names(plane)).toEqual(["two"]);
  expect(failed[0]).toMatchObject({
    type: "DisruptionTarget",
    status: "True",
    reason: "DeletionByPodGC",
    message: "PodGC: node no longer exists",
  });
});

test("but not if the node is back by then", () => {
  const plane = new TestControlPlane();
  pod(plane, "one");
  plane.run(5 * SECOND);
  plane.client.delete(nodes, "", "node01");
  plane.run(20 * SECOND);
  plane.addNode("node01");
  plane.run(60 * SECOND);
  expect(names(plane)).toEqual(["one"]);
});

test("a Pod for a node that never was goes too", () => {
  const plane = new TestControlPlane();
  pod(plane, "lost", "nowhere");
  plane.run(41 * SECOND);
  expect(names(plane)).toEqual([]);
});

test("of too many Pods that have ended the oldest go", () => {
  const plane = new TestControlPlane({ settings: { terminatedPodThreshold: 2 } });
  for (const name of ["d", "c", "b", "a"]) {
    pod(plane, name);
    plane.run(2 * SECOND);
    plane.client.patch(pods, { namespace: "default", name, subresource: "status" }, "merge-patch+json", {
      status: { phase: name === "b" ? "Failed" : "Succeeded" },
    });
  }
  plane.run(60 * SECOND);
  expect(names(plane)).toEqual(["a", "b"]);
});
