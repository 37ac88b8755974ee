import { expect, test } from "vitest";
import { MemoryLedger } from "./memory-ledger.ts";

test("what all hold together is bounded; who gives back makes room", () => {
  const memory = new MemoryLedger(100);
  const [one, other] = [{}, {}];
  expect(memory.hold(one, 60)).toBe(true);
  expect(memory.hold(other, 50)).toBe(false);
  expect(memory.hold(one, 40)).toBe(true);
  expect(memory.hold(other, 50)).toBe(true);
  memory.release(one);
  expect(memory.total).toBe(50);
});

test("charges are counted again before anybody is refused", () => {
  const memory = new MemoryLedger(100);
  const shell = {};
  let held = 10;
  // What it had read before it counted its values is among them, or gone.
  memory.hold(shell, 90);
  for (let count = 0; count < 50; count++) expect(memory.charge(shell, 10, () => held)).toBe(true);
  held = 101;
  expect(Array.from({ length: 12 }, () => memory.charge(shell, 10, () => held)).at(-1)).toBe(false);
  held = 0;
  expect(memory.charge(shell, 10, () => held)).toBe(true);
});
