import { examEntry, labEntry, type ExamEntry, type LabEntry } from "../../../labs/index.ts";
import type { Chosen } from "./catalogue.ts";

/** Rows of `labs list --json` (CONTRACT.md). */
export function labRows({ labs }: Chosen): Omit<LabEntry, "summary">[] {
  return labs.map((source) => {
    const { id, title, topics, level, minutes, points, tasks } = labEntry(source);
    return { id, title, topics, level, minutes, points, tasks };
  });
}

/** Rows of `labs list --exams --json`. */
export function examRows({ exams, labs }: Chosen): ExamEntry[] {
  const known = new Map(labs.map(labEntry).map((lab) => [lab.id, lab]));
  return exams.map((source) => examEntry(source, known));
}

/** Labs, and behind them exams, for people to read: a line each. */
export function listing(chosen: Chosen): string[] {
  const [labs, exams] = [labRows(chosen), examRows(chosen)];
  const width = Math.max(...[...labs, ...exams].map(({ id }) => id.length));
  return [
    ...labs.map(({ id, title, level, minutes, points, topics }) =>
      [
        id.padEnd(width),
        level.padEnd(6),
        `${minutes} min`.padStart(7),
        `${points} points`.padStart(9),
        `${title} (${topics.join(", ")})`,
      ].join("  "),
    ),
    ...(labs.length > 0 && exams.length > 0 ? [""] : []),
    ...exams.map(({ id, title, minutes, pass, labs: parts, draw }) =>
      [
        id.padEnd(width),
        "exam".padEnd(6),
        `${minutes} min`.padStart(7),
        `pass ${pass} %`.padStart(9),
        `${title} (${shares(parts, draw)})`,
      ].join("  "),
    ),
  ];
}

/** `node-network 25 %, lost-endpoints 75 %` */
function shares(parts: ExamEntry["labs"], draw: ExamEntry["draw"]): string {
  const drawn = draw.map(({ topics, level, count, weight }) => ({
    name: `${count} of ${level === undefined ? "" : `${level} `}${topics.join("/")}`,
    weight: count * weight,
  }));
  const all = [...parts.map(({ lab, weight }) => ({ name: lab, weight })), ...drawn];
  const whole = all.reduce((sum, { weight }) => sum + weight, 0);
  return all.map(({ name, weight }) => `${name} ${Math.round((100 * weight) / whole)} %`).join(", ");
}
