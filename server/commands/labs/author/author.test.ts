import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { AuthoringAnswer } from "../../../sessions/protocol/index.ts";
import { ROOT } from "../catalogue.ts";
import { examTemplate, template } from "../new.ts";
import { checkDraft } from "./check.ts";
import { checkExam } from "./check-exam.ts";
import { listLabs } from "./listing.ts";
import { proveDraft } from "./prove-draft.ts";

const NAME = "services/harbour";
const files = { ...template("harbour") };

test("a draft is checked by the loader: every problem at its place, and what the variants draw", async () => {
  const good = await checkDraft({ name: NAME, files });
  expect(good.problems).toEqual([]);
  expect(good.draws.map(({ seed }) => seed)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(good.draws.every(({ values: { ns } }) => ["shop", "store", "market"].includes(ns!))).toBe(true);

  const lab = files["lab.yaml"]!.replace("level: easy", "level: eassy").replace(
    "topics: [services]",
    "topics: [servces]",
  );
  const bad = await checkDraft({ name: NAME, files: { ...files, "lab.yaml": lab, "proof/solution.sh": "" } });
  expect(bad.problems).toContainEqual(expect.objectContaining({ file: "lab.yaml", line: 6, column: 1 }));
  const { "task.md": _, ...others } = files;
  expect((await checkDraft({ name: NAME, files: others })).problems).toEqual([
    {
      file: "lab.yaml",
      line: 18,
      column: 5,
      message: "tasks[0].prompt: there is no file task.md in the lab's folder",
    },
  ]);
  expect((await checkDraft({ name: NAME, files: { ...files, "lab.yaml": "a: [" } })).draws).toEqual([]);
});

test("an exam is checked beside the labs that there are, and shows what attempts at it would hold", () => {
  const roots = [{ origin: "box", path: ROOT }] as const;
  const draft = { name: "exams/mock", files: { ...examTemplate("mock") } };
  const { problems, exam } = checkExam(draft, roots);
  expect(problems).toEqual([]);
  expect(exam).toMatchObject({ minutes: 30, pass: 66, tasks: [{ lab: "lost-endpoints", weight: 6 }] });
  expect(exam!.draw[0]!.fits).toBeGreaterThan(1);
  expect(exam!.attempts.map(({ seed, parts }) => [seed, parts.length, parts[0]!.title])).toEqual(
    [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => [seed, 2, "Lost endpoints"]),
  );
  expect(new Set(exam!.attempts.map(({ parts }) => parts[1]!.lab)).size).toBeGreaterThan(1);
  const wrong = draft.files["exam.yaml"]!.replace("lost-endpoints", "lost-endpoint").replace("count: 1", "count: 99");
  expect(checkExam({ ...draft, files: { "exam.yaml": wrong } }, roots).problems).toEqual([
    expect.objectContaining({
      file: "exam.yaml",
      line: 8,
      message: expect.stringContaining("did you mean lost-endpoints?"),
    }),
    expect.objectContaining({ file: "exam.yaml", line: 10 }),
  ]);
  expect(checkExam({ ...draft, files: { "exam.yaml": "a: [" } }, roots)).toMatchObject({ exam: null });
});

test("a proof tells of each case, and of a script that loops for ever", async () => {
  const answers: AuthoringAnswer[] = [];
  const looping = { ...files, "proof/solution-loop.sh": `${files["proof/solution.sh"]}while sleep 100; do :; done\n` };
  for await (const answer of proveDraft({ name: NAME, files: looping }, 1)) answers.push(answer);
  const [first] = answers;
  expect(first).toMatchObject({
    kind: "plan",
    plan: {
      checks: [
        { id: "answers", points: 2 },
        { id: "kept", points: 1 },
      ],
    },
  });
  const rows = answers.flatMap((answer) => (answer.kind === "row" ? [answer.row] : []));
  expect(rows.map(({ case: name, score, holds }) => [name, score, holds])).toEqual([
    ["untouched", 0, true],
    ["solution-loop.sh", 3, false],
    ["solution-manifest.sh", 3, true],
    ["solution.sh", 3, true],
    ["wrong-other-deployment.sh", 2, true],
    ["wrong-target-port.sh", 0, true],
  ]);
  expect(rows[1]!.problems[0]).toMatch(/^`while sleep 100; do :; done` does not end: it was interrupted after \d+ /);
  expect(answers.at(-1)).toEqual({ kind: "judged", holds: false, weak: [] });
});

test("a lab that cannot be set up is told with the place of the step", async () => {
  const answers: AuthoringAnswer[] = [];
  const lab = files["lab.yaml"]!.replace("- settle: true ", '- script: { on: controlplane, run: "exit 3" } ');
  for await (const answer of proveDraft({ name: NAME, files: { ...files, "lab.yaml": lab } }, 1)) answers.push(answer);
  expect(answers.at(-1)).toMatchObject({
    kind: "unprovable",
    problems: [{ file: "lab.yaml", line: 14, message: expect.stringContaining("exit code 3") }],
  });
});

test("labs of two folders are listed, the first folder's before those of the same name", () => {
  const root = mkdtempSync(join(tmpdir(), "listed-"));
  const put = (path: string, text: string): void => {
    mkdirSync(join(root, path), { recursive: true });
    writeFileSync(join(root, path, "lab.yaml"), text);
  };
  put("own/services/harbour", "id: harbour\n");
  put("box/services/harbour", files["lab.yaml"]!);
  put("box/loose", "id: loose\n");
  const { labs, problems } = listLabs([
    { origin: "own", path: join(root, "own") },
    { origin: "box", path: join(root, "box") },
  ]);
  expect(labs.map(({ name, origin, level }) => [name, origin, level])).toEqual([[NAME, "own", null]]);
  expect(labs[0]!.problems).toBeGreaterThan(0);
  expect(problems).toEqual([expect.stringContaining("box/loose: the editor takes labs in TOPIC/NAME")]);
});
