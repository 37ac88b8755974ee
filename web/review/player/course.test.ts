import { expect, test } from "vitest";
import { advance, moveTo, step, toggle, type Course } from "./course.ts";

const course: Course = { at: 1_000, from: 1_000, until: 61_000, playing: true, speed: 2, skipIdle: false };

test("time goes on with the speed, and stops at the end", () => {
  expect(advance(course, 500, []).at).toBe(2_000);
  expect(advance({ ...course, playing: false }, 500, []).at).toBe(1_000);
  expect(advance({ ...course, at: 60_900 }, 500, [])).toMatchObject({ at: 61_000, playing: false });
});

test("spans without output are left out, short ones are not", () => {
  const skipping = { ...course, skipIdle: true };
  expect(advance(skipping, 16, [1_000, 31_000]).at).toBe(30_600);
  expect(advance(skipping, 16, [1_000, 2_500]).at).toBe(1_032);
  expect(advance(skipping, 16, [500])).toMatchObject({ at: 60_600 });
});

test("one moves within the recording, and plays again from its end", () => {
  expect(moveTo(course, 0).at).toBe(1_000);
  expect(moveTo(course, 99_000).at).toBe(61_000);
  expect(toggle({ ...course, at: 61_000, playing: false })).toMatchObject({ at: 1_000, playing: true });
  expect(toggle(course)).toMatchObject({ at: 1_000, playing: false });
});

test("steps go to the next and the last time, and end", () => {
  const times = [10, 20, 30];
  expect([step(times, 10, "next"), step(times, 15, "next"), step(times, 30, "next")]).toEqual([20, 20, undefined]);
  expect([step(times, 10, "previous"), step(times, 15, "previous"), step(times, 30, "previous")]).toEqual([
    undefined,
    10,
    20,
  ]);
});
