import { expect, test } from "vitest";
import type { AttemptReport, Catalogue, PartReport } from "../../server/sessions/protocol/index.ts";
import { reports } from "../testing/fake/reports.ts";
import { catalogues } from "../testing/fake/catalogue.ts";
import { changeWords, compareReports } from "./compare.ts";
import { nextLabs } from "./next-labs.ts";
import { topicPoints } from "./topic-points.ts";

function about(report: AttemptReport, ...topics: string[][]): AttemptReport {
  return { ...report, parts: report.parts.map((part, at): PartReport => ({ ...part, topics: topics[at] ?? [] })) };
}

const port = about(reports["lab-port"]!(), ["services", "endpoints"]);
const solved = about(reports["lab-solved"]!(), ["services", "endpoints"]);
const exam = about(reports["exam"]!(), ["nodes"], ["services", "endpoints"], ["services", "kube-proxy"]);

test("a lab's points count for each of its topics", () => {
  expect(topicPoints(port)).toEqual([
    { topic: "services", points: 2, of: 6 },
    { topic: "endpoints", points: 2, of: 6 },
  ]);
});

test("of an exam they are percents of the whole, most lost first; what could not be graded does not count", () => {
  const found = topicPoints(exam);
  expect(found.map(({ topic, of }) => [topic, Math.round(of)])).toEqual([
    ["nodes", 25],
    ["services", 75],
    ["kube-proxy", 45],
    ["endpoints", 30],
  ]);
  const lost = found.map(({ points, of }) => of - points);
  expect(lost).toEqual(lost.toSorted((a, b) => b - a));
  // The weights: 5 of 20 for the node, 6 for the endpoints (all had), 9 for the port.
  expect(found.at(-1)).toMatchObject({ topic: "endpoints", points: 30 });
  const broken = { ...exam.parts[0]!, report: { ...exam.parts[0]!.report, score: 0, of: 0 } };
  expect(topicPoints({ ...exam, parts: [broken] })).toEqual([]);
});

const lab = (
  id: string,
  topics: string[],
  more: Partial<Catalogue["labs"][number]> = {},
): Catalogue["labs"][number] => ({
  ...catalogues.usual().labs[0]!,
  id,
  topics,
  level: "medium",
  best: null,
  attempts: 0,
  ...more,
});

test("the next labs are about what was lost; what is done, or was just tried, is not named", () => {
  const labs = [
    lab("lost-endpoints", ["services"]),
    lab("dns", ["dns"]),
    lab("done", ["services"], { best: 100, attempts: 1 }),
    lab("tried", ["services", "endpoints"], { best: 50, attempts: 3 }),
    lab("both", ["services", "endpoints"]),
    lab("easy", ["endpoints"], { level: "easy" }),
    lab("hard", ["services"], { level: "hard" }),
  ];
  expect(nextLabs(port, labs).map(({ lab: { id }, topic, lost }) => [id, topic, lost])).toEqual([
    ["both", "services", true],
    ["tried", "services", true],
    ["easy", "endpoints", true],
  ]);
  expect(nextLabs(solved, labs, 1)).toMatchObject([{ lab: { id: "both" }, lost: false }]);
  expect(nextLabs(solved, [])).toEqual([]);
});

test("two attempts are compared check by check", () => {
  const [part] = compareReports(solved, port);
  expect(part!.checks.map(({ key, change }) => [key, change])).toEqual([
    ["repair/answers", "better"],
    ["repair/follows", "better"],
    ["repair/deployment-kept", "same"],
    ["repair/not-opened", "same"],
  ]);
  expect(changeWords(compareReports(port, solved))).toBe("2 checks worse, 2 the same");
});

test("parts belong together by their lab, checks that only one version has are told", () => {
  const older = {
    ...port.parts[0]!,
    report: { ...port.parts[0]!.report, results: port.parts[0]!.report.results.slice(1) },
  };
  expect(changeWords(compareReports(port, { ...port, parts: [older] }))).toBe("3 checks the same, 1 not there then");
  const parts = compareReports(exam, port);
  expect(parts.map(({ title, checks }) => [title, checks.every(({ before }) => before)])).toEqual([
    ["The network of a node", false],
    ["Lost endpoints", true],
    ["A fixed node port", false],
  ]);
});
