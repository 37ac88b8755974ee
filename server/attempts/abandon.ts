import type { Store } from "../store/store.ts";
import { UserError } from "./errors.ts";
import { attemptAtWork, notOpen } from "./known.ts";

/** Ends an attempt in the store without grading; how many parts it has. Throws UserError. */
export async function abandonAttempt(
  store: Store,
  id: string,
  by: "learner" | "instructor",
  at: number,
): Promise<number> {
  const { attempt, parts } = await attemptAtWork(store, id, { evenPaused: true });
  if (by === "learner" && attempt.assignment !== null)
    throw new UserError(
      "assigned",
      "This attempt was assigned to you: only an instructor can end it without grading.",
      "Submit it, or ask your instructor.",
    );
  if (!(await store.abandon(id, at))) throw notOpen();
  return parts.length;
}
