import type { Time } from "./time.ts";

/** Something that will happen: plain data, so that a snapshot holds it. `kind` names its handler, `owner/what`. */
export interface TimerEvent {
  readonly id: number;
  readonly at: Time;
  readonly kind: string;
  readonly args: unknown;
  /** A periodic event (a probe that found no change, a cron job, a program's sleep) is nothing that `settle` waits for. */
  readonly periodic: boolean;
}

/** A periodic event that waits for the world to change; `at` is when it would have been due. */
export interface RestingEvent extends TimerEvent {
  readonly period: number;
  /** The area of the state that must change, and its generation so far. */
  readonly area: string;
  readonly seen: number;
}

/** Events by time, and by id where the time is the same: a binary heap. Cancelled events stay in it until they surface. */
export class EventQueue {
  #heap: TimerEvent[];
  readonly #pending: Map<number, TimerEvent>;

  constructor(events: readonly TimerEvent[] = []) {
    this.#heap = [...events].sort(compare); // a sorted array is a heap
    this.#pending = new Map(events.map((event) => [event.id, event]));
  }

  get size(): number {
    return this.#pending.size;
  }

  add(event: TimerEvent): void {
    this.#pending.set(event.id, event);
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (compare(heap[parent]!, event) <= 0) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = event;
  }

  /** False if the event has happened or was cancelled before. */
  cancel(id: number): boolean {
    return this.#pending.delete(id);
  }

  peek(): TimerEvent | undefined {
    while (this.#heap.length > 0 && !this.#pending.has(this.#heap[0]!.id)) this.#removeFirst();
    return this.#heap[0];
  }

  pop(): TimerEvent | undefined {
    const first = this.peek();
    if (first) {
      this.#removeFirst();
      this.#pending.delete(first.id);
    }
    return first;
  }

  some(test: (event: TimerEvent) => boolean): boolean {
    for (const event of this.#pending.values()) if (test(event)) return true;
    return false;
  }

  /** Takes events out; they may come back under their ids. */
  take(test: (event: TimerEvent) => boolean): TimerEvent[] {
    const all = this.list();
    const taken = all.filter(test);
    if (taken.length === 0) return taken;
    for (const { id } of taken) this.#pending.delete(id);
    this.#heap = all.filter((event) => !test(event));
    return taken;
  }

  /** All events, soonest first. */
  list(): TimerEvent[] {
    return [...this.#pending.values()].sort(compare);
  }

  #removeFirst(): TimerEvent {
    const heap = this.#heap;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) {
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && compare(heap[child + 1]!, heap[child]!) < 0) child++;
        if (compare(last, heap[child]!) <= 0) break;
        heap[at] = heap[child]!;
        at = child;
      }
      heap[at] = last;
    }
    return first;
  }
}

function compare(a: TimerEvent, b: TimerEvent): number {
  return a.at - b.at || a.id - b.id;
}
