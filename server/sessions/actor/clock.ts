import { MILLISECOND, type Kernel, type Time, type WallTimer } from "../../sim/kernel/index.ts";

/** What a clock drives: inputs that wait to take effect, and who hears that something may have happened. */
export interface Driven {
  /** Since when (wall clock) an input has been waiting that can take effect; undefined if there is none. */
  readonly waitingSince: Time | undefined;
  /** Lets the next input take effect. */
  apply(): void;
  /** Programs have come to rest once more; what they printed may be sent. */
  rested(): void;
  /** The simulation threw: a bug of ours. */
  failed(error: unknown): void;
}

/** So long the world may hold the thread before others have their turn. */
const SLICE = 4 * MILLISECOND;
/** An input waits so long for a world that is behind the wall clock. */
const PATIENCE = 8 * MILLISECOND;

/** What a real timer can wait for, in milliseconds: 24 days. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Wall-clock time of a session: simulated time follows the real one, with one real timer for the next event and none while
 * nothing is planned.
 *
 * Inputs take effect only in moments of calm: no program is runnable and all that is due has happened. Between two of them
 * everything that the first one set going comes to rest. So an input's simulated time alone says where it belongs, and a
 * session can be played again from its journal; how quickly the machine was and when output was held up do not matter.
 */
export class SessionClock {
  readonly #kernel: Kernel;
  readonly #wall: WallTimer;
  readonly #driven: Driven;
  #timer: unknown;
  #running = false;
  #paused = false;
  #closed = false;
  /** How far the world was ahead of the wall clock when it was handed over. */
  #ahead = 0;
  #turnedAt: Time = 0;

  constructor(kernel: Kernel, wall: WallTimer, driven: Driven) {
    this.#kernel = kernel;
    this.#wall = wall;
    this.#driven = driven;
  }

  /** Nothing happens before its timer is due or something comes in. */
  get resting(): boolean {
    return !this.#running;
  }

  /** Brings the world to `at` as quickly as it can, for a replay: then an input that took effect there may do so again. */
  async replay(at: Time): Promise<void> {
    const kernel = this.#kernel;
    for (;;) {
      await this.#rest();
      if (this.#closed || kernel.nextEventAt === undefined || kernel.nextEventAt > at) break;
      this.#step(at);
    }
    kernel.advance(at);
  }

  /** Goes on as quickly as it can, for as long as there is an event at a time that `wants` it. */
  async replayOn(wants: (next: Time) => boolean): Promise<void> {
    const kernel = this.#kernel;
    for (;;) {
      await this.#rest();
      const next = kernel.nextEventAt;
      if (this.#closed || next === undefined || !wants(next)) return;
      this.#step(next);
    }
  }

  /** From here on the world follows the wall clock. */
  start(): void {
    this.#ahead = Math.max(0, this.#kernel.now - this.#wall.now());
    this.#kernel.onWake = () => this.poke();
    this.poke();
  }

  /** Simulated time stands still as soon as all programs wait for something, until `resume` or an input. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.poke();
  }

  /** Something has changed: an input waits, or time must be caught up with. */
  poke(): void {
    if (this.#running || this.#closed) return;
    this.#running = true;
    this.#wall.clear(this.#timer);
    void this.#run().finally(() => (this.#running = false));
  }

  close(): void {
    this.#closed = true;
    this.#wall.clear(this.#timer);
    this.#kernel.onWake = () => {};
  }

  async #run(): Promise<void> {
    const kernel = this.#kernel;
    const driven = this.#driven;
    for (;;) {
      await this.#rest();
      if (this.#closed) return;
      const calm = kernel.nextEventAt === undefined || kernel.nextEventAt > kernel.now;
      const { waitingSince } = driven;
      if (calm && waitingSince !== undefined && this.#wall.now() - waitingSince > PATIENCE) driven.apply();
      else if (calm && this.#paused) return;
      else if (!this.#step(Math.max(kernel.now, this.#wall.now() + this.#ahead))) {
        if (waitingSince === undefined) break;
        driven.apply();
      }
    }
    if (kernel.runnable > 0 || kernel.nextEventAt === undefined) return;
    const wait = Math.ceil((kernel.nextEventAt - this.#wall.now() - this.#ahead) / 1000);
    // `sleep infinity` is no reason to wake up.
    if (wait <= LONGEST_TIMER) this.#timer = this.#wall.set(() => this.poke(), Math.max(0, wait));
  }

  #step(limit: Time): boolean {
    try {
      return this.#kernel.step(limit);
    } catch (error) {
      this.#driven.failed(error);
      return true;
    }
  }

  /** Lets all programs come to rest, and others have their turn. */
  async #rest(): Promise<void> {
    const kernel = this.#kernel;
    if (kernel.runnable > 0) {
      await kernel.drain();
      this.#turnedAt = this.#wall.now();
    } else if (this.#wall.now() - this.#turnedAt > SLICE) {
      await kernel.turn();
      this.#turnedAt = this.#wall.now();
    }
    if (!this.#closed) this.#driven.rested();
  }
}
