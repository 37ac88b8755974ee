import type { Clock, Timer } from "../sessions/pool/index.ts";

/** How often it is noted that the server is there, in milliseconds. */
const BEAT = 1000;
/** So long without a beat means that the machine slept: that time is nobody's. */
const ASLEEP = 10_000;

export interface Beats {
  /** Notes that the server is there. */
  alive(at: number): void;
  /** The server was not there for so many milliseconds; all ends have been moved by it. */
  asleep(by: number): void;
  /** The time of an attempt is up. */
  ended(id: string): void;
}

/** The clocks of open attempts: a beat every second while there are any, and one timer for the nearest end. */
export class Clockwork {
  readonly #clock: Clock;
  readonly #beats: Beats;
  readonly #ends = new Map<string, number | null>();
  #beat: Timer | undefined;
  #last = 0;
  #end: Timer | undefined;

  constructor(clock: Clock, beats: Beats) {
    this.#clock = clock;
    this.#beats = beats;
  }

  /** An attempt is open (again), until `endsAt`. */
  add(id: string, endsAt: number | null): void {
    this.#ends.set(id, endsAt);
    this.#armEnd();
    if (this.#beat !== undefined) return;
    this.#last = this.#clock.now();
    this.#armBeat();
  }

  remove(id: string): void {
    if (!this.#ends.delete(id)) return;
    this.#armEnd();
    if (this.#ends.size === 0) this.stop();
  }

  stop(): void {
    for (const timer of [this.#beat, this.#end]) if (timer !== undefined) this.#clock.clear(timer);
    this.#beat = undefined;
    this.#end = undefined;
  }

  #armBeat(): void {
    this.#beat = this.#clock.set(() => {
      this.#noticeSleep();
      this.#beats.alive(this.#last);
      this.#armBeat();
    }, BEAT);
  }

  #noticeSleep(): void {
    const now = this.#clock.now();
    const by = now - this.#last;
    this.#last = now;
    if (by < ASLEEP) return;
    for (const [id, endsAt] of this.#ends) if (endsAt !== null) this.#ends.set(id, endsAt + by);
    this.#armEnd();
    this.#beats.asleep(by);
  }

  #armEnd(): void {
    if (this.#end !== undefined) this.#clock.clear(this.#end);
    this.#end = undefined;
    const ends = [...this.#ends.values()].filter((end) => end !== null);
    if (ends.length === 0) return;
    this.#end = this.#clock.set(() => this.#due(), Math.max(0, Math.min(...ends) - this.#clock.now()));
  }

  #due(): void {
    this.#end = undefined;
    if (this.#clock.now() - this.#last >= ASLEEP) this.#noticeSleep();
    const now = this.#clock.now();
    const due = [...this.#ends].filter(([, end]) => end !== null && end <= now).map(([id]) => id);
    for (const id of due) this.#ends.delete(id);
    this.#armEnd();
    for (const id of due) this.#beats.ended(id);
    if (this.#ends.size === 0) this.stop();
  }
}
