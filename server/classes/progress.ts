import type { Attempts } from "../attempts/index.ts";
import type {
  AssignmentProgress,
  AttemptReport,
  Learner,
  LearnerAttempt,
  TaskProgress,
} from "../sessions/protocol/index.ts";
import type { AttemptRow, OpenStore, PartRow } from "../store/index.ts";

type Tools = {
  readonly store: Pick<OpenStore, "attempt" | "report" | "lastTyped">;
  readonly attempts: Pick<Attempts, "typed">;
};

/** Attempts as they were read last, by id. Whoever hears that one has changed takes it out. */
export type ProgressCache = Map<string, LearnerAttempt>;

/** Each learner's newest attempt. `made` has the newest first. */
export async function progressOf(
  tools: Tools,
  learners: readonly Learner[],
  made: readonly AttemptRow[],
  cache: ProgressCache,
): Promise<AssignmentProgress["rows"]> {
  return Promise.all(
    learners.map(async (learner) => {
      const row = made.find(({ owner }) => owner === learner.id);
      return { learner, attempt: row === undefined ? null : await attemptOf(tools, row, cache) };
    }),
  );
}

async function attemptOf({ store, attempts }: Tools, row: AttemptRow, cache: ProgressCache): Promise<LearnerAttempt> {
  const known = cache.get(row.id);
  if (known !== undefined) return known;
  const which = row.state === "graded" ? "final" : "check";
  // What was typed before the server was started is in the journal only.
  const typed = attempts.typed(row.id) ?? (row.state === "open" ? store.lastTyped(row.id) : undefined);
  const [found, report, last] = await Promise.all([store.attempt(row.id), store.report(row.id, which), typed]);
  const { id, state, startedAt, endsAt, percent } = row;
  const attempt = {
    id,
    state,
    startedAt,
    endsAt,
    percent,
    typed: last ?? null,
    checkedAt: report?.at ?? null,
    tasks: (found?.parts ?? []).flatMap((part) => tasksOf(part, report)),
  };
  cache.set(id, attempt);
  return attempt;
}

function tasksOf({ part, text }: PartRow, report: AttemptReport | undefined): TaskProgress[] {
  const results = report?.parts.find((each) => each.part === part)?.report.results;
  return text.tasks.map((task) => {
    if (results === undefined) return { part, task: task.id, points: null, of: task.points };
    const own = results.filter((result) => result.task === task.id);
    const sum = (key: "points" | "of"): number => own.reduce((total, result) => total + result[key], 0);
    // Checks that broke count for neither.
    return { part, task: task.id, points: sum("points"), of: own.length === 0 ? task.points : sum("of") };
  });
}
