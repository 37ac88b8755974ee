import { expect, test } from "vitest";
import { desk, kill, labText, listen, type Desk } from "./testing.ts";

const MINUTE = 60_000;
const LENGTH = 10 * MINUTE;
const nameOf = (id: string): string | undefined => (id === "local" ? "Mel" : undefined);

async function exam(it: Desk): Promise<{ id: string; endsAt: number }> {
  const { id, endsAt } = await it.attempts.start({ kind: "exam", of: "mock" });
  return { id, endsAt: endsAt! };
}

test("extra time moves the end, and can be taken back, but no more than was given", async () => {
  const it = await desk(undefined, { nameOf });
  const { id, endsAt } = await exam(it);
  const heard = listen(it, id);
  const { management } = it.attempts;
  const given = await management.giveTime(id, 5, "Ada");
  expect(given).toMatchObject({
    attempt: { endsAt: endsAt + 5 * MINUTE },
    learner: "Mel",
    minutes: 10,
    changes: [{ at: it.clock.now(), by: "Ada", kind: "extra-time", minutes: 5 }],
  });
  expect(heard).toEqual(["clock"]);
  await expect(management.giveTime(id, -6, "Ada")).rejects.toMatchObject({
    code: "no-extra-time",
    message: "Only 5 minutes were given: 6 cannot be taken back.",
  });
  await management.giveTime(id, -2, "Ada");
  expect(await it.attempts.get(id)).toMatchObject({ extraMinutes: 3, endsAt: endsAt + 3 * MINUTE });
  await it.clock.advance(LENGTH + 3 * MINUTE - 1);
  expect((await it.attempts.get(id)).state).toBe("open");
  await it.clock.advance(1);
  expect(await it.attempts.report(id)).toMatchObject({ reason: "time", took: LENGTH + 3 * MINUTE });
  await expect(management.giveTime(id, 5, "Ada")).rejects.toMatchObject({ code: "not-open" });
});

test("labs have no end that could be moved", async () => {
  const { attempts } = await desk();
  const { id } = await attempts.start({ kind: "lab", of: "alpha" });
  await expect(attempts.management.giveTime(id, 5, "Ada")).rejects.toMatchObject({ code: "no-end" });
});

test("a paused exam stands still, is read-only, and goes on where it stood", async () => {
  const it = await desk();
  const { attempts, clock } = it;
  const { id, endsAt } = await exam(it);
  const viewer = await it.view(id);
  await clock.advance(4 * MINUTE);
  const { attempt } = await attempts.management.pause(id, "Ada");
  expect(attempt.pausedAt).toBe(clock.now());
  await expect(attempts.management.pause(id, "Ada")).rejects.toMatchObject({ code: "paused" });

  viewer.take();
  const refused = expect.objectContaining({ code: "paused" });
  expect(() => attempts.input(id, 0, 1, "ls\r")).toThrow(refused);
  expect(() => attempts.closeTerminal(id, 0, 1)).toThrow(refused);
  await expect(attempts.openTerminal(id, 0, 80, 24)).rejects.toEqual(refused);
  const answer = { part: 0, task: "find", question: "where", value: "x" };
  await expect(attempts.answer(id, answer)).rejects.toEqual(refused);
  await expect(attempts.hint(id, { part: 0, task: "find" })).rejects.toEqual(refused);
  await expect(attempts.submit(id)).rejects.toEqual(refused);
  // What does no work may be done.
  await attempts.notes(id, "wait");
  await attempts.flag(id, { part: 0, task: "find", flagged: true });
  expect(viewer.take()).toEqual([]);

  await clock.advance(3 * LENGTH);
  expect(await attempts.get(id)).toMatchObject({ state: "open", pausedAt: endsAt - 6 * MINUTE, endsAt });
  const resumed = await attempts.management.resume(id, "Ada");
  expect(resumed.attempt).toMatchObject({ endsAt: clock.now() + 6 * MINUTE });
  expect(resumed.attempt.pausedAt).toBeUndefined();
  expect(resumed.changes.map(({ kind }) => kind)).toEqual(["pause", "resume"]);
  await expect(attempts.management.resume(id, "Ada")).rejects.toMatchObject({ code: "not-paused" });
  attempts.input(id, 0, 1, "ls\r");
  await attempts.answer(id, answer);
  await clock.advance(6 * MINUTE);
  expect(await attempts.report(id)).toMatchObject({ reason: "time", took: LENGTH });
});

test("a pause outlives the server: the time in which it was away counts once", async () => {
  const before = await desk();
  const { id, endsAt } = await exam(before);
  await before.clock.advance(MINUTE);
  await before.attempts.management.pause(id, "Ada");
  await kill(before);
  await before.clock.sleep(LENGTH * 2);
  const it = await desk(before);
  expect(() => it.attempts.input(id, 0, 1, "ls\r")).toThrow(expect.objectContaining({ code: "paused" }));
  await it.clock.advance(LENGTH);
  expect((await it.attempts.get(id)).state).toBe("open");
  const { attempt } = await it.attempts.management.resume(id, "Bob");
  expect(attempt.endsAt).toBe(it.clock.now() + LENGTH - MINUTE);
  expect(attempt.endsAt! - endsAt).toBe(3 * LENGTH);
});

