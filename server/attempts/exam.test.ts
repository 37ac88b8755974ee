import { expect, test } from "vitest";
import { settled } from "../sessions/pool/testing.ts";
import { desk, diskBroken, kill, listen } from "./testing.ts";

/** How long the exam is. */
const LENGTH = 600_000;

test("an exam has a part for each lab, in order, each with its own seed; its score goes by weight", async () => {
  const { attempts, clock } = await desk();
  const exam = await attempts.start({ kind: "exam", of: "mock", seed: 2_147_483_647 });
  expect(exam).toMatchObject({
    kind: "exam",
    title: "Mock exam",
    minutes: 10,
    pass: 66,
    endsAt: clock.now() + LENGTH,
    parts: [
      { part: 0, lab: "alpha", weight: 1 },
      { part: 1, lab: "beta", weight: 3 },
    ],
  });
  await attempts.answer(exam.id, { part: 0, task: "find", question: "where", value: "x" });
  await attempts.answer(exam.id, { part: 1, task: "find", question: "where", value: "x" });
  await expect(attempts.hint(exam.id, { part: 1, task: "find" })).rejects.toMatchObject({ code: "not-in-exam" });
  expect(exam.parts[1]!.tasks[0]!.hints).toEqual({ read: [], total: 0, next: null });
  await expect(attempts.check(exam.id)).rejects.toMatchObject({ code: "not-in-exam" });
  const report = await attempts.submit(exam.id);
  expect(report.parts.map((part) => [part.report.seed, part.report.score, part.report.hints])).toEqual([
    [2_147_483_647, 2, 0],
    [1, 2, 0],
  ]);
  // (1 * 2/10 + 3 * 2/10) / 4
  expect(report.percent).toBe(20);
});

