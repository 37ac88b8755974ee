import type { FromWorker, JournalEntry, ToWorker } from "../protocol/index.ts";
import { ApiCalls } from "./api-calls.ts";
import { Audience, type Seat } from "./audience.ts";
import type { Clock } from "./clock.ts";
import type { Logger } from "./logger.ts";
import { SessionError } from "./pool.ts";
import type { PooledWorker } from "./pooled-worker.ts";
import type { SessionLog } from "./session-log.ts";
import { Unheard, type Typed } from "./unheard.ts";

/** So much may be typed into a session that is being built again. */
const MAX_HELD = 65_536;
/** Input that a worker took with it is typed again if it is no more than this: a person's, not a paste's. */
const MAX_RETYPED = 4096;
/** Deaths of a session's worker count for so long, in milliseconds. */
const MEMORY = 600_000;

/**
 * `lost`: it is in no worker; built again when it is needed. `rebuilding`: it is needed, its turn comes or is now.
 * `failed`: it could not be built again.
 */
export type SessionState = "opening" | "live" | "lost" | "rebuilding" | "failed" | "closed";

/** How the next rebuild goes: like others; in a worker of its own; and without the last input. */
export type RebuildPlan = "together" | "alone" | "without-last-input";

/** A request of a session that has an answer. */
export interface Ask {
  readonly make: (request: number) => ToWorker;
  answered(message: FromWorker): void;
  failed(error: SessionError): void;
  /** Its worker is gone. True if the session knows the answer all the same. */
  settled?(): boolean;
  /** How often it may still be asked again when its worker dies. */
  repeats: number;
}

type Held = { readonly typed: Typed; readonly again: boolean } | { readonly ask: Ask };

/** The main thread's side of a session: who looks at it, what it was sent, what waits until it is there. */
export class Session {
  readonly id: string;
  readonly audience: Audience;
  /** Its Kubernetes API, for clients outside. */
  readonly api: ApiCalls;
  readonly #unheard = new Unheard();
  state: SessionState;
  worker: PooledWorker | undefined;
  /** The worker that has made its world ahead. */
  preferred: PooledWorker | undefined;
  /** It was there before, as far as is known. */
  made = true;
  plan: RebuildPlan = "together";
  /** Nobody else was in its worker when that died. */
  alone = false;
  /** It had something to do when its worker died. */
  suspect = false;
  failure: { readonly error: SessionError; readonly at: number } | undefined;
  readonly #log: SessionLog;
  readonly #clock: Clock;
  readonly #rebuild: (session: Session) => void;
  #held: Held[] = [];
  #deaths: number[] = [];
  /** Terminals that are in the journal and were not answered yet. */
  readonly #unanswered: number[] = [];

  constructor(
    id: string,
    state: SessionState,
    tools: { log: SessionLog; clock: Clock; logger: Logger; rebuild: (session: Session) => void },
  ) {
    this.id = id;
    this.state = state;
    this.#log = tools.log;
    this.#clock = tools.clock;
    this.#rebuild = tools.rebuild;
    const flow = (kind: "pause" | "resume"): void => {
      if (this.state === "live") this.worker!.post({ kind, session: id });
    };
    const stage = {
      screens: (seat: Seat) => this.screens(seat),
      pause: () => flow("pause"),
      resume: () => flow("resume"),
      // One that is not there tells it when it is: `resumed` asks again.
      topology: (on: boolean) => {
        if (this.state === "live") this.worker!.post({ kind: "topology", session: id, on });
      },
    };
    this.audience = new Audience(stage, tools.clock, tools.logger);
    const isLive = (): boolean => this.state === "live";
    const line = {
      get live() {
        return isLive();
      },
      post: (message: ToWorker) => this.worker?.post(message),
      want: () => this.#want(),
    };
    this.api = new ApiCalls(id, line, tools.logger);
  }

  /** Somebody waits for it. */
  get needed(): boolean {
    return this.wanted || this.audience.relayed;
  }

  /** Somebody looks at it, or waits for an answer. */
  get wanted(): boolean {
    return this.audience.size > 0 || this.#held.length > 0 || this.api.waiting;
  }

  /** How many workers have died under it lately. */
  get deaths(): number {
    const since = this.#clock.now() - MEMORY;
    this.#deaths = this.#deaths.filter((at) => at >= since);
    return this.#deaths.length;
  }

  ask(ask: Ask): void {
    if (this.state === "live") this.#send(ask);
    else this.#hold({ ask });
  }

  type(typed: Typed): void {
    if (this.state === "live") return this.#type(typed, false);
    if (typed.kind === "input" && this.#heldBytes() + typed.bytes.length > MAX_HELD) {
      const words = "The cluster is being built again; what you typed now was not taken.";
      this.audience.tellAll((viewer) => viewer.refused("rebuilding", words));
    } else this.#hold({ typed, again: false });
  }

