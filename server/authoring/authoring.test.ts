import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { LabFiles, type AuthoringAnswer, type ProofEvent } from "../sessions/protocol/index.ts";
import { Bench } from "./bench.ts";
import { Hands } from "./hands.ts";
import { labHash } from "./lab-hash.ts";
import { writeLab } from "./lab-folder.ts";
import { prove } from "./proving.ts";
import { desk, FakeThread } from "./testing.ts";
import { authoringThread } from "./thread-port.ts";

const NAME = "services/harbour";
const FIRST = { "lab.yaml": "id: harbour\n", "setup/a.yaml": "a\n", "task.md": "do\n" };

test("a lab is saved, read again, and what it was before can be had", async () => {
  const { authoring, paths } = desk();
  const saved = await authoring.save(NAME, { files: FIRST, base: null }, "Ada");
  expect(saved).toMatchObject({ name: NAME, origin: "own", hash: labHash(FIRST), files: FIRST });
  const second = { "lab.yaml": "id: harbour\ntitle: x\n", "task.md": "do\n" };
  const again = await authoring.save(NAME, { files: second, base: saved.hash }, "Bob");
  expect(again.versions.map(({ number, by, hash }) => [number, by, hash])).toEqual([
    [2, "Bob", labHash(second)],
    [1, "Ada", labHash(FIRST)],
  ]);
  expect(await authoring.version(NAME, 1)).toEqual(FIRST);
  // The folder of a file that is gone goes with it, and nothing that was only needed for saving stays.
  expect(readdirSync(join(paths.own, NAME)).sort()).toEqual(["lab.yaml", "task.md"]);
  expect(readdirSync(paths.own)).toEqual(["services"]);
});

test("what somebody changed on disk meanwhile is not overwritten, and kept when it is on purpose", async () => {
  const { authoring, paths } = desk();
  const { hash } = await authoring.save(NAME, { files: FIRST, base: null }, "Ada");
  writeFileSync(join(paths.own, NAME, "task.md"), "theirs\n");
  const mine = { ...FIRST, "task.md": "mine\n" };
  await expect(authoring.save(NAME, { files: mine, base: hash }, "Ada")).rejects.toMatchObject({
    code: "changed-on-disk",
  });
  expect(readFileSync(join(paths.own, NAME, "task.md"), "utf8")).toBe("theirs\n");
  const { hash: theirs } = await authoring.lab(NAME);
  const saved = await authoring.save(NAME, { files: mine, base: theirs }, "Ada");
  expect(saved.versions.map(({ by }) => by)).toEqual(["Ada", "another editor", "Ada"]);
  expect((await authoring.version(NAME, 2))["task.md"]).toBe("theirs\n");
});

test("two who save at once: one is saved, the other hears that it changed", async () => {
  const { authoring } = desk();
  const both = await Promise.allSettled([
    authoring.save(NAME, { files: FIRST, base: null }, "Ada"),
    authoring.save(NAME, { files: { ...FIRST, "task.md": "other\n" }, base: null }, "Bob"),
  ]);
  expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  expect((await authoring.lab(NAME)).files).toEqual(FIRST);
});

test("without a folder nothing is written, and it is said how to name one", async () => {
  const { authoring, paths } = desk({ folder: false });
  await expect(authoring.save(NAME, { files: FIRST, base: null }, "Ada")).rejects.toMatchObject({
    code: "no-authoring-folder",
    help: expect.stringContaining("--authoring DIR"),
  });
  expect(existsSync(paths.own)).toBe(false);
});

test("a lab cannot have the id of another, wherever that stands", async () => {
  const { authoring, paths } = desk();
  mkdirSync(join(paths.labs, "dns/harbour"), { recursive: true });
  writeFileSync(join(paths.labs, "dns/harbour/lab.yaml"), "id: harbour\n");
  await expect(authoring.save(NAME, { files: FIRST, base: null }, "Ada")).rejects.toMatchObject({ code: "bad-draft" });
  expect(existsSync(join(paths.own, NAME))).toBe(false);
});

