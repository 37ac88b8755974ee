import { expect, test } from "vitest";
import { settled } from "../sessions/pool/testing.ts";
import { desk, diskFull, labText, listen } from "./testing.ts";

const ID = "AQEBAQEBAQEBAQEB";

test("a lab is started, worked on, checked and submitted", async () => {
  const it = await desk();
  const { attempts, clock, store } = it;
  const now = clock.now();
  const started = await attempts.start({ kind: "lab", of: "alpha", seed: 7 });
  expect(started).toEqual({
    id: ID,
    kind: "lab",
    of: "alpha",
    title: "The alpha lab",
    state: "open",
    startedAt: now,
    endsAt: null,
    submittedAt: null,
    percent: null,
    now,
    minutes: 15,
    pass: null,
    notes: "",
    parts: [
      {
        part: 0,
        lab: "alpha",
        title: "The alpha lab",
        level: "medium",
        minutes: 15,
        weight: 1,
        host: "controlplane",
        user: "root",
        touched: false,
        docs: [],
        tasks: [
          {
            id: "find",
            points: 6,
            prompt: "Find it.",
            questions: [{ id: "where", ask: "Where?", kind: "text", points: 2, given: null }],
            hints: { read: [], total: 2, next: { costs: 1 } },
            flagged: false,
          },
          {
            id: "mend",
            points: 4,
            prompt: "Mend it.",
            questions: [],
            hints: { read: [], total: 0, next: null },
            flagged: false,
          },
        ],
      },
    ],
  });
  expect(store.kept.get(ID)!.parts.map(({ snapshot, seed }) => [...snapshot!, seed])).toEqual([[7, 7]]);

  const heard = listen(it, ID);
  const viewer = await it.view(ID);
  expect(viewer.take()).toEqual(['screens 1="$ "']);
  attempts.input(ID, 0, 1, "ls");
  await attempts.answer(ID, { part: 0, task: "find", question: "where", value: "here" });
  await attempts.notes(ID, "endpoints?");
  await attempts.flag(ID, { part: 0, task: "mend", flagged: true });
  expect((await attempts.hint(ID, { part: 0, task: "find" })).parts[0]!.tasks[0]!.hints).toEqual({
    read: ["Look at the endpoints."],
    total: 2,
    next: { costs: 2 },
  });
  await clock.advance(60_000);
  const view = await attempts.get(ID);
  expect(view.notes).toBe("endpoints?");
  expect(view.parts[0]!.touched).toBe(true);
  expect(view.parts[0]!.tasks.map((task) => [task.flagged, task.questions[0]?.given])).toEqual([
    [false, "here"],
    [true, undefined],
  ]);

  const report = {
    lab: "alpha",
    title: "alpha",
    seed: 7,
    score: 1,
    of: 10,
    hints: 1,
    settled: true,
    results: [],
  };
  const checked = {
    attempt: ID,
    kind: "lab",
    of: "alpha",
    title: "The alpha lab",
    final: false,
    reason: "check",
    at: now + 60_000,
    startedAt: now,
    took: 60_000,
    percent: 10,
    pass: null,
    parts: [{ part: 0, lab: "alpha", title: "The alpha lab", weight: 1, report, explain: null }],
  };
  expect(await attempts.check(ID)).toEqual(checked);
  expect(await attempts.lastCheck(ID)).toEqual(checked);
  await expect(attempts.report(ID)).rejects.toMatchObject({ code: "not-graded" });

  await clock.advance(1000);
  const final = {
    ...checked,
    final: true,
    reason: "submitted",
    at: now + 61_000,
    took: 61_000,
    parts: [
      {
        ...checked.parts[0],
        explain: "The labels differ.",
        version: "v1",
        // No window said what it shows, so nothing was measured: the second task shares its cluster with the first.
        work: [
          { task: "find", took: null, lines: null, questions: 1, answered: 1, hints: 1, flagged: false, tried: true },
          { task: "mend", took: null, lines: null, questions: 0, answered: 0, hints: 0, flagged: true, tried: null },
        ],
      },
    ],
  };
  expect(await attempts.submit(ID)).toEqual(final);
  expect(await attempts.report(ID)).toEqual(final);
  expect(await attempts.get(ID)).toMatchObject({ state: "graded", percent: 10, submittedAt: now + 61_000 });
  // The first says that the part was touched.
  expect(heard).toEqual(["state", "answers", "notes", "flags", "hints", "check", "state", "state"]);
  await settled();
  expect(it.fleet.alive.map((worker) => worker.sessions.size)).toEqual([0, 0]);
  await clock.advance(5000);
  expect(clock.timers).toBe(0);
  expect(await attempts.catalogue()).toMatchObject({
    labs: [{ id: "alpha", best: 10, attempts: 1 }],
    exams: [{ id: "mock", best: null, attempts: 0 }],
    open: [],
    recent: [{ id: ID, percent: 10 }],
    problems: ["labs/x/lab.yaml:1:1: no title"],
  });
});

