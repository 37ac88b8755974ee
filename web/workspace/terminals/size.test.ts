import { expect, test } from "vitest";
import { type Size, SizeLead } from "./size.ts";

const size = (cols: number, rows: number): Size => ({ cols, rows });

function lead(cols = 80, rows = 24) {
  const asked: Size[] = [];
  return { asked, lead: new SizeLead(size(cols, rows), (wish) => void asked.push(wish)) };
}

test("a browser in which nobody works follows the server's size", () => {
  const { asked, lead: mine } = lead();
  expect(mine.room(size(100, 30))).toBe(false);
  expect([mine.size, mine.follows, asked]).toEqual([size(80, 24), true, []]);
});

test("one that is focused asks for the size of its pane, and for every new one", () => {
  const { asked, lead: mine } = lead();
  mine.room(size(100, 30));
  expect(mine.claim(0, false)).toBe(true);
  mine.told(size(100, 30), 1);
  mine.room(size(90, 30));
  mine.room(size(91, 30));
  mine.told(size(90, 30), 2);
  expect(mine.size).toEqual(size(91, 30));
  mine.told(size(91, 30), 3);
  expect(asked).toEqual([size(100, 30), size(90, 30), size(91, 30)]);
  expect(mine.follows).toBe(false);
});

test("another browser's size is taken over without a fight", () => {
  const { asked, lead: mine } = lead();
  mine.room(size(100, 30));
  mine.claim(0, false);
  mine.told(size(100, 30), 1);
  mine.told(size(60, 20), 10_000);
  expect([mine.size, mine.follows]).toEqual([size(60, 20), true]);
  mine.room(size(101, 30));
  mine.claim(11_000, true);
  expect(asked).toEqual([size(100, 30)]);
  mine.claim(13_000, true);
  expect(asked.at(-1)).toEqual(size(101, 30));
});

test("after a reconnect the leader asks again if the server knows another size", () => {
  const { asked, lead: mine } = lead();
  mine.room(size(100, 30));
  mine.claim(0, false);
  mine.reset(size(80, 24));
  expect(asked).toEqual([size(100, 30), size(100, 30)]);
  mine.told(size(100, 30), 5);
  mine.reset(size(100, 30));
  expect(asked.length).toBe(2);
});

test("sizes stay within what the protocol allows", () => {
  const { asked, lead: mine } = lead();
  mine.claim(0, false);
  mine.room(size(1, 0));
  mine.room(size(900, 900));
  expect(asked).toEqual([size(2, 1), size(500, 300)]);
});

test("a terminal whose shell has ended keeps its size", () => {
  const { asked, lead: mine } = lead();
  mine.claim(0, false);
  mine.end();
  mine.room(size(100, 30));
  expect([asked, mine.size, mine.follows]).toEqual([[], size(80, 24), false]);
});
