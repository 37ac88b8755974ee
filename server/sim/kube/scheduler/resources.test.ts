import { expect, test } from "vitest";
import type { Pod } from "../api/index.ts";
import { occupied } from "./resources.ts";

/** A Pod whose container wants, was granted and has so much cpu. */
function pod(wanted: string, granted: string, has: string, conditions: object[] = []): Pod {
  const container = { name: "c", resources: { requests: { cpu: wanted, memory: "64Mi" } } };
  const status = {
    name: "c",
    allocatedResources: { cpu: granted, memory: "64Mi" },
    resources: { requests: { cpu: has, memory: "64Mi" } },
  };
  return { spec: { containers: [container] }, status: { containerStatuses: [status], conditions } } as unknown as Pod;
}

const cpu = (of: Pod): number | undefined => occupied(of).requested.get("cpu");

test("a Pod that is being resized counts for the most of what it wants, was granted and has", () => {
  expect(cpu(pod("100m", "100m", "100m"))).toBe(100);
  expect(cpu(pod("300m", "100m", "100m"))).toBe(300);
  expect(cpu(pod("100m", "300m", "300m"))).toBe(300);
  expect(cpu(pod("100m", "100m", "200m"))).toBe(200);
});

test("what it cannot get does not count", () => {
  const infeasible = [{ type: "PodResizePending", status: "True", reason: "Infeasible" }];
  expect(cpu(pod("64", "100m", "100m", infeasible))).toBe(100);
  expect(cpu(pod("64", "100m", "100m", [{ ...infeasible[0], reason: "Deferred" }]))).toBe(64_000);
});
