import { expect, test } from "vitest";
import { SECOND } from "../../../kernel/index.ts";
import { nodes } from "../../kinds/index.ts";
import { TestControlPlane } from "../testing.ts";

test("nodes say how long kubelets may keep what they read, which the hundredth and first makes longer", () => {
  const plane = new TestControlPlane();
  plane.run(1 * SECOND);
  const ttl = (): (string | undefined)[] => [
    ...new Set(plane.client.list(nodes).map(({ metadata }) => metadata.annotations?.["node.alpha.kubernetes.io/ttl"])),
  ];
  expect(ttl()).toEqual(["0"]);
  for (let index = 3; index <= 101; index++) plane.addNode(`n${index}`);
  plane.run(1 * SECOND);
  expect(ttl()).toContain("15");
});
