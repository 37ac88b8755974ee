import { FromWorker, type ToWorker } from "../protocol/index.ts";
import type { Clock } from "./clock.ts";
import type { Logger } from "./logger.ts";
import type { WorkerPort } from "./port.ts";
import type { Session } from "./session.ts";
import { Watchdog } from "./watchdog.ts";

/** Something that a worker was asked and has not answered yet. Exactly one of the two is called. */
export interface Asked {
  answered(message: FromWorker): void;
  /** There will be no answer: the worker is gone, or the session was closed. */
  lost(): void;
  readonly session?: Session | undefined;
}

export interface WorkerEvents {
  message(worker: PooledWorker, message: FromWorker): void;
  /** It is gone or was ended because it did not answer; nothing comes from it any more. Whoever hears it calls `abandon`. */
  gone(worker: PooledWorker, reason: string): void;
}

/** A worker with the sessions that live in it. */
export class PooledWorker {
  readonly number: number;
  readonly sessions = new Set<Session>();
  /** The session that is built again in it: one at a time, so that it is known whose rebuild ended the worker. */
  restoring: Session | undefined;
  warm = false;
  dead = false;
  /** Bytes of heap, as of its last pong. */
  heap = 0;
  readonly #port: WorkerPort;
  readonly #events: WorkerEvents;
  readonly #logger: Logger;
  readonly #watchdog: Watchdog;
  readonly #asked = new Map<number, Asked>();
  #requests = 0;
  #ping = 0;

  constructor(number: number, port: WorkerPort, clock: Clock, logger: Logger, events: WorkerEvents) {
    this.number = number;
    this.#port = port;
    this.#events = events;
    this.#logger = logger;
    this.#watchdog = new Watchdog(clock, {
      warm: () => this.warm,
      busy: () => this.#asked.size > 0 || [...this.sessions].some((session) => session.audience.size > 0),
      ping: () => {
        this.#ping = ++this.#requests;
        this.#port.post({ kind: "ping", request: this.#ping });
      },
      hung: () => this.end("it did not answer for 5 seconds"),
    });
    port.onMessage((message) => this.#take(message));
    port.onExit((reason) => this.end(reason));
  }

  post(message: ToWorker): void {
    this.#port.post(message);
    this.#watchdog.talked();
  }

  /** Posts what `make` makes of the request's number. */
  ask(make: (request: number) => ToWorker, asked: Asked): void {
    const request = ++this.#requests;
    this.#asked.set(request, asked);
    this.post(make(request));
  }

  get asked(): number {
    return this.#asked.size;
  }

  /** Ends it, if it has not ended already. */
  end(reason: string): void {
    if (this.dead) return;
    this.dead = true;
    this.#watchdog.stop();
    this.#port.terminate();
    this.#events.gone(this, reason);
  }

  /** Tells those who still wait for an answer that none will come. */
  abandon(): void {
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const each of asked) each.lost();
  }

  /** A session was closed, or moved elsewhere. */
  forget(session: Session): void {
    this.sessions.delete(session);
    if (this.restoring === session) this.restoring = undefined;
    for (const [request, asked] of this.#asked) {
      if (asked.session !== session) continue;
      this.#asked.delete(request);
      asked.lost();
    }
  }

  #take(raw: unknown): void {
    if (this.dead) return;
    const parsed = FromWorker.safeParse(raw);
    if (!parsed.success) {
      this.#logger.error({ worker: this.number, issues: parsed.error.issues.map(({ path, code }) => ({ path, code })) }, "a worker sent a message that is none"); // prettier-ignore
      return;
    }
    const message = parsed.data;
    if (message.kind === "pong") return this.#pong(message);
    if (message.kind === "warm") this.warm = true;
    const request = "request" in message ? message.request : undefined;
    const asked = request === undefined ? undefined : this.#asked.get(request);
    if (asked === undefined) return this.#events.message(this, message);
    this.#asked.delete(request!);
    asked.answered(message);
  }

  #pong(message: Extract<FromWorker, { kind: "pong" }>): void {
    this.heap = message.heap;
    if (message.request !== this.#ping) return;
    this.#watchdog.answered();
  }
}
