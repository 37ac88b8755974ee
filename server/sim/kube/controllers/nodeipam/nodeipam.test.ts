import { describe, expect, test } from "vitest";
import { SECOND } from "../../../kernel/index.ts";
import { nodes } from "../../kinds/index.ts";
import { TestControlPlane } from "../testing.ts";
import { CidrSet } from "./cidr-set.ts";

function cidrs(plane: TestControlPlane): Record<string, string> {
  return Object.fromEntries(
    plane.client.list(nodes).map(({ metadata, spec }) => [metadata.name, (spec.podCIDRs ?? []).join()]),
  );
}

describe("nodes get their part of the range", () => {
  test("in their order, and keep it", () => {
    const plane = new TestControlPlane({ nodes: ["controlplane", "node01"] });
    plane.run(1 * SECOND);
    plane.addNode("node02");
    plane.run(1 * SECOND);
    expect(cidrs(plane)).toEqual({
      controlplane: "10.244.0.0/24",
      node01: "10.244.1.0/24",
      node02: "10.244.2.0/24",
    });
    expect(plane.client.get(nodes, "", "node01")!.spec.podCIDR).toBe("10.244.1.0/24");
  });

  test("of which those that became free are used last", () => {
    const plane = new TestControlPlane({ nodes: ["a", "b"], settings: { clusterCidrs: ["10.10.0.0/22"] } });
    plane.run(1 * SECOND);
    plane.client.delete(nodes, "", "a");
    plane.addNode("c");
    plane.addNode("d");
    plane.run(1 * SECOND);
    expect(cidrs(plane)).toEqual({ b: "10.10.1.0/24", c: "10.10.2.0/24", d: "10.10.3.0/24" });
    plane.addNode("e");
    plane.run(1 * SECOND);
    expect(cidrs(plane)).toMatchObject({ e: "10.10.0.0/24" });
  });

  test("until there is none, and again when one becomes free", () => {
    const plane = new TestControlPlane({ nodes: ["a", "b"], settings: { clusterCidrs: ["10.10.0.0/24"] } });
    plane.run(1 * SECOND);
    expect(cidrs(plane)).toEqual({ a: "10.10.0.0/24", b: "" });
    expect(plane.events("Node", "b")).toContainEqual(
      expect.stringContaining("CIDRNotAvailable Node b status is now: CIDRNotAvailable"),
    );
    plane.client.delete(nodes, "", "a");
    plane.run(1 * SECOND);
    expect(cidrs(plane)).toEqual({ b: "10.10.0.0/24" });
  });

  test("of both families", () => {
    const plane = new TestControlPlane({
      nodes: ["a"],
      settings: { clusterCidrs: ["10.10.0.0/16", "fd00:10::/56"], nodeCidrMaskSize: { ipv4: 25, ipv6: 64 } },
    });
    plane.addNode("b");
    plane.run(1 * SECOND);
    expect(cidrs(plane)).toEqual({ a: "10.10.0.0/25,fd00:10::/64", b: "10.10.0.128/25,fd00:10:0:1::/64" });
  });

  test("or not, if the flag says so", () => {
    const plane = new TestControlPlane({ nodes: ["a"], settings: { allocateNodeCidrs: false } });
    plane.run(1 * SECOND);
    expect(cidrs(plane)).toEqual({ a: "" });
  });
});

describe("parts of a range", () => {
  test.each([
    ["10.244.0.0/16", 24, 256, "10.244.3.0/24"],
    ["10.244.0.0/22", 24, 4, "10.244.3.0/24"],
    ["192.168.7.9/24", 26, 4, "192.168.7.192/26"],
    ["fd00:10:244::/48", 64, 65536, "fd00:10:244:3::/64"],
    ["10.0.0.0/24", 16, 0, undefined],
  ] as const)("%s in /%d", (range, mask, size, third) => {
    const set = new CidrSet(range, mask);
    expect(set.size).toBe(size);
    if (third) expect(set.part(3)).toBe(third);
  });
});
