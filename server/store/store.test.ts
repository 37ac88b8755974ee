import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore, type Store } from "./index.ts";
import { attemptRow, partRow, printed, report, startAttempt, typed } from "./testing.ts";

let store: Store;
beforeEach(async () => {
  store = await openStore(":memory:");
});
afterEach(() => store.close());

describe("attempts", () => {
  test("an attempt is read as it was stored, with its parts in order", async () => {
    const attempt = attemptRow("e1", {
      kind: "exam",
      of: "first",
      pass: 66,
      endsAt: 1_795_262_400_000,
      notes: "n → m",
    });
    const parts = [partRow("e1", 0, { weight: 2 }), partRow("e1", 1, { lab: "blocked", touched: true, weight: 3 })];
    await store.createAttempt(
      attempt,
      parts.toReversed().map((part) => ({ ...part, snapshot: Uint8Array.of(part.part) })),
    );
    expect(await store.attempt("e1")).toEqual({ attempt, parts });
    expect(await store.attempt("e2")).toBeUndefined();
    expect((await store.source("e1/1"))?.snapshot).toEqual(Uint8Array.of(1));
  });

  test("an attempt whose parts cannot be stored is not stored either", async () => {
    const parts = [partRow("a1"), partRow("a1")].map((part) => ({ ...part, snapshot: Uint8Array.of() }));
    await expect(store.createAttempt(attemptRow("a1"), parts)).rejects.toThrow("UNIQUE");
    expect(await store.attempt("a1")).toBeUndefined();
    expect(await store.source("a1/0")).toBeUndefined();
    await startAttempt(store, "a1");
    await expect(startAttempt(store, "a1", { title: "Another" })).rejects.toThrow("UNIQUE");
    expect((await store.attempt("a1"))?.attempt.title).toBe("Lost endpoints");
  });

  test("a part that is put back keeps its former courses under names of their own", async () => {
    await startAttempt(store, "a1");
    await store.touch("a1", 0);
    await store.appendLog({
      journal: [{ session: "a1/0", seq: 0, entry: typed("x") }],
      output: [printed("a1/0", 0, "y")],
    });
    expect(await store.resetPart("a1", 0, 2)).toBe(1);
    const { snapshot, ...now } = (await store.source("a1/0"))!;
    expect(now).toMatchObject({ journal: [], delivered: {} });
    expect((await store.source("a1/0~1"))!).toMatchObject({ snapshot, journal: [typed("x")], delivered: { 1: 1 } });
    expect((await store.attempt("a1"))!.parts[0]!.touched).toBe(false);
    expect(await store.resetPart("a1", 0, 2)).toBe(2);
    expect(await store.resetPart("a1", 0, 2)).toBeUndefined();
    await store.beginGrading("a1", 10);
    expect(await store.resetPart("a1", 0, 9)).toBeUndefined();
  });

  test("they are listed with the newest first, of some states, up to a limit", async () => {
    for (const [id, startedAt] of [["a", 2] as const, ["b", 3] as const, ["c", 1] as const, ["d", 3] as const])
      await startAttempt(store, id, { startedAt });
    await store.beginGrading("b", 10);
    await store.beginGrading("c", 10);
    await store.finish("c", report("c", true, 50));
    const ids = async (filter?: Parameters<Store["attempts"]>[0]): Promise<string> =>
      (await store.attempts(filter)).map((row) => row.id).join("");
    expect(await ids()).toBe("dbac");
    expect(await ids({ limit: 2 })).toBe("db");
    expect(await ids({ states: ["open"] })).toBe("da");
    expect(await ids({ states: ["grading", "graded"] })).toBe("bc");
    expect(await ids({ states: ["graded"], limit: 1 })).toBe("c");
    expect(await ids({ states: [] })).toBe("");
  });

  test("grading begins once, even if many want it at the same time", async () => {
    await startAttempt(store, "a");
    const got = await Promise.all([1, 2, 3, 4].map((at) => store.beginGrading("a", at)));
    expect(got.filter(Boolean)).toHaveLength(1);
    expect((await store.attempt("a"))?.attempt).toMatchObject({ state: "grading", submittedAt: got.indexOf(true) + 1 });
    expect(await store.beginGrading("nobody", 1)).toBe(false);
  });

  test("an attempt that could not be graded is open again, one that was graded is not", async () => {
    const attempt = await startAttempt(store, "a");
    await store.beginGrading("a", 5);
    await store.reopen("a");
    expect((await store.attempt("a"))?.attempt).toEqual(attempt);
    expect(await store.saveAnswer("a", "0/repair/port", "80")).toBe(true);
    expect(await store.beginGrading("a", 6)).toBe(true);
    await store.finish("a", report("a", true, 50));
    await store.reopen("a");
    expect((await store.attempt("a"))?.attempt).toMatchObject({ state: "graded", submittedAt: 6 });
  });

  test("finishing keeps the report and its percentage; a check is kept apart, the last one", async () => {
    await startAttempt(store, "a");
    expect(await store.report("a", "final")).toBeUndefined();
    await store.saveCheck("a", report("a", false, 10));
    await store.saveCheck("a", report("a", false, 20));
    await store.beginGrading("a", 5);
    await store.finish("a", report("a", true, 62.5));
    expect((await store.attempt("a"))?.attempt).toMatchObject({ state: "graded", percent: 62.5, submittedAt: 5 });
    expect(await store.report("a", "final")).toEqual(report("a", true, 62.5));
    expect(await store.report("a", "check")).toEqual(report("a", false, 20));
  });

  test("a report of an attempt that is not there is not kept", async () => {
    await expect(store.finish("nobody", report("nobody", true, 1))).rejects.toThrow("FOREIGN KEY");
    expect(await store.report("nobody", "final")).toBeUndefined();
  });

  test("progress counts graded attempts and knows the best, by kind and id", async () => {
    for (const [id, percent] of [["a", 40] as const, ["b", 80] as const, ["c", 60] as const]) {
      await startAttempt(store, id);
      await store.beginGrading(id, 5);
      await store.finish(id, report(id, true, percent));
    }
    await startAttempt(store, "open");
    await startAttempt(store, "e", { kind: "exam", of: "lost-endpoints" });
    await store.beginGrading("e", 5);
    await store.finish("e", report("e", true, 0));
    expect(await store.progress("local")).toEqual(
      new Map([
        ["exam/lost-endpoints", { attempts: 1, best: 0 }],
        ["lab/lost-endpoints", { attempts: 3, best: 80 }],
      ]),
    );
  });

  test("time in which the server was away moves the end of open attempts only", async () => {
    await startAttempt(store, "exam", { endsAt: 1_000 });
    await startAttempt(store, "lab");
    await startAttempt(store, "over", { endsAt: 1_000 });
    await store.beginGrading("over", 900);
    await store.extendOpen(250);
    await store.extendOpen(50);
    const times = async (id: string): Promise<unknown> => {
      const attempt = (await store.attempt(id))?.attempt;
      return [attempt?.endsAt, attempt?.away];
    };
    expect(await times("exam")).toEqual([1_300, 300]);
    expect(await times("lab")).toEqual([null, 300]);
    expect(await times("over")).toEqual([1_000, 0]);
  });

  test("the server's last sign of life is remembered", async () => {
    expect(await store.alive()).toBeUndefined();
    await store.saveAlive(1_795_255_200_001);
    await store.saveAlive(1_795_255_201_002);
    expect(await store.alive()).toBe(1_795_255_201_002);
  });

  test("a part is touched from its first key on", async () => {
    const parts = [partRow("e", 0), partRow("e", 1)].map((part) => ({ ...part, snapshot: Uint8Array.of() }));
    await store.createAttempt(attemptRow("e"), parts);
    await store.touch("e", 1);
    await store.touch("e", 1);
    expect((await store.attempt("e"))?.parts.map((part) => part.touched)).toEqual([false, true]);
  });
});

