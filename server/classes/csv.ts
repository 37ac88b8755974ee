import type { AssignmentResults } from "../sessions/protocol/index.ts";

/** A row a learner, a column a check (RFC 4180, with the mark that tells spreadsheets that it is UTF-8). */
export function toCsv({ learners, checks }: AssignmentResults): string {
  const keys = checks.map(({ lab, check }) => `${lab}/${check}`);
  const head = ["learner", "state", "percent", "minutes", ...keys];
  const rows = learners.map((row) => {
    const outcomes = new Map(row.checks.map(({ lab, check, outcome }) => [`${lab}/${check}`, outcome]));
    return [
      row.learner.name,
      row.state ?? "not started",
      row.percent === null ? "" : String(Math.round(row.percent * 100) / 100),
      row.took === null ? "" : String(Math.round(row.took / 6000) / 10),
      ...keys.map((key) => outcomes.get(key) ?? ""),
    ];
  });
  return `\ufeff${[head, ...rows].map((row) => row.map(field).join(",")).join("\r\n")}\r\n`;
}

/** A spreadsheet takes what begins so for a formula: an apostrophe makes text of it. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
