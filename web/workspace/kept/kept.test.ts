import { expect, test } from "vitest";
import { FakeTimers } from "../connection/testing.ts";
import { Kept } from "./kept.ts";

/** A kept text, with a server that answers when the test says so. */
function kept(server = "", stored: Record<string, string> = {}) {
  const timers = new FakeTimers();
  const map = new Map(Object.entries(stored));
  const calls: { value: string; answer: (error?: string) => Promise<void> }[] = [];
  const text = new Kept("k", server, {
    timers,
    storage: {
      getItem: (key) => map.get(key) ?? null,
      setItem: (key, value) => void map.set(key, value),
      removeItem: (key) => void map.delete(key),
    },
    judge: (error) => ({ words: String(error), again: error !== "over" }),
    save: (value) =>
      new Promise<void>((done, fail) => {
        const answer = async (error?: string): Promise<void> => {
          if (error === undefined) done();
          else fail(error);
          for (let turn = 0; turn < 5; turn++) await Promise.resolve();
        };
        calls.push({ value, answer });
      }),
  });
  return { text, timers, map, calls };
}

test("is sent once, 400 ms after the last key", async () => {
  const { text, timers, map, calls } = kept();
  text.write("1");
  timers.advance(300);
  text.write("10");
  timers.advance(399);
  expect([calls.length, text.text.state, map.get("k")]).toEqual([0, "unsaved", "10"]);
  timers.advance(1);
  expect([calls.map(({ value }) => value), text.text.state]).toEqual([["10"], "saving"]);
  await calls[0]!.answer();
  expect([text.text, map.size, timers.pending]).toEqual([{ value: "10", state: "saved", problem: "" }, 0, 0]);
});

test("what is typed while it is being sent is sent afterwards", async () => {
  const { text, timers, calls } = kept();
  text.write("a");
  timers.advance(400);
  text.write("ab");
  timers.advance(400);
  expect(calls.length).toBe(1);
  await calls[0]!.answer();
  timers.advance(0);
  expect(calls.map(({ value }) => value)).toEqual(["a", "ab"]);
  await calls[1]!.answer();
  expect(text.text.state).toBe("saved");
});

test("a failure is told and tried again, and the text stays in the browser", async () => {
  const { text, timers, map, calls } = kept();
  text.write("a");
  timers.advance(400);
  await calls[0]!.answer("The disk is full.");
  expect(text.text).toEqual({ value: "a", state: "retrying", problem: "The disk is full." });
  expect(map.get("k")).toBe("a");
  timers.advance(1000);
  await calls[1]!.answer("The disk is full.");
  timers.advance(1999);
  expect(calls.length).toBe(2);
  text.flush();
  await calls[2]!.answer();
  expect([text.text.state, map.size]).toEqual(["saved", 0]);
});

test("a refusal is final until somebody writes again", async () => {
  const { text, timers, calls } = kept();
  text.write("a");
  timers.advance(400);
  await calls[0]!.answer("over");
  timers.advance(60_000);
  expect([text.text.state, text.text.problem, calls.length]).toEqual(["refused", "over", 1]);
});

test("a reload sends what was not saved before it", async () => {
  const { text, timers, calls } = kept("old", { k: "written before the reload" });
  expect(text.text.value).toBe("written before the reload");
  timers.advance(400);
  expect(calls[0]?.value).toBe("written before the reload");
  expect(kept("same", { k: "same" }).map.size).toBe(0);
});

test("another browser's text is taken over, but not while something is being written", async () => {
  const { text, timers, calls } = kept("old");
  text.told("theirs");
  expect(text.text.value).toBe("theirs");
  text.write("mine");
  text.told("theirs again");
  expect(text.text.value).toBe("mine");
  timers.advance(400);
  text.told("theirs again");
  await calls[0]!.answer();
  expect(text.text).toEqual({ value: "mine", state: "saved", problem: "" });
});
