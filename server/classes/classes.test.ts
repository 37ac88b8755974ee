import { afterEach, beforeEach, expect, test } from "vitest";
import { Accounts } from "../accounts/index.ts";
import { desk, type Desk } from "../attempts/testing.ts";
import { settled } from "../sessions/pool/testing.ts";
import type { AssignmentProgress } from "../sessions/protocol/index.ts";
import { openStore, type OpenStore } from "../store/index.ts";
import { Classes, toCsv } from "./index.ts";

const PASSWORD = "correct horse battery";
const MINUTE = 60_000;

let office: Desk;
let database: OpenStore;
let classes: Classes;
let klass: string;
let join: (name: string) => Promise<string>;
let ann: string;
let bob: string;

beforeEach(async () => {
  office = await desk();
  database = await openStore(":memory:");
  let drawn = 0;
  const random = (count: number): Uint8Array => new Uint8Array(count).fill(++drawn);
  const { clock, attempts } = office;
  const cost = { cost: 4, r: 1, p: 1 };
  const accounts = await Accounts.open({ store: database.people, now: () => clock.now(), random, cost });
  const admin = await accounts.add("Admin", PASSWORD, "admin");
  // Attempts live in the desk's store, people and classes in the database.
  const store = {
    attempts: office.store.attempts.bind(office.store),
    attempt: office.store.attempt.bind(office.store),
    report: office.store.report.bind(office.store),
    lastTyped: office.store.lastTyped.bind(office.store),
    classes: database.classes,
  };
  classes = new Classes({ store, attempts, accounts, clock, random });
  klass = (await classes.make("Monday", admin.id)).id;
  const { secret } = await accounts.invitations.make({ role: "learner", uses: 3, days: 1 }, admin.id, klass);
  join = (name) => accounts.invitations.accept(secret, name, PASSWORD);
  bob = await join("Bob");
  ann = await join("Ann");
});
afterEach(async () => {
  classes.stop();
  await office.attempts.stop();
  await database.close();
});

async function assign(kind: "lab" | "exam", more: { opensIn?: number; closesIn?: number; minutes?: number } = {}) {
  const now = office.clock.now();
  const { opensIn = 0, closesIn, minutes = null } = more;
  const closesAt = closesIn === undefined ? null : now + closesIn * MINUTE;
  const of = kind === "lab" ? "alpha" : "mock";
  return classes.assign(klass, { kind, of, opensAt: now + opensIn * MINUTE, closesAt, minutes });
}

async function start(learner: string, assignment: { id: string; kind: "lab" | "exam"; of: string }) {
  const order = { kind: assignment.kind, of: assignment.of, assignment: assignment.id };
  return office.attempts.start(order, await classes.terms(learner, order));
}

async function code(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "done",
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );
}

test("a class has its learners by name and its assignments, the newest first", async () => {
  const first = await assign("lab");
  await office.clock.advance(1);
  const second = await assign("exam");
  expect(await classes.view(klass)).toEqual({
    id: klass,
    name: "Monday",
    instructors: [{ id: "local", name: "Admin" }],
    teachers: [],
    learners: [
      { id: ann, name: "Ann" },
      { id: bob, name: "Bob" },
    ],
    assignments: [second, first],
  });
  expect((await classes.list({ id: "x", name: "Admin", role: "admin" })).classes).toEqual([
    { id: klass, name: "Monday", learners: 2, assignments: 2 },
  ]);
  expect(
    await code(classes.assign(klass, { kind: "lab", of: "zeta", opensAt: 0, closesAt: null, minutes: null })),
  ).toBe("unknown-lab");
  expect(await code(classes.assign(klass, { kind: "lab", of: "alpha", opensAt: 5, closesAt: 5, minutes: null }))).toBe(
    "bad-window",
  );
  await classes.removeLearner(klass, bob);
  await classes.remove(klass);
  expect([await code(classes.view(klass)), (await classes.assigned(ann)).assigned]).toEqual(["unknown-class", []]);
});

test("a window and extra time decide when an attempt can be started, and when it ends", async () => {
  const now = office.clock.now();
  const exam = await assign("exam", { opensIn: 10, closesIn: 60, minutes: 30 });
  await classes.setExtra(exam.id, bob, 15);
  expect(await code(classes.setExtra(exam.id, "nobody", 15))).toBe("unknown-learner");
  expect(await code(start(ann, exam))).toBe("not-open-yet");
  await office.clock.advance(40 * MINUTE);
  // The window ends first for Ann; Bob has a quarter of an hour more of both.
  const anns = await start(ann, exam);
  const bobs = await start(bob, exam);
  expect([anns.endsAt, anns.minutes]).toEqual([now + 60 * MINUTE, 30]);
  expect([bobs.endsAt, bobs.minutes]).toEqual([now + 75 * MINUTE, 45]);
  expect(await code(start(ann, exam))).toBe("already-taken");
  expect(await code(start("somebody", exam))).toBe("unknown-assignment");
  expect(await code(classes.terms(ann, { kind: "lab", of: "beta", assignment: exam.id }))).toBe("not-assigned");
  const lab = await assign("lab", { closesIn: 5 });
  expect((await start(ann, lab)).endsAt).toBe(office.clock.now() + 5 * MINUTE);
  await office.clock.advance(5 * MINUTE);
  expect(await code(start(bob, lab))).toBe("closed");
  const free = await assign("lab");
  expect((await start(ann, free)).endsAt).toBeNull();
});

