import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LabCatalogue } from "../../server/sessions/protocol/index.ts";
import { catalogueOf, type Catalogue } from "./catalogue.ts";
import { readLibrary } from "./library.ts";

let root: string;

beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), "catalogue-")), "labs");
});

afterEach(() => {
  rmSync(dirname(root), { recursive: true });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    const path = join(root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

function lab(path: string, title: string): Readonly<Record<string, string>> {
  const id = path.slice(path.lastIndexOf("/") + 1);
  return {
    [`${path}/lab.yaml`]: `version: 1
id: ${id}
title: ${title}
summary: About {{ns}}.
topics: [services]
level: easy
minutes: 5
variants:
  ns: { oneOf: [shop] }
tasks:
  - id: one
    points: 3
    prompt: task.md
    checks:
      - { id: there, points: 3, says: It is there, object: { object: service/web, namespace: "{{ns}}", is: { exists: true } } }
explain: explain.md
`,
    [`${path}/task.md`]: "Make it.\n",
    [`${path}/explain.md`]: "Made.\n",
    [`${path}/proof/solution.sh`]: "true\n",
  };
}

function exam(id: string, tasks: string): Readonly<Record<string, string>> {
  return {
    [`exams/${id}/exam.yaml`]: `version: 1\nid: ${id}\ntitle: Mock\nsummary: All of it.\nminutes: 25\npass: 66\ntasks:\n${tasks}`,
  };
}

/** What the protocol sends to pages must be what was read. */
function sent(catalogue: Catalogue): Catalogue {
  return LabCatalogue.parse(catalogue);
}

test("labs and exams as lists show them", () => {
  write({
    ...lab("services/two", "Two"),
    ...lab("nodes/one", "One"),
    ...exam("mock", "  - { lab: two, weight: 5 }\n  - { lab: one, weight: 2.5 }\n"),
  });
  const entry = { summary: "About shop.", topics: ["services"], level: "easy", minutes: 5, points: 3, tasks: 1 };
  expect(sent(catalogueOf(readLibrary(root)))).toEqual({
    labs: [
      { id: "one", title: "One", ...entry },
      { id: "two", title: "Two", ...entry },
    ],
    exams: [
      {
        id: "mock",
        title: "Mock",
        summary: "All of it.",
        minutes: 25,
        pass: 66,
        labs: [
          { lab: "two", title: "Two", weight: 5 },
          { lab: "one", title: "One", weight: 2.5 },
        ],
        draw: [],
      },
    ],
    problems: [],
  });
});

test("a folder that is not there has nothing", () => {
  expect(catalogueOf(readLibrary(root))).toEqual({ labs: [], exams: [], problems: [] });
});

test("a mistake hides only what it is in, and the exams that need it", () => {
  write({
    ...lab("services/good", "Good"),
    ...lab("services/bad", "Bad"),
    ...lab("nodes/good", "The same id"),
    "services/bad/lab.yaml": "version: 1\nid: bad\n",
    ...exam("fine", "  - { lab: good, weight: 1 }\n"),
    ...exam("needs-bad", "  - { lab: good, weight: 1 }\n  - { lab: bad, weight: 1 }\n"),
    ...exam("no-yaml", "  - { lab: good\n"),
    ...exam("unknown", "  - { lab: goood, weight: 1 }\n  - { lab: nothing-like-it, weight: 1 }\n"),
  });
  const { labs, exams, problems } = sent(catalogueOf(readLibrary(root)));
  expect(labs.map(({ title }) => title)).toEqual(["The same id"]);
  expect(exams.map(({ id }) => id)).toEqual(["fine"]);
  expect(problems).toEqual([
    "labs/services/bad/lab.yaml:1:1: title, summary, topics, level, minutes, tasks and explain are missing: write them",
    "labs/services/good/lab.yaml:2:1: id: labs/nodes/good has the same id",
    "labs/exams/needs-bad/exam.yaml:9:7: tasks[1].lab: lab bad has problems of its own: repair it first",
    "labs/exams/no-yaml/exam.yaml:8:5: the { that opens here is never closed: add }",
    "labs/exams/unknown/exam.yaml:8:7: tasks[0].lab: there is no lab goood: did you mean good?",
    "labs/exams/unknown/exam.yaml:9:7: tasks[1].lab: there is no lab nothing-like-it: there are good",
  ]);
});
