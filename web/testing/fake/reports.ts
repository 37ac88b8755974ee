import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Report } from "../../../grader/result.ts";
import type { AttemptReport, PartReport } from "../../../server/sessions/protocol/index.ts";

const Recorded = z.strictObject({ report: Report, explain: z.string().nullable() });

/** A recorded report (server/commands/labs/record-reports.ts). */
export function recorded(name: string): z.infer<typeof Recorded> {
  const file = join(import.meta.dirname, `../fixtures/reports/${name}.json`);
  return Recorded.parse(JSON.parse(readFileSync(file, "utf8")));
}

function part(name: string, number = 0, weight = 1): PartReport {
  const { report, explain } = recorded(name);
  return { part: number, lab: report.lab, title: report.title, weight, report, explain };
}

function attempt(id: string, parts: PartReport[], more: Partial<AttemptReport> = {}): AttemptReport {
  const weights = parts.reduce((sum, { weight }) => sum + weight, 0);
  const percent = parts.reduce(
    (sum, { weight, report }) => sum + (weight / weights) * (report.score / report.of) * 100,
    0,
  );
  return {
    attempt: id,
    kind: "lab",
    of: parts[0]!.lab,
    title: parts[0]!.title,
    final: true,
    reason: "submitted",
    at: Date.now() - 60_000,
    startedAt: Date.now() - 461_000,
    took: 401_000,
    percent,
    pass: null,
    parts,
    ...more,
  };
}

/** Somebody read a hint that costs a point, and a check broke. */
function brokenPart(): PartReport {
  const { report, explain, ...rest } = part("lost-endpoints-port");
  const [answers, kept, opened] = report.results;
  const results = [
    answers!,
    kept!,
    {
      ...opened!,
      outcome: "broke" as const,
      points: 0,
      of: 1,
      observed: "the check could not be run: the machine outside has no address",
      evidence: [],
    },
  ];
  return { ...rest, explain, report: { ...report, results, of: 5, score: 0, hints: 1 } };
}

/** Final reports by attempt. */
export const reports: Readonly<Record<string, () => AttemptReport>> = {
  "lab-port": () => attempt("lab-port", [part("lost-endpoints-port")]),
  "lab-untouched": () => attempt("lab-untouched", [part("lost-endpoints-untouched")]),
  "lab-opened": () => attempt("lab-opened", [part("lost-endpoints-opened")]),
  "lab-solved": () => attempt("lab-solved", [part("lost-endpoints-solved")]),
  "lab-broke": () => attempt("lab-broke", [brokenPart()]),
  exam: () =>
    attempt(
      "exam",
      [
        part("node-network-controlplane", 0, 5),
        part("lost-endpoints-solved", 1, 6),
        part("fixed-node-port-firewall", 2, 9),
      ],
      { kind: "exam", of: "networking-mock-a", title: "Networking mock A", pass: 66, reason: "time", took: 1_500_000 },
    ),
};
