import type { AttemptView } from "../../../server/sessions/protocol/attempt.ts";

type Timed = Pick<AttemptView, "kind" | "startedAt" | "endsAt" | "minutes">;

export interface Reading {
  /** `06:41`, `1:06:41`, or `+00:41` in overtime. */
  readonly text: string;
  readonly words: string;
  /** `calm`, the last five minutes `soon`, past the end `over`. */
  readonly mood: "calm" | "soon" | "over";
}

const MINUTE = 60_000;
/** Before the end of an exam, in minutes, somebody is told. */
const WARNINGS = [10, 5, 1];

/** When the time is up: an exam's end, or when a lab's minutes are over (it goes on). */
export function endOf(attempt: Timed): number {
  return attempt.endsAt ?? attempt.startedAt + attempt.minutes * MINUTE;
}

/** The clock at `now`, by the server's clock in milliseconds. */
export function readClock(attempt: Timed, now: number): Reading {
  const left = endOf(attempt) - now;
  if (left <= 0 && attempt.kind === "lab") {
    const over = clockText(-left);
    return { text: `+${over}`, words: `${timeWords(-left)} over time`, mood: "over" };
  }
  // A second that has begun counts as there: the clock shows 00:00 when the time is up, not a second earlier.
  const shown = Math.max(0, Math.ceil(left / 1000) * 1000);
  const soon = shown <= 5 * MINUTE && attempt.kind === "exam" ? "soon" : shown <= MINUTE ? "soon" : "calm";
  return { text: clockText(shown), words: `${timeWords(shown)} left`, mood: soon };
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

function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const tail = `${String(minutes).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

function timeWords(ms: number): string {
  const minutes = Math.floor(ms / MINUTE);
  if (minutes >= 1) return minutes === 1 ? "1 minute" : `${minutes} minutes`;
  const seconds = Math.floor(ms / 1000);
  return seconds === 1 ? "1 second" : `${seconds} seconds`;
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
