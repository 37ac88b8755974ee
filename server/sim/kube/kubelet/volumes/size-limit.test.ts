import { expect, test } from "vitest";
import { SECOND } from "../../../kernel/index.ts";
import { TestNodes } from "../testing.ts";

const volume = (sizeLimit: string): object => ({ volumes: [{ name: "cache", emptyDir: { sizeLimit } }] });

test("a Pod whose emptyDir outgrows its limit is evicted at the next look, ten seconds apart", async () => {
  const world = await TestNodes.boot();
  const container = { name: "c", image: "busybox:1.36.1", command: ["sleep", "3600"] };
  const volumeMounts = [{ name: "cache", mountPath: "/cache" }];
  world.pod("web", { ...volume("10Ki"), containers: [{ ...container, volumeMounts }] });
  await world.pass(5 * SECOND);
  const { uid } = world.get("web")!.metadata;
  const path = `/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~empty-dir/cache`;
  world.write("controlplane", `${path}/a`, "x".repeat(5000));
  await world.pass(20 * SECOND);
  expect(world.get("web")!.status.phase).toBe("Running");
  world.write("controlplane", `${path}/b`, "x".repeat(5000));
  await world.pass(20 * SECOND);
  const { phase, reason, message } = world.get("web")!.status;
  expect([phase, reason, message, ...world.events("web").filter((line) => line.includes("Evicted"))]).toEqual([
    "Failed",
    "Evicted",
    'Usage of EmptyDir volume "cache" exceeds the limit "10Ki". ',
    'Warning Evicted Usage of EmptyDir volume "cache" exceeds the limit "10Ki". ',
  ]);
});
