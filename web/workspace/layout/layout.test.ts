import { expect, test } from "vitest";
import {
  EMPTY,
  focus,
  frontTab,
  type Layout,
  readLayout,
  reconcile,
  share,
  split,
  type Split,
  without,
} from "./layout.ts";

const three: Layout = reconcile(EMPTY, [1, 2, 3]);

test("each of the server's terminals gets a tab, the first in front", () => {
  expect(three).toEqual({
    tabs: [
      { id: 1, tree: 1, focus: 1 },
      { id: 2, tree: 2, focus: 2 },
      { id: 3, tree: 3, focus: 3 },
    ],
    front: 1,
  });
  expect(reconcile(three, [1, 2, 3])).toBe(three);
});

test("a terminal is split to the right, then down, and what is closed leaves its place to its neighbour", () => {
  const right = split(reconcile(EMPTY, [1]), 1, "right", 2);
  const down = split(right, 2, "down", 3);
  expect(down.tabs).toEqual([
    {
      id: 1,
      tree: { to: "right", first: 1, second: { to: "down", first: 2, second: 3, share: 50 }, share: 50 },
      focus: 3,
    },
  ]);
  expect(without(down, 3)).toEqual({ ...right, tabs: [{ ...right.tabs[0], focus: 1 }] });
  expect(without(without(down, 1), 2).tabs).toEqual([{ id: 1, tree: 3, focus: 3 }]);
});

test("closing the tab in front shows its neighbour; closing the last leaves nothing", () => {
  expect(without(focus(three, 2), 2).front).toBe(3);
  expect(without(focus(three, 3), 3).front).toBe(2);
  expect(without(reconcile(EMPTY, [9]), 9)).toEqual({ tabs: [], front: 0 });
});

test("what another browser opened or closed is taken over, and the rest stays as it was laid out", () => {
  const mine = focus(split(reconcile(EMPTY, [1]), 1, "right", 2), 1);
  expect(reconcile(mine, [2, 4])).toEqual({
    tabs: [
      { id: 1, tree: 2, focus: 2 },
      { id: 2, tree: 4, focus: 4 },
    ],
    front: 1,
  });
});

test("focusing a terminal brings its tab to the front", () => {
  expect(frontTab(focus(three, 3))).toEqual({ id: 3, tree: 3, focus: 3 });
  expect(focus(three, 1)).toBe(three);
  expect(focus(three, 99)).toBe(three);
});

test("a split's bar is moved", () => {
  const layout = split(three, 2, "down", 4);
  const bar = layout.tabs[1]?.tree as Split;
  expect((share(layout, bar, 33.333).tabs[1]!.tree as Split).share).toBe(33.3);
});

test("a kept layout is read again; anything else is none", () => {
  const layout = split(three, 2, "down", 4);
  expect(readLayout(JSON.parse(JSON.stringify(layout)))).toEqual(layout);
  for (const bad of [
    null,
    3,
    {},
    { tabs: [{}], front: 1 },
    { tabs: [{ id: 1, focus: 1, tree: { to: "up" } }], front: 1 },
  ])
    expect(readLayout(bad)).toEqual(EMPTY);
});
