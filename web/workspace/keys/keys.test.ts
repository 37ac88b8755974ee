import { expect, test } from "vitest";
import { type Box, commandOf, type Key, paneTowards } from "./keys.ts";

const key = (key: string, code = key, held: Partial<Key> = {}): Key => ({
  key,
  code,
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  metaKey: false,
  ...held,
});
const ctrlAlt = { ctrlKey: true, altKey: true };

test("Ctrl+Alt with arrows and digits works everywhere, on every keyboard layout", () => {
  expect(commandOf(key("ArrowLeft", "ArrowLeft", ctrlAlt), "terminal")).toEqual({ go: "left" });
  expect(commandOf(key("²", "Digit2", ctrlAlt), "field")).toEqual({ task: 2 });
  expect(commandOf(key("0", "Digit0", ctrlAlt), "page")).toEqual({ task: 10 });
  expect(commandOf(key("F6"), "terminal")).toEqual({ go: "next-region" });
});

test("a question mark is a question mark where text is written", () => {
  expect(commandOf(key("?", "Slash", { shiftKey: true }), "page")).toEqual({ show: "keys" });
  expect(commandOf(key("?", "Slash", { shiftKey: true }), "terminal")).toBeUndefined();
  expect(commandOf(key("?", "Slash", { shiftKey: true }), "field")).toBeUndefined();
});

test("keys of the shell stay the shell's", () => {
  for (const ours of [
    key("c", "KeyC", { ctrlKey: true }),
    key("ArrowLeft", "ArrowLeft", { ctrlKey: true }),
    key("Tab"),
  ])
    expect(commandOf(ours, "terminal")).toBeUndefined();
});

test("panes are found by where they lie", () => {
  const box = (left: number, top: number, right: number, bottom: number): Box => ({ left, top, right, bottom });
  const task = box(0, 44, 400, 800);
  const upper = box(404, 80, 1000, 400);
  const lower = box(404, 404, 1000, 800);
  const panes = [
    { pane: "task", box: task },
    { pane: "upper", box: upper },
    { pane: "lower", box: lower },
  ];
  expect(paneTowards("right", task, panes)).toBe("upper");
  expect(paneTowards("left", lower, panes)).toBe("task");
  expect(paneTowards("down", upper, panes)).toBe("lower");
  expect(paneTowards("up", lower, panes)).toBe("upper");
  expect(paneTowards("right", upper, panes)).toBeUndefined();
});