test.each(["../x", "/etc/x", "a/../../x", "a/./b", ".git/config", "a//b", "a\\..\\b", "", "a/", "a\0b"])(
  "no file of a lab is called %j",
  (file) => {
    expect(LabFiles.safeParse({ [file]: "x" }).success).toBe(false);
  },
);

test("nothing is written or read outside of the folder, however it is called or linked", async () => {
  const { authoring, paths } = desk();
  const outside = mkdtempSync(join(tmpdir(), "outside-"));
  for (const name of ["../x/y", "services/..", "a/b/c", "services/../../etc"]) {
    await expect(authoring.save(name, { files: FIRST, base: null }, "Ada")).rejects.toThrow();
    await expect(authoring.lab(name)).rejects.toThrow();
    await expect(authoring.version(name, 1)).rejects.toThrow();
  }
  await expect(writeLab(paths.own, NAME, { "../../x": "x" }, {})).rejects.toThrow();
  // The lab's folder, or one in it, leads elsewhere.
  mkdirSync(join(paths.own, "services"), { recursive: true });
  symlinkSync(outside, join(paths.own, NAME));
  await expect(authoring.save(NAME, { files: FIRST, base: null }, "Ada")).rejects.toMatchObject({ code: "bad-draft" });
  mkdirSync(join(paths.own, "services/quay"));
  symlinkSync(outside, join(paths.own, "services/quay/setup"));
  await expect(authoring.save("services/quay", { files: FIRST, base: null }, "Ada")).rejects.toMatchObject({
    code: "bad-draft",
  });
  expect(readdirSync(outside)).toEqual([]);
});

test("drafts have limits of size", () => {
  const many = Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`f${at}`, ""]));
  const large = Object.fromEntries(Array.from({ length: 3 }, (_, at) => [`f${at}`, "x".repeat(200 * 1024)]));
  for (const files of [many, large, { a: "x".repeat(257 * 1024) }, { proof: "", "proof/a": "" }])
    expect(LabFiles.safeParse(files).success).toBe(false);
  expect(LabFiles.safeParse(FIRST).success).toBe(true);
});

test("a draft that never ends is ended, it is said so, and others go on in another thread", async () => {
  const forever = authoringThread(
    new URL(
      `data:text/javascript,${encodeURIComponent('import { parentPort } from "node:worker_threads"; parentPort.on("message", () => { for (;;); });')}`,
    ),
  );
  const threads = [forever, new FakeThread()];
  let at = 0;
  const hands = new Hands(() => threads[at++]!, 300);
  const first = hands.ask("schema", { kind: "schema", of: "lab" });
  const second = hands.ask("schema", { kind: "schema", of: "lab" });
  await expect(first).rejects.toMatchObject({
    code: "draft-failed",
    message: expect.stringContaining("more than 0.3 s"),
  });
  const other = threads[1] as FakeThread;
  expect(other.orders).toEqual([{ kind: "schema", of: "lab" }]);
  other.answer({ kind: "schema", text: "{}" });
  expect(await second).toEqual({ kind: "schema", text: "{}" });
  hands.stop();
});

const ORDER = { name: NAME, files: FIRST, seeds: 1 };
const plan: AuthoringAnswer = {
  kind: "plan",
  plan: { kind: "plan", checks: [], cases: [{ seed: 1, case: "solution.sh", fails: null }] },
};
const keep = () => Promise.reject(new Error("nothing is kept"));

async function eventsOf(lines: NodeJS.ReadableStream): Promise<ProofEvent[]> {
  const told = await text(lines);
  return told
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ProofEvent);
}

test("a proof that takes too long names its case, ends its thread, and records nothing", async () => {
  const thread = new FakeThread();
  const lines = prove(ORDER, { bench: new Bench(() => thread), patience: 50, keep, ended: () => {} });
  thread.answer(plan);
  expect((await eventsOf(lines)).at(-1)).toMatchObject({
    kind: "ended",
    message: expect.stringContaining("solution.sh (seed 1) took more than 0.05 s and was ended."),
  });
  expect(thread.ended).toBe(true);
});