describe("work", () => {
  test("answers, flags, hints and notes are kept while the attempt is open, the last of each", async () => {
    await startAttempt(store, "a");
    await startAttempt(store, "other");
    expect(await store.saveAnswer("a", "0/repair/port", "80")).toBe(true);
    expect(await store.saveAnswer("a", "0/repair/port", "8080 → ✓")).toBe(true);
    expect(await store.saveAnswer("a", "1/repair/port", "")).toBe(true);
    expect(await store.saveFlag("a", "0/repair", true)).toBe(true);
    expect(await store.saveFlag("a", "0/second", true)).toBe(true);
    expect(await store.saveFlag("a", "0/second", false)).toBe(true);
    expect(await store.saveFlag("a", "0/third", false)).toBe(true);
    expect(await store.saveHints("a", "0/repair", 1)).toBe(true);
    expect(await store.saveHints("a", "0/repair", 2)).toBe(true);
    expect(await store.saveNotes("a", "look at\nendpoints")).toBe(true);

    await store.beginGrading("a", 5);
    expect(await store.saveAnswer("a", "0/repair/port", "late")).toBe(false);
    expect(await store.saveFlag("a", "0/repair", false)).toBe(false);
    expect(await store.saveHints("a", "0/repair", 3)).toBe(false);
    expect(await store.saveNotes("a", "late")).toBe(false);

    expect(await store.answers("a")).toEqual(
      new Map([
        ["0/repair/port", "8080 → ✓"],
        ["1/repair/port", ""],
      ]),
    );
    expect(await store.flags("a")).toEqual(new Set(["0/repair"]));
    expect(await store.hints("a")).toEqual(new Map([["0/repair", 2]]));
    expect((await store.attempt("a"))?.attempt.notes).toBe("look at\nendpoints");
    expect([
      ...(await store.answers("other")),
      ...(await store.flags("other")),
      ...(await store.hints("other")),
    ]).toEqual([]);
  });

  test("nothing is kept for an attempt that is not there", async () => {
    expect(await store.saveAnswer("nobody", "0/a/b", "x")).toBe(false);
    expect(await store.saveFlag("nobody", "0/a", true)).toBe(false);
    expect(await store.saveHints("nobody", "0/a", 1)).toBe(false);
    expect(await store.saveNotes("nobody", "x")).toBe(false);
  });
});

