import { EventQueue, type RestingEvent, type TimerEvent } from "./events.ts";
import { Journal } from "./journal.ts";
import { LIMITS, type Limits } from "./limits.ts";
import { MemoryLedger } from "./memory-ledger.ts";
import { Random } from "./random.ts";
import { State, type SharedRows, type StateSnapshot } from "./state.ts";
import { MINUTE, type Duration, type Time } from "./time.ts";

export interface KernelOptions {
  readonly seed: number;
  readonly now: Time;
  /** Lets the JavaScript event loop turn once (`setImmediate`). Handed in, because the simulation touches no real timer. */
  readonly turn: () => Promise<void>;
  readonly limits?: Limits;
}

/** A kernel as JSON. It holds no programs: those do not survive a snapshot (DESIGN.md, law 5). */
export interface KernelSnapshot {
  readonly format: 1;
  readonly seed: number;
  readonly now: Time;
  readonly steps: number;
  readonly nextEvent: number;
  readonly events: readonly TimerEvent[];
  readonly resting: readonly RestingEvent[];
  readonly state: StateSnapshot;
}

/** A wait that somebody else may end: `abort` makes the promise reject, unless it has settled. */
export interface Blocked<T> {
  readonly promise: Promise<T>;
  abort(reason: unknown): void;
}

/** Ends a wait; further calls do nothing. */
export type Wake<T> = (value: T) => void;

const WAKE = "kernel/wake";

/** So many tasks begin before the thread's others have their turn: a few milliseconds of work. */
const STARTS_A_TURN = 16;

/** Periodic events that stand still, and since when. */
export interface Suspended {
  readonly at: Time;
  readonly events: readonly TimerEvent[];
}

/**
 * Time, events, tasks and state of one world.
 *
 * Tasks are the async functions of running programs. A task is runnable until it waits with `block`; everything else that
 * it awaits must come from the kernel too. So `runnable === 0` means that nothing happens before the next event, and only
 * then may the clock move. Pacing (pacing.ts) decides how it moves.
 */
export class Kernel {
  readonly state: State;
  readonly random: Random;
  readonly limits: Limits;
  readonly journal: Journal;
  /** What running programs hold. */
  readonly memory: MemoryLedger;
  readonly turn: () => Promise<void>;
  readonly #seed: number;
  readonly #queue: EventQueue;
  readonly #resting = new Map<number, RestingEvent>();
  /** How many of them rest on an area: most writes concern none. */
  readonly #restingOn = new Map<string, number>();
  readonly #handlers = new Map<string, (args: never, event: TimerEvent) => void>();
  readonly #unmade: (() => void)[] = [];
  readonly #sleepers = new Map<number, Wake<void>>();
  /** Real work in the order in which it began, and what lets go on who waits for it. */
  readonly #busy: { readonly work: Promise<unknown>; release(): void }[] = [];
  #now: Time;
  #nextEvent: number;
  #runnable = 0;
  /** How many tasks have begun since the last turn, and those that begin in the next ones. */
  #begun = 0;
  #starting: (() => void)[] = [];
  /** Interpreter steps that programs of this world have taken: the cursor of the journal. */
  steps: number;
  /** Called when a task becomes runnable while the world was at rest; a wall clock starts to run then. */
  onWake: () => void = () => {};

