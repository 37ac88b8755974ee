import { expect, test } from "vitest";
import type { PlacedLab } from "../../../labs/index.ts";
import { MINUTE } from "../../sim/kernel/index.ts";
import type { World } from "../../sim/world/index.ts";
import { Turns } from "./turns.ts";
import { WorldsAhead } from "./worlds-ahead.ts";

/** Makers of worlds that are only numbers, in the order in which they were made. */
function makers() {
  let source = {} as PlacedLab["source"];
  let now = 0;
  const made: string[] = [];
  const place = (lab: string, seed: number): PlacedLab => ({ id: lab, seed, source }) as unknown as PlacedLab;
  const make = async ({ id, seed }: PlacedLab): Promise<World> => {
    made.push(`${id}/${seed}`);
    if (id === "broken") throw new Error("its setup does not work");
    return made.length as unknown as World;
  };
  const wall = { now: () => now, set: () => undefined, clear: () => {} };
  const turns = new Turns();
  return {
    turns,
    ahead: new WorldsAhead({ source: () => source, place, make }, wall, turns),
    made,
    place,
    pass: (time: number) => (now += time),
    edit: () => (source = {} as PlacedLab["source"]),
  };
}

/** Until everything that was to be prepared is there. */
const rest = async (): Promise<void> => {
  for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
};

test("a world that was made ahead is used once", async () => {
  const { ahead, made, place } = makers();
  ahead.prepare([
    { lab: "a", seed: 1 },
    { lab: "b", seed: 2 },
  ]);
  ahead.prepare([{ lab: "a", seed: 1 }]);
  await rest();
  expect(made).toEqual(["a/1", "b/2"]);
  expect([await ahead.take(place("b", 2)), await ahead.take(place("b", 2))]).toEqual([2, 3]);
  expect(made).toEqual(["a/1", "b/2", "b/2"]);
});

test("who opens a lab does not wait for worlds that are only likely to be wanted, and none is made twice", async () => {
  const { ahead, made, place, turns } = makers();
  ahead.prepare([
    { lab: "a", seed: 1 },
    { lab: "b", seed: 2 },
    { lab: "c", seed: 3 },
  ]);
  const opened = ["c", "d"].map((lab, at) => turns.take("now", () => ahead.take(place(lab, 3 + at))));
  await Promise.all(opened);
  expect(made).toEqual(["a/1", "c/3", "d/4"]);
  await rest();
  expect(made).toEqual(["a/1", "c/3", "d/4", "b/2"]);
});

test("one of another seed, of files that changed or of a while ago is not used", async () => {
  const { ahead, made, place, pass, edit } = makers();
  ahead.prepare([{ lab: "a", seed: 1 }]);
  await rest();
  expect(await ahead.take(place("a", 2))).toBe(2);
  edit();
  expect(await ahead.take(place("a", 1))).toBe(3);
  ahead.prepare([{ lab: "a", seed: 1 }]);
  await rest();
  pass(11 * MINUTE);
  expect(await ahead.take(place("a", 1))).toBe(5);
  expect(made).toEqual(["a/1", "a/2", "a/1", "a/1", "a/1"]);
});

test("a lab whose setup does not work says so to whoever opens it, and holds up no other", async () => {
  const { ahead, place } = makers();
  ahead.prepare([
    { lab: "broken", seed: 1 },
    { lab: "a", seed: 1 },
  ]);
  await rest();
  expect(await ahead.take(place("a", 1))).toBe(2);
  await expect(ahead.take(place("broken", 1))).rejects.toThrow("its setup does not work");
});