  /** Asks for a seat's screens. If the worker dies meanwhile, they are asked for after the rebuild. */
  screens(seat: Seat): void {
    if (this.state !== "live") return;
    this.#send({
      make: (request) => ({ kind: "screens", request, session: this.id }),
      answered: (message) => {
        if (message.kind === "screens") this.audience.show(seat, message.screens);
      },
      failed: ({ code, message }) => seat.viewer.refused(code, message),
      settled: () => true,
      repeats: 0,
    });
  }

  /** Takes what its worker says without being asked. */
  take(message: FromWorker): void {
    switch (message.kind) {
      case "journal":
        return this.#journal(message.from, message.entries);
      case "output":
        this.#log.output(this.id, message.terminal, message.offset, message.bytes);
        return this.audience.output(message.terminal, message.bytes);
      case "api":
        return this.api.take(message.events);
      case "topology":
        return this.audience.topology(message.topology);
      case "resized":
        return this.audience.tell((viewer) => viewer.resized(message.terminal, message.cols, message.rows));
      case "leads":
        return this.audience.tell((viewer) => viewer.leads(message.terminal, message.leadsTo));
      case "ended":
        this.#unheard.ended(message.terminal);
        return this.audience.tell((viewer) => viewer.ended(message.terminal, message.status));
      case "gone":
        return this.audience.gone(message.terminal);
      case "error":
        if (message.code === "input-too-large") this.#unheard.refused();
        return this.audience.tellAll((viewer) => viewer.refused(message.code, message.message));
      default:
    }
  }

  /** A terminal was answered. */
  opened(terminal: number): void {
    const at = this.#unanswered.indexOf(terminal);
    if (at >= 0) this.#unanswered.splice(at, 1);
  }

  /** The terminal that was opened for a request which was not answered any more. */
  openedUnanswered(): number | undefined {
    return this.#unanswered.shift();
  }

  /** Its worker is gone; requests under way are held already. `unclear`: it may have been this session's doing. */
  workerDied(unclear: boolean): void {
    this.alone = this.worker!.sessions.size === 1;
    const sent = this.#unheard.take(this.#clock.now());
    this.suspect = unclear && (sent.length > 0 || this.#held.length > 0);
    if (unclear) this.#deaths.push(this.#clock.now());
    this.state = "lost";
    this.worker = undefined;
    this.#unanswered.length = 0;
    this.#retype(sent);
    this.api.lost();
  }

  /** Somebody wants to see it although it has failed: once more, apart from others. */
  tryAgain(): void {
    this.plan = "alone";
    this.#deaths = [];
  }

  /** It is there (again): what was held goes to it. */
  live(worker: PooledWorker): void {
    this.state = "live";
    this.worker = worker;
    this.plan = "together";
    this.preferred = undefined;
    this.made = true;
    this.failure = undefined;
    this.audience.resumed();
    const held = this.#held;
    this.#held = [];
    for (const each of held) {
      if ("ask" in each) this.#send(each.ask);
      else this.#type(each.typed, each.again);
    }
    this.api.live();
  }

  /** It is not there and will not be: everybody who waits hears why. */
  fail(state: "failed" | "lost" | "closed", error: SessionError): void {
    this.state = state;
    this.worker = undefined;
    if (state === "failed") this.failure = { error, at: this.#clock.now() };
    const held = this.#held;
    this.#held = [];
    for (const each of held) if ("ask" in each) each.ask.failed(error);
    this.api.failed();
    if (state !== "closed") this.audience.interrupted("failed", error.message);
  }

  #send(ask: Ask): void {
    this.worker!.ask(ask.make, {
      answered: (message) => {
        if (message.kind === "error") ask.failed(new SessionError(message.code, message.message));
        else ask.answered(message);
      },
      session: this,
      lost: () => {
        if (ask.settled?.() === true) return;
        if (this.state === "closed") ask.failed(new SessionError("unknown-session", "The session was closed."));
        else if (ask.repeats-- > 0) this.#held.push({ ask });
        else ask.failed(new SessionError("not-answering", "The cluster did not answer, twice. It is built again."));
      },
    });
  }

  #type(typed: Typed, again: boolean): void {
    this.#unheard.add(typed, again, this.#clock.now());
    this.worker!.post(typed);
    if (typed.kind === "input") this.audience.inputSent();
  }

  #hold(held: Held): void {
    if (this.state === "failed") {
      if ("ask" in held) held.ask.failed(this.failure!.error);
      else this.audience.tellAll((viewer) => viewer.refused("failed", this.failure!.error.message));
      return;
    }
    this.#held.push(held);
    if (this.state === "lost") this.#rebuild(this);
  }

  /** A call waits for the session: it is built again if it is not. */
  #want(): void {
    if (this.state === "lost") this.#rebuild(this);
    else if (this.state === "failed" || this.state === "closed") queueMicrotask(() => this.api.failed());
  }

  #heldBytes(): number {
    return this.#held.reduce(
      (sum, held) => sum + ("typed" in held && held.typed.kind === "input" ? held.typed.bytes.length : 0),
      0,
    );
  }

  #journal(from: number, entries: readonly JournalEntry[]): void {
    this.#log.journal(this.id, from, entries);
    this.#unheard.heard(entries);
    for (const entry of entries) if (entry.kind === "open") this.#unanswered.push(entry.terminal);
  }

  /**
   * What is not in the journal has not happened in the world that is built again, so typing it again is right, unless
   * it is what ended the worker: it is done once, and not with more than a person types.
   */
  #retype(sent: readonly { readonly message: Typed; readonly again: boolean }[]): void {
    const bytes = sent.reduce((sum, { message }) => sum + (message.kind === "input" ? message.bytes.length : 0), 0);
    const safe = sent.every(({ again }) => !again) && bytes <= MAX_RETYPED;
    const typed = sent.filter(({ message }) => safe || message.kind !== "input").map(({ message }) => message);
    this.#held.unshift(...typed.map((message) => ({ typed: message, again: true })));
    if (safe || bytes === 0) return;
    const words = "What you typed last was lost with your cluster's worker: look at the screen and type it again.";
    this.audience.tellAll((viewer) => viewer.refused("input-lost", words));
  }
}
