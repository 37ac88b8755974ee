import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { oneEach } from "../schema/bad-file.ts";
import { readFolder } from "./folder.ts";
import { demoProblems, type DemoFiles } from "./testing.ts";

const LAB = `\
version: 1
id: demo
title: Demo
summary: A lab for tests.
topics: [services]
level: easy
minutes: 5
variants:
  ns: { oneOf: [shop, store] }
  port: { between: [8000, 8999] }
setup:
  - manifest: setup/shop.yaml
tasks:
  - id: repair
    points: 3
    prompt: task.md
    checks:
      - id: answers
        points: 1
        says: It answers
        reach: { from: node01, to: http://cart/, expect: { status: 200 } }
      - id: kept
        points: 1
        says: It is there
        needs: [answers]
        object: { object: deployment/cart, namespace: "{{ns}}", path: .spec.replicas, is: 1 }
    questions:
      - { id: mac, ask: Which MAC?, kind: mac, points: 1, answer: { field: hosts.node01.links.eth0.address } }
explain: explain.md
`;

const FILES: DemoFiles = {
  "task.md": "Repair {{ns}}.\n",
  "explain.md": "Because of {{port}}.\n",
  "setup/shop.yaml": 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: "{{ns}}"\n',
};

const problems = (files: DemoFiles): readonly string[] => demoProblems({ ...FILES, "lab.yaml": LAB, ...files });

test("the lab that the mistakes are made in is without any", () => {
  expect(problems({})).toEqual([]);
});

