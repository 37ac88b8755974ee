import { expect, test } from "vitest";
import { presetWorld } from "../../server/sessions/actor/presets.ts";
import { LabSource } from "../load/lab-source.ts";
import { demoFolder, inFolder, type DemoFiles } from "../load/testing.ts";
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

test("a world without a cluster is told once, whatever needs one", { timeout: 60_000 }, async () => {
  const lab = LAB.replace("level: easy", "level: easy\nworld: linux")
    .replace("terminal: { host: controlplane, user: root }\n", "")
    .replace("settle: true", "manifest: setup/a.yaml\n  - manifest: setup/a.yaml")
    .replace(CHECK, "reach: { from: { pods: app=a, namespace: b }, to: http://a/, expect: refused }");
  const manifest = "apiVersion: v1\nkind: Namespace\nmetadata: { name: b }\n";
  expect(await problems({ "lab.yaml": lab, "setup/a.yaml": manifest }, "linux")).toEqual([
    "lab.yaml:10:5: setup[0].manifest: the world linux has no cluster, which this needs, and 2 other places of the lab: write cluster: kubeadm in place of world: linux",
  ]);
});

test("documentation is of what the exam allows", { timeout: 60_000 }, async () => {
  const links = [
    "https://kubernetes.io/docs/concepts/",
    "https://kubernetes.io/de/docs/concepts/",
    "https://gateway-api.sigs.k8s.io/guides/",
    "https://docs.tigera.io/calico/latest/about/",
    "https://kubernetes.io/case-studies/",
    "https://stackoverflow.com/q/1",
    "https://kubernetes.io.example.com/docs/",
  ];
  const docs = links.map((url) => `  - { title: A page, url: "${url}" }\n`).join("");
  const found = await problems({ "lab.yaml": LAB.replace("setup:", `docs:\n${docs}setup:`) });
  expect(found.map((problem) => problem.replace(/: link to .*/, ""))).toEqual([
    "lab.yaml:14:22: docs[4].url: the exam does not allow https://kubernetes.io/case-studies/",
    "lab.yaml:15:22: docs[5].url: the exam does not allow https://stackoverflow.com/q/1",
    "lab.yaml:16:22: docs[6].url: the exam does not allow https://kubernetes.io.example.com/docs/",
  ]);
});

async function problems(files: DemoFiles, preset = "kubeadm"): Promise<string[]> {
  const placed = new LabSource(demoFolder({ "lab.yaml": LAB, ...files })).place(1);
  return lintProblems(placed, await presetWorld(preset)).map(inFolder);
}
