import type { Clock, Timer } from "./clock.ts";
import type { Logger } from "./logger.ts";
import type { Spawn } from "./port.ts";
import { PooledWorker, type WorkerEvents } from "./pooled-worker.ts";

/** So many workers more than usual there may be, for sessions that end their workers. */
const MAX_EXTRA = 2;
/** Sessions with so many deaths of workers behind them live apart from others. */
export const APART = 2;

/** The workers: as many as wanted, and a spare one that is warm when another dies. They are started one after another. */
export class Crew {
  readonly #size: number;
  readonly #spawn: Spawn;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #events: WorkerEvents;
  #members: PooledWorker[] = [];
  #spare: PooledWorker | undefined;
  #numbers = 0;
  /** How many in a row died before they were warm, and why the last did. */
  #coldDeaths = 0;
  #reason = "";
  #later: Timer | undefined;
  #stopped = false;

  constructor(size: number, spawn: Spawn, clock: Clock, logger: Logger, events: WorkerEvents) {
    this.#size = Math.max(1, size);
    this.#spawn = spawn;
    this.#clock = clock;
    this.#logger = logger;
    this.#events = events;
    this.#grow();
  }

  get all(): readonly PooledWorker[] {
    return this.#spare === undefined ? this.#members : [...this.#members, this.#spare];
  }

  /** All but the spare one. */
  get members(): readonly PooledWorker[] {
    return this.#members;
  }

  /** Why there is no worker, if there is none. */
  get trouble(): string {
    return this.#reason;
  }

  /** The worker with the fewest sessions of those that fit. Warm ones are preferred, those with difficult sessions avoided. */
  place(fits: (worker: PooledWorker) => boolean = () => true): PooledWorker | undefined {
    const rank = (worker: PooledWorker): number =>
      worker.sessions.size + (worker.warm ? 0 : 0.5) + (isApart(worker) ? 10_000 : 0);
    return this.#members.filter(fits).sort((a, b) => rank(a) - rank(b))[0];
  }

  /** A worker without sessions, an additional one if there may be more. Otherwise one in which difficult ones are already. */
  placeAlone(): PooledWorker | undefined {
    const empty = this.place((worker) => worker.sessions.size === 0);
    if (empty !== undefined) return empty;
    if (this.#members.length < this.#size + MAX_EXTRA) {
      const extra = this.#spare ?? this.#start();
      this.#spare = undefined;
      this.#members.push(extra);
      this.#grow();
      return extra;
    }
    return this.place((worker) => isApart(worker) && worker.restoring === undefined);
  }

  isWarm(): void {
    this.#coldDeaths = 0;
    this.#grow();
  }

  /** It died: the spare one takes its place. */
  remove(worker: PooledWorker, reason: string): void {
    this.#members = this.#members.filter((member) => member !== worker);
    if (this.#spare === worker) this.#spare = undefined;
    if (this.#stopped) return;
    this.#reason = reason;
    if (!worker.warm) this.#coldDeaths++;
    if (this.#members.length < this.#size && this.#spare !== undefined) {
      this.#members.push(this.#spare);
      this.#spare = undefined;
    }
    this.#grow();
  }

  /** Ends a worker that was additional and is empty now. */
  retire(worker: PooledWorker): void {
    if (worker.dead || !worker.warm || worker.sessions.size > 0 || worker.asked > 0) return;
    if (this.#members.length <= this.#size) return;
    worker.end("it is not needed any more");
  }

  stop(): void {
    this.#stopped = true;
    if (this.#later !== undefined) this.#clock.clear(this.#later);
    for (const worker of this.all) worker.end("the server stops");
  }

  /** One at a time: the first must not wait for the others. Workers that die at once are started more and more slowly. */
  #grow(): void {
    if (this.#later !== undefined || this.#stopped) return;
    if (this.all.some((worker) => !worker.warm)) return;
    if (this.#members.length >= this.#size && this.#spare !== undefined) return;
    if (this.#coldDeaths > 1) {
      this.#later = this.#clock.set(
        () => {
          this.#later = undefined;
          this.#add();
        },
        Math.min(30_000, 500 * 2 ** (this.#coldDeaths - 1)),
      );
    } else this.#add();
  }

  #add(): void {
    const worker = this.#start();
    if (this.#members.length < this.#size) this.#members.push(worker);
    else this.#spare = worker;
  }

  #start(): PooledWorker {
    const number = ++this.#numbers;
    this.#logger.info({ worker: number }, "a worker starts");
    return new PooledWorker(number, this.#spawn(), this.#clock, this.#logger, this.#events);
  }
}

function isApart(worker: PooledWorker): boolean {
  return [...worker.sessions].some((session) => session.plan !== "together" || session.deaths >= APART);
}