test("the time of a task is that in which a window shows it: not in a pause, not in the background, not without a server", async () => {
  const before = await desk();
  const { id } = await exam(before);
  const [one, two] = [{}, {}];
  before.attempts.focus(id, one, { part: 0, task: "find" });
  before.attempts.focus(id, one, { part: 0, task: "nonsense" });
  await before.clock.advance(MINUTE);
  await before.attempts.management.pause(id, "Ada");
  await before.clock.advance(MINUTE);
  await before.attempts.management.resume(id, "Ada");
  await before.clock.advance(MINUTE);
  before.attempts.focus(id, two, { part: 1, task: "mend" });
  await before.clock.advance(MINUTE);
  // The first window is closed: the second one is still looked at.
  before.attempts.focus(id, one, null);
  await before.clock.advance(MINUTE);
  before.attempts.focus(id, two, null);
  await before.clock.advance(MINUTE);
  before.attempts.focus(id, two, { part: 1, task: "find" });
  await before.clock.advance(MINUTE);
  await kill(before);
  await before.clock.sleep(5 * MINUTE);

  const it = await desk(before);
  await it.clock.advance(MINUTE);
  const { parts } = await it.attempts.submit(id);
  expect(parts.map(({ work }) => work!.map(({ took }) => took! / MINUTE))).toEqual([
    [2, 0],
    [1, 2],
  ]);
});

test("a graded attempt is graded again with the lab as it is now; both reports are kept, the new one counts", async () => {
  const it = await desk();
  const { attempts, fleet, clock } = it;
  const { id } = await attempts.start({ kind: "lab", of: "alpha" });
  await attempts.answer(id, { part: 0, task: "find", question: "where", value: "x" });
  await expect(attempts.management.regrade(id, "Ada")).rejects.toMatchObject({ code: "not-graded" });
  const first = await attempts.submit(id);
  expect(first).toMatchObject({ percent: 20, parts: [{ version: "v1" }] });

  // The author has mended a check.
  fleet.labs.set("alpha", { ...labText("alpha"), explain: "Mended." });
  fleet.report = (lab, seed, answers, hints) => ({
    lab,
    title: lab,
    seed,
    score: Object.keys(answers).length * 5,
    of: 10,
    hints,
    settled: true,
    results: [],
  });
  await clock.advance(MINUTE);
  const { again } = await attempts.management.regrade(id, "Ada");
  expect(again).toMatchObject([
    {
      at: clock.now(),
      by: "Ada",
      report: { percent: 50, at: first.at, took: first.took, parts: [{ version: "v2", explain: "Mended." }] },
    },
  ]);
  expect(await attempts.gradings(id)).toEqual({ first, again });
  expect((await attempts.report(id)).percent).toBe(50);
  expect((await attempts.get(id)).percent).toBe(50);
  expect((await attempts.management.view(id)).regrades).toEqual([{ at: clock.now(), by: "Ada", percent: 50 }]);

  fleet.labs.delete("alpha");
  await expect(attempts.management.regrade(id, "Ada")).rejects.toMatchObject({ code: "unknown-lab" });
  expect((await attempts.gradings(id)).again.length).toBe(1);
});

test("a server that is killed behind the report keeps the world at the next start; what differs then is not kept", async () => {
  const before = await desk();
  const ids: string[] = [];
  for (const lab of ["alpha", "beta"]) {
    const { id } = await before.attempts.start({ kind: "lab", of: lab });
    await before.attempts.answer(id, { part: 0, task: "find", question: "where", value: "x" });
    ids.push(id);
  }
  before.fleet.unkeepable = true;
  for (const id of ids) expect((await before.attempts.submit(id)).percent).toBe(20);
  await kill(before);
  expect([...before.store.owed.keys()]).toEqual(ids.map((id) => `${id}/0`));
  expect(before.store.worlds.size).toBe(0);

  const { report } = before.fleet;
  const it = await desk(before, {
    begin: (fleet) => {
      fleet.report = (lab, ...rest) => ({ ...report(lab, ...rest), ...(lab === "beta" ? { score: 9 } : {}) });
    },
  });
  expect(it.store.owed.size).toBe(0);
  expect([...it.store.worlds.keys()]).toEqual([`${ids[0]}/0`]);
  expect((await it.attempts.management.regrade(ids[0]!, "Ada")).again.length).toBe(1);
  await expect(it.attempts.management.regrade(ids[1]!, "Ada")).rejects.toMatchObject({ code: "nothing-kept" });
  expect((await it.attempts.report(ids[1]!)).percent).toBe(20);
});

test("a world whose worker ends behind the report is built again when it is graded again", async () => {
  const it = await desk();
  const { id } = await it.attempts.start({ kind: "lab", of: "alpha" });
  it.fleet.unkeepable = true;
  await it.attempts.submit(id);
  expect([it.store.owed.size, it.store.worlds.size]).toEqual([1, 0]);
  expect((await it.attempts.management.regrade(id, "Ada")).again.length).toBe(1);
  expect([it.store.owed.size, it.store.worlds.size]).toEqual([0, 1]);
});

test("what was not kept is not graded again", async () => {
  const it = await desk();
  const { id } = await it.attempts.start({ kind: "lab", of: "alpha" });
  await it.attempts.submit(id);
  it.store.worlds.clear();
  await expect(it.attempts.management.regrade(id, "Ada")).rejects.toMatchObject({ code: "nothing-kept" });
});

test("earlier attempts at the same lab are listed, without this one and without others", async () => {
  const { attempts, clock } = await desk();
  const ids: string[] = [];
  for (const lab of ["alpha", "alpha", "beta"]) {
    const { id } = await attempts.start({ kind: "lab", of: lab });
    await attempts.submit(id);
    await clock.advance(MINUTE);
    ids.push(id);
  }
  expect((await attempts.earlier(ids[1]!)).map(({ id }) => id)).toEqual([ids[0]]);
});
