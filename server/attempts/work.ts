import type { JournalEntry, TaskWork } from "../sessions/protocol/index.ts";
import type { Focus, PartRow } from "../store/store.ts";
import { shared, type Span } from "./work-on-hosts.ts";

/** All that is known of what somebody did in an attempt. */
export interface Traces {
  /** In order; none: it was not measured. */
  readonly focus: readonly Focus[];
  /** Of the part's session. */
  readonly journal: readonly JournalEntry[];
  /** In an exam with a base: when they were on the part's host. */
  readonly onHost?: readonly Span[] | undefined;
  /** By `part/task/question`. */
  readonly answers: ReadonlyMap<string, string>;
  /** By `part/task`. */
  readonly hints: ReadonlyMap<string, number>;
  readonly flags: ReadonlySet<string>;
  /** When it was over, in milliseconds since 1970. */
  readonly until: number;
}

/**
 * What was done for each task of a part. Time is that in which the task was in front of the learner; in an exam with a
 * base, that on the task's host (where a host has several tasks: while this one was in front). Lines belong to the
 * task that was in front when they were entered; where a part has one task, all of the part's are its.
 */
export function workOf(row: PartRow, traces: Traces): TaskWork[] {
  const { part, text, touched } = row;
  const { answers, hints, flags } = traces;
  const measured = traces.focus.length > 0;
  const spans = spansOf(traces.focus, traces.until);
  const entered = linesEntered(traces.journal);
  const only = text.tasks.length === 1;
  return text.tasks.map(({ id, questions }) => {
    const key = `${part}/${id}`;
    const own = spans.filter(({ task }) => task === key);
    const worked = traces.onHost === undefined ? own : only ? traces.onHost : shared(traces.onHost, own);
    const took =
      measured || (traces.onHost !== undefined && only)
        ? worked.reduce((sum, { from, to }) => sum + to - from, 0)
        : null;
    const answered = questions.filter((question) => (answers.get(`${key}/${question.id}`) ?? "") !== "").length;
    const its = only ? entered : entered.filter(({ at }) => own.some(({ from, to }) => from <= at && at < to));
    const lines = only || measured ? its.reduce((sum, { count }) => sum + count, 0) : null;
    return {
      task: id,
      took,
      lines,
      questions: questions.length,
      answered,
      hints: hints.get(key) ?? 0,
      flagged: flags.has(key),
      tried: tried({ touched, only, took, answered, lines }),
    };
  });
}

interface Tried {
  readonly touched: boolean;
  /** Its part has no other task. */
  readonly only: boolean;
  readonly took: number | null;
  readonly answered: number;
  readonly lines: number | null;
}

/** Whoever typed while another task of the same cluster was in front may have worked on this one all the same. */
function tried({ touched, only, took, answered, lines }: Tried): boolean | null {
  if (answered > 0 || (lines ?? 0) > 0) return true;
  if (!touched) return false;
  if (only) return true;
  return took === 0 ? false : null;
}

interface TaskSpan extends Span {
  readonly task: string;
}

function spansOf(focus: readonly Focus[], until: number): TaskSpan[] {
  return focus.flatMap(({ at, task }, index) => {
    const to = Math.min(focus[index + 1]?.at ?? until, until);
    return task === null || to <= at ? [] : [{ task, from: at, to }];
  });
}

/** When lines were entered in terminals, in milliseconds since 1970, and how many at once. */
function linesEntered(journal: readonly JournalEntry[]): { readonly at: number; readonly count: number }[] {
  return journal.flatMap((entry) => {
    if (entry.kind !== "input") return [];
    const count = entry.bytes.split("\r").length - 1;
    // A world's clock follows the wall clock, in microseconds.
    return count === 0 ? [] : [{ at: entry.at / 1000, count }];
  });
}
