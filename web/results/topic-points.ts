import type { AttemptReport } from "../../server/sessions/protocol/index.ts";

/** What was had of a topic: points of a lab; of an exam percents of the whole. */
export interface TopicPoints {
  readonly topic: string;
  readonly points: number;
  readonly of: number;
}

/** By topic, those first of which most was lost. A lab counts for each of its topics. */
export function topicPoints({ kind, parts }: Pick<AttemptReport, "kind" | "parts">): TopicPoints[] {
  const graded = parts.filter(({ report }) => report.of > 0);
  const weights = graded.reduce((sum, { weight }) => sum + weight, 0);
  const found = new Map<string, { points: number; of: number }>();
  for (const { weight, report, topics = [] } of graded) {
    const of = kind === "exam" ? (100 * weight) / weights : report.of;
    const points = (of * report.score) / report.of;
    for (const topic of topics) {
      const known = found.get(topic) ?? { points: 0, of: 0 };
      found.set(topic, { points: known.points + points, of: known.of + of });
    }
  }
  const lost = ({ points, of }: TopicPoints): number => of - points;
  return [...found].map(([topic, sums]) => ({ topic, ...sums })).toSorted((a, b) => lost(b) - lost(a));
}
