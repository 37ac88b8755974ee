import type { AttemptRow } from "../store/store.ts";

/** Whose a new attempt is, and what an assignment makes of it. */
export interface Terms {
  /** Id of an account, or `local`. */
  readonly owner: string;
  readonly assignment?: {
    readonly id: string;
    /** How long it takes at most; null: as the lab or exam itself says. */
    readonly minutes: number | null;
    /** Minutes that this learner has more, where there is a limit. */
    readonly extra: number;
    /** Milliseconds since 1970: whatever is there then is graded. */
    readonly closesAt: number | null;
  };
}

export const LOCAL_TERMS: Terms = { owner: "local" };

/** The attempt as its terms have it: whichever end comes first ends it. */
export function onTerms(attempt: AttemptRow, { owner, assignment }: Terms): AttemptRow {
  if (assignment === undefined) return { ...attempt, owner };
  const limited = assignment.minutes !== null || attempt.endsAt !== null;
  const minutes = limited ? (assignment.minutes ?? attempt.minutes) + assignment.extra : attempt.minutes;
  const ends = [limited ? attempt.startedAt + minutes * 60_000 : null, assignment.closesAt].filter(
    (end) => end !== null,
  );
  const endsAt = ends.length === 0 ? null : Math.min(...ends);
  return { ...attempt, owner, assignment: assignment.id, minutes, endsAt };
}
