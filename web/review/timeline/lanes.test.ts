import { expect, test } from "vitest";
import type { CheckLane, TypedCommand } from "../../../server/sessions/protocol/index.ts";
import { stopsOf, stretchesOf } from "./lanes.ts";

const command = (at: number, rest: Partial<TypedCommand> = {}): TypedCommand => {
  return { terminal: 1, host: "node", at, text: "x", ended: at + 10, status: 0, printed: null, shown: null, ...rest };
};

test("the work of a command was to be seen when what it printed was recorded", () => {
  expect(stopsOf([command(1_000, { shown: 1_300 }), command(2_000), command(9_000, { ended: null })])).toEqual([
    1_300, 2_010, 9_000,
  ]);
});

test("one that did not end is followed until the next one in its terminal", () => {
  const commands = [command(1_000, { ended: null }), command(2_000, { terminal: 2 }), command(5_000)];
  expect(stopsOf(commands)).toEqual([5_000, 2_010, 5_010]);
});

test("a check's stretches begin with the start, turn behind the command, and reach to the end", () => {
  const lane: CheckLane = {
    checks: [{ id: "a", task: "t", says: "It answers" }],
    moments: [
      { at: 0, commands: 0, outcomes: { "t/a": "fail" } },
      { at: 4_000, commands: 1, outcomes: { "t/a": "fail" } },
      { at: 8_000, commands: 2, outcomes: { "t/a": "pass" } },
    ],
    of: 3,
  };
  expect(stretchesOf(lane, "t/a", [1_000, 5_000], 500, 9_000)).toEqual([
    { from: 500, until: 5_000, outcome: "fail" },
    { from: 5_000, until: 9_000, outcome: "pass" },
  ]);
  expect(stretchesOf(lane, "t/b", [1_000, 5_000], 500, 9_000)).toEqual([]);
});