describe("sessions", () => {
  test("a session is built from its snapshot, its journal in order, and what its terminals have printed", async () => {
    await startAttempt(store, "a");
    const open = { kind: "open", at: 1, step: 0, terminal: 1, cols: 80, rows: 24 } as const;
    await store.appendLog({
      journal: [
        { session: "a/0", seq: 1, entry: typed("\u0000\u001b[A\u00ff\r") },
        { session: "a/0", seq: 0, entry: open },
      ],
      output: [printed("a/0", 0, "$ \u0000\u0080\u00ff"), printed("a/0", 0, "x", 12), printed("a/0", 1, "yz", 12)],
    });
    await store.appendLog({
      journal: [{ session: "a/0", seq: 2, entry: { kind: "close", at: 9, step: 1, terminal: 12 } }],
      output: [printed("a/0", 5, "ls\r\n")],
    });
    expect(await store.source("a/0")).toEqual({
      lab: "lost-endpoints",
      seed: 2_147_483_647,
      snapshot: Uint8Array.of(0, 1, 128, 255),
      journal: [open, typed("\u0000\u001b[A\u00ff\r"), { kind: "close", at: 9, step: 1, terminal: 12 }],
      delivered: { "1": 9, "12": 3 },
    });
    expect(await store.output("a/0", 1)).toEqual([
      printed("a/0", 0, "$ \u0000\u0080\u00ff"),
      printed("a/0", 5, "ls\r\n"),
    ]);
    expect(await store.recorded("a/0")).toEqual([1, 12]);
    expect(await store.output("a/0", 2)).toEqual([]);
    expect(await store.recorded("a/1")).toEqual([]);
    expect(await store.source("a/1")).toBeUndefined();
  });

  test("what is written twice is there once; a journal entry takes the place of one of the same number", async () => {
    await startAttempt(store, "a");
    const batch = { journal: [{ session: "a/0", seq: 0, entry: typed("l") }], output: [printed("a/0", 0, "l")] };
    await store.appendLog(batch);
    await store.appendLog(batch);
    await store.appendLog({
      journal: [
        { session: "a/0", seq: 0, entry: typed("other") },
        { session: "a/0", seq: 1, entry: typed("s") },
      ],
      output: [],
    });
    expect((await store.source("a/0"))?.journal).toEqual([typed("other"), typed("s")]);
    expect(await store.output("a/0", 1)).toEqual([printed("a/0", 0, "l")]);
  });

  test("a session may speak before its attempt is stored", async () => {
    await store.appendLog({ journal: [{ session: "a/0", seq: 0, entry: typed("l") }], output: [] });
    expect(await store.source("a/0")).toBeUndefined();
    await startAttempt(store, "a");
    expect((await store.source("a/0"))?.journal).toEqual([typed("l")]);
    // What was typed last is known without reading all of it; resizing is not typing.
    const { at } = typed("l");
    const resize = { kind: "resize", at: at + 9000, step: 9, terminal: 1, cols: 90, rows: 30 } as const;
    await store.appendLog({ journal: [{ session: "a/0", seq: 1, entry: resize }], output: [] });
    expect([await store.lastTyped("a"), await store.lastTyped("b")]).toEqual([{ at: at / 1000, part: 0 }, undefined]);
  });

  test("batches of any size are written, also nothing", async () => {
    await startAttempt(store, "a");
    const journal = Array.from({ length: 1_234 }, (_, seq) => ({ session: "a/0", seq, entry: typed(String(seq)) }));
    const big = "0123456789abcdef".repeat(65_536);
    await store.appendLog({ journal, output: [printed("a/0", 0, big)] });
    await store.appendLog({ journal: [], output: [] });
    expect((await store.source("a/0"))?.journal).toEqual(journal.map((row) => row.entry));
    expect((await store.output("a/0", 1))[0]?.bytes === big).toBe(true);
  });

  test("a journal with a hole is not replayed", async () => {
    await startAttempt(store, "a");
    await store.appendLog({
      journal: [0, 2].map((seq) => ({ session: "a/0", seq, entry: typed("l") })),
      output: [],
    });
    await expect(store.source("a/0")).rejects.toThrow("the database lacks entry 1 of the journal of session a/0");
  });
});

