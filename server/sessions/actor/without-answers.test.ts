import { expect, test } from "vitest";
import type { Report } from "../../../grader/index.ts";
import type { PlacedLab } from "../../../labs/index.ts";
import { withoutAnswers } from "./without-answers.ts";

type CheckResult = Report["results"][number];

const result = (id: string, outcome: CheckResult["outcome"]): CheckResult => ({
  id,
  task: "look",
  outcome,
  points: outcome === "pass" ? 1 : 0,
  of: 1,
  says: `says ${id}`,
  expected: "cni0",
  observed: "eth0",
  evidence: [{ kind: "diff", title: "/tmp/bridge", before: "cni0", after: "eth0" }],
  see: "ip -br link show type bridge",
});

test("who still works reads no right answer; checks and what is answered rightly are told in full", () => {
  const results = [result("bridge", "fail"), result("known", "pass"), result("link", "fail")];
  const report: Report = { lab: "a", title: "A", seed: 1, score: 1, of: 3, hints: 0, settled: true, results };
  const tasks = [{ id: "look", questions: [{ id: "bridge" }, { id: "known" }] }];
  const lab = { tasks } as unknown as PlacedLab["lab"];
  expect(withoutAnswers(report, lab).results).toEqual([
    {
      id: "bridge",
      task: "look",
      outcome: "fail",
      points: 0,
      of: 1,
      says: "says bridge",
      expected: "the right answer: the result shows it",
      observed: "eth0",
      evidence: [],
    },
    results[1],
    results[2],
  ]);
});
