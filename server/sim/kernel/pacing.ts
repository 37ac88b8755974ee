import type { Kernel, Suspended } from "./kernel.ts";
import { SECOND, type Time } from "./time.ts";

/** Why a run ended: what it waited for has come, the limit was reached, or nothing will ever happen any more. */
export type RunEnd = "done" | "limit" | "idle";

/** After so many events others have their turn: a few milliseconds of work, mostly. */
const EVENTS_A_TURN = 8;

/**
 * Virtual pacing: the clock jumps from event to event whenever no task is runnable. Ends as soon as `done` holds at such
 * a moment, at `limit`, or when neither a task nor an event is left.
 */
export async function run(kernel: Kernel, done: () => boolean, limit: Time = Infinity): Promise<RunEnd> {
  for (let events = 1; ; events++) {
    if (events % EVENTS_A_TURN === 0) await kernel.turn();
    await kernel.drain();
    if (done()) return "done";
    if (kernel.nextEventAt === undefined) {
      kernel.advance(limit);
      return limit === Infinity ? "idle" : "limit";
    }
    if (!kernel.step(limit)) return "limit";
  }
}

/** Lets simulated time pass. */
export async function pass(kernel: Kernel, until: Time): Promise<void> {
  await run(kernel, () => false, until);
}

/** What repeats by itself goes on within this time after a leap. */
const RESUMED = 10 * SECOND;

/**
 * Lets a long span of calm pass: what is planned happens at its time; what repeats by itself (probes, resyncs) stands still
 * and has its next turn shortly before the end. A cluster gets days old in no time.
 */
export async function leap(kernel: Kernel, until: Time): Promise<void> {
  const calm = until - 2 * RESUMED;
  const suspended: Suspended[] = [];
  do {
    if (suspended.length % EVENTS_A_TURN === EVENTS_A_TURN - 1) await kernel.turn();
    await kernel.drain();
    suspended.push(kernel.suspendPeriodic());
  } while (kernel.step(calm));
  for (const part of suspended) kernel.resume(part, RESUMED);
  await pass(kernel, until);
}

/** Runs until nothing converges any more, for at most `limits.settle` of simulated time. False if that was not enough. */
export async function settle(kernel: Kernel): Promise<boolean> {
  const limit = kernel.now + kernel.limits.settle;
  const end = await run(kernel, () => !kernel.converging, limit);
  return end !== "limit" || !kernel.converging;
}

/** The real clock and timer that a wall-clock session is paced by. `now` in microseconds since 1970. */
export interface WallTimer {
  now(): Time;
  set(callback: () => void, milliseconds: number): unknown;
  clear(handle: unknown): void;
}

/**
 * Wall-clock pacing: simulated time follows the real time, with one real timer for the next event and none while the
 * world is at rest without events. Call `poke` after every input from outside.
 */
export class WallPacing {
  readonly #kernel: Kernel;
  readonly #timer: WallTimer;
  #handle: unknown;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(kernel: Kernel, timer: WallTimer) {
    this.#kernel = kernel;
    this.#timer = timer;
    kernel.onWake = () => this.poke();
  }

  /** Brings the clock up to date, lets everything due happen and plans the next wake-up. */
  poke(): void {
    this.#running ??= this.#catchUp().finally(() => (this.#running = undefined));
  }

  /** Resolves when the world has caught up with the real time. */
  async caughtUp(): Promise<void> {
    this.poke();
    await this.#running;
  }

  stop(): void {
    this.#stopped = true;
    this.#kernel.onWake = () => {};
    this.#timer.clear(this.#handle);
  }

  async #catchUp(): Promise<void> {
    this.#timer.clear(this.#handle);
    for (let events = 1; ; events++) {
      if (events % EVENTS_A_TURN === 0) await this.#kernel.turn();
      await this.#kernel.drain();
      if (this.#stopped) return;
      if (!this.#kernel.step(this.#timer.now())) break;
    }
    if (this.#kernel.runnable > 0) return this.#catchUp();
    const next = this.#kernel.nextEventAt;
    if (next === undefined) return;
    const wait = Math.min(Math.max(0, Math.ceil((next - this.#timer.now()) / 1000)), 2 ** 31 - 1);
    this.#handle = this.#timer.set(() => this.poke(), wait);
  }
}