test("a closed store takes nothing any more; closing it again does nothing", async () => {
  const closed = await openStore(":memory:");
  await closed.close();
  await closed.close();
  await expect(closed.saveAlive(1)).rejects.toThrow("destroyed");
});

describe("tokens of Kubernetes APIs", () => {
  test("a session keeps the first that it was offered", async () => {
    await startAttempt(store, "a");
    expect(await store.apiToken("a/0", "one")).toBe("one");
    expect(await store.apiToken("a/0", "two")).toBe("one");
    expect(await Promise.all(["x", "y", "z"].map((offered) => store.apiToken("a/1", offered)))).toEqual([
      "x",
      "x",
      "x",
    ]);
    expect(await store.apiTokens(["a/1", "a/0", "b/0"])).toEqual(new Map([["a/0", "one"], ["a/1", "x"]])); // prettier-ignore
    expect(await store.apiTokens([])).toEqual(new Map());
  });

  test("no two sessions have the same", async () => {
    await store.apiToken("a/0", "one");
    await expect(store.apiToken("b/0", "one")).rejects.toThrow("UNIQUE");
  });
});

describe("instructors", () => {
  test("the clock of an attempt is moved, stopped and let go on, once each, and everything is noted", async () => {
    await startAttempt(store, "x", { kind: "exam", endsAt: 1000 });
    await startAttempt(store, "lab");
    const extra = { at: 1, by: "Ada", kind: "extra-time", minutes: 5 } as const;
    const pause = { at: 100, by: "Ada", kind: "pause" } as const;
    const resume = { at: 400, by: "Bob", kind: "resume" } as const;
    expect(await store.moveEnd("lab", 50, extra)).toBe(false);
    expect(await store.moveEnd("x", 50, extra)).toBe(true);
    expect(await store.resume("x", resume)).toBe(false);
    expect(await store.pause("x", pause)).toBe(true);
    expect(await store.pause("x", pause)).toBe(false);
    expect((await store.attempt("x"))?.attempt).toMatchObject({ endsAt: 1050, pausedAt: 100, away: 0 });
    // The server was away: time of a paused attempt stands anyway.
    await store.extendOpen(7);
    expect(await store.resume("x", resume)).toBe(true);
    const { attempt } = (await store.attempt("x"))!;
    expect(attempt).toMatchObject({ endsAt: 1350, away: 300 });
    expect(attempt).not.toHaveProperty("pausedAt");
    expect((await store.attempt("lab"))?.attempt.away).toBe(7);
    expect(await store.clockChanges("x")).toEqual([extra, pause, resume]);
    await store.beginGrading("x", 500);
    expect(await store.pause("x", pause)).toBe(false);
    expect(await store.clockChanges("lab")).toEqual([]);
  });

  test("what was in front of a learner is read in order; of the same moment the last counts", async () => {
    await startAttempt(store, "x");
    await store.saveFocus("x", { at: 5, task: "0/repair" });
    await store.saveFocus("x", { at: 3, task: "0/first" });
    await store.saveFocus("x", { at: 5, task: null });
    expect(await store.focus("x")).toEqual([
      { at: 3, task: "0/first" },
      { at: 5, task: null },
    ]);
  });

  test("worlds of the end are owed with the report until they are kept, later reports beside the first one", async () => {
    await startAttempt(store, "x");
    await store.beginGrading("x", 500);
    const first = report("x", true, 20);
    const owed = ["x/0", "x/1", "x/2"].map((session, at) => ({ session, at: 1_795_000_000_000_000 + at }));
    await store.finish("x", first, owed);
    expect([await store.owedWorlds("x"), await store.owedWorlds(), await store.owedWorlds("y")]).toEqual([
      owed,
      owed,
      [],
    ]);
    expect(await store.alive()).toBeUndefined();
    await store.saveFinalWorld({ session: "x/0", snapshot: Uint8Array.of(1, 2), values: { ns: "shop" } });
    await store.forgoFinalWorld("x/1");
    expect(await store.owedWorlds()).toEqual(owed.slice(2));
    expect(await store.finalWorld("x/0")).toEqual({ snapshot: Uint8Array.of(1, 2), values: { ns: "shop" } });
    expect(await store.finalWorld("x/1")).toBeUndefined();
    const again = [30, 40].map((percent) => ({ at: percent, by: "Ada", report: report("x", true, percent) }));
    for (const regrade of again) await store.saveRegrade("x", regrade);
    expect(await store.regrades("x")).toEqual(again);
    expect(await store.report("x", "final")).toEqual(first);
    expect((await store.attempt("x"))?.attempt.percent).toBe(40);
    expect((await store.attempts({ kind: "lab", of: "lost-endpoints" })).map(({ id }) => id)).toEqual(["x"]);
    expect(await store.attempts({ kind: "lab", of: "another" })).toEqual([]);
  });
});
