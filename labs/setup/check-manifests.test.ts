import { expect, test } from "vitest";
import { LabSource } from "../load/lab-source.ts";
import { checkManifests } from "./check-manifests.ts";

const LAB = `\
version: 1
id: demo
title: Demo
summary: A lab for tests.
topics: [services]
level: easy
minutes: 5
variants:
  port: { between: [8000, 8999] }
setup:
  - manifest: setup/web.yaml
tasks:
  - id: repair
    points: 1
    prompt: task.md
    checks:
      - { id: there, points: 1, says: It is there, object: { object: service/web, namespace: default, is: { exists: true } } }
explain: task.md
`;

const NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: { name: default }\n---\n";

async function problems(manifest: string): Promise<readonly string[]> {
  const files = {
    "lab.yaml": LAB,
    "task.md": "Do it.\n",
    "proof/solution.sh": "true\n",
    "setup/web.yaml": NAMESPACE + manifest,
  };
  return checkManifests(new LabSource({ path: "labs/x/demo", files: new Map(Object.entries(files)) }).place(1));
}

const service = (ports: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n${ports}`;

test.each([
  ["nothing wrong", service("    - port: {{port}}\n"), []],
  [
    "an unknown field",
    service("    - prot: 80\n      port: 80\n"),
    ['labs/x/demo/setup/web.yaml:11:7: unknown field "spec.ports[0].prot"'],
  ],
  [
    "a value that is refused",
    service("    - name: web\n      port: 70000\n"),
    [
      "labs/x/demo/setup/web.yaml:12:7: spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive",
      "labs/x/demo/setup/web.yaml:11:7: spec.ports[0].targetPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
    ],
  ],
  [
    "a value of another type",
    service("    - port: eighty\n"),
    [
      expect.stringMatching(
        /^labs\/x\/demo\/setup\/web\.yaml:10:3: spec\.ports\.port: expected int32, found a string$/,
      ),
    ],
  ],
])("%s", async (_, manifest, expected) => {
  expect(await problems(manifest)).toEqual(expected);
});
