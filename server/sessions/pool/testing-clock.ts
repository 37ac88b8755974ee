import type { Clock, Timer } from "./clock.ts";

/** Until everything that does not wait for time has been done. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 20; round++) await new Promise((resolve) => setImmediate(resolve));
}

interface FakeTimer {
  readonly at: number;
  readonly action: () => void;
}

/** A clock that is moved by hand. */
export class FakeClock implements Clock {
  #now = 1_800_000_000_000;
  readonly #timers = new Set<FakeTimer>();

  get timers(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  set(action: () => void, ms: number): Timer {
    const timer = { at: this.#now + ms, action };
    this.#timers.add(timer);
    return timer;
  }

  clear(timer: Timer): void {
    this.#timers.delete(timer as FakeTimer);
  }

  clearAll(): void {
    this.#timers.clear();
  }

  /** Time goes by, timers come when they are due. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settled();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#now = Math.max(this.#now, next.at);
      this.#timers.delete(next);
      next.action();
      await settled();
    }
    this.#now = end;
  }

  /** Time goes by without anything happening: what was due meanwhile comes late. */
  async sleep(ms: number): Promise<void> {
    this.#now += ms;
    const late = [...this.#timers].filter(({ at }) => at <= this.#now).sort((a, b) => a.at - b.at);
    for (const timer of late) {
      if (this.#timers.delete(timer)) timer.action();
    }
    await settled();
  }

  #next(end: number): FakeTimer | undefined {
    return [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}
