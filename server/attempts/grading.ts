import { SessionError, type Logger, type Sessions } from "../sessions/pool/index.ts";
import type { AttemptReport, PartReport } from "../sessions/protocol/index.ts";
import type { AttemptRow, PartRow, Store } from "../store/store.ts";
import { percentOf } from "./score.ts";
import { sessionOf } from "./session-name.ts";

export type Reason = AttemptReport["reason"];

export interface GradingTools {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly logger: Logger;
  /** The server goes down: what cannot be graded now is graded when it is back. */
  readonly stopping: () => boolean;
}

/**
 * Grades all parts of an attempt as they are now. If a part's cluster cannot be graded: throws SessionError, except
 * when the time is up, or when that cluster could never be made. There is no later then: its points count neither for
 * nor against the learner, and the report says so.
 */
export async function gradeAttempt(
  tools: GradingTools,
  attempt: AttemptRow,
  parts: readonly PartRow[],
  reason: Reason,
  at: number,
): Promise<AttemptReport> {
  const answers = await tools.store.answers(attempt.id);
  const hints = await tools.store.hints(attempt.id);
  const graded = await Promise.all(
    parts.map((part) => gradePart(tools, part, reason, answersOf(part, answers), hintsCost(part, hints))),
  );
  return {
    attempt: attempt.id,
    kind: attempt.kind,
    of: attempt.of,
    title: attempt.title,
    final: reason !== "check",
    reason,
    at,
    startedAt: attempt.startedAt,
    took: Math.max(0, at - attempt.startedAt - attempt.away),
    percent: percentOf(attempt.kind, graded),
    pass: attempt.pass,
    parts: graded,
  };
}

async function gradePart(
  tools: GradingTools,
  part: PartRow,
  reason: Reason,
  answers: Readonly<Record<string, string>>,
  hints: number,
): Promise<PartReport> {
  const { lab, weight, text } = part;
  const explain = reason === "check" ? null : text.explain;
  const head = { part: part.part, lab, title: text.title, weight };
  try {
    return { ...head, report: await tools.sessions.grade(sessionOf(part), answers, hints), explain };
  } catch (error) {
    const never = error instanceof SessionError && error.code === "not-built";
    if ((reason !== "time" && !never) || tools.stopping()) throw error;
    tools.logger.error({ session: sessionOf(part), err: error }, "a part could not be graded");
    const why = error instanceof SessionError ? error.message : "something went wrong in the server";
    return { ...head, report: notGraded(part, hints, why), explain };
  }
}

function notGraded({ lab, seed, text }: PartRow, hints: number, why: string): PartReport["report"] {
  const results = text.tasks.map((task) => ({
    id: `${task.id}/cluster`,
    task: task.id,
    outcome: "broke" as const,
    points: 0,
    of: task.points,
    says: "The cluster can be graded",
    expected: "a cluster that answers",
    observed: why,
    evidence: [],
  }));
  return { lab, title: text.title, seed, score: 0, of: 0, hints, settled: false, results };
}

/** The part's answers by `task/question`. */
function answersOf({ part }: PartRow, answers: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const prefix = `${part}/`;
  return Object.fromEntries(
    [...answers].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

function hintsCost({ part, text }: PartRow, read: ReadonlyMap<string, number>): number {
  const costs = text.tasks.flatMap((task) => task.hints.slice(0, read.get(`${part}/${task.id}`) ?? 0));
  return costs.reduce((sum, hint) => sum + hint.costs, 0);
}
