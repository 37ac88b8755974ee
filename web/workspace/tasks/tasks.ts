import type { AttemptReport, AttemptView, PartView, TaskView } from "../../../server/sessions/protocol/attempt.ts";

/** A task as the bar shows it, numbered over all parts from 1. */
export interface NumberedTask {
  readonly number: number;
  readonly part: PartView;
  readonly task: TaskView;
  /** `part/task`. */
  readonly key: string;
  readonly begun: boolean;
  /** What the last check found; a task of which only a check broke is `broke`. */
  readonly found: "pass" | "fail" | "broke" | undefined;
}

export function numberedTasks(view: Pick<AttemptView, "parts">, check?: AttemptReport): NumberedTask[] {
  return view.parts
    .flatMap((part) => part.tasks.map((task) => ({ part, task })))
    .map(({ part, task }, index) => ({
      number: index + 1,
      part,
      task,
      key: taskKey(part.part, task.id),
      begun: part.touched || task.hints.read.length > 0 || task.questions.some(({ given }) => isGiven(given)),
      found: foundFor(part.part, task.id, check),
    }));
}

export function taskKey(part: number, task: string): string {
  return `${part}/${task}`;
}

function foundFor(part: number, task: string, check: AttemptReport | undefined): NumberedTask["found"] {
  const results = check?.parts.find((report) => report.part === part)?.report.results ?? [];
  const outcomes = results.filter((result) => result.task === task).map(({ outcome }) => outcome);
  if (outcomes.length === 0) return undefined;
  return outcomes.includes("fail") ? "fail" : outcomes.includes("broke") ? "broke" : "pass";
}

/** A task's state in one word for its chip: the flag before all, then what the check found. */
export function chipState({ task, begun, found }: NumberedTask): {
  readonly glyph: string;
  readonly words: string;
  readonly kind: "untouched" | "begun" | "flag" | "pass" | "fail" | "broke";
} {
  if (task.flagged)
    return { glyph: "⚑", words: found ? `flagged, last check: ${OUTCOME[found]}` : "flagged", kind: "flag" };
  if (found === "pass") return { glyph: "✓", words: "passed the last check", kind: "pass" };
  if (found === "fail") return { glyph: "✗", words: "failed the last check", kind: "fail" };
  if (found === "broke") return { glyph: "?", words: "could not be checked", kind: "broke" };
  return begun ? { glyph: "•", words: "in work", kind: "begun" } : { glyph: "", words: "not begun", kind: "untouched" };
}

const OUTCOME = { pass: "passed", fail: "failed", broke: "could not be checked" } as const;

/** What somebody should know before submitting. Numbers are those of the tasks. */
export interface Unfinished {
  readonly untouched: readonly number[];
  readonly flagged: readonly number[];
  readonly unanswered: readonly { readonly number: number; readonly questions: number }[];
}

export function unfinished(tasks: readonly NumberedTask[]): Unfinished {
  const open = (task: TaskView): number => task.questions.filter(({ given }) => !isGiven(given)).length;
  return {
    untouched: tasks.filter(({ begun }) => !begun).map(({ number }) => number),
    flagged: tasks.filter(({ task }) => task.flagged).map(({ number }) => number),
    unanswered: tasks
      .map(({ number, task }) => ({ number, questions: open(task) }))
      .filter(({ questions }) => questions > 0),
  };
}

function isGiven(given: string | null): boolean {
  return given !== null && given.trim() !== "";
}

/** Hosts that a prompt sends its reader to, in the order of their naming: `ssh node01`. */
export function hostsNamed(prompt: string): string[] {
  return [...new Set([...prompt.matchAll(/`ssh ([a-z0-9][a-z0-9.-]*)`/g)].map((match) => match[1]!))];
}
