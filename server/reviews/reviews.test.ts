import { afterEach, beforeEach, expect, test } from "vitest";
import type { CheckResult } from "../../grader/result.ts";
import type { StoredLog } from "../attempts/index.ts";
import type { AttemptReport, FromReviewer, Timeline, ToReviewer } from "../sessions/protocol/index.ts";
import { openStore } from "../store/index.ts";
import { printed, report, startAttempt, typed } from "../store/testing.ts";
import { checksCsv, listCsv } from "./csv.ts";
import type { ReplayPort } from "./replay-worker.ts";
import { Reviews } from "./reviews.ts";

const NOW = 1_795_255_999_000;
const timeline: Timeline = { commands: [], changes: [], differences: 0 };

/** A worker that answers by the book, and can be ended. */
class FakePort implements ReplayPort {
  readonly asked: ToReviewer[] = [];
  #hear: (message: unknown) => void = () => {};
  #exit: (reason: string) => void = () => {};
  deaf = false;

  post(message: ToReviewer): void {
    this.asked.push(message);
    if (this.deaf || !("request" in message)) return;
    const { request } = message;
    const answer: FromReviewer =
      message.kind === "timeline"
        ? { kind: "timeline", request, timeline }
        : message.kind === "keyframes"
          ? { kind: "keyframes", request, keyframes: [] }
          : message.kind === "sandbox"
            ? { kind: "sandbox", request, host: "controlplane", user: "root" }
            : { kind: "error", request, message: "not today" };
    queueMicrotask(() => this.#hear(answer));
  }

  say(message: FromReviewer): void {
    this.#hear(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#hear = listener;
  }

  onExit(listener: (reason: string) => void): void {
    this.#exit = listener;
  }

  die(reason: string): void {
    this.#exit(reason);
  }

  terminate(): Promise<void> {
    return Promise.resolve();
  }
}

const result = (id: string, points: number, of: number): CheckResult =>
  ({ id, task: "repair", outcome: points === of ? "pass" : "fail", points, of, says: `says ${id}, "quoted"`, expected: "", observed: "", evidence: [] }); // prettier-ignore

function graded(): AttemptReport {
  const results = [result("answers", 0, 3), result("kept", 1, 1)];
  const lab = {
    lab: "lost-endpoints",
    title: "Lost endpoints",
    seed: 1,
    score: 1,
    of: 4,
    hints: 0,
    settled: true,
    results,
  };
  return {
    ...report("a", true, 25),
    parts: [{ part: 0, lab: lab.lab, title: lab.title, weight: 1, report: lab, explain: null }],
  };
}

let store: Awaited<ReturnType<typeof openStore>>;
let ports: FakePort[];
let reviews: Reviews;

beforeEach(async () => {
  store = await openStore(":memory:");
  ports = [];
  const spawn = (): FakePort => {
    ports.push(new FakePort());
    return ports.at(-1)!;
  };
  const clock = { now: () => NOW, set: setTimeout, clear: clearTimeout } as never;
  reviews = new Reviews({ store, log: { flush: async () => {} } as StoredLog, clock, spawn });
  await startAttempt(store, "a");
  await store.appendLog({
    journal: [
      {
        session: "a/0",
        seq: 0,
        entry: { kind: "open", at: 1_795_255_200_000_000, step: 0, terminal: 1, cols: 80, rows: 24 },
      },
      { session: "a/0", seq: 1, entry: typed("l") },
      {
        session: "a/0",
        seq: 2,
        entry: { kind: "resize", at: 1_795_255_200_001_500, step: 4, terminal: 1, cols: 90, rows: 30 },
      },
    ],
    output: [printed("a/0", 0, "\xe2\x86"), printed("a/0", 2, "\x92 ls")],
  });
});
afterEach(async () => {
  await reviews.stop();
  await store.close();
});

async function grade(): Promise<void> {
  await store.beginGrading("a", 1_795_255_500_000);
  await store.finish("a", graded());
}

test("a recording has what was printed and its sizes in order, with whole characters", async () => {
  expect(await reviews.replay("a", 0, 1)).toEqual({
    startedAt: 1_795_255_200_000,
    cols: 80,
    rows: 24,
    events: [
      [2, "→ ls"],
      [2, 90, 30],
    ],
    keyframes: [],
  });
  await expect(reviews.replay("a", 0, 2)).rejects.toMatchObject({ code: "unknown-terminal" });
  await expect(reviews.replay("a", 1, 1)).rejects.toMatchObject({ code: "unknown-part" });
  await expect(reviews.get("b")).rejects.toMatchObject({ code: "unknown-attempt" });
});

test("the timeline of a graded attempt is read once, that of a running one anew", async () => {
  await reviews.timeline("a", 0);
  await reviews.timeline("a", 0);
  expect(ports[0]!.asked.length).toBe(2);
  await grade();
  await reviews.timeline("a", 0);
  expect(await reviews.timeline("a", 0)).toEqual(timeline);
  expect(ports[0]!.asked.length).toBe(3);
});

test("a replay that fails or ends says so, and the next one begins anew", async () => {
  await expect(reviews.state("a", 0, NOW, "pods")).rejects.toMatchObject({
    code: "replay-failed",
    message: "The attempt could not be played again. not today",
  });
  ports[0]!.deaf = true;
  const waiting = reviews.timeline("a", 0);
  waiting.catch(() => {});
  while (ports[0]!.asked.length < 2) await new Promise((go) => setTimeout(go));
  ports[0]!.die("out of memory");
  await expect(waiting).rejects.toThrow("out of memory");
  expect(await reviews.timeline("a", 0)).toEqual(timeline);
  expect(ports.length).toBe(2);
});

test("after another grading the points that were given stay, and the newest report is shown", async () => {
  await grade();
  const order = { part: 0, task: "repair", check: "answers", points: 1.5, reason: "Half of it." };
  await reviews.override("a", order, "Ada");
  const [part] = graded().parts;
  const results = part!.report.results.map((each) => (each.id === "kept" ? { ...each, points: 0 } : each));
  const again = { ...graded(), percent: 0, parts: [{ ...part!, report: { ...part!.report, results, score: 0 } }] };
  await store.saveRegrade("a", { at: NOW, by: "Ada", report: again });
  await reviews.regraded("a", "Ada");
  const review = await reviews.get("a");
  expect([review.report?.percent, review.percent, review.attempt.percent]).toEqual([0, 37.5, 37.5]);
});

test("overridden points stand beside the checks' own, with who and why, and count in lists", async () => {
  const order = { part: 0, task: "repair", check: "answers", points: 1.5, reason: "Half of it." };
  await expect(reviews.override("a", order, "Ada")).rejects.toMatchObject({ code: "not-graded" });
  await grade();
  await expect(reviews.override("a", { ...order, check: "other" }, "Ada")).rejects.toMatchObject({
    code: "unknown-check",
  });
  await expect(reviews.override("a", { ...order, points: 3.5 }, "Ada")).rejects.toMatchObject({
    code: "too-many-points",
  });
  await reviews.override("a", { ...order, points: 1 }, "Bob");
  await reviews.override("a", order, "Ada");
  const review = await reviews.get("a");
  expect(review.report).toEqual(graded());
  expect(review.percent).toBe(62.5);
  expect(review.attempt).toMatchObject({ percent: 62.5, failed: 1, overridden: true });
  expect(review.overrides).toEqual([{ ...order, by: "Ada", written: NOW }]);
  expect(await reviews.remarks("a")).toMatchObject({ percent: 25, adjusted: 62.5, overrides: review.overrides });
  expect(checksCsv(review)).toBe(
    "\ufeffattempt,learner,part,lab,task,check,says,outcome,points,of,overridden,reason,by\r\n" +
      'a,,1,lost-endpoints,repair,answers,"says answers, ""quoted""",fail,0,3,1.5,Half of it.,Ada\r\n' +
      'a,,1,lost-endpoints,repair,kept,"says kept, ""quoted""",pass,1,1,,,\r\n',
  );
  await reviews.override("a", { ...order, points: null, reason: "A mistake." }, "Ada");
  const after = await reviews.get("a");
  expect([after.percent, after.attempt.percent, after.overrides]).toEqual([25, 25, []]);
  expect(after.audit.map(({ by, what, detail }) => [by, what, detail])).toEqual([
    ["Ada", "override taken back", "repair/answers: 0 again. A mistake."],
    ["Ada", "override", "repair/answers: 1.5 in the place of 0. Half of it."],
    ["Bob", "override", "repair/answers: 1 in the place of 0. Half of it."],
  ]);
});

test("comments are in the order of their moments, and their learner reads them when the attempt is graded", async () => {
  const late = await reviews.comment("a", { part: 0, at: 900, text: "late" }, "Ada");
  await reviews.comment("a", { part: 0, at: 100, text: "early" }, "Bob");
  await expect(reviews.comment("a", { part: 7, at: 1, text: "nowhere" }, "Bob")).rejects.toMatchObject({
    code: "unknown-part",
  });
  await expect(reviews.remarks("a")).rejects.toMatchObject({ code: "not-graded" });
  await grade();
  expect((await reviews.remarks("a")).comments.map(({ text, by }) => [text, by])).toEqual([
    ["early", "Bob"],
    ["late", "Ada"],
  ]);
  await reviews.removeComment("a", late.id, "Ada");
  await expect(reviews.removeComment("a", late.id, "Ada")).rejects.toMatchObject({ code: "unknown-comment" });
  expect((await reviews.get("a")).attempt.comments).toBe(1);
});

test("the list is filtered and searched; as a table no cell is a formula", async () => {
  await startAttempt(store, "b", { kind: "exam", of: "mock", title: '=cmd|"x"', startedAt: 1_795_255_300_000 });
  await grade();
  const ids = async (filter: Parameters<Reviews["list"]>[0]) => (await reviews.list(filter)).map(({ id }) => id);
  expect(await ids({})).toEqual(["b", "a"]);
  expect(await ids({ state: "graded" })).toEqual(["a"]);
  expect(await ids({ kind: "exam" })).toEqual(["b"]);
  expect(await ids({ search: " LOST-end " })).toEqual(["a"]);
  await startAttempt(store, "c", { assignment: "monday-1", startedAt: 1_795_255_400_000 });
  expect((await reviews.list({}, { assignments: ["monday-1", "monday-2"] })).map(({ id }) => id)).toEqual(["c"]);
  expect(listCsv(await reviews.list({ kind: "exam" })).split("\r\n")[1]).toBe(
    `b,,exam,mock,"'=cmd|""x""",open,2026-11-21T10:01:40.000Z,,,,0,no`,
  );
});

test("what a sandbox prints comes to its viewer until it is closed", async () => {
  const heard: unknown[] = [];
  const viewer = {
    output: (bytes: string) => void heard.push(bytes),
    ended: (status: number) => void heard.push(status),
    lost: () => void heard.push("lost"),
  };
  const where = { part: 0, at: NOW, cols: 80, rows: 24 };
  const sandbox = await reviews.sandbox("a", where, "Ada", viewer);
  const [port] = ports;
  const number = (port!.asked.find(({ kind }) => kind === "sandbox") as { sandbox: number }).sandbox;
  sandbox.input("ls\r");
  port!.say({ kind: "sandbox-output", sandbox: number, bytes: "ls" });
  port!.say({ kind: "sandbox-ended", sandbox: number, status: 0 });
  sandbox.close();
  port!.say({ kind: "sandbox-output", sandbox: number, bytes: "late" });
  expect(heard).toEqual(["ls", 0]);
  expect(port!.asked.slice(-2)).toEqual([
    { kind: "sandbox-input", sandbox: number, bytes: "ls\r" },
    { kind: "sandbox-close", sandbox: number },
  ]);
});
