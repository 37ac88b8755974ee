import type { Review, ReviewSummary } from "../sessions/protocol/index.ts";

type Cell = string | number | null;

/** A list of attempts for a spreadsheet (RFC 4180). Times are ISO 8601. */
export function listCsv(reviews: readonly ReviewSummary[]): string {
  const head = ["attempt", "learner", "kind", "of", "title", "state", "started", "submitted", "percent", "failed", "comments", "overridden"]; // prettier-ignore
  return csv([
    head,
    ...reviews.map((each): Cell[] => [
      each.id,
      each.learner,
      each.kind,
      each.of,
      each.title,
      each.state,
      iso(each.startedAt),
      each.submittedAt === null ? null : iso(each.submittedAt),
      each.percent,
      each.failed,
      each.comments,
      each.overridden ? "yes" : "no",
    ]),
  ]);
}

/** The checks of a graded attempt, one line each. */
export function checksCsv({ attempt, report, overrides }: Review): string {
  const head = ["attempt", "learner", "part", "lab", "task", "check", "says", "outcome", "points", "of", "overridden", "reason", "by"]; // prettier-ignore
  const lines = (report?.parts ?? []).flatMap(({ part, lab, report: { results } }) =>
    results.map(({ task, id, says, outcome, points, of }): Cell[] => {
      const override = overrides.find((each) => each.part === part && each.task === task && each.check === id);
      const given = [override?.points ?? null, override?.reason ?? null, override?.by ?? null];
      return [attempt.id, attempt.learner, part + 1, lab, task, id, says, outcome, points, of, ...given];
    }),
  );
  return csv([head, ...lines]);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

/** With the mark that tells spreadsheets that it is UTF-8. */
function csv(lines: readonly (readonly Cell[])[]): string {
  return `\ufeff${lines.map((line) => `${line.map(cell).join(",")}\r\n`).join("")}`;
}

/** A text that a spreadsheet would take for a formula is shown as it is. */
function cell(value: Cell): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