  constructor(
    options: KernelOptions,
    from?: {
      state: State;
      events: readonly TimerEvent[];
      resting: readonly RestingEvent[];
      nextEvent: number;
      steps: number;
    },
  ) {
    this.#seed = options.seed;
    this.#now = options.now;
    this.turn = options.turn;
    this.limits = options.limits ?? LIMITS;
    this.state = from?.state ?? new State();
    this.memory = new MemoryLedger(this.limits.memoryTotal);
    this.#queue = new EventQueue(from?.events);
    this.#nextEvent = from?.nextEvent ?? 1;
    this.steps = from?.steps ?? 0;
    this.random = new Random(options.seed, this.state.table("kernel/random", { quiet: true }));
    this.journal = new Journal(() => ({ at: this.#now, step: this.steps }));
    for (const event of from?.resting ?? []) this.#rest(event);
    this.state.onChange = (areas) => {
      if (this.#restingOn.size === 0) return;
      for (const area of areas) if (this.#restingOn.has(area)) return this.#wakeResting();
    };
    this.handle(WAKE, (_, event) => this.#wake(event.id));
  }

  get now(): Time {
    return this.#now;
  }

  get seed(): number {
    return this.#seed;
  }

  // Events

  /** Names what happens when an event of this kind is due. Handlers are code, events are data: restore and fork bind them anew. */
  handle<Args>(kind: string, handler: (args: Args, event: TimerEvent) => void): void {
    if (this.#handlers.has(kind)) throw new Error(`two handlers for events of kind ${kind}`);
    this.#handlers.set(kind, handler);
  }

  /** `make` is called once, when an event comes that nobody handles yet: its handlers may belong to what was not needed before. */
  handleLater(make: () => void): void {
    this.#unmade.push(make);
  }

  #handler(kind: string): (args: never, event: TimerEvent) => void {
    while (!this.#handlers.has(kind)) {
      const make = this.#unmade.shift();
      if (!make) throw new Error(`no handler for events of kind ${kind}`);
      make();
    }
    return this.#handlers.get(kind)!;
  }

  /** Plans an event; returns its id. `args` must be plain data. A time that is no number is a bug of the caller: it throws. */
  at(time: Time, kind: string, args: unknown, options: { periodic?: boolean } = {}): number {
    if (Number.isNaN(time)) throw new RangeError(`an event of kind ${kind} at a time that is no number`);
    const id = this.#nextEvent++;
    this.#queue.add({ id, at: Math.max(Math.round(time), this.#now), kind, args, periodic: options.periodic ?? false });
    return id;
  }

  after(delay: Duration, kind: string, args: unknown, options: { periodic?: boolean } = {}): number {
    return this.at(this.#now + delay, kind, args, options);
  }

  cancel(id: number): boolean {
    return this.#riseUp(id) || this.#queue.cancel(id);
  }

  /**
   * Plans the next turn of something that looks every `period` at the world and has just found it as it was. It rests until
   * something in the world changes, or in an area of its state, and then has its turn when it would have had it anyway: an
   * idle world runs no timer.
   */
  rest(period: Duration, kind: string, args: unknown, area = ""): number {
    if (!(period > 0)) throw new RangeError(`an event of kind ${kind} every ${period} microseconds`);
    const id = this.#nextEvent++;
    const at = this.#now + Math.round(period);
    const seen = this.state.generation(area);
    this.#rest({ id, at, kind, args, periodic: true, period: Math.round(period), area, seen });
    return id;
  }

  #rest(event: RestingEvent): void {
    this.#resting.set(event.id, event);
    this.#restingOn.set(event.area, (this.#restingOn.get(event.area) ?? 0) + 1);
  }

  #riseUp(id: number): boolean {
    const event = this.#resting.get(id);
    if (!event) return false;
    const others = this.#restingOn.get(event.area)! - 1;
    if (others > 0) this.#restingOn.set(event.area, others);
    else this.#restingOn.delete(event.area);
    return this.#resting.delete(id);
  }

  #wakeResting(): void {
    let woken = false;
    for (const { period, area, seen, ...event } of this.#resting.values()) {
      if (this.state.generation(area) === seen) continue;
      this.#riseUp(event.id);
      const missed = Math.max(0, Math.ceil((this.#now - event.at) / period));
      this.#queue.add({ ...event, at: event.at + missed * period });
      woken = true;
    }
    if (woken && this.#runnable === 0) this.onWake();
  }

  get nextEventAt(): Time | undefined {
    return this.#queue.peek()?.at;
  }

  events(): readonly TimerEvent[] {
    return this.#queue.list();
  }

  /** True if something is under way that will end soon: a runnable task, or an event of a rollout, a pull, a short back-off. */
  get converging(): boolean {
    if (this.#runnable > 0) return true;
    return this.#queue.some((event) => !event.periodic && event.at <= this.#now + MINUTE);
  }

  /** Moves the clock to the next event, at most to `limit`, and lets it happen. False if there was none by then. */
  step(limit: Time = Infinity): boolean {
    const next = this.#queue.peek();
    if (!next || next.at > limit) {
      this.advance(limit);
      return false;
    }
    this.#queue.pop();
    this.#now = next.at;
    this.#handler(next.kind)(next.args as never, next);
    return true;
  }

  /** Takes what repeats by itself out of the queue; `resume` puts it back with what was left of its wait, at most `wait`. */
  suspendPeriodic(): Suspended {
    return { at: this.#now, events: this.#queue.take((event) => event.periodic && event.kind !== WAKE) };
  }

  resume({ at, events }: Suspended, wait: Duration): void {
    for (const event of events) this.#queue.add({ ...event, at: this.#now + Math.min(event.at - at, wait) });
  }

  /** Moves the clock forward where no event is due before. */
  advance(to: Time): void {
    if (to !== Infinity && to > this.#now) this.#now = Math.round(to);
  }

  // Tasks

  get runnable(): number {
    return this.#runnable;
  }

  /**
   * Runs a task. It must not reject: who starts it handles its end. Of many that are started at once (each by the one
   * before, perhaps) only some begin in a turn of the event loop. That is counted, not measured: it is always the same.
   */
  start(task: () => Promise<void>): void {
    this.#enter();
    const begin = (): void => void task().finally(() => this.#runnable--);
    if (this.#begun++ < STARTS_A_TURN) begin();
    else this.#starting.push(begin);
  }

  #beginMore(): void {
    const begin = this.#starting.slice(0, STARTS_A_TURN);
    this.#begun = this.#starting.length;
    this.#starting = this.#starting.slice(STARTS_A_TURN);
    for (const each of begin) each();
  }

  /**
   * Makes the calling task wait until `register`'s argument is called. `register` may return what undoes the
   * registration; it is called however the wait ends.
   */
  block<T>(register: (wake: Wake<T>) => (() => void) | void): Blocked<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    let open = true;
    let undo: (() => void) | void;
    const end = (): boolean => {
      if (!open) return false;
      open = false;
      undo?.();
      this.#enter();
      return true;
    };
    this.#runnable--;
    try {
      undo = register((value) => {
        if (end()) resolve(value);
      });
    } catch (error) {
      // It does not wait after all.
      open = false;
      this.#runnable++;
      throw error;
    }
    if (!open) undo?.();
    return { promise, abort: (reason) => void (end() && reject(reason)) };
  }

  /** Calls `wake` after a span of simulated time, unless the returned function was called before. For running programs only. */
  timer(span: Duration, wake: Wake<void>): () => void {
    const id = this.after(span, WAKE, null, { periodic: true });
    this.#sleepers.set(id, wake);
    return () => {
      this.#sleepers.delete(id);
      this.cancel(id);
    };
  }

  /**
   * Awaits real work (a lazily loaded module, a filter worker). Simulated time stands still meanwhile. Who waits for it goes
   * on when everybody else is at rest, and in the order in which the work began: how long it really takes changes nothing.
   */
  async busy<T>(work: Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#busy.push({ work, release: resolve });
    await promise;
    return work;
  }

  /** Lets runnable tasks run until none is left. */
  async drain(): Promise<void> {
    while (this.#runnable > 0) {
      await this.turn();
      if (this.#begun > 0) this.#beginMore();
      // All that still run wait for real work: the others have come as far as they can.
      if (this.#runnable === 0 || this.#busy.length < this.#runnable) continue;
      const { work, release } = this.#busy.shift()!;
      await work.catch(() => {});
      release();
    }
  }

  #enter(): void {
    if (this.#runnable++ === 0) this.onWake();
  }

  #wake(id: number): void {
    this.#sleepers.get(id)?.();
  }

  // Copies

  /** A kernel with the same state and events that goes its own way, with another seed from there on if one is given. Running programs stay behind. */
  fork({ seed = this.#seed }: { readonly seed?: number } = {}): Kernel {
    return new Kernel(
      { seed, now: this.#now, turn: this.turn, limits: this.limits },
      {
        state: this.state.fork(),
        events: this.#lasting(),
        resting: [...this.#resting.values()],
        nextEvent: this.#nextEvent,
        steps: this.steps,
      },
    );
  }

  snapshot(): KernelSnapshot {
    return {
      format: 1,
      seed: this.#seed,
      now: this.#now,
      steps: this.steps,
      nextEvent: this.#nextEvent,
      events: this.#lasting(),
      resting: [...this.#resting.values()],
      state: this.state.snapshot(),
    };
  }

  static restore(
    snapshot: KernelSnapshot,
    options: Pick<KernelOptions, "turn" | "limits">,
    shared: (name: string) => SharedRows,
  ): Kernel {
    if (snapshot.format !== 1)
      throw new Error(`snapshot format ${String(snapshot.format)}: this Drydock reads format 1`);
    const { seed, now, events, resting, nextEvent, steps } = snapshot;
    const state = State.restore(snapshot.state, shared);
    return new Kernel({ ...options, seed, now }, { state, events, resting, nextEvent, steps });
  }

  /** Events without those that wake programs. */
  #lasting(): TimerEvent[] {
    return this.#queue.list().filter((event) => event.kind !== WAKE);
  }
}
