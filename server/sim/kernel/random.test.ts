import { expect, test } from "vitest";
import { testKernel } from "./testing.ts";

test("the same seed gives the same draws, whatever other streams do", () => {
  const one = testKernel(5).random;
  const two = testKernel(5).random;
  two.uint32("other");
  expect([one.uuid("ids"), one.hex("mac", 6), one.below("p", 100)]).toEqual([
    two.uuid("ids"),
    two.hex("mac", 6),
    two.below("p", 100),
  ]);
  expect(testKernel(6).random.uuid("ids")).not.toBe(testKernel(5).random.uuid("ids"));
});

test("draws are spread evenly", () => {
  const random = testKernel(3).random;
  const counts = Array.from({ length: 10 }, () => 0);
  for (let at = 0; at < 20_000; at++) counts[random.below("s", 10)]!++;
  for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
});

test("uuids have version and variant", () => {
  expect(testKernel().random.uuid("x")).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});