test("hints that were not read and explanations do not leave the server", async () => {
  const { attempts } = await desk();
  const { id } = await attempts.start({ kind: "lab", of: "alpha" });
  const seen = JSON.stringify([
    await attempts.get(id),
    await attempts.hint(id, { part: 0, task: "find" }),
    await attempts.check(id),
    await attempts.catalogue(),
  ]);
  expect(seen).toContain("Look at the endpoints.");
  expect(seen).not.toContain("Look at the labels.");
  expect(seen).not.toContain(labText("alpha").explain);
});

test("what is not there is an error each", async () => {
  const { attempts } = await desk();
  const { id } = await attempts.start({ kind: "lab", of: "alpha" });
  const question = { part: 0, task: "find", question: "where", value: "x" };
  const code = async (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => "done",
      ({ code }) => code,
    );
  expect(await code(attempts.start({ kind: "lab", of: "none" }))).toBe("unknown-lab");
  expect(await code(attempts.start({ kind: "exam", of: "none" }))).toBe("unknown-exam");
  expect(await code(attempts.get("none"))).toBe("unknown-attempt");
  expect(await code(attempts.view("none", 0, null as never))).toBe("unknown-attempt");
  expect(await code(attempts.view(id, 1, null as never))).toBe("unknown-part");
  expect(await code(attempts.answer(id, { ...question, part: 1 }))).toBe("unknown-part");
  expect(await code(attempts.answer(id, { ...question, task: "none" }))).toBe("unknown-task");
  expect(await code(attempts.answer(id, { ...question, question: "none" }))).toBe("unknown-question");
  expect(await code(attempts.hint(id, { part: 0, task: "mend" }))).toBe("no-hint");
  expect(await code(attempts.recording(id, 0, 9))).toBe("unknown-terminal");
  expect(() => attempts.input(id, 3, 1, "x")).toThrow("has no part 3");
  await attempts.submit(id);
  for (const work of [
    attempts.answer(id, question),
    attempts.notes(id, "x"),
    attempts.flag(id, { part: 0, task: "find", flagged: true }),
    attempts.hint(id, { part: 0, task: "find" }),
    attempts.check(id),
    attempts.view(id, 0, null as never),
    attempts.openTerminal(id, 0, 80, 24),
  ]) {
    expect(await code(work)).toBe("not-open");
  }
  expect(await code(attempts.submit(id))).toBe("already-submitted");
  expect(() => attempts.input(id, 0, 1, "x")).toThrow("This attempt is over");
});

test("two viewers at once of a session without a terminal get one, and see the same", async () => {
  const it = await desk();
  const { id } = await it.attempts.start({ kind: "lab", of: "alpha" });
  it.attempts.closeTerminal(id, 0, 1);
  const [first, second] = await Promise.all([it.view(id), it.view(id)]);
  await settled();
  const both = ["screens", "opened 2 root@controlplane 80x24", 'output 2 "$ "'];
  expect(first.take()).toEqual(both);
  expect(second.take()).toEqual(both);
  expect((await it.view(id)).take()).toEqual(['screens 2="$ "']);
});

