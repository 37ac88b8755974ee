import { SessionError, type Finished, type Logger, type Sessions } from "../sessions/pool/index.ts";
import type { AttemptReport, JournalEntry, PartReport, TaskWork } from "../sessions/protocol/index.ts";
import type { AttemptRow, OwedWorld, PartRow, Store } from "../store/store.ts";
import { isBase, taskParts } from "./base.ts";
import { percentOf } from "./score.ts";
import { sessionOf } from "./session-name.ts";
import { spansOnHosts } from "./work-on-hosts.ts";
import { workOf } from "./work.ts";

export type Reason = AttemptReport["reason"];

export interface GradingTools {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly logger: Logger;
  /** The server goes down: what cannot be graded now is graded when it is back. */
  readonly stopping: () => boolean;
  /** Until what came into sessions so far is stored, if it can be. */
  readonly written: () => Promise<void>;
  /** All inputs of a session. */
  readonly journal: (session: string) => Promise<readonly JournalEntry[]>;
}

export interface GradedAttempt {
  readonly report: AttemptReport;
  /** Of final reports: worlds that are to be kept, so that they can be graded again. */
  readonly owed: readonly OwedWorld[];
}

/**
 * Grades all parts of an attempt as they are now. If a part's cluster cannot be graded: throws SessionError, except
 * when the time is up, or when that cluster could never be made. There is no later then: its points count neither for
 * nor against the learner, and the report says so.
 */
export async function gradeAttempt(
  tools: GradingTools,
  attempt: AttemptRow,
  all: readonly PartRow[],
  reason: Reason,
  at: number,
): Promise<GradedAttempt> {
  const parts = taskParts(all);
  const base = all.find(isBase);
  const [answers, hints, work] = await Promise.all([
    tools.store.answers(attempt.id),
    tools.store.hints(attempt.id),
    reason === "check" ? undefined : workOfAll(tools, attempt, parts, base, at),
  ]);
  const graded = await Promise.all(
    parts.map((part) => gradePart(tools, part, reason, answersOf(part, answers), hintsCost(part, hints))),
  );
  const reports = graded.map(({ report }, index) => ({ ...report, ...(work ? { work: work[index]! } : {}) }));
  return {
    report: {
      attempt: attempt.id,
      kind: attempt.kind,
      of: attempt.of,
      title: attempt.title,
      final: reason !== "check",
      reason,
      at,
      startedAt: attempt.startedAt,
      took: Math.max(0, at - attempt.startedAt - attempt.away),
      percent: percentOf(attempt.kind, reports),
      pass: attempt.pass,
      parts: reports,
    },
    owed: graded.flatMap(({ owed }) => (owed === undefined ? [] : [owed])),
  };
}

async function workOfAll(
  { store, journal }: GradingTools,
  { id }: AttemptRow,
  parts: readonly PartRow[],
  base: PartRow | undefined,
  until: number,
): Promise<TaskWork[][]> {
  const [focus, answers, hints, flags] = await Promise.all([
    store.focus(id),
    store.answers(id),
    store.hints(id),
    store.flags(id),
  ]);
  const onHosts = base && spansOnHosts(await journal(sessionOf(base)), focus, until);
  return Promise.all(
    parts.map(async (part) => {
      // Of an exam in which nobody logged in anywhere, only what was in front of them is known.
      const onHost = onHosts && onHosts.size > 0 ? (onHosts.get(part.part) ?? []) : undefined;
      return workOf(part, { focus, journal: await journal(sessionOf(part)), onHost, answers, hints, flags, until });
    }),
  );
}

interface GradedPart {
  readonly report: PartReport;
  readonly owed: OwedWorld | undefined;
}

async function gradePart(
  tools: GradingTools,
  part: PartRow,
  reason: Reason,
  answers: Readonly<Record<string, string>>,
  hints: number,
): Promise<GradedPart> {
  const { lab, weight, text } = part;
  const session = sessionOf(part);
  const explain = reason === "check" ? null : text.explain;
  const head = { part: part.part, lab, title: text.title, weight, ...aboutOf(text) };
  try {
    const { report, version, at } = await lastGrade(tools, session, reason, answers, hints);
    const graded = { ...head, report, explain, ...(version === undefined ? {} : { version }) };
    return { report: graded, owed: at === undefined ? undefined : { session, at } };
  } catch (error) {
    const never = error instanceof SessionError && error.code === "not-built";
    if ((reason !== "time" && !never) || tools.stopping()) throw error;
    tools.logger.error({ session, err: error }, "a part could not be graded");
    const why = error instanceof SessionError ? error.message : "something went wrong in the server";
    return { report: { ...head, report: notGraded(part, hints, why), explain }, owed: undefined };
  }
}

async function lastGrade(
  { sessions }: GradingTools,
  session: string,
  reason: Reason,
  answers: Readonly<Record<string, string>>,
  hints: number,
): Promise<Finished> {
  if (reason !== "check") return sessions.finish(session, answers, hints);
  return { report: await sessions.grade(session, answers, hints), version: undefined, at: undefined };
}

function aboutOf({ topics, version }: PartRow["text"]): Pick<PartReport, "topics" | "version"> {
  return { ...(topics ? { topics } : {}), ...(version === undefined ? {} : { version }) };
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
export function answersOf({ part }: PartRow, answers: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const prefix = `${part}/`;
  return Object.fromEntries(
    [...answers].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

function hintsCost({ part, text }: PartRow, read: ReadonlyMap<string, number>): number {
  const costs = text.tasks.flatMap((task) => task.hints.slice(0, read.get(`${part}/${task.id}`) ?? 0));
  return costs.reduce((sum, hint) => sum + hint.costs, 0);
}
