import {
  baseOrder,
  type AttemptSummary,
  type AttemptView,
  type ClockChange,
  type PartView,
  type TaskView,
} from "../sessions/protocol/index.ts";
import { isBase, taskParts } from "./base.ts";
import type { AttemptRow, PartRow } from "../store/store.ts";

/** What a learner has done in an attempt, with keys as in the store. */
export interface Work {
  readonly answers: ReadonlyMap<string, string>;
  readonly flags: ReadonlySet<string>;
  readonly hints: ReadonlyMap<string, number>;
  /** What instructors did with its clock. */
  readonly changes: readonly ClockChange[];
}

/**
 * The start of an open attempt is moved by the time in which the server was away, so that a clock which counts from it
 * shows worked time, as the end is moved by it too.
 */
export function summary(row: AttemptRow): AttemptSummary {
  const { id, kind, of, title, state, endsAt, submittedAt, percent } = row;
  const startedAt = state === "graded" ? row.startedAt : row.startedAt + row.away;
  const paused = row.pausedAt === undefined || state !== "open" ? {} : { pausedAt: row.pausedAt };
  return { id, kind, of, title, state, startedAt, endsAt, submittedAt, percent, ...paused };
}

/** The attempt as its learner may see it: without explanations, with no hint that was not read, and with none in an exam. */
export function attemptView(row: AttemptRow, parts: readonly PartRow[], work: Work, now: number): AttemptView {
  const base = parts.find(isBase);
  const order = base && baseOrder(base.lab);
  const extraMinutes = minutesGiven(work.changes);
  return {
    ...summary(row),
    now,
    minutes: row.minutes,
    pass: row.pass,
    notes: row.notes,
    ...(extraMinutes === 0 ? {} : { extraMinutes }),
    ...(row.assignment === null ? {} : { assigned: true as const }),
    parts: taskParts(parts).map((part) => {
      const ssh = order?.hosts[part.part]?.host;
      return {
        ...partView(row.kind === "exam" ? withoutHints(part) : part, work),
        ...(ssh === undefined ? {} : { ssh }),
      };
    }),
    ...(base && order ? { base: { part: base.part, host: order.host, user: order.user } } : {}),
  };
}

/** Minutes of extra time that an attempt has now. */
export function minutesGiven(changes: readonly ClockChange[]): number {
  return changes.reduce((sum, { minutes }) => sum + (minutes ?? 0), 0);
}

/** An exam has none. */
function withoutHints({ text, ...part }: PartRow): PartRow {
  return { ...part, text: { ...text, tasks: text.tasks.map((task) => ({ ...task, hints: [] })) } };
}

function partView({ part, lab, weight, text, touched }: PartRow, work: Work): PartView {
  const { title, level, minutes, host, user } = text;
  const tasks = text.tasks.map((task) => taskView(part, task, work));
  return { part, lab, title, level, minutes, weight, host, user, touched, docs: text.docs ?? [], tasks };
}

function taskView(part: number, task: PartRow["text"]["tasks"][number], work: Work): TaskView {
  const key = `${part}/${task.id}`;
  const read = work.hints.get(key) ?? 0;
  const next = task.hints[read];
  return {
    id: task.id,
    points: task.points,
    prompt: task.prompt,
    questions: task.questions.map((question) => ({
      ...question,
      given: work.answers.get(`${key}/${question.id}`) ?? null,
    })),
    hints: {
      read: task.hints.slice(0, read).map((hint) => hint.text),
      total: task.hints.length,
      next: next === undefined ? null : { costs: next.costs },
    },
    flagged: work.flags.has(key),
  };
}
