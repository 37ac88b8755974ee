import type { AttemptReport, Catalogue } from "../../server/sessions/protocol/index.ts";
import { topicPoints } from "./topic-points.ts";

type Lab = Catalogue["labs"][number];

export interface NextLab {
  readonly lab: Lab;
  /** The topic for which it is named: points were lost there, or this result was about it. */
  readonly topic: string;
  readonly lost: boolean;
}

const LEVELS = { easy: 0, medium: 1, hard: 2 } as const;

/**
 * Labs to try next: those about topics in which points were lost, most lost first; if none were, those about the same
 * topics. Labs that were done with all points before are left out, and so are those of this report.
 */
export function nextLabs(report: AttemptReport, labs: readonly Lab[], most = 3): NextLab[] {
  const topics = topicPoints(report);
  const weak = topics.filter(({ points, of }) => points < of);
  const wanted = weak.length > 0 ? weak : topics;
  const share = new Map(wanted.map(({ topic, points, of }) => [topic, weak.length > 0 ? (of - points) / of : 1]));
  const worth = (lab: Lab): number => lab.topics.reduce((sum, topic) => sum + (share.get(topic) ?? 0), 0);
  const graded = new Set(report.parts.map(({ lab }) => lab));
  return labs
    .filter((lab) => !graded.has(lab.id) && (lab.best ?? 0) < 100 && worth(lab) > 0)
    .toSorted(
      (a, b) =>
        worth(b) - worth(a) || a.attempts - b.attempts || LEVELS[a.level] - LEVELS[b.level] || a.minutes - b.minutes,
    )
    .slice(0, most)
    .map((lab) => ({
      lab,
      topic: wanted.find(({ topic }) => lab.topics.includes(topic))!.topic,
      lost: weak.length > 0,
    }));
}