test("an exam's clusters are not put back; a lab's is, and its answers, flags and recording stay", async () => {
  const it = await desk();
  const { attempts, store, view } = it;
  const exam = await attempts.start({ kind: "exam", of: "mock" });
  await expect(attempts.reset(exam.id, 0)).rejects.toMatchObject({ code: "not-in-exam" });
  const { id } = await attempts.start({ kind: "lab", of: "alpha" });
  await attempts.answer(id, { part: 0, task: "find", question: "where", value: "x" });
  const before = await view(id);
  attempts.input(id, 0, 1, "ls\r");
  await settled();
  expect(before.take().at(-1)).toMatch(/^output 1 "ls/);
  const heard = listen(it, id);
  await attempts.reset(id, 0);
  expect(heard).toEqual(["cluster", "state"]);
  const after = await view(id);
  expect(after.take().at(-1)).not.toContain("ls");
  expect((await attempts.get(id)).parts[0]).toMatchObject({
    touched: false,
    tasks: [{ questions: [{ given: "x" }] }, {}],
  });
  expect(store.journals.get(`${id}/0~1`)!.map(({ kind }) => kind)).toEqual(["open", "input"]);
  await expect(attempts.reset(id, 3)).rejects.toMatchObject({ code: "unknown-part" });
  await attempts.submit(id);
  await expect(attempts.reset(id, 0)).rejects.toMatchObject({ code: "not-open" });
});

test("an exam shows no topology; a lab does", async () => {
  const { attempts, view } = await desk();
  const exam = await attempts.start({ kind: "exam", of: "mock" });
  const { view: examView } = await view(exam.id);
  expect(() => examView!.topology(true)).toThrow("There is no topology in an exam.");
  const lab = await attempts.start({ kind: "lab", of: "alpha" });
  const { view: labView } = await view(lab.id);
  expect(() => labView!.topology(true)).not.toThrow();
});

test("an exam is graded when its time is up, with what is there", async () => {
  const it = await desk();
  const { attempts, clock } = it;
  const { id, endsAt } = await attempts.start({ kind: "exam", of: "mock" });
  const heard = listen(it, id);
  await attempts.answer(id, { part: 0, task: "find", question: "where", value: "x" });
  await clock.advance(LENGTH - 1);
  expect((await attempts.get(id)).state).toBe("open");
  await clock.advance(1);
  expect(await attempts.report(id)).toMatchObject({
    reason: "time",
    at: endsAt,
    took: LENGTH,
    percent: 5,
    final: true,
  });
  expect(heard).toEqual(["answers", "state", "state"]);
  expect((await attempts.get(id)).submittedAt).toBe(endsAt);
  await clock.advance(2000);
  expect(clock.timers).toBe(0);
});

test("an exam of which one lab cannot be opened leaves nothing behind", async () => {
  const { attempts, fleet, store } = await desk();
  fleet.labs.delete("beta");
  await expect(attempts.start({ kind: "exam", of: "mock" })).rejects.toMatchObject({
    code: "unknown-lab",
    message: "There is no lab 'beta'.",
  });
  await settled();
  expect(store.kept.size).toBe(0);
  expect(fleet.alive.map((worker) => worker.sessions.size)).toEqual([0, 0]);
});

test("a submit in the moment in which the time is up does no harm", async () => {
  const { attempts, clock } = await desk();
  const { id } = await attempts.start({ kind: "exam", of: "mock" });
  await clock.advance(LENGTH - 1);
  const submit = attempts.submit(id);
  await clock.advance(1);
  expect(await submit).toMatchObject({ reason: "submitted" });
  expect(await attempts.report(id)).toEqual(await submit);
});

test("a part that cannot be graded when the time is up does not count", async () => {
  const { attempts, clock, fleet } = await desk();
  const { id } = await attempts.start({ kind: "exam", of: "mock" });
  await attempts.answer(id, { part: 0, task: "find", question: "where", value: "x" });
  fleet.ungradable.add(`${id}/1`);
  await clock.advance(LENGTH + 1000);
  const report = await attempts.report(id);
  expect(report.percent).toBe(20);
  expect(report.parts[1]!.report).toEqual({
    lab: "beta",
    title: "The beta lab",
    seed: expect.any(Number) as number,
    score: 0,
    of: 0,
    hints: 0,
    settled: false,
    results: [
      { id: "find/cluster", task: "find", points: 0, of: 6 },
      { id: "mend/cluster", task: "mend", points: 0, of: 4 },
    ].map((result) => ({
      ...result,
      outcome: "broke",
      says: "The cluster can be graded",
      expected: "a cluster that answers",
      observed: "The cluster did not answer, twice. It is built again.",
      evidence: [],
    })),
  });
});

test("the end of an exam is stored when that works again", async () => {
  const { attempts, clock, store } = await desk();
  const { id } = await attempts.start({ kind: "exam", of: "mock" });
  await clock.advance(LENGTH - 10_000);
  store.failing = diskBroken;
  await clock.advance(20_000);
  expect(store.kept.get(id)!.attempt.state).toBe("open");
  store.failing = undefined;
  await clock.advance(3000);
  expect(await attempts.report(id)).toMatchObject({ reason: "time" });
});

test("after a restart everything is there and goes on; the time in which the server was away does not count", async () => {
  const before = await desk();
  const { id, endsAt, startedAt } = await before.attempts.start({ kind: "exam", of: "mock" });
  const viewer = await before.view(id, 2);
  before.attempts.input(id, 2, 1, "ls\r");
  await before.attempts.answer(id, { part: 1, task: "find", question: "where", value: "here" });
  await before.clock.advance(10_000);
  expect(viewer.take().at(-1)).toBe('output 1 "ls\\r\\n$ "');
  await kill(before);
  await before.clock.advance(2 * LENGTH);

  const after = await desk(before);
  const view = await after.attempts.get(id);
  expect(view.state).toBe("open");
  expect(view.endsAt).toBe(endsAt! + 2 * LENGTH);
  expect(view.startedAt).toBe(startedAt + 2 * LENGTH);
  expect(view.parts[1]).toMatchObject({ tasks: [{ questions: [{ given: "here" }] }, {}] });
  expect((await after.view(id, 2)).take()).toEqual(["rebuilding", 'screens 1="$ ls\\r\\n$ "']);
  expect((await after.view(id, 0)).take()).toEqual(["rebuilding", "screens"]);
  await after.clock.advance(LENGTH);
  expect(await after.attempts.report(id)).toMatchObject({ reason: "time", startedAt, took: LENGTH });
});

test("the time before the first attempt is not time in which the server was away", async () => {
  const before = await desk();
  await before.clock.advance(LENGTH);
  const { id, endsAt } = await before.attempts.start({ kind: "exam", of: "mock" });
  await before.clock.advance(500);
  await kill(before);
  await before.clock.advance(1000);
  const after = await desk(before);
  expect((await after.attempts.get(id)).endsAt).toBe(endsAt);
});

test("a server that is killed loses no more than what was typed in the last moment", async () => {
  const before = await desk();
  const { id } = await before.attempts.start({ kind: "lab", of: "alpha" });
  await before.view(id);
  before.attempts.input(id, 0, 1, "a");
  await before.clock.advance(300);
  before.attempts.input(id, 0, 1, "b");
  await before.clock.advance(249);
  await kill(before);
  const after = await desk(before);
  expect((await after.view(id)).take()).toEqual(["rebuilding", 'screens 1="$ a"']);
});

test("what was being graded when the server went away is graded", async () => {
  const before = await desk();
  const lab = await before.attempts.start({ kind: "lab", of: "alpha" });
  const exam = await before.attempts.start({ kind: "exam", of: "mock" });
  for (const worker of before.fleet.workers) worker.silent = true;
  before.attempts.submit(lab.id).catch(() => {});
  await before.clock.advance(100);
  await kill(before);
  const row = before.store.kept.get(exam.id)!;
  row.attempt = { ...row.attempt, state: "grading", submittedAt: row.attempt.endsAt };

  const after = await desk(before);
  await settled();
  expect(await after.attempts.report(lab.id)).toMatchObject({ reason: "submitted", final: true });
  expect(await after.attempts.report(exam.id)).toMatchObject({ reason: "time", final: true });
});

test("a server that stops in the middle of grading leaves it to the next one", async () => {
  const before = await desk();
  const { id } = await before.attempts.start({ kind: "lab", of: "alpha" });
  for (const worker of before.fleet.workers) worker.silent = true;
  const submit = before.attempts.submit(id);
  const failed = expect(submit).rejects.toMatchObject({ code: "session-failed" });
  await settled();
  await before.attempts.stop();
  await failed;
  expect(before.clock.timers).toBe(0);
  expect(before.store.kept.get(id)!.attempt.state).toBe("grading");
  const after = await desk(before);
  await settled();
  expect(await after.attempts.report(id)).toMatchObject({ final: true });
});

test("a machine that sleeps takes no time from an exam", async () => {
  const it = await desk();
  const { id, endsAt } = await it.attempts.start({ kind: "exam", of: "mock" });
  const heard = listen(it, id);
  await it.clock.advance(5000);
  await it.clock.sleep(2 * LENGTH);
  expect(heard).toEqual(["clock"]);
  const view = await it.attempts.get(id);
  expect(view.state).toBe("open");
  expect(view.endsAt).toBe(endsAt! + 2 * LENGTH);
  await it.clock.advance(view.endsAt! - it.clock.now());
  expect(await it.attempts.report(id)).toMatchObject({ reason: "time", took: LENGTH });
});

test("an exam opens with its base; its clusters are made behind it, the one that somebody looks at first", async () => {
  const it = await desk();
  const { attempts, fleet } = it;
  for (const worker of fleet.workers) worker.slow = true;
  const { id, base } = await attempts.start({ kind: "exam", of: "mock" });
  expect(base).toEqual({ part: 2, host: "base", user: "candidate" });
  expect((await it.view(id, 2)).take()).toEqual(['screens 1="$ "']);
  const viewer = await it.view(id, 1);
  expect(viewer.take()).toEqual(["making"]);
  for (const worker of fleet.workers) {
    worker.slow = false;
    worker.finish();
  }
  await settled();
  for (const worker of fleet.workers) worker.finish();
  await settled();
  // The terminals of an exam are on its base.
  expect(viewer.take()).toEqual(["screens"]);
  await it.log.flush();
  expect((await it.store.source(`${id}/1`))!.snapshot).toHaveLength(1);
});

test("a part that was not made before the server was killed is made when somebody looks at it", async () => {
  const before = await desk();
  for (const worker of before.fleet.workers) worker.slow = true;
  const { id } = await before.attempts.start({ kind: "exam", of: "mock" });
  await kill(before);
  const after = await desk(before);
  expect((await after.view(id, 1)).take()).toEqual(["rebuilding", "making", "screens"]);
  expect(await after.attempts.submit(id)).toMatchObject({ parts: [{}, { report: { of: 10 } }] });
});

test("a part that cannot be made says so and counts neither for nor against the learner, also if it is submitted", async () => {
  const it = await desk();
  const { attempts, fleet } = it;
  fleet.unmakable.add("beta");
  const { id } = await attempts.start({ kind: "exam", of: "mock" });
  await attempts.answer(id, { part: 0, task: "find", question: "where", value: "x" });
  const viewer = await it.view(id, 1);
  expect(viewer.take().at(-1)).toMatch(/^failed: This task's cluster could not be made, which costs you no points\. /);
  const report = await attempts.submit(id);
  expect(report.percent).toBe(20);
  expect(report.parts[1]!.report).toMatchObject({ of: 0, results: [{ outcome: "broke" }, { outcome: "broke" }] });
});

test("what is prepared while somebody thinks it over is what is started", async () => {
  const { attempts, fleet, store } = await desk();
  await attempts.prepare({ kind: "exam", of: "mock" });
  const told = fleet.workers
    .flatMap(({ got }) => got)
    .flatMap((message) => (message.kind === "prepare" ? message.labs : []));
  const { id } = await attempts.start({ kind: "exam", of: "mock" });
  const labs = store.kept.get(id)!.parts.filter(({ lab }) => !lab.startsWith("base:"));
  expect(labs.map(({ lab, seed }) => ({ lab, seed }))).toEqual(told);
});
