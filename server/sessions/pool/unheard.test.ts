import { expect, test } from "vitest";
import { Unheard, type Typed } from "./unheard.ts";

const input = (bytes: string, terminal = 1): Typed => ({ kind: "input", session: "a/0", terminal, bytes });
const resize = (cols: number): Typed => ({ kind: "resize", session: "a/0", terminal: 1, cols, rows: 24 });
const typed = (bytes: string, terminal = 1) => ({ kind: "input", at: 0, step: 0, terminal, bytes }) as const;
const left = (unheard: Unheard, now = 0): string[] =>
  unheard.take(now).map(({ message }) => ("bytes" in message ? `${message.terminal}:${message.bytes}` : message.kind));

function sent(...messages: Typed[]): Unheard {
  const unheard = new Unheard();
  for (const message of messages) unheard.add(message, false, 0);
  return unheard;
}

test("input comes back in other pieces than it was sent", () => {
  const unheard = sent(input("abc"), input("x", 2), input("def"), input("ghi"));
  unheard.heard([typed("ab"), typed("cde")]);
  expect(left(unheard)).toEqual(["2:x", "1:f", "1:ghi"]);
  expect(left(unheard)).toEqual([]);
});

test("an interrupt is all that is left of what was typed before it", () => {
  expect(left(sent(input("paste"), input("x", 2), input("\x03"), input("ls")))).toEqual(["2:x", "1:\x03", "1:ls"]);
});

test("of sizes the last one counts, and none that took effect", () => {
  const unheard = sent(resize(80), input("a"), resize(100));
  expect(unheard.take(0).map(({ message }) => message)).toEqual([input("a"), resize(100)]);
  const heard = sent(resize(100));
  heard.heard([{ kind: "resize", at: 0, step: 0, terminal: 1, cols: 100, rows: 24 }]);
  expect(left(heard)).toEqual([]);
});

test("what went to a terminal that ended, what was refused, and what is old is forgotten", () => {
  const unheard = sent(input("a"), input("b", 2), { kind: "hang-up", session: "a/0", terminal: 3 });
  unheard.ended(1);
  unheard.heard([{ kind: "close", at: 0, step: 0, terminal: 3 }]);
  expect(left(unheard)).toEqual(["2:b"]);
  const refused = sent(resize(80), input("a"));
  refused.refused();
  expect(left(refused)).toEqual(["resize"]);
  expect(left(sent(input("a")), 60_000)).toEqual([]);
});