/** What is replaced by what in lab.yaml, and the one thing that is said of it. */
test.each<[string, string, string]>([
  // YAML
  ["  ns: {", "\tns: {", "9:1: a tab at the beginning of the line: YAML is indented with spaces"],
  ["topics: [services]", "topics: [services", "5:9: the [ that opens here is never closed: add ]"],
  ["    points: 3", "   points: 3", "15:4: it begins in column 4, the fields around it do not: indent it as they are"],
  [
    "        says: It answers",
    "         says: It answers",
    "20:10: it begins in column 10, the fields around it do not: indent it as they are",
  ],
  ["says: It answers", "says: It: answers", "20:15: a text with a colon in it needs quotes around it"],
  ["title: Demo", "title Demo", "3:1: this is no field: write NAME: VALUE, with a space behind the colon"],
  ["title: Demo", "title: @Demo", "3:8: a text that begins with @ needs quotes around it"],
  ["title: Demo", "title: {{ns}}", '3:9: {{ns}} needs quotes around it: "{{ns}}"'],
  ["title: Demo", "title: *nope", "3:8: there is no &nope above: a text that begins with * needs quotes"],
  ["title: Demo", "title: !secret Demo", "3:16: !secret is no tag that is read here: take it away"],
  ["variants:", "variants: &v\n  me: *v", "9:7: *v stands inside of what it repeats: write it out"],
  [
    "      - id: kept",
    "        id: kept",
    "22:9: id stands twice in one place: take one away, or begin a new item with -",
  ],
  ["explain: explain.md", "explain: explain.md\n---\na: 1", "30:1: a second document begins here"],
  ["version: 1", "%YAML 1.1\n---\nversion: 1", "1:1: a %YAML line: take it away, the version is known"],
  ["title: Demo", `title: ${"[".repeat(5000)}${"]".repeat(5000)}`, "brackets in brackets, too deep to be read"],
  ["title: Demo", "title: De\0mo", "3:10: the character U+0000, which nobody sees: take it away"],
  ["title: Demo", "title: D\uFFFDmo", "3:9: this is no UTF-8: save the file as UTF-8"],
  // fields
  [
    "reach: { from: node01, to: http://cart/, expect: { status: 200 } }",
    "matrix: { from: {}, to: {}, allow: {} }",
    "21:19: tasks[0].checks[0].matrix.from: expected at least one row in from and one column in to",
  ],
  ["variants:", "variant:", "8:1: variant: unknown field: did you mean variants?"],
  ["title: Demo", 'title: ""', '3:1: title: expected one line of text, found the text ""'],
  [
    "says: It answers",
    'says: " "',
    '20:9: tasks[0].checks[0].says: expected a text that says something, found the text " "',
  ],
  ["[services]", "[services, services]", "5:1: topics: the same topic stands in it twice"],
  ["minutes: 5", "minutes: 1e300", "7:1: minutes: expected at most 1440"],
  ["minutes: 5", "minutes: .nan", "7:1: minutes: expected a number, found the number NaN"],
  [
    "explain: explain.md",
    "explain: explain.md\nuntouched: 3",
    "30:1: untouched: the lab has 3 points: somebody who does nothing",
  ],
  ["minutes: 5", "minutes: 5\ncluster: kubeadm-calcio", "8:1: cluster: expected kubeadm-calico, or { preset"],
  ["{ oneOf: [shop, store] }", "{ oneOf: [shop, shop] }", "9:9: variants.ns.oneOf: an alternative stands in it twice"],
  ["{ oneOf: [shop, store] }", "{ oneOf: [[a], [b]] }", "9:17: variants.ns.oneOf[0]: expected a text, a number"],
  ["[shop, store]", '["a-{{port}}", b]', "9:3: variants.ns: uses {{port}}, which is drawn later: write port above it"],
  ["[shop, store]", "[Shop_A, Store_B]", 'found the text "Shop_A"'],
  ["  port: {", "  PATH: {", "10:3: variants.PATH: a variant's name is a lower-case word: letters, digits and _"],
  [
    "answers\n        reach",
    "{{ns} answers\n        reach",
    "20:18: the {{ that opens here is never closed: write {{name}}",
  ],
  [
    "/shop.yaml",
    "/shop.yaml\n    when: { port: 1 }",
    "13:5: setup[0].when: port is never 1: it lies between 8000 and 8999",
  ],
  // checks
  [
    "points: 1\n        says: It answers",
    "points: 0\n        says: It answers",
    "19:9: tasks[0].checks[0].points: expected more than 0",
  ],
  ["[answers]", "[mac]", "25:9: tasks[0].checks[1].needs: mac is a question: only checks can be needed"],
  [
    "[answers]",
    "[answer]",
    "25:9: tasks[0].checks[1].needs: there is no check answer in this task: did you mean answers?",
  ],
  ["http://cart/", "http://cart:99999/", 'reach.to: expected a port from 1 to 65535, found "http://cart:99999/"'],
  ["http://cart/", "http://10.300.1.1/", "reach.to: 10.300.1.1 is no address: write four numbers up to 255, or a name"],
  ["http://cart/", "nodes:32767-30000", "reach.to: nodes:32767-30000: the first port must be the smaller one"],
  ["status: 200", "status: 999", "status: expected an HTTP status from 100 to 599, such as 200"],
  ["from: node01", 'from: { pods: "app in (", namespace: shop }', 'pods: "app in (" is no label selector: '],
  [
    ".spec.replicas",
    '".spec.ports[?(@.name==]"',
    'path: ".spec.ports[?(@.name==]" is no JSONPath: unterminated filter',
  ],
  ["is: 1", "is: { matches: '[a' }", "is.matches: is not a regular expression"],
  [
    'object: { object: deployment/cart, namespace: "{{ns}}", path: .spec.replicas, is: 1 }',
    "run: { on: node01, run: 'true', exitCode: 300 }",
    "exitCode: expected an exit code from 0 to 255",
  ],
  // questions
  [
    "kind: mac, points: 1, answer: { field: hosts.node01.links.eth0.address }",
    "kind: mac, points: 1, answer: zz:zz",
    'answer: expected a MAC address such as 02:00:00:00:00:01, found "zz:zz"',
  ],
  [
    "kind: mac, points: 1, answer: { field: hosts.node01.links.eth0.address }",
    "kind: choice, choices: [a, b], points: 1, answer: c",
    'answer: expected one of the choices a, b, found "c"',
  ],
  [
    "kind: mac, points: 1, answer: { field: hosts.node01.links.eth0.address }",
    "kind: address, points: 1, answer: 10.0.0.300",
    'answer: expected an address such as 10.0.0.1, found "10.0.0.300"',
  ],
  ["links.eth0.address", "eth0", "answer.field: expected hosts.NODE.links.LINK.address, .mtu, .state or .inet"],
])("%j as %j", (from, to, expected) => {
  expect(LAB).toContain(from);
  const found = problems({ "lab.yaml": LAB.replace(from, () => to) });
  expect(found).toEqual([expect.stringContaining(expected)]);
  expect(found[0]).toMatch(/^[\w/.-]+:\d+:\d+: /);
});

