import { expect, test } from "vitest";
import { presetWorld } from "../../server/sessions/actor/presets.ts";
import { LabSource } from "../load/lab-source.ts";
import { lintProblems } from "./lint.ts";

const LAB = `\
version: 1
id: demo
title: Demo
summary: A lab for tests.
topics: [services]
level: easy
minutes: 5
terminal: { host: controlplane, user: root }
setup:
  - settle: true
tasks:
  - id: repair
    points: 2
    prompt: task.md
    checks:
      - { id: kept, points: 1, says: It is kept, object: { object: service/web, namespace: shop, is: { exists: true } } }
    questions:
      - { id: colour, ask: Which?, kind: text, points: 1, answer: red }
explain: explain.md
`;

const CHECK = "object: { object: service/web, namespace: shop, is: { exists: true } }";
const MACHINES = "there are router, internet, outside, controlplane, node01";

test.each<[string, string, string[]]>([
  ["title: Demo", "title: Other", []],
  [
    "host: controlplane",
    "host: controlplan",
    [`lab.yaml:8:13: terminal.host: this lab has no machine "controlplan"; ${MACHINES}`],
  ],
  ["user: root", "user: rooot", ["lab.yaml:8:33: terminal.user: controlplane has no user rooot"]],
  [
    "settle: true",
    "file: { on: node7, path: /tmp/x, text: a }",
    [`lab.yaml:10:13: setup[0].file.on: this lab has no machine "node7"; ${MACHINES}`],
  ],
  [
    "settle: true",
    "fault: { node-cordoned: { node: node09 } }",
    [
      "lab.yaml:10:31: setup[0].fault.node-cordoned.node: this cluster has no node node09; there are controlplane and node01",
    ],
  ],
  [
    "settle: true",
    "script: { on: node01, run: 'if true' }",
    [
      "lab.yaml:10:27: setup[0].script.run: line 1 of the script: bash cannot read it: syntax error: unexpected end of file",
    ],
  ],
  [
    "service/web",
    "servce/web",
    ['lab.yaml:16:60: tasks[0].checks[0].object.object: this cluster has no kind "servce"'],
  ],
  [
    ", namespace: shop",
    "",
    [
      "lab.yaml:16:60: tasks[0].checks[0].object.object: service/web is in a namespace: write it beside, as namespace: NAME",
    ],
  ],
  [
    CHECK,
    "reach: { from: { host: mars }, to: http://a/, expect: refused }",
    [`lab.yaml:16:59: tasks[0].checks[0].reach.from: this lab has no machine "mars"; ${MACHINES}`],
  ],
  [
    CHECK,
    'matrix: { from: { a: node9 }, to: { b: "web:80" }, allow: { a: [b] } }',
    [`lab.yaml:16:68: tasks[0].checks[0].matrix.from.a: this lab has no machine "node9"; ${MACHINES}`],
  ],
])("%j as %j", { timeout: 60_000 }, async (from, to, expected) => {
  expect(await problems({ "lab.yaml": LAB.replace(from, () => to) })).toEqual(expected);
});

test("scripts that bash cannot read, and answers to what is not asked", { timeout: 60_000 }, async () => {
  expect(await problems({ "proof/solution.sh": "answer color red\nfor x in a; do\n" })).toEqual([
    "proof/solution.sh:2:1: bash cannot read it: syntax error: unexpected end of file",
    "proof/solution.sh:1:8: there is no question color: did you mean colour?",
  ]);
  expect(await problems({ "proof/solution.sh": "echo a )\nanswer repair/colour red\n" })).toEqual([
    "proof/solution.sh:1:1: bash cannot read it: syntax error near unexpected token `)'",
  ]);
});

async function problems(files: Readonly<Record<string, string>>): Promise<string[]> {
  const all = {
    "lab.yaml": LAB,
    "task.md": "Do it.\n",
    "explain.md": "So.\n",
    "proof/solution.sh": "true\n",
    ...files,
  };
  const placed = new LabSource({ path: "labs/x/demo", files: new Map(Object.entries(all)) }).place(1);
  return lintProblems(placed, await presetWorld("kubeadm")).map((problem) => problem.replace("labs/x/demo/", ""));
}
