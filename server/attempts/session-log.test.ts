import { expect, test } from "vitest";
import { FakeClock, QuietLogger, settled } from "../sessions/pool/testing.ts";
import type { JournalEntry } from "../sessions/protocol/index.ts";
import { createSessionLog, type StoredLog } from "./session-log.ts";
import { desk, diskBroken, diskFull, labText, listen, MemoryStore } from "./testing.ts";

const entry = (bytes: string): JournalEntry => ({ kind: "input", at: 0, step: 0, terminal: 1, bytes });
const MB = 1024 * 1024;

async function testLog(): Promise<{ log: StoredLog; store: MemoryStore; clock: FakeClock }> {
  const store = new MemoryStore();
  const clock = new FakeClock();
  const text = labText("alpha");
  const attempt = {
    id: "a",
    owner: "local",
    assignment: null,
    kind: "lab",
    of: "alpha",
    title: "",
    minutes: 1,
    pass: null,
    state: "open",
  } as const;
  const times = { startedAt: 0, endsAt: null, submittedAt: null, away: 0, percent: null, notes: "" };
  const part = { attempt: "a", part: 0, lab: "alpha", seed: 1, weight: 1, text, touched: false };
  await store.createAttempt({ ...attempt, ...times }, [{ ...part, snapshot: new Uint8Array([1]) }]);
  return { log: createSessionLog({ store, clock, logger: new QuietLogger() }), store, clock };
}

test("what comes within a quarter of a second is written together; without anything there is no timer", async () => {
  const { log, store, clock } = await testLog();
  expect(clock.timers).toBe(0);
  log.journal("a/0", 0, [entry("a")]);
  log.output("a/0", 1, 0, "a");
  log.output("a/0", 1, 1, "b");
  await clock.advance(100);
  log.output("a/0", 1, 2, "c");
  await clock.advance(149);
  expect(store.writes).toBe(0);
  await clock.advance(1);
  expect(store.writes).toBe(1);
  expect(clock.timers).toBe(0);
  expect(store.journals.get("a/0")).toEqual([entry("a")]);
  const at = 1_800_000_000_000;
  expect(store.chunks).toEqual([
    { session: "a/0", terminal: 1, offset: 0, at, bytes: "ab" },
    { session: "a/0", terminal: 1, offset: 2, at: at + 100, bytes: "c" },
  ]);
});

test("the source has what is not written yet, also while nothing can be written", async () => {
  const { log, store, clock } = await testLog();
  log.journal("a/0", 0, [entry("a"), entry("b")]);
  log.output("a/0", 1, 0, "xyz");
  const source = { lab: "alpha", seed: 1, snapshot: new Uint8Array([1]) };
  expect(await log.source("a/0")).toEqual({ ...source, journal: [entry("a"), entry("b")], delivered: { 1: 3 } });
  expect(store.writes).toBe(1);
  store.failing = diskFull;
  log.journal("a/0", 1, [entry(""), entry("c")]);
  log.output("a/0", 1, 3, "!");
  const newer = { ...source, journal: [entry("a"), entry(""), entry("c")], delivered: { 1: 4 } };
  expect(await log.source("a/0")).toEqual(newer);
  store.failing = undefined;
  await clock.advance(2000);
  expect(await store.source("a/0")).toEqual(newer);
  expect(await log.source("b/0")).toBe(undefined);
});

test("output that a rebuilt session prints again is not recorded again", async () => {
  const { log, store } = await testLog();
  log.output("a/0", 1, 0, "abc");
  log.output("a/0", 1, 1, "bcde");
  log.output("a/0", 1, 0, "ab");
  await log.flush();
  expect(store.chunks.map((chunk) => chunk.bytes)).toEqual(["abcde"]);
});

