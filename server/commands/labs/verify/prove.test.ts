import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { LabSource } from "../../../../labs/index.ts";
import { readLab } from "../catalogue.ts";
import { judge } from "./index.ts";
import { UNTOUCHED, verifySeed, type VerifyRow } from "./prove.ts";

const TIME = 120_000;

async function rows(source: LabSource, seed: number): Promise<VerifyRow[]> {
  const found: VerifyRow[] = [];
  for await (const row of verifySeed(source, seed)) found.push(row);
  return found;
}

/** The lab with other files; undefined takes one away. */
function changed(id: string, files: Readonly<Record<string, string | undefined>>): LabSource {
  const { folder } = readLab(id);
  const all = Object.entries({ ...Object.fromEntries(folder.files), ...files });
  return new LabSource({
    path: folder.path,
    files: new Map(all.filter((entry): entry is [string, string] => entry[1] !== undefined)),
  });
}

const NO_PROOFS = {
  "proof/solution-recreate.sh": undefined,
  "proof/wrong-nodeport.sh": undefined,
  "proof/wrong-pod-relabelled.sh": undefined,
  "proof/wrong-selector-only.sh": undefined,
  "proof/wrong-service-on-another-port.sh": undefined,
  "proof/wrong-slice-by-hand.sh": undefined,
  "proof/wrong-target-port-only.sh": undefined,
};

test("a lab that is what it says", { timeout: TIME }, async () => {
  const found = await rows(readLab("lost-endpoints"), 1);
  expect(
    found.map(({ case: name, score, of, failed, holds, problems }) => ({ name, score, of, failed, holds, problems })),
  ).toEqual(
    [
      { name: "untouched", score: 2, failed: ["answers", "follows"] },
      { name: "solution-recreate.sh", score: 6, failed: [] },
      { name: "solution.sh", score: 6, failed: [] },
      { name: "wrong-nodeport.sh", score: 5, failed: ["not-opened"] },
      { name: "wrong-pod-relabelled.sh", score: 1, failed: ["answers", "follows", "deployment-kept"] },
      { name: "wrong-selector-only.sh", score: 2, failed: ["answers", "follows"] },
      { name: "wrong-service-on-another-port.sh", score: 2, failed: ["answers", "follows"] },
      { name: "wrong-slice-by-hand.sh", score: 5, failed: ["follows"] },
      { name: "wrong-target-port-only.sh", score: 2, failed: ["answers", "follows"] },
    ].map((row) => ({ ...row, of: 6, holds: true, problems: [] })),
  );
});

test("proofs that are not what they say", { timeout: TIME }, async () => {
  const lab = changed("lost-endpoints", {
    ...NO_PROOFS,
    "proof/solution.sh": "kubectl get nothing\n",
    "proof/wrong-nothing.sh": "# scores: 5 of 6\n# fails: not-opened\n# because not-opened: no route\ntrue\n",
  });
  const found = await rows(lab, 2);
  const [, solution, wrong] = found;
  expect([solution!.holds, solution!.problems[0]]).toEqual([
    false,
    "labs/services/lost-endpoints/proof/solution.sh:1:1: a solution scores 2 of 6: mend what it does, or what it fails: answers, follows",
  ]);
  expect(solution!.problems).toContain('error: the server doesn\'t have a resource type "nothing"');
  expect([wrong!.holds, wrong!.problems.slice(0, 4)]).toEqual([
    false,
    [
      "1:1: scores 2, not 5",
      "2:1: fails answers and follows as well",
      "2:1: does not fail not-opened",
      '3:1: the report of not-opened does not say "no route"',
    ].map((problem) => `labs/services/lost-endpoints/proof/wrong-nothing.sh:${problem}`),
  ]);
  expect(judge(lab, found)).toEqual({
    id: "lost-endpoints",
    unproven: ["follows", "deployment-kept", "not-opened"],
    unnoticed: [
      { check: "follows", how: "removed" },
      { check: "follows", how: "inverted" },
      { check: "deployment-kept", how: "removed" },
      { check: "not-opened", how: "removed" },
    ],
    idle: ["deployment-kept", "not-opened"],
    unearned: ["deployment-kept", "not-opened"],
  });
});

test("a check that always passes is noticed by the lab's own proofs", { timeout: TIME }, async () => {
  const { folder } = readLab("lost-endpoints");
  const lab = parse(folder.files.get("lab.yaml")!) as {
    tasks: [{ checks: { id: string; points: number; says: string }[] }];
  };
  const { checks } = lab.tasks[0];
  const unnoticed: string[] = [];
  for (const [at, { id, points, says }] of checks.entries()) {
    const worthless = { id, points, says, run: { on: "controlplane", run: "true" } };
    const mutated = { ...lab, tasks: [{ ...lab.tasks[0], checks: checks.with(at, worthless) }] };
    const source = changed("lost-endpoints", { "lab.yaml": stringify(mutated) });
    const found: VerifyRow[] = [];
    for await (const row of verifySeed(source, 1, false)) found.push(row);
    if (found.every((row) => row.case === UNTOUCHED || row.holds)) unnoticed.push(id);
  }
  expect(unnoticed).toEqual([]);
});

test("points for nothing are declared, or there are none", { timeout: TIME }, async () => {
  const { folder } = readLab("lost-endpoints");
  const text = folder.files.get("lab.yaml")!.replace(/^untouched: .*\n/m, "");
  const lab = changed("lost-endpoints", { ...NO_PROOFS, "lab.yaml": text });
  const [untouched] = await rows(lab, 1);
  expect([untouched!.holds, untouched!.problems[0]]).toEqual([
    false,
    "the untouched lab scores 2, not 0, since these pass: deployment-kept, not-opened. Let checks that nothing was spoilt need the repair (needs: […]), or declare it: untouched: 2",
  ]);
});

test("a lab that has nothing to do", { timeout: TIME }, async () => {
  const { folder } = readLab("lost-endpoints");
  const lab = changed("lost-endpoints", {
    ...NO_PROOFS,
    "lab.yaml": folder.files.get("lab.yaml")!.replace(/^ {2}- fault:.*\n/gm, ""),
  });
  const [untouched] = await rows(lab, 1);
  expect([untouched!.score, untouched!.problems[0]]).toEqual([6, "the untouched lab passes: nothing has to be done"]);
});

test.each([
  [
    "script: { on: node01, run: 'echo broken >&2; exit 3' }",
    "5: setup[5]: seed 1: the script ends with exit code 3: broken",
  ],
  [
    "fault: { service-selector: { service: shoes, namespace: x, change: { a: b } } }",
    "5: setup[5]: seed 1: there is no Service shoes in namespace x to break: apply its manifest before",
  ],
  [
    "script: { on: mars, run: 'true' }",
    '15: setup[5].script.on: this lab has no machine "mars"; there are router, internet, outside, controlplane, node01',
  ],
])("a setup that does not work: %s", { timeout: TIME }, async (step, problem) => {
  const { folder } = readLab("lost-endpoints");
  const text = folder.files.get("lab.yaml")!.replace(/^tasks:$/m, `  - ${step}\ntasks:`);
  const line = text.split("\n").indexOf(`  - ${step}`) + 1;
  // The last step is the one that was put in.
  const at = `${folder.path}/lab.yaml:${line}:`;
  await expect(rows(changed("lost-endpoints", { ...NO_PROOFS, "lab.yaml": text }), 1)).rejects.toThrow(at + problem);
});
