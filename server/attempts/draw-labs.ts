import { createHash } from "node:crypto";
import type { ExamSummary, LabSummary } from "../sessions/protocol/index.ts";

export interface ExamPart {
  readonly lab: string;
  readonly weight: number;
  readonly host?: string | undefined;
}

/**
 * The labs of an attempt at an exam: those that it names, and behind them those that it draws. Labs whose main topic (their
 * first) is asked for come before those that only touch it, so that an exam has the topics of its blueprint. The same seed
 * and the same labs give the same exam.
 */
export function drawLabs(exam: ExamSummary, labs: readonly LabSummary[], seed: number): ExamPart[] {
  const parts: ExamPart[] = exam.labs.map(({ lab, weight, host }) => ({ lab, weight, host }));
  for (const { topics, level, count, weight } of exam.draw) {
    const taken = new Set(parts.map(({ lab }) => lab));
    const fitting = labs.filter(
      (lab) =>
        !taken.has(lab.id) &&
        (level === undefined || lab.level === level) &&
        lab.topics.some((topic) => topics.includes(topic)),
    );
    // By a number of its own, a lab that is added to the library moves none of the others.
    const shuffled = fitting
      .map(({ id, topics: [main = ""] }) => {
        const place = createHash("sha256").update(`${seed}/${exam.id}/${id}`).digest("hex");
        return { id, place: `${topics.includes(main) ? 0 : 1}${place}` };
      })
      .sort((a, b) => (a.place < b.place ? -1 : 1));
    parts.push(...shuffled.slice(0, count).map(({ id }) => ({ lab: id, weight })));
  }
  return parts;
}
