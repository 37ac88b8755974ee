import { expect, test } from "vitest";
import { settled } from "../sessions/pool/testing.ts";
import { desk, kill, listen } from "./testing.ts";

const MINUTE = 60_000;

test("an attempt that nobody is connected to leaves the memory after a while, and comes back as it was", async () => {
  const it = await desk();
  const { attempts, clock, fleet, log } = it;
  const { id } = await attempts.start({ kind: "lab", of: "alpha" });
  const viewer = await it.view(id);
  attempts.input(id, 0, 1, "ls\r");
  await settled();
  const loaded = (): number => fleet.alive.reduce((sum, worker) => sum + worker.sessions.size, 0);
  await clock.advance(60 * MINUTE);
  expect(loaded()).toBe(1);
  viewer.view!.end();
  await clock.advance(20 * MINUTE);
  // A request is a sign of somebody.
  await attempts.get(id);
  await clock.advance(20 * MINUTE);
  expect(loaded()).toBe(1);
  await clock.advance(10 * MINUTE);
  await settled();
  expect(loaded()).toBe(0);
  await log.flush();
  expect((await it.view(id)).take().at(-1)).toBe('screens 1="$ ls\\r\\n$ "');
  expect(loaded()).toBe(1);
});

test("what runs stays in memory, and is looked at again later", async () => {
  const { attempts, clock, fleet } = await desk();
  const { id } = await attempts.start({ kind: "lab", of: "alpha" });
  const loaded = (): number => fleet.alive.reduce((sum, worker) => sum + worker.sessions.size, 0);
  fleet.running.add(`${id}/0`);
  await clock.advance(31 * MINUTE);
  await settled();
  expect(loaded()).toBe(1);
  fleet.running.clear();
  await clock.advance(30 * MINUTE);
  await settled();
  expect(loaded()).toBe(0);
});

test("an exam out of memory ends when its time is up, and is graded with what is there", async () => {
  const it = await desk(undefined, { idleAfter: MINUTE });
  const { attempts, clock, fleet } = it;
  const { id, endsAt } = await attempts.start({ kind: "exam", of: "mock" });
  await attempts.answer(id, { part: 0, task: "find", question: "where", value: "x" });
  await clock.advance(2 * MINUTE);
  await settled();
  expect(fleet.alive.map((worker) => worker.sessions.size)).toEqual([0, 0]);
  await clock.advance(9 * MINUTE);
  await settled();
  expect(await attempts.report(id)).toMatchObject({ reason: "time", at: endsAt, percent: 5 });
});

test("a full server unloads who is not there, and otherwise refuses in clear words", async () => {
  const it = await desk(undefined, { mostSessions: 1 });
  const { attempts } = it;
  const first = await attempts.start({ kind: "lab", of: "alpha" });
  const second = await attempts.start({ kind: "lab", of: "beta" });
  const viewer = await it.view(second.id);
  await expect(attempts.start({ kind: "lab", of: "alpha" })).rejects.toMatchObject({
    code: "server-full",
    status: 503,
    message: "This server is full: it holds 1 clusters at most, and people are working in them. Nothing was started.",
  });
  viewer.view!.end();
  await attempts.abandon(second.id, "learner");
  // What was unloaded is there all the same.
  expect((await it.view(first.id)).take().at(-1)).toBe('screens 1="$ "');
});

test("an attempt that is given up is over, counts for nothing, and is not graded, also after a restart", async () => {
  const before = await desk();
  const { attempts, fleet, clock } = before;
  const { id } = await attempts.start({ kind: "exam", of: "mock" });
  const heard = listen(before, id);
  await attempts.abandon(id, "learner");
  expect(heard).toEqual(["state"]);
  expect((await attempts.get(id)).state).toBe("abandoned");
  expect(fleet.alive.map((worker) => worker.sessions.size)).toEqual([0, 0]);
  await expect(attempts.abandon(id, "learner")).rejects.toMatchObject({ code: "not-open" });
  await expect(attempts.submit(id)).rejects.toMatchObject({ code: "already-submitted" });
  const { open, recent, exams } = await attempts.catalogue();
  expect([open, recent, exams[0]!.attempts]).toEqual([[], [], 0]);
  await clock.advance(60 * MINUTE);
  await kill(before);
  const after = await desk(before);
  expect((await after.attempts.get(id)).state).toBe("abandoned");
  await expect(after.attempts.report(id)).rejects.toMatchObject({ code: "not-graded" });
});

test("an assigned attempt is given up by an instructor only", async () => {
  const { attempts } = await desk();
  const assignment = { id: "a1", minutes: null, extra: 0, closesAt: null };
  const { id } = await attempts.start({ kind: "lab", of: "alpha" }, { owner: "ann", assignment });
  await expect(attempts.abandon(id, "learner")).rejects.toMatchObject({ code: "assigned", status: 403 });
  await attempts.abandon(id, "instructor");
  expect((await attempts.get(id)).state).toBe("abandoned");
});
