import { percentOf } from "../attempts/index.ts";
import type { AttemptReport, Override, PartReport } from "../sessions/protocol/index.ts";

/** An attempt's percentage with overridden points in the place of the checks' own. */
export function adjustedPercent({ kind, parts }: AttemptReport, overrides: readonly Override[]): number {
  return percentOf(
    kind,
    parts.map((part) =>
      adjusted(
        part,
        overrides.filter((override) => override.part === part.part),
      ),
    ),
  );
}

function adjusted(part: PartReport, overrides: readonly Override[]): PartReport {
  if (overrides.length === 0) return part;
  const { results, hints } = part.report;
  const points = results.map(({ task, id, points: own }) => {
    const override = overrides.find((each) => each.task === task && each.check === id);
    return override?.points ?? own;
  });
  const sum = points.reduce((total, each) => total + each, 0) - hints;
  return { ...part, report: { ...part.report, score: Math.max(0, Math.round(sum * 100) / 100) } };
}
