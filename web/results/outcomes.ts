import type { CheckResult } from "../../grader/result.ts";
import type { IconName } from "../ui/index.ts";

type Outcome = CheckResult["outcome"];

/** How an outcome is shown: a glyph and a word besides the colour of its name. */
export const outcomes: Readonly<Record<Outcome, { readonly glyph: IconName; readonly word: string }>> = {
  pass: { glyph: "pass", word: "passed" },
  fail: { glyph: "fail", word: "failed" },
  broke: { glyph: "broke", word: "not counted" },
};

/** Checks of one task, in the order of the report. */
export interface TaskResults {
  readonly task: string;
  readonly points: number;
  readonly of: number;
  readonly results: readonly CheckResult[];
}

/** The checks of a report by task. Points of broken checks count nowhere. */
export function byTask(results: readonly CheckResult[]): TaskResults[] {
  return [...Map.groupBy(results, ({ task }) => task)].map(([task, its]) => {
    const counted = its.filter(({ outcome }) => outcome !== "broke");
    const sum = (key: "points" | "of"): number => counted.reduce((total, result) => total + result[key], 0);
    return { task, points: sum("points"), of: sum("of"), results: its };
  });
}

/** What the checks found, in words: `4 checks passed, 1 failed, 1 not counted`. */
export function countWords(results: readonly CheckResult[]): string {
  const count = (outcome: Outcome): number => results.filter((result) => result.outcome === outcome).length;
  const [passed, failed, broke] = [count("pass"), count("fail"), count("broke")];
  const rest = [failed > 0 ? `${failed} failed` : "", broke > 0 ? `${broke} not counted` : ""].filter(Boolean);
  if (rest.length === 0) return passed === 1 ? "The check passed" : `All ${passed} checks passed`;
  return [`${passed} check${passed === 1 ? "" : "s"} passed`, ...rest].join(", ");
}
