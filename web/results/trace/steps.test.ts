import { expect, test } from "vitest";
import { recordedTrace } from "../../testing/recorded-trace.ts";
import { waysOf } from "./hop-words.ts";
import { stepFrom, type Step, type StopAt } from "./steps.ts";

const ways = waysOf(recordedTrace("service-refused"));
const decided = { way: 0, hop: ways[0]!.by };

function walk(from: StopAt, step: Step, most = 100): StopAt[] {
  const path = [from];
  while (path.length <= most) {
    const next = stepFrom(ways, path.at(-1)!, step, decided);
    if (next.way === path.at(-1)!.way && next.hop === path.at(-1)!.hop) return path;
    path.push(next);
  }
  return path;
}

test("one walks over every stop of the packet and of its answer, and the same way back", () => {
  const all = ways.flatMap(({ hops }, way) => hops.map((_, hop) => ({ way, hop })));
  expect(ways.length).toBe(2);
  expect(walk({ way: 0, hop: 0 }, "on")).toEqual(all);
  expect(walk(all.at(-1)!, "back")).toEqual(all.toReversed());
});

test("the ends of a way, and what decided", () => {
  expect(stepFrom(ways, { way: 1, hop: 2 }, "first", decided)).toEqual({ way: 1, hop: 0 });
  expect(stepFrom(ways, { way: 1, hop: 0 }, "last", decided)).toEqual({ way: 1, hop: ways[1]!.hops.length - 1 });
  expect(stepFrom(ways, { way: 1, hop: 0 }, "decided", decided)).toEqual(decided);
});
