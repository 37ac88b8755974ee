import type { AttemptKind, PartReport } from "../sessions/protocol/index.ts";

/**
 * Of 0 to 100, rounded to one decimal. A lab's is its score of what could be had; an exam's the mean of its labs' by
 * weight. Labs of which nothing could be graded (all checks broke) don't count.
 */
export function percentOf(kind: AttemptKind, parts: readonly PartReport[]): number {
  let sum = 0;
  let weights = 0;
  for (const { report, weight } of parts) {
    if (report.of <= 0) continue;
    const share = kind === "exam" ? weight : 1;
    sum += (share * report.score) / report.of;
    weights += share;
  }
  return weights === 0 ? 0 : Math.round((1000 * sum) / weights) / 10;
}