test.each<[string, string, string]>([
  ["lab.yaml", "", "lab.yaml:1:1: nothing stands in this file: it begins with version: 1"],
  ["lab.yaml", "# nothing\n", "lab.yaml:1:1: nothing stands in this file"],
  ["lab.yaml", "- a\n", "lab.yaml:1:1: no fields stand in this file"],
  [
    "lab.yaml",
    "version: 1\n",
    "lab.yaml:1:1: id, title, summary, topics, level, minutes, tasks and explain are missing",
  ],
  [
    "lab.yaml",
    `a: &a [x,x,x]\n${[..."bcdefgh"].map((to, at) => `${to}: &${to} [${Array(9).fill(`*${"abcdefg"[at]!}`).join()}]`).join("\n")}\n`,
    "repeat each other too often",
  ],
  ["setup/shop.yaml", "# later\n", "setup/shop.yaml:1:1: no object stands in this file"],
  ["setup/shop.yaml", "kind: Namespace\nmetadata: { name: a }\n", "setup/shop.yaml:1:1: apiVersion is missing"],
  [
    "setup/shop.yaml",
    "apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: { name: a }\n",
    '1:1: this cluster has no kind "Deployment" in "extensions/v1beta1": write apiVersion: apps/v1',
  ],
  [
    "setup/shop.yaml",
    "apiVersion: apps/v1\nkind: Deploymnt\nmetadata: { name: a }\n",
    '2:1: this cluster has no kind "Deploymnt" in "apps/v1": did you mean Deployment?',
  ],
  [
    "setup/shop.yaml",
    "apiVersion: v1\nkind: Namespace\nmetadata:\n\tname: a\n",
    "setup/shop.yaml:4:1: a tab at the beginning of the line",
  ],
  ["setup/shop.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: *x\n", "setup/shop.yaml:3:11: there is no &x above"],
  ["proof/solution.sh", "# later\n", "proof/solution.sh:1:1: a solution that does nothing"],
  [
    "proof/wrong-a.sh",
    "# scores: 2 of 3\n# fails: kept\n# because mac: x\ntrue\n",
    "proof/wrong-a.sh:3:1: mac is not among what fails",
  ],
])("%s: %j", (file, text, expected) => {
  expect(problems({ [file]: text })).toEqual([expect.stringContaining(expected)]);
});

test("a byte order mark is no part of a text; a link out of the folder is refused, one in a circle does not end anything", () => {
  const root = mkdtempSync(join(tmpdir(), "folder-"));
  try {
    mkdirSync(join(root, "setup"));
    writeFileSync(join(root, "lab.yaml"), "\uFEFFversion: 1\n");
    expect([...readFolder(root).files]).toEqual([["lab.yaml", "version: 1\n"]]);
    symlinkSync("../lab.yaml", join(root, "setup/same.yaml"));
    symlinkSync("nowhere", join(root, "setup/gone.yaml"));
    expect([...readFolder(root).files.keys()]).toEqual(["lab.yaml", "setup/same.yaml"]);
    symlinkSync("/etc/hostname", join(root, "setup/out.yaml"));
    expect(() => readFolder(root)).toThrow("setup/out.yaml:1:1: a link that leads out of the lab's folder");
    rmSync(join(root, "setup/out.yaml"));
    symlinkSync("..", join(root, "setup/loop"));
    expect(() => readFolder(root)).toThrow("setup/loop:1:1: a link to a folder: copy what is meant");
  } finally {
    rmSync(root, { recursive: true });
  }
});

test("the same mistake with several seeds is one", () => {
  const at = "lab.yaml:3:5: setup[1]";
  expect(oneEach([`${at}: seed 1: a`, `${at}: seed 2: b`, "lab.yaml:3:5: setup[2]: c"])).toEqual([
    `${at}: seed 1: a`,
    "lab.yaml:3:5: setup[2]: c",
  ]);
});
