import type { AttemptRow, PartRow, Store } from "../store/store.ts";
import { UserError } from "./errors.ts";

/** An attempt as the store has it. */
export interface Known {
  readonly attempt: AttemptRow;
  readonly parts: readonly PartRow[];
}

type Task = PartRow["text"]["tasks"][number];

/** Throws UserError if there is no such attempt. */
export async function knownAttempt(store: Store, id: string): Promise<Known> {
  const known = await store.attempt(id);
  if (known === undefined) throw new UserError("unknown-attempt", `There is no attempt '${id}'.`);
  return known;
}

/** An attempt that can be worked on. What does no work for a task may be done `evenPaused`. */
export async function attemptAtWork(store: Store, id: string, { evenPaused = false } = {}): Promise<Known> {
  const known = await knownAttempt(store, id);
  if (known.attempt.state !== "open") throw notOpen();
  if (known.attempt.pausedAt !== undefined && !evenPaused) throw paused();
  return known;
}

export function taskOf({ attempt, parts }: Known, part: number, task: string): Task {
  const found = partOf(parts, attempt.id, part).text.tasks.find((each) => each.id === task);
  if (found === undefined) throw new UserError("unknown-task", `There is no task '${task}' in part ${part}.`);
  return found;
}

export function partOf(parts: readonly PartRow[], id: string, part: number): PartRow {
  const found = parts.find((each) => each.part === part);
  if (found === undefined) throw unknownPart(id, part);
  return found;
}

export function unknownPart(id: string, part: number): UserError {
  return new UserError("unknown-part", `Attempt '${id}' has no part ${part}.`);
}

export function paused(): UserError {
  return new UserError(
    "paused",
    "This attempt is paused: its time does not run, and nothing can be done in it.",
    "It goes on when an instructor lets it.",
  );
}

export function notOpen(): UserError {
  return new UserError("not-open", "This attempt is over: nothing in it can be changed any more.");
}
