import { expect, test } from "vitest";
import { SECOND } from "../../../kernel/index.ts";
import { TestControlPlane } from "../testing.ts";

test("a Deployment makes a ReplicaSet, which makes Pods", () => {
  const plane = new TestControlPlane();
  plane.deploy("web", 4);
  plane.run(5 * SECOND);
  console.log(
    plane.table("/api/v1/namespaces/default/pods").rows?.map((r) => r.cells.join(" ")),
    plane.deployment("web").status,
    plane.events("Deployment"),
    plane.events("ReplicaSet"),
    plane.events("Pod"),
  );
  plane.setImage("web", "httpd");
  plane.run(20 * SECOND);
  console.log(
    plane.table("/api/v1/namespaces/default/pods").rows?.map((r) => r.cells.join(" ")),
    plane.deployment("web").status,
    plane.events("Deployment"),
  );
  const t = performance.now();
  plane.deploy("many", 100);
  plane.run(5 * SECOND);
  console.log(performance.now() - t, plane.deployment("many").status);
});