test("a proof whose thread dies says why", async () => {
  const thread = new FakeThread();
  const lines = prove(ORDER, { bench: new Bench(() => thread), keep, ended: () => {} });
  thread.die("out of memory");
  expect((await eventsOf(lines)).at(-1)).toMatchObject({
    kind: "ended",
    message: expect.stringContaining("out of memory"),
  });
});

test("who hangs up ends the proof", async () => {
  const thread = new FakeThread();
  const { promise, resolve } = Promise.withResolvers<void>();
  const lines = prove(ORDER, { bench: new Bench(() => thread), keep, ended: resolve });
  lines.destroy();
  await promise;
  expect(thread.ended).toBe(true);
});

test("what was proved is known by the files' hash, and the thread is used again", async () => {
  const { authoring, threads } = desk();
  const proved = eventsOf(authoring.prove(ORDER, "Ada"));
  threads[0]!.answer(plan);
  threads[0]!.answer({ kind: "judged", holds: true, weak: [] });
  const record = { name: NAME, hash: labHash(FIRST), holds: true, cases: 0, failed: 0, seeds: 1, at: 1000, by: "Ada" };
  expect((await proved).at(-1)).toEqual({ kind: "judged", holds: true, weak: [], record });
  authoring.prove(ORDER, "Ada");
  expect([threads.length, threads[0]!.orders.length]).toEqual([1, 2]);

  const listed = authoring.labs();
  const plain = {
    name: NAME,
    kind: "lab",
    origin: "own",
    title: "",
    summary: "",
    level: null,
    points: 0,
    problems: 0,
  } as const;
  const exam = { ...plain, name: "exams/mock", kind: "exam" } as const;
  const other = { ...plain, labs: [], files: { ...FIRST, "task.md": "new\n" } };
  threads[1]!.answer({
    kind: "list",
    labs: [
      { ...plain, labs: [], files: FIRST },
      other,
      { ...other, name: "services/quay" },
      { ...exam, labs: ["harbour"], files: { "exam.yaml": "a" } },
      { ...exam, labs: ["harbour", "quay"], files: { "exam.yaml": "b" } },
    ],
    problems: [],
  });
  expect((await listed).labs.map(({ proof, last }) => [proof, last?.by])).toEqual([
    ["proved", "Ada"],
    ["changed", "Ada"],
    ["unproved", undefined],
    // Exams stand as the worst of their labs.
    ["changed", undefined],
    ["unproved", undefined],
  ]);
  await authoring.stop();
  expect(threads.every(({ ended }) => ended)).toBe(true);
});

test("only so many drafts are proved at once", async () => {
  const { authoring } = desk();
  authoring.prove(ORDER, "Ada");
  authoring.prove(ORDER, "Bob");
  expect(() => authoring.prove(ORDER, "Eve")).toThrow(expect.objectContaining({ code: "prover-busy" }));
  await authoring.stop();
});

test("a draft that is tried is opened by its hash, once it was seen that it can be", async () => {
  const { authoring, threads, drafts, paths } = desk();
  const bad = authoring.try(ORDER, "local");
  threads[0]!.answer({ kind: "rehearse", problems: [{ file: "lab.yaml", line: 2, column: 3, message: "no" }] });
  await expect(bad).rejects.toMatchObject({ code: "bad-draft", message: expect.stringContaining("lab.yaml:2:3: no") });
  const good = authoring.try({ name: NAME, files: FIRST, seed: 7 }, "local");
  threads[0]!.answer({ kind: "rehearse", problems: [] });
  await good;
  expect(drafts).toEqual([{ of: NAME, lab: `draft:${labHash(FIRST)}/harbour`, seed: 7 }]);
  expect(readFileSync(join(paths.drafts, labHash(FIRST), "harbour/setup/a.yaml"), "utf8")).toBe("a\n");
  await authoring.stop();
});