test("of two submits at once one is graded", async () => {
  const { attempts } = await desk();
  const { id } = await attempts.start({ kind: "lab", of: "alpha" });
  const [first, second] = await Promise.allSettled([attempts.submit(id), attempts.submit(id)]);
  expect(first).toMatchObject({ status: "fulfilled", value: { final: true } });
  expect(second).toMatchObject({ status: "rejected", reason: { code: "already-submitted", status: 409 } });
});

test("an attempt that cannot be stored leaves nothing behind", async () => {
  const { attempts, store, fleet } = await desk();
  store.failing = diskFull;
  await expect(attempts.start({ kind: "lab", of: "alpha" })).rejects.toMatchObject({
    code: "storage-full",
    message: "The server's disk is full: this was not saved.",
    help: "What was saved before is safe, your cluster goes on. Make room on the server's disk, then try again.",
  });
  await settled();
  expect(store.kept.size).toBe(0);
  expect(fleet.alive.map((worker) => worker.sessions.size)).toEqual([0, 0]);
});

test("a submission that cannot be graded is taken back and can be made again", async () => {
  const it = await desk();
  const { attempts, fleet, store } = it;
  const { id } = await attempts.start({ kind: "lab", of: "alpha" });
  const heard = listen(it, id);
  fleet.ungradable.add(`${id}/0`);
  await expect(attempts.submit(id)).rejects.toMatchObject({
    code: "session-failed",
    message: "Your work could not be graded: The cluster did not answer, twice. It is built again.",
  });
  expect(store.kept.get(id)!.attempt).toMatchObject({ state: "open", submittedAt: null });
  expect(heard).toEqual(["state", "state"]);
  attempts.input(id, 0, 1, "x");
  fleet.ungradable.clear();
  expect(await attempts.submit(id)).toMatchObject({ final: true, reason: "submitted" });
});

test("a result that cannot be stored is stored when there is room again", async () => {
  const it = await desk();
  const { attempts, clock, store, fleet } = it;
  const { id } = await attempts.start({ kind: "lab", of: "alpha" });
  const heard = listen(it, id);
  const finish = store.finish.bind(store);
  store.finish = () => Promise.reject(diskFull);
  await expect(attempts.submit(id)).rejects.toMatchObject({
    code: "storage-full",
    message: "Your work was submitted, but its result cannot be stored at the moment.",
  });
  await expect(attempts.submit(id)).rejects.toMatchObject({ code: "already-submitted" });
  await clock.advance(5000);
  store.finish = finish;
  await clock.advance(5000);
  expect(await attempts.report(id)).toMatchObject({ final: true });
  expect(heard).toEqual(["state", "state"]);
  expect(fleet.workers.flatMap((worker) => worker.got).filter((message) => message.kind === "grade").length).toBe(1);
});

test("a recording is what a terminal printed, with its sizes", async () => {
  const it = await desk();
  const { id } = await it.attempts.start({ kind: "lab", of: "alpha" });
  await it.view(id);
  await it.clock.advance(1000);
  it.attempts.resize(id, 0, 1, 120, 40);
  await it.clock.advance(500);
  it.attempts.input(id, 0, 1, "\u00c3\u00bc\r");
  await settled();
  const cast = await it.attempts.recording(id, 0, 1);
  expect(cast.split("\n").map((line) => (line === "" ? null : JSON.parse(line)))).toEqual([
    {
      version: 2,
      width: 80,
      height: 24,
      timestamp: 1_800_000_000,
      title: "The alpha lab, terminal 1",
      env: { TERM: "xterm-256color", SHELL: "/bin/bash" },
    },
    [0, "o", "$ "],
    [1, "r", "120x40"],
    [1.5, "o", "ü\r\n$ "],
    null,
  ]);
});
