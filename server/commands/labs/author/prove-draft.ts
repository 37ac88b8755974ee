import { BadFile, type LabSource } from "../../../../labs/index.ts";
import type { AuthoringAnswer, LabDraft } from "../../../sessions/protocol/index.ts";
import { judge, judgementLines } from "../verify/index.ts";
import { UNTOUCHED, verifySeed, type VerifyRow } from "../verify/prove.ts";
import { unitsOf } from "../verify/units.ts";
import { located } from "./located.ts";
import { sourceOf } from "./source-of.ts";

/** Proves a draft as `labs verify` does, and tells of every case when it was played. */
export async function* proveDraft(draft: LabDraft, seeds: number): AsyncGenerator<AuthoringAnswer> {
  try {
    const source = sourceOf(draft);
    const chosen = unitsOf(source, seeds).map(({ seed }) => seed);
    yield { kind: "plan", plan: planOf(source, chosen) };
    const rows: VerifyRow[] = [];
    for (const seed of chosen)
      for await (const row of verifySeed(source, seed, seed === chosen[0])) {
        rows.push(row);
        const { id: _, ...told } = row;
        yield { kind: "row", row: { kind: "row", ...told, failed: [...row.failed], problems: [...row.problems] } };
      }
    const judgement = judge(source, rows);
    const holds = rows.every((row) => row.holds) && judgement.unnoticed.length === 0;
    yield { kind: "judged", holds, weak: judgementLines(judgement).map((line) => line.replace(/^\W*[\w-]+: /, "")) };
  } catch (error) {
    if (!(error instanceof BadFile)) throw error;
    yield { kind: "unprovable", problems: located(draft.name, error.problems) };
  }
}

function planOf(source: LabSource, seeds: readonly number[]): Extract<AuthoringAnswer, { kind: "plan" }>["plan"] {
  const { tasks } = source.place(seeds[0] ?? 1).lab;
  return {
    kind: "plan",
    checks: tasks.flatMap((task) => [
      ...task.checks.map(({ id, says, points }) => ({ id, says, points })),
      ...task.questions.map(({ id, ask, points }) => ({ id, says: ask, points })),
    ]),
    cases: seeds.flatMap((seed) => [
      { seed, case: UNTOUCHED, fails: null },
      ...source.place(seed).proofs.map(({ name, wrong }) => ({
        seed,
        case: name,
        fails: wrong ? [...wrong.fails] : null,
      })),
    ]),
  };
}
