import { expect, test } from "vitest";
import { SECOND } from "../../../kernel/index.ts";
import { deployments, horizontalPodAutoscalers } from "../../kinds/index.ts";
import { TestNodes } from "../../kubelet/testing.ts";

test("the autoscaler may write the scale of what it scales", async () => {
  const world = await TestNodes.boot();
  const labels = { app: "web" };
  const metadata = { name: "web", namespace: "default" };
  world.admin.create(deployments, {
    metadata,
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "busybox:1.36" }] } },
    },
  });
  world.admin.create(horizontalPodAutoscalers, {
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      minReplicas: 2,
      maxReplicas: 4,
    },
  });
  await world.pass(20 * SECOND);
  expect(world.admin.get(deployments, "default", "web")?.spec.replicas).toBe(2);
  expect(world.events("web")).toContain(
    "Normal SuccessfulRescale New size: 2; reason: Current number of replicas below Spec.MinReplicas",
  );
});
