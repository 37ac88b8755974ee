import { expect, test } from "vitest";
import type { LabFolder } from "./folder.ts";
import { LabSource } from "./lab-source.ts";
import { demoFolder, demoProblems, type DemoFiles } from "./testing.ts";

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
  - settle: true
tasks:
  - id: repair
    points: 3
    prompt: task.md
    hints:
      - Look.
      - { text: Look closer., costs: 1 }
    checks:
      - id: answers
        points: 2
        says: It answers
        reach:
          from: { pods: app=client, namespace: "{{ns}}" }
          to: http://cart/
          expect: { status: 200, body: { contains: ok } }
      - id: kept
        points: 1
        says: It was kept
        needs: [answers]
        unchanged: { object: deployment/cart, namespace: "{{ns}}", path: spec }
explain: explain.md
`;

const FILES: DemoFiles = {
  "task.md": "Repair {{ns}}.\n",
  "explain.md": "Because of {{port}}.\n",
  "setup/shop.yaml": 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: "{{ns}}"\n',
  "proof/wrong-nothing.sh": "# scores: 0 of 3\n# fails: answers kept\n# because answers: no endpoints\ntrue\n",
};

const folder = (lab: string, files?: DemoFiles): LabFolder => demoFolder({ ...FILES, "lab.yaml": lab, ...files });
const problems = (lab: string, files?: DemoFiles): readonly string[] =>
  demoProblems({ ...FILES, "lab.yaml": lab, ...files });

test("the lab that the mistakes are made in is without any", () => {
  expect(problems(LAB)).toEqual([]);
});

/** One mistake in lab.yaml: what is replaced by what. */
test.each<[string, string, string, string[]]>([
  ["no YAML", "title: Demo", "title: 'Demo", ["3:8: the quote that opens here is never closed: add '"]],
  [
    "the same field twice",
    "title: Demo",
    "title: Demo\ntitle: Again",
    ["4:1: title stands twice in one place: take one away, or begin a new item with -"],
  ],
  ["a version of the future", "version: 1", "version: 2", ["1:1: version: expected 1, found the number 2"]],
  ["an unknown field", "title: Demo", "titel: Demo", ["3:1: titel: unknown field: did you mean title?"]],
  [
    "a field of another place",
    "minutes: 5",
    "minutes: 5\npoints: 3",
    [
      "8:1: points: unknown field: there are version, id, title, summary, topics, level, minutes, cluster, world, terminal, variants, docs, setup, tasks, untouched, explain",
    ],
  ],
  [
    "a port of the nodes that no machine has",
    "to: http://cart/",
    "to: { nodes: 99999 }",
    ["27:17: tasks[0].checks[0].reach.to.nodes: expected at most 65535, found the number 99999"],
  ],
  [
    "a range from behind",
    "to: http://cart/",
    'to: { nodes: "32767-30000" }',
    ["27:17: tasks[0].checks[0].reach.to.nodes: the first port must be the smaller one, and the second at most 65535"],
  ],
  [
    "a fault that nobody knows",
    "- settle: true",
    "- fault: { node-port-firewal: { on: node01, ports: all } }",
    ["13:14: setup[1].fault.node-port-firewal: unknown field: did you mean node-port-firewall?"],
  ],
  [
    "a fault with a parameter that is none",
    "- settle: true",
    "- fault: { node-port-firewall: { on: node01, ports: all } }",
    [
      '13:48: setup[1].fault.node-port-firewall.ports: expected a port or a range such as "30000:32767", found the text "all"',
    ],
  ],
  ["a text for a number", "minutes: 5", "minutes: five", ['7:1: minutes: expected a number, found the text "five"']],
  ["a fraction", "minutes: 5", "minutes: 0", ["7:1: minutes: expected more than 0, found the number 0"]],
  [
    "a word that is none of a list",
    "level: easy",
    "level: eazy",
    ['6:1: level: expected one of easy, medium, hard, found the text "eazy": did you mean easy?'],
  ],
  ["an empty list", "topics: [services]", "topics: []", ["5:1: topics: expected at least 1 of them, found 0"]],
  [
    "a text for a list",
    "topics: [services]",
    "topics: services",
    ['5:1: topics: expected a list, found the text "services"'],
  ],
  [
    "an id that is none",
    "id: demo",
    "id: Demo Lab",
    ['2:1: id: an id is lower-case words joined by -, found the text "Demo Lab"'],
  ],
  [
    "an id that is not the folder's",
    "id: demo",
    "id: demos",
    ["2:1: id: the folder is called demo: both must be the same"],
  ],
  [
    "a variant of no kind",
    "{ oneOf: [shop, store] }",
    "shop",
    ['9:3: variants.ns: expected { oneOf: […] } or { between: [LOW, HIGH] }, found the text "shop"'],
  ],
  [
    "a variant with its ends swapped",
    "[8000, 8999]",
    "[8999, 8000]",
    ["10:11: variants.port.between: the first number must not be larger than the second"],
  ],
  [
    "a name that is no variant",
    '{{ns}}" }\n          to',
    '{{nz}}" }\n          to',
    ["26:49: {{nz}} is no variant of this lab: did you mean ns?"],
  ],
  [
    "a step of two kinds",
    "  - settle: true",
    "  - { settle: true, manifest: setup/shop.yaml }",
    ["13:5: setup[1]: a step has exactly one of manifest, fault, file, script, settle"],
  ],
  [
    "a step of no known kind",
    "  - settle: true",
    "  - sleep: 5",
    ["13:5: setup[1].sleep: unknown field: there are manifest, fault, file, script, settle"],
  ],
  [
    "an unknown fault",
    "  - settle: true",
    "  - fault: { service-selektor: { service: cart } }",
    ["13:14: setup[1].fault.service-selektor: unknown field: did you mean service-selector?"],
  ],
  [
    "a fault without its parameters",
    "  - settle: true",
    "  - fault: { service-selector: { service: cart } }",
    ["13:14: setup[1].fault.service-selector: namespace and change are missing: write them"],
  ],
  [
    "a file outside of the folder",
    "prompt: task.md",
    "prompt: ../task.md",
    ['17:5: tasks[0].prompt: expected a path inside the lab\'s folder, found the text "../task.md"'],
  ],
  [
    "a file that is not there",
    "prompt: task.md",
    "prompt: tasks.md",
    ["17:5: tasks[0].prompt: there is no file tasks.md in the lab's folder: did you mean task.md?"],
  ],
  [
    "points that do not add up",
    "points: 3",
    "points: 4",
    ["16:5: tasks[0].points: the task has 4 points, its checks and questions add up to 3"],
  ],
  [
    "hints that cost too much",
    "costs: 1",
    "costs: 4",
    ["18:5: tasks[0].hints: the hints cost 4 points together, the task has 3"],
  ],
  ["two checks of one id", "id: kept", "id: answers", ["15:5: tasks[0]: two checks or questions have the id answers"]],
  [
    "a check that needs nobody",
    "needs: [answers]",
    "needs: [answer]",
    ["32:9: tasks[0].checks[1].needs: there is no check answer in this task"],
  ],
  [
    "checks that need each other",
    "says: It answers\n",
    "says: It answers\n        needs: [kept]\n",
    ["25:9: tasks[0].checks[0].needs: answers needs itself, by way of what it needs"],
  ],
  [
    "a check of no kind",
    "unchanged: { object",
    "unchange: { object",
    ["33:9: tasks[0].checks[1].unchange: unknown field: did you mean unchanged?"],
  ],
  [
    "an address that is none",
    "to: http://cart/",
    "to: cart",
    [
      '27:11: tasks[0].checks[0].reach.to: expected a URL, HOST:PORT, udp://HOST:PORT, icmp:HOST or nodes:LOW-HIGH, found the text "cart"',
    ],
  ],
  [
    "a source with a typo",
    "{ pods: app=client,",
    "{ pod: client, pods: app=client,",
    [
      "26:11: tasks[0].checks[0].reach.from: expected a machine's name, { host, netns }, { pod, namespace }, { pods: LABELS, namespace } or { namespace }, found the fields pod, pods, namespace",
    ],
  ],
  [
    "an unknown outcome",
    "{ status: 200, body: { contains: ok } }",
    "denied",
    [
      '28:11: tasks[0].checks[0].reach.expect: expected one of connected, refused, timed out, no route, reset, name not found, certificate refused, or { outcome, status, body, headers, source, backends }, found the text "denied"',
    ],
  ],
  [
    "an unknown expectation",
    "status: 200",
    "stauts: 200",
    ["28:21: tasks[0].checks[0].reach.expect.stauts: unknown field: did you mean status?"],
  ],
  [
    "an unknown matcher",
    "contains: ok",
    "contians: ok",
    ["28:42: tasks[0].checks[0].reach.expect.body.contians: unknown field: did you mean contains?"],
  ],
  [
    "a matcher that is no expression",
    "contains: ok",
    "matches: (",
    ["28:42: tasks[0].checks[0].reach.expect.body.matches: is not a regular expression"],
  ],
  [
    "an object without its name",
    "object: deployment/cart",
    "object: cart",
    ['33:22: tasks[0].checks[1].unchanged.object: expected KIND/NAME, such as deployment/cart, found the text "cart"'],
  ],
])("%s", (_, from, to, expected) => {
  expect(LAB).toContain(from);
  expect(problems(LAB.replace(from, to))).toEqual(
    expected.map((problem) => expect.stringContaining(`lab.yaml:${problem}`)),
  );
});

/** One mistake in another file. */
test.each<[string, Readonly<Record<string, string | undefined>>, string[]]>([
  ["no lab.yaml", { "lab.yaml": undefined }, ["lab.yaml:1:1: there is no such file: a lab is a folder with one"]],
  [
    "an unknown name in a text",
    { "task.md": "Repair\n  {{ prot }}.\n" },
    ["task.md:2:3: {{prot}} is no variant of this lab: did you mean port?"],
  ],
  [
    "a manifest that is no YAML",
    { "setup/shop.yaml": "a: [\n" },
    ["setup/shop.yaml:1:4: the [ that opens here is never closed: add ]"],
  ],
  [
    "a manifest of no objects",
    { "setup/shop.yaml": "- a\n" },
    ["setup/shop.yaml:1:1: expected an object with apiVersion, kind and metadata"],
  ],
  [
    "an unknown kind",
    {
      "setup/shop.yaml":
        "---\napiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n---\napiVersion: v1\nkind: Gizmo\nmetadata: { name: a }\n",
    },
    ['setup/shop.yaml:7:1: this cluster has no kind "Gizmo" in "v1"'],
  ],
  [
    "an object without a name",
    { "setup/shop.yaml": "apiVersion: v1\nkind: Namespace\n" },
    ["setup/shop.yaml:1:1: metadata.name is missing: write what it is called"],
  ],
  [
    "no solution",
    { "proof/solution.sh": undefined },
    ["proof/solution.sh:1:1: there is no such file: a lab proves that it can be solved"],
  ],
  [
    "a proof of no kind",
    { "proof/try.sh": "true\n" },
    ["proof/try.sh:1:1: a proof is called solution.sh, solution-….sh or wrong-….sh: rename it"],
  ],
  [
    "a wrong solution without its score",
    { "proof/wrong-nothing.sh": "true\n" },
    ["proof/wrong-nothing.sh:1:1: a wrong solution says what it scores: write '# scores: POINTS of POINTS'"],
  ],
  [
    "a wrong solution without its failures",
    { "proof/wrong-nothing.sh": "# scores: 0 of 3\n" },
    ["proof/wrong-nothing.sh:1:1: a wrong solution says which checks it fails: write '# fails: CHECK…'"],
  ],
  [
    "a score that is none",
    { "proof/wrong-nothing.sh": "# scores: none\n# fails: kept\n" },
    ["proof/wrong-nothing.sh:1:1: expected '# scores: POINTS of POINTS'"],
  ],
  [
    "a failure of no check",
    { "proof/wrong-nothing.sh": "# scores: 2 of 3\n# fails: kepp\n" },
    ["proof/wrong-nothing.sh:2:1: there is no check or question kepp: did you mean kept?"],
  ],
  [
    "a score of other points",
    { "proof/wrong-nothing.sh": "# fails: kept\n# scores: 2 of 4\n" },
    ["proof/wrong-nothing.sh:2:1: the lab has 3 points, not 4"],
  ],
  [
    "a score that does not add up",
    { "proof/wrong-nothing.sh": "# scores: 1 of 3\n# fails: kept\n" },
    ["proof/wrong-nothing.sh:1:1: with kept failing it scores 2, not 1"],
  ],
  [
    "a reason of no words",
    { "proof/wrong-nothing.sh": "# scores: 2 of 3\n# fails: kept\n# because kept\n" },
    ["proof/wrong-nothing.sh:3:1: expected '# because CHECK: WORDS'"],
  ],
])("%s", (_, files, expected) => {
  expect(problems(LAB, files)).toEqual(expected);
});

test("a seed draws the variants, the same ones each time", () => {
  const source = new LabSource(folder(LAB));
  const [first, again, other] = [source.place(1), source.place(1), source.place(2)];
  expect(first.values).toEqual(again.values);
  expect(first.values).not.toEqual(other.values);
  const ns = first.values["ns"] as string;
  expect(first.text("task.md")).toBe(`Repair ${ns}.\n`);
  expect(first.lab.tasks[0]!.checks[0]!.reach!.from).toEqual({ pods: "app=client", namespace: ns });
  expect(first.points).toBe(3);
});

test("a cluster by its parts is the preset that has them", () => {
  const preset = (cluster: string) =>
    new LabSource(folder(LAB.replace("minutes: 5", `minutes: 5\ncluster: ${cluster}`))).place(1).lab.preset;
  expect(preset("kubeadm-calico-3node")).toBe("kubeadm-calico-3node");
  expect(preset("{ preset: kubeadm, cni: calico, nodes: 3, addons: [ingress-nginx] }")).toBe(
    "kubeadm-calico-ingress-3node",
  );
  expect(preset("{ cni: none, proxy: ipvs }")).toBe("kubeadm-nocni-ipvs");
  expect(preset("{}")).toBe("kubeadm");
  expect(() => preset("{ nodes: 40 }")).toThrow(
    "lab.yaml:8:1: cluster: there is no cluster of these parts: try fewer of them, or a preset such as kubeadm,",
  );
});

test("a variant of fields that belong together, and steps and proofs that depend on it", () => {
  const cause = '{ oneOf: [{ name: selector, hint: "In {{ns}}." }, { name: port, hint: Ports. }] }';
  const lab = LAB.replace("  port: {", `  cause: ${cause}\n  port: {`)
    .replace("- Look.", '- "{{cause.hint}}"')
    .replace("  - settle: true", "  - settle: true\n    when: { cause.name: selector }");
  const files = { "proof/wrong-nothing.sh": "# when: cause.name=selector\n# scores: 2 of 3\n# fails: kept\ntrue\n" };
  const source = new LabSource(folder(lab, files));
  const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((seed) => source.place(seed));
  const names = seeds.map(({ values }) => (values["cause"] as { name: string }).name);
  expect(new Set(names)).toEqual(new Set(["selector", "port"]));
  expect(seeds.map(({ proofs }) => proofs.length)).toEqual(names.map((name) => (name === "selector" ? 2 : 1)));
  const [selected] = seeds.filter((_, at) => names[at] === "selector");
  expect(selected!.lab.tasks[0]!.hints[0]).toBe(`In ${selected!.values["ns"] as string}.`);
  expect(problems(lab.replace("cause.name: selector", "cause.nam: selector"))[0]).toMatch(
    /lab.yaml:\d+:5: setup\[1\]\.when: there is no variant cause.nam: did you mean cause.name\?$/,
  );
  expect(problems(lab.replace("cause.name: selector", "cause.name: both"))[0]).toMatch(
    /setup\[1\]\.when: cause.name is never both: it is one of selector, port$/,
  );
  expect(problems(lab, { "task.md": "Repair {{cause}}.\n" })).toEqual([
    "task.md:1:8: {{cause}} stands for several fields: there are cause.name and cause.hint",
  ]);
});
