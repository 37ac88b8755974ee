import type { AssignmentResults, AttemptReport, CheckTally, Learner } from "../sessions/protocol/index.ts";
import type { AttemptRow, OpenStore } from "../store/index.ts";

interface Graded {
  readonly learner: Learner;
  readonly report: AttemptReport;
}

/** What each learner's newest attempt came to, and each check over all of them. */
export async function resultsOf(
  store: Pick<OpenStore, "report">,
  learners: readonly Learner[],
  made: readonly AttemptRow[],
): Promise<Pick<AssignmentResults, "learners" | "checks">> {
  const rows = await Promise.all(
    learners.map(async (learner) => {
      const attempt = made.find(({ owner }) => owner === learner.id);
      const report = attempt?.state === "graded" ? await store.report(attempt.id, "final") : undefined;
      return { learner, attempt, report };
    }),
  );
  const graded = rows.flatMap(({ learner, report }) => (report === undefined ? [] : [{ learner, report }]));
  return {
    learners: rows.map(({ learner, attempt, report }) => ({
      learner,
      attempt: attempt?.id ?? null,
      state: attempt?.state ?? null,
      percent: attempt?.percent ?? null,
      took: report?.took ?? null,
      checks:
        report === undefined
          ? []
          : checksOf(report).map(({ lab, id, outcome, points, of }) => ({ lab, check: id, outcome, points, of })),
    })),
    checks: tallies(graded),
  };
}

type Check = AttemptReport["parts"][number]["report"]["results"][number] & { readonly lab: string };

function checksOf({ parts }: AttemptReport): Check[] {
  return parts.flatMap(({ lab, report }) => report.results.map((result) => ({ ...result, lab })));
}

/** In the order of the reports. What several learners had instead stands once, the most frequent first. */
function tallies(graded: readonly Graded[]): CheckTally[] {
  const byCheck = new Map<string, { first: Check; all: { check: Check; learner: Learner }[] }>();
  for (const { learner, report } of graded)
    for (const check of checksOf(report)) {
      const key = `${check.lab}/${check.id}`;
      const tally = byCheck.get(key) ?? { first: check, all: [] };
      tally.all.push({ check, learner });
      byCheck.set(key, tally);
    }
  return [...byCheck.values()].map(({ first, all }) => ({
    lab: first.lab,
    check: first.id,
    says: first.says,
    passed: all.filter(({ check }) => check.outcome === "pass").length,
    graded: all.filter(({ check }) => check.outcome !== "broke").length,
    broke: all.filter(({ check }) => check.outcome === "broke").length,
    others: instead(all.filter(({ check }) => check.outcome !== "pass")),
  }));
}

function instead(all: readonly { readonly check: Check; readonly learner: Learner }[]): CheckTally["others"] {
  const byWords = new Map<string, string[]>();
  for (const { check, learner } of all) {
    const words = check.why ?? check.observed;
    byWords.set(words, [...(byWords.get(words) ?? []), learner.name]);
  }
  return [...byWords]
    .map(([observed, learners]) => ({ observed, learners }))
    .sort((a, b) => b.learners.length - a.learners.length);
}
