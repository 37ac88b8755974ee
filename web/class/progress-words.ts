import type { LearnerAttempt, TaskProgress } from "../../server/sessions/protocol/index.ts";
import { percentText } from "../ui/score.tsx";
import { agoText } from "../ui/times.ts";

/** Who has typed nothing for so long may be stuck. */
export const STUCK = 10 * 60_000;

/** How a task stands, for its look and in words. */
export function taskState({ points, of }: TaskProgress): {
  readonly state: "none" | "pass" | "part" | "fail";
  readonly text: string;
  readonly words: string;
} {
  if (points === null) return { state: "none", text: "·", words: "not checked" };
  if (of === 0) return { state: "none", text: "–", words: "not counted: it could not be judged" };
  const text = `${round(points)}/${round(of)}`;
  const state = points >= of ? "pass" : points > 0 ? "part" : "fail";
  return { state, text, words: `${round(points)} of ${round(of)} points` };
}

/** What a learner got; of what could not be judged at all there is nothing to tell. */
export function scoreText(attempt: LearnerAttempt | null): string {
  if (attempt === null || attempt.percent === null) return "";
  return attempt.tasks.length > 0 && attempt.tasks.every(({ of }) => of === 0) ? "–" : percentText(attempt.percent);
}

function round(points: number): number {
  return Math.round(points * 100) / 100;
}

/** Where a learner is: what they did last, and whether that is long ago. `now` is the server's. */
export function whereText(
  attempt: LearnerAttempt | null,
  now: number,
): { readonly text: string; readonly stuck: boolean } {
  if (attempt === null) return { text: "not started", stuck: false };
  if (attempt.state === "grading") return { text: "is being graded", stuck: false };
  if (attempt.state === "graded") return { text: "submitted", stuck: false };
  if (attempt.state === "abandoned") return { text: "given up", stuck: false };
  const parts = new Set(attempt.tasks.map(({ part }) => part)).size;
  const { typed } = attempt;
  const quiet = now - (typed?.at ?? attempt.startedAt);
  if (typed === null) return { text: `typed nothing yet, started ${agoText(quiet)}`, stuck: quiet >= STUCK };
  const where = parts > 1 ? `lab ${typed.part + 1}, ` : "";
  return { text: `${where}typed ${agoText(quiet)}`, stuck: quiet >= STUCK };
}
