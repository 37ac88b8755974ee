import { expect, test } from "vitest";
import { keyOf } from "./keys.ts";

/** A key on an element that is inside of something that these selectors find. */
const press = (key: string, inside: string[] = [], more = {}) =>
  keyOf({
    key,
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    target: {
      closest: (selectors: string) => (inside.some((each) => selectors.split(", ").includes(each)) ? {} : null),
    } as never,
    ...more,
  });

test("space, arrows, brackets and c are the review's", () => {
  expect([" ", "ArrowLeft", "ArrowRight", "[", "]", "c", "x"].map((key) => press(key))).toEqual([
    "toggle",
    "back",
    "forward",
    "previous",
    "next",
    "comment",
    undefined,
  ]);
});

test("they are not where somebody types, or where they are for a control", () => {
  expect(press("c", ["textarea"])).toBeUndefined();
  expect(press("]", [".sandbox"])).toBeUndefined();
  expect(press(" ", ["button"])).toBeUndefined();
  expect(press("]", ["button"])).toBe("next");
  expect(press("ArrowLeft", ["[role=tablist]"])).toBeUndefined();
  expect(press("c", [], { ctrlKey: true })).toBeUndefined();
});
