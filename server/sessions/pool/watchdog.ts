import type { Clock, Timer } from "./clock.ts";

/** How often a worker is looked at, in milliseconds. */
export const LOOK = 1000;
/** A look that comes so late says nothing about the worker. */
const LATE = 250;
/** So many looks in a row without an answer: the worker hangs. */
const PATIENCE = 5;
/** A worker that still loads its code and boots its presets answers nobody. */
const PATIENCE_WHEN_COLD = 60;

export interface Watched {
  /** Somebody would notice if the worker hung. */
  busy(): boolean;
  warm(): boolean;
  ping(): void;
  hung(): void;
}

/**
 * Finds a worker that does not answer any more. Time is counted in looks that came when they were due. One that comes
 * late does not count: this thread was held up, so the worker may have been, too. If it comes very late (the machine
 * slept), the count begins again, because the answer may be waiting behind it. There is no timer while nothing happens.
 */
export class Watchdog {
  readonly #clock: Clock;
  readonly #watched: Watched;
  #timer: Timer | undefined;
  #due = 0;
  #missed = 0;
  #asked = false;
  #talked = false;

  constructor(clock: Clock, watched: Watched) {
    this.#clock = clock;
    this.#watched = watched;
  }

  /** The worker was sent something, or got something to do. */
  talked(): void {
    this.#talked = true;
    if (this.#timer === undefined) this.#ask();
  }

  answered(): void {
    this.#asked = false;
    this.#missed = 0;
  }

  stop(): void {
    if (this.#timer !== undefined) this.#clock.clear(this.#timer);
    this.#timer = undefined;
  }

  #ask(): void {
    this.#asked = true;
    this.#talked = false;
    this.#missed = 0;
    this.#arm();
    this.#watched.ping();
  }

  #arm(): void {
    this.#due = this.#clock.now() + LOOK;
    this.#timer = this.#clock.set(() => this.#look(), LOOK);
  }

  #look(): void {
    this.#timer = undefined;
    const late = this.#clock.now() - this.#due;
    if (!this.#asked) {
      if (this.#talked || this.#watched.busy()) this.#ask();
      return;
    }
    if (late >= LOOK) this.#missed = 0;
    else if (late < LATE) this.#missed++;
    if (this.#missed >= (this.#watched.warm() ? PATIENCE : PATIENCE_WHEN_COLD)) this.#watched.hung();
    else this.#arm();
  }
}