test("on a full disk everything is kept, tried again every two seconds, and those who work hear of it", async () => {
  const it = await desk();
  const { attempts, store, clock } = it;
  const { id } = await attempts.start({ kind: "lab", of: "alpha" });
  const viewer = await it.view(id);
  await clock.advance(1000);
  const heard = listen(it, id);
  store.failing = diskFull;
  attempts.input(id, 0, 1, "one");
  await clock.advance(250);
  expect(heard).toEqual(["storage false"]);
  expect(listen(it, id)).toEqual(["storage false"]);
  expect(await attempts.health()).toMatchObject({ ok: false, storage: "full" });
  await expect(attempts.answer(id, { part: 0, task: "find", question: "where", value: "x" })).rejects.toMatchObject({
    code: "storage-full",
    status: 507,
  });
  attempts.input(id, 0, 1, "two");
  const { tries } = store;
  await clock.advance(10_000);
  expect(store.tries - tries).toBe(5);
  expect(heard).toEqual(["storage false"]);
  expect(viewer.take().slice(-2)).toEqual(['output 1 "one"', 'output 1 "two"']);
  // A worker that dies meanwhile loses nothing.
  it.fleet.of(`${id}/0`).die("killed");
  await settled();
  expect(viewer.take()).toEqual(["rebuilding", 'screens 1="$ onetwo"']);

  store.failing = undefined;
  await clock.advance(2000);
  expect(heard).toEqual(["storage false", "storage true"]);
  expect(store.journals.get(`${id}/0`)!.map((each) => (each.kind === "input" ? each.bytes : each.kind))).toEqual([
    "open",
    "one",
    "two",
  ]);
  expect((await attempts.health()).storage).toBe("ok");
});

test("a disk that is broken is said to be that; stop writes what it can", async () => {
  const { log, store, clock } = await testLog();
  const heard: (string | undefined)[] = [];
  log.onStorage((trouble) => heard.push(trouble?.message));
  store.failing = diskBroken;
  log.journal("a/0", 0, [entry("a")]);
  await clock.advance(250);
  expect(heard).toEqual([
    "The server cannot write its database. You can go on: what was stored before is safe, and what you type now is " +
      "kept in memory and stored as soon as that works again. If the server stopped before that, it would be lost.",
  ]);
  await expect(log.flush()).rejects.toBe(diskBroken);
  store.failing = undefined;
  await log.stop();
  expect(store.journals.get("a/0")).toEqual([entry("a")]);
  expect(heard.length).toBe(2);
  expect(clock.timers).toBe(0);
});

test("what waits for a disk is bounded: the oldest output goes, with a note; the journal stays", async () => {
  const { log, store, clock } = await testLog();
  store.failing = diskFull;
  for (let session = 0; session < 7; session++) {
    for (let part = 0; part < 15; part++) log.output(`s${session}/0`, 1, part * MB, "x".repeat(MB));
    log.journal(`s${session}/0`, 0, [entry("a")]);
    await clock.advance(250);
  }
  store.failing = undefined;
  await clock.advance(2000);
  const stored = store.chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0);
  expect(stored).toBeGreaterThan(48 * MB);
  expect(stored).toBeLessThan(64 * MB);
  const notes = store.chunks.filter((chunk) => chunk.bytes.includes("output is missing here"));
  expect(notes.map((chunk) => [chunk.session, chunk.offset])).toEqual([
    ["s0/0", 0],
    ["s1/0", 0],
    ["s2/0", 0],
    ["s3/0", 0],
  ]);
  expect(store.chunks.at(-1)).toMatchObject({ session: "s6/0", offset: 14 * MB });
  expect(store.journals.size).toBe(7);
});

test("a recording ends at 16 MB, with a note; the session goes on", async () => {
  const { log, store } = await testLog();
  for (let part = 0; part < 20; part++) log.output("a/0", 1, part * MB, "x".repeat(MB));
  await log.flush();
  const chunks = await store.output("a/0", 1);
  expect(chunks.length).toBe(17);
  expect(chunks.at(-1)!.bytes).toBe("\r\n[drydock: the recording is full; what follows is not in it]\r\n");
  expect((await log.source("a/0"))!.delivered).toEqual({ 1: 20 * MB });
  // A new server goes by what is stored.
  const next = createSessionLog({ store, clock: new FakeClock(), logger: new QuietLogger() });
  await next.source("a/0");
  next.output("a/0", 1, 16 * MB, "more");
  next.output("a/0", 1, 16 * MB + 4, "x".repeat(100));
  await next.flush();
  expect((await store.output("a/0", 1)).length).toBe(17);
});
