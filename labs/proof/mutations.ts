import type { Lab } from "../schema/lab.ts";

/** What came of a lab's checks in one case: after a proof, or untouched. */
export interface CaseOutcome {
  /** Whether anybody says what must come of it: a solution gets all points, a wrong one what its head says. */
  readonly declared: boolean;
  /** Checks and questions that did not pass, whyever. */
  readonly failed: readonly string[];
}

/** One change to a lab that makes a check worthless: it passes whatever happens, or passes when it should fail and the other way round. */
export interface Mutation {
  readonly check: string;
  readonly how: "removed" | "inverted";
}

/**
 * Mutations of a lab's checks that its own proofs would not notice. Nothing has to run again for it: a check's outcome does
 * not depend on other checks, but for those that it needs; and if one of those is mutated, its own outcome already tells.
 */
export function unnoticed(lab: Lab, cases: readonly CaseOutcome[]): readonly Mutation[] {
  return judgedParts(lab).flatMap(({ id, needs }) => {
    const judged = cases.filter(({ declared, failed }) => declared && needs.every((need) => !failed.includes(need)));
    // Removed, it fails nowhere any more; inverted, it ends otherwise wherever it is judged.
    const changed: Readonly<Record<Mutation["how"], boolean>> = {
      removed: judged.some(({ failed }) => failed.includes(id)),
      inverted: judged.length > 0,
    };
    return (["removed", "inverted"] as const).flatMap((how) => (changed[how] ? [] : [{ check: id, how }]));
  });
}

/** Checks that pass in every case, also if nothing is done: they say nothing of what a learner did. */
export function idle(lab: Lab, cases: readonly CaseOutcome[]): readonly string[] {
  return judgedParts(lab).flatMap(({ id }) => (cases.some(({ failed }) => failed.includes(id)) ? [] : [id]));
}

/** Points that a learner gets for nothing. */
export function unearned(lab: Lab, untouched: CaseOutcome): readonly string[] {
  return judgedParts(lab).flatMap(({ id }) => (untouched.failed.includes(id) ? [] : [id]));
}

/** Checks and questions with the ids of the checks without which they are not judged. */
function judgedParts({ tasks }: Lab): { readonly id: string; readonly needs: readonly string[] }[] {
  return tasks.flatMap(({ checks, questions }) => [
    ...checks.map(({ id }) => ({ id, needs: allNeeds(id, checks) })),
    ...questions.map(({ id }) => ({ id, needs: [] })),
  ]);
}

/** What a check needs, and what that needs. */
function allNeeds(id: string, checks: Lab["tasks"][number]["checks"]): readonly string[] {
  const needs = new Set(checks.find((check) => check.id === id)?.needs);
  for (const need of needs) for (const next of checks.find((check) => check.id === need)?.needs ?? []) needs.add(next);
  return [...needs];
}