test("of a class are the attempts at what was ever assigned in it, and each is shown to who leads it", async () => {
  const [first, second] = [await assign("lab"), await assign("exam")];
  await classes.unassign(first.id);
  const other = await classes.make("Tuesday", "local");
  const admin = { id: "local", name: "Admin", role: "admin" as const };
  expect(await classes.shownTo(admin)).toEqual({});
  expect((await classes.shownTo(admin, klass)).assignments?.toSorted()).toEqual([first.id, second.id].toSorted());
  expect(await classes.shownTo(admin, other.id)).toEqual({ assignments: [] });
  expect(await classes.shownTo({ id: ann, name: "Ann", role: "instructor" }, klass)).toMatchObject({
    seenBy: { owner: ann, assignments: [] },
    assignments: { length: 2 },
  });
});

test("a learner sees what is assigned, what closes first at the top, with their own time", async () => {
  const now = office.clock.now();
  const lab = await assign("lab", { minutes: 20 });
  const exam = await assign("exam", { closesIn: 60 });
  await classes.setExtra(lab.id, ann, 5);
  const { id } = await start(ann, lab);
  const { assigned } = await classes.assigned(ann);
  expect(assigned.map(({ id, class: of, minutes, closesAt }) => [id, of, minutes, closesAt])).toEqual([
    [exam.id, "Monday", 10, now + 60 * MINUTE],
    [lab.id, "Monday", 25, null],
  ]);
  expect(assigned.map(({ attempt }) => attempt?.id)).toEqual([undefined, id]);
});

test("who looks hears how it goes; while nobody does, nothing runs", async () => {
  const lab = await assign("lab");
  const heard: AssignmentProgress[] = [];
  const stop = classes.watch(
    lab.id,
    (progress) => heard.push(progress),
    () => expect.unreachable(),
  );
  const next = async (count: number): Promise<AssignmentProgress["rows"]> => {
    await office.clock.advance(1000);
    await expect.poll(() => heard.length).toBe(count);
    return heard.at(-1)!.rows;
  };
  expect((await next(1)).map(({ learner, attempt }) => [learner.name, attempt])).toEqual([
    ["Ann", null],
    ["Bob", null],
  ]);
  const { id } = await start(ann, lab);
  await office.view(id);
  expect((await next(2))[0]!.attempt).toMatchObject({ id, state: "open", typed: null, checkedAt: null });
  await office.clock.advance(MINUTE);
  const at = office.clock.now();
  for (const key of "ls\r") office.attempts.input(id, 0, 1, key);
  await settled();
  expect((await next(3))[0]!.attempt!.typed).toEqual({ at, part: 0 });
  await office.attempts.check(id);
  expect((await next(4))[0]!.attempt!.tasks.map(({ task, of }) => [task, of])).toEqual([
    ["find", 6],
    ["mend", 4],
  ]);
  expect(heard.at(-1)!.rows[0]!.attempt!.checkedAt).toBeGreaterThan(0);
  // Somebody who joins is there at once, and who leaves is gone.
  const cat = await join("Cat");
  expect((await next(5)).map(({ learner }) => learner.name)).toEqual(["Ann", "Bob", "Cat"]);
  await classes.removeLearner(klass, cat);
  expect((await next(6)).map(({ learner }) => learner.name)).toEqual(["Ann", "Bob"]);
  stop();
  office.attempts.input(id, 0, 1, "x");
  await office.clock.advance(5000);
  await settled();
  expect(heard).toHaveLength(6);
});

test("results tally each check, and what the others had instead; spreadsheets read them", async () => {
  const lab = await assign("lab");
  const outcomes = new Map<string, "pass" | "fail">();
  office.fleet.report = (of, seed) => ({
    lab: of,
    title: of,
    seed,
    score: 0,
    of: 10,
    hints: 0,
    settled: true,
    results: [
      {
        id: "opens",
        task: "find",
        outcome: outcomes.get("now")!,
        points: 0,
        of: 6,
        says: "It opens",
        expected: "200",
        observed: "503",
        why: '=no, "endpoints"',
        evidence: [],
      },
    ],
  });
  for (const [learner, outcome] of [
    [ann, "fail"],
    [bob, "pass"],
  ] as const) {
    outcomes.set("now", outcome);
    const { id } = await start(learner, lab);
    await office.clock.advance(90_000);
    await office.attempts.submit(id);
  }
  const results = await classes.results(lab.id);
  expect(results.checks).toEqual([
    {
      lab: "alpha",
      check: "opens",
      says: "It opens",
      passed: 1,
      graded: 2,
      broke: 0,
      others: [{ observed: '=no, "endpoints"', learners: ["Ann"] }],
    },
  ]);
  expect(results.learners.map(({ learner, state, took }) => [learner.name, state, took])).toEqual([
    ["Ann", "graded", 90_000],
    ["Bob", "graded", 90_000],
  ]);
  const [annRow, ...others] = results.learners;
  const renamed = { ...results, learners: [{ ...annRow!, learner: { id: ann, name: '=Ann "A", x' } }, ...others] };
  expect(toCsv(renamed)).toBe(
    `\ufefflearner,state,percent,minutes,alpha/opens\r\n"'=Ann ""A"", x",graded,0,1.5,fail\r\nBob,graded,0,1.5,pass\r\n`,
  );
});
