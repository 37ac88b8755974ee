import type { AttemptView } from "../../../server/sessions/protocol/attempt.ts";

type Timed = Pick<AttemptView, "kind" | "startedAt" | "endsAt" | "minutes">;

const MINUTE = 60_000;
/** Before the end of an exam, in minutes, somebody is told. */
const WARNINGS = [30, 10, 5, 1];

/** When the time is up: an exam's end, or when a lab's minutes are over (it goes on). */
export function endOf(attempt: Timed): number {
  return attempt.endsAt ?? attempt.startedAt + attempt.minutes * MINUTE;
}

/** Below so many milliseconds left the clock is marked. */
export function lastOf(attempt: Timed): number {
  return attempt.kind === "exam" ? 5 * MINUTE : MINUTE;
}

/** What is to be said when the clock has gone from `before` to `now`. */
export function warning(attempt: Timed, before: number, now: number): string | undefined {
  const end = endOf(attempt);
  if (before < end && now >= end)
    return attempt.kind === "exam"
      ? "The time is up. What is there is being graded."
      : "The time for this lab is up. You can go on.";
  if (attempt.kind !== "exam") return undefined;
  const passed = WARNINGS.filter((minutes) => before < end - minutes * MINUTE && now >= end - minutes * MINUTE);
  const least = passed.at(-1);
  return least === undefined ? undefined : `${least === 1 ? "1 minute" : `${least} minutes`} left.`;
}

/** What is said when an instructor gave so many minutes more; below 0: took them back. */
export function extraTimeText(minutes: number): string {
  const count = Math.abs(minutes);
  const words = `${count} ${count === 1 ? "minute" : "minutes"}`;
  return minutes > 0 ? `Your instructor gave you ${words} more.` : `Your instructor took ${words} of extra time back.`;
}

/** The server's clock, as told last and gone on with ours since. */
export class ServerClock {
  readonly #ours: () => number;
  #ahead = 0;
  #best = Infinity;

  /** `ours`: milliseconds that only go forward. */
  constructor(ours: () => number) {
    this.#ours = ours;
  }

  /** The server said `now` at `at` of our clock, give or take `doubt` milliseconds. */
  told(now: number, at: number, doubt: number): void {
    // A quick answer is trusted over a slow one, but not for ever: clocks drift and computers sleep.
    const ahead = now - at;
    if (doubt > this.#best && Math.abs(ahead - this.#ahead) < doubt) {
      this.#best *= 1.5;
      return;
    }
    this.#ahead = ahead;
    this.#best = doubt;
  }

  now(): number {
    return this.#ours() + this.#ahead;
  }
}
