const ALLOWED = 3;
const WITHIN = 1000;

/** Counts frames that make no sense. Three within a second are no accident. */
export class BadFrames {
  #times: number[] = [];

  /** Notes one at this time (milliseconds). */
  isTooMany(now: number): boolean {
    this.#times = [...this.#times.filter((time) => now - time < WITHIN), now];
    return this.#times.length >= ALLOWED;
  }
}
