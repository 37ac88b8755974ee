import { expect, test } from "vitest";
import { DnsWorld } from "./testing.ts";

test("starts as the real one does", async () => {
  const world = await new DnsWorld().start();
  expect(world.logs()).toEqual([]);
  world.service("web", { clusterIP: "10.96.0.7" });
  await world.pass(1);
  expect(world.dig("web.default.svc.cluster.local")).toEqual([]);
});
