import type { Report } from "../../../grader/result.ts";
import type { ApiPort, FromWorker, KeptWorld, LabCatalogue, LabText, ToWorker } from "../protocol/index.ts";
import type { Clock } from "./clock.ts";
import { Ahead } from "./ahead.ts";
import { Crew } from "./crew.ts";
import { Lines } from "./lines.ts";
import type { Logger } from "./logger.ts";
import {
  SessionError,
  type Building,
  type Finished,
  type KeptAgain,
  type Over,
  type Sessions,
  type View,
  type Viewer,
} from "./pool.ts";
import type { Spawn } from "./port.ts";
import type { PooledWorker } from "./pooled-worker.ts";
import { Rebuilder } from "./rebuilder.ts";
import type { SessionLog } from "./session-log.ts";
import { Session, type SessionState } from "./session.ts";

/** A session that failed is tried again when somebody looks at it after so many milliseconds. */
const TRY_AGAIN = 30_000;

export interface PoolOptions {
  /** How many workers there are usually, besides the spare one. */
  readonly workers: number;
  readonly spawn: Spawn;
  readonly log: SessionLog;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function createSessions(options: PoolOptions): Sessions {
  return new Pool(options);
}

class Pool implements Sessions {
  readonly #options: PoolOptions;
  readonly #crew: Crew;
  readonly #ahead: Ahead;
  readonly #rebuilder: Rebuilder;
  readonly #sessions = new Map<string, Session>();
  readonly #closed = new Set<string>();
  readonly #lines: Lines;
  #stopped = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    const { workers, spawn, clock, logger, log } = options;
    this.#crew = new Crew(workers, spawn, clock, logger, {
      message: (worker, message) => this.#take(worker, message),
      gone: (worker, reason) => this.#gone(worker, reason),
    });
    this.#ahead = new Ahead(this.#crew);
    this.#rebuilder = new Rebuilder(this.#crew, log, logger);
    this.#lines = new Lines({ find: (id) => this.#find(id), log });
  }

  async catalogue(): Promise<LabCatalogue> {
    const answer = await this.#askAnyone((request) => ({ kind: "catalogue", request }));
    if (answer.kind !== "catalogue") throw unexpected(answer);
    return answer.catalogue;
  }

  async open(id: string, lab: string, seed: number): Promise<{ text: LabText; snapshot: Uint8Array }> {
    if (this.#sessions.has(id) || this.#closed.has(id)) throw new SessionError("internal", `'${id}' exists already.`);
    const session = this.#add(id, "opening");
    try {
      const answer = await this.#askAnyone(
        (request) => ({ kind: "open", request, session: id, lab, seed, urgent: true }),
        { opening: session, preferred: this.#ahead.take(lab, seed) },
      );
      if (answer.kind !== "opened") throw unexpected(answer);
      if (session.state === "closed") throw new SessionError("unknown-session", "The session was closed.");
      return { text: answer.lab, snapshot: answer.snapshot };
    } catch (error) {
      this.close(id);
      throw error;
    }
  }

  async text(lab: string, seed: number): Promise<LabText> {
    const preferred = this.#ahead.of(lab, seed);
    const answer = await this.#askAnyone((request) => ({ kind: "place", request, lab, seed }), { preferred });
    if (answer.kind !== "placed") throw unexpected(answer);
    return answer.lab;
  }

  build(sessions: readonly Building[]): void {
    for (const { session: id, lab, seed } of sessions) {
      if (this.#sessions.has(id) || this.#closed.has(id) || this.#stopped) continue;
      const session = this.#add(id, "lost");
      session.preferred = this.#ahead.take(lab, seed);
      session.made = false;
      this.#rebuilder.want(session);
    }
  }

  prepare(labs: readonly { readonly lab: string; readonly seed: number }[]): void {
    this.#ahead.prepare(labs);
  }

  view(id: string, viewer: Viewer): View {
    const session = this.#find(id);
    const seat = session.audience.add(viewer);
    if (session.state === "live") session.screens(seat);
    else if (session.state === "rebuilding") this.#rebuilder.tell(session, viewer);
    else if (session.state === "lost") this.#rebuilder.want(session);
    else if (session.state === "failed") this.#viewFailed(session, viewer);
    return {
      drawn: (terminal, bytes) => session.audience.drawn(seat, terminal, bytes),
      topology: (on) => session.audience.wantTopology(seat, on),
      end: () => session.audience.remove(seat),
    };
  }

  terminal(id: string, cols: number, rows: number): Promise<number> {
    const session = this.#find(id);
    return new Promise((resolve, reject) => {
      session.ask({
        make: (request) => ({ kind: "terminal", request, session: id, cols, rows }),
        answered: (message) => {
          if (message.kind !== "terminal") return reject(unexpected(message));
          const { terminal, host, user } = message;
          session.opened(terminal);
          session.audience.tell((viewer) => viewer.opened(terminal, host, user, cols, rows));
          resolve(terminal);
        },
        failed: reject,
        settled: () => {
          const terminal = session.openedUnanswered();
          if (terminal !== undefined) resolve(terminal);
          return terminal !== undefined;
        },
        repeats: 1,
      });
    });
  }

  input(session: string, terminal: number, bytes: string): void {
    this.#find(session).type({ kind: "input", session, terminal, bytes });
  }

  resize(session: string, terminal: number, cols: number, rows: number): void {
    this.#find(session).type({ kind: "resize", session, terminal, cols, rows });
  }

  hangUp(session: string, terminal: number): void {
    this.#find(session).type({ kind: "hang-up", session, terminal });
  }

  async grade(id: string, answers: Readonly<Record<string, string>>, hints: number): Promise<Report> {
    return (await this.#grade(id, answers, hints, false)).report;
  }

  finish(id: string, answers: Readonly<Record<string, string>>, hints: number): Promise<Finished> {
    return this.#grade(id, answers, hints, true);
  }

  async regrade(
    lab: string,
    seed: number,
    kept: KeptWorld,
    answers: Readonly<Record<string, string>>,
    hints: Readonly<Record<string, number>>,
  ): Promise<{ report: Report; text: LabText }> {
    const answer = await this.#askAnyone((request) => ({
      kind: "regrade",
      request,
      lab,
      seed,
      kept,
      answers: { ...answers },
      hints: { ...hints },
    }));
    if (answer.kind !== "regraded") throw unexpected(answer);
    return { report: answer.report, text: answer.lab };
  }

  #grade(id: string, answers: Readonly<Record<string, string>>, hints: number, keep: boolean): Promise<Finished> {
    const session = this.#find(id);
    return new Promise((resolve, reject) => {
      session.ask({
        make: (request) => ({ kind: "grade", request, session: id, answers: { ...answers }, hints, keep }),
        answered: (message) => {
          if (message.kind !== "graded") return reject(unexpected(message));
          resolve({ report: message.report, version: message.version, at: message.at });
        },
        failed: reject,
        repeats: 1,
      });
    });
  }

  keep(id: string): Promise<KeptWorld> {
    const session = this.#find(id);
    return new Promise((resolve, reject) => {
      session.ask({
        make: (request) => ({ kind: "keep", request, session: id }),
        answered: (message) => (message.kind === "kept" ? resolve(message.kept) : reject(unexpected(message))),
        failed: reject,
        // A session that is built again has gone on since it was graded.
        repeats: 0,
      });
    });
  }

  async keepAgain({ lab, seed, snapshot, journal, at, answers, hints }: Over): Promise<KeptAgain> {
    const answer = await this.#askAnyone((request) => ({
      kind: "keep-again",
      request,
      lab,
      seed,
      snapshot: new Uint8Array(snapshot),
      journal: [...journal],
      at,
      answers: { ...answers },
      hints,
    }));
    if (answer.kind !== "kept" || answer.again === undefined) throw unexpected(answer);
    return { kept: answer.kept, ...answer.again };
  }

  api(id: string): ApiPort {
    // Found anew with each call: meanwhile it may have been closed.
    return { call: (asked, hear) => this.#find(id).api.call(asked, hear) };
  }

  async reset(id: string, change: () => Promise<void>): Promise<void> {
    const worker = this.#find(id).worker;
    this.close(id);
    this.#closed.delete(id);
    const session = this.#add(id, "opening");
    try {
      if (worker !== undefined && !worker.dead) await this.#emptied(worker);
      await change();
    } finally {
      if (session.state === "opening") {
        session.state = "lost";
        if (session.needed) this.#rebuilder.want(session);
      }
    }
  }

  /** All that a worker has posted so far has arrived: an answer comes behind it. */
  #emptied(worker: PooledWorker): Promise<void> {
    return new Promise((resolve) =>
      worker.ask((request) => ({ kind: "catalogue", request }), { answered: () => resolve(), lost: resolve }),
    );
  }

  async unload(ids: readonly string[]): Promise<boolean> {
    const all = ids.flatMap((id) => this.#sessions.get(id) ?? []);
    const there = all.filter(({ state }) => state === "live");
    // What is being made or built again is about to be needed.
    if (all.some(({ state }) => state === "opening" || state === "rebuilding")) return false;
    const rests = await Promise.all(there.map(async (session) => !session.wanted && (await this.#rests(session))));
    if (this.#stopped || rests.includes(false)) return false;
    if (there.some((session) => session.state !== "live" || session.wanted)) return false;
    for (const session of there) {
      const worker = session.worker!;
      this.#sessions.delete(session.id);
      worker.forget(session);
      worker.post({ kind: "close", session: session.id });
      this.#crew.retire(worker);
    }
    this.#lines.unloaded(ids);
    return true;
  }

  /** Whether everybody in a session waits for what is typed. */
  #rests(session: Session): Promise<boolean> {
    return new Promise((resolve) =>
      session.ask({
        make: (request) => ({ kind: "rests", request, session: session.id }),
        answered: (message) => resolve(message.kind === "rests" && message.rests),
        failed: () => resolve(false),
        settled: () => (resolve(false), true),
        repeats: 0,
      }),
    );
  }

  close(id: string): void {
    this.#closed.add(id);
    this.#lines.ended(id, "The session was closed.");
    const session = this.#sessions.get(id);
    if (session === undefined) return;
    this.#sessions.delete(id);
    this.#rebuilder.forget(session);
    const { worker } = session;
    session.fail("closed", new SessionError("unknown-session", "The session was closed."));
    if (worker === undefined || worker.dead) return;
    worker.forget(session);
    worker.post({ kind: "close", session: id });
    this.#crew.retire(worker);
    this.#rebuilder.pump();
  }

  health(): ReturnType<Sessions["health"]> {
    return this.#crew.all.map(({ number, warm, sessions, heap }) => ({
      worker: number,
      warm,
      sessions: sessions.size,
      heap,
    }));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#crew.stop();
    const error = new SessionError("internal", "The server is stopping. Everything is kept; go on when it is back.");
    for (const session of this.#sessions.values()) session.fail("lost", error);
    this.#sessions.clear();
    await Promise.resolve();
  }

  /** A session that is not known was opened before the server started; whether the log knows it is seen when it is used. */
  #find(id: string): Session {
    if (this.#stopped) throw new SessionError("internal", "The server is stopping.");
    const session = this.#sessions.get(id);
    if (session !== undefined) return session;
    if (this.#closed.has(id)) throw new SessionError("unknown-session", "The session was closed.");
    return this.#add(id, "lost");
  }

  #add(id: string, state: SessionState): Session {
    const { log, clock, logger } = this.#options;
    const rebuild = (lost: Session): void => this.#rebuilder.want(lost);
    const session = new Session(id, state, { log, clock, logger, rebuild });
    this.#sessions.set(id, session);
    return session;
  }

  #viewFailed(session: Session, viewer: Viewer): void {
    const { error, at } = session.failure!;
    if (this.#options.clock.now() - at < TRY_AGAIN) return viewer.rebuilding("failed", error.message);
    session.tryAgain();
    this.#rebuilder.want(session);
  }

  /** Asks the preferred worker, or whichever has the fewest sessions; `opening` is placed there. Another one is asked if that one dies. */
  #askAnyone(
    make: (request: number) => ToWorker,
    { opening, preferred }: { readonly opening?: Session; readonly preferred?: PooledWorker | undefined } = {},
  ): Promise<FromWorker> {
    return new Promise((resolve, reject) => {
      const ask = (repeats: number): void => {
        const willing = preferred?.dead === false ? preferred : undefined;
        const worker = this.#stopped ? undefined : (willing ?? this.#crew.place());
        if (worker === undefined) {
          const why = this.#stopped ? "The server is stopping." : `No worker runs: ${this.#crew.trouble}.`;
          return reject(new SessionError("not-answering", why));
        }
        if (opening !== undefined) {
          opening.worker = worker;
          worker.sessions.add(opening);
        }
        worker.ask(make, {
          answered: (message) => {
            if (message.kind === "error") return reject(new SessionError(message.code, message.message));
            if (opening?.state === "opening") opening.live(worker);
            resolve(message);
          },
          session: opening,
          lost: () => {
            if (opening?.state !== "closed" && repeats > 0) ask(repeats - 1);
            else reject(new SessionError("not-answering", "The worker ended, twice."));
          },
        });
      };
      ask(1);
    });
  }

  #take(worker: PooledWorker, message: FromWorker): void {
    if (message.kind === "warm") {
      this.#crew.isWarm();
      return this.#rebuilder.pump();
    }
    const id = "session" in message ? message.session : undefined;
    const session = id === undefined ? undefined : this.#sessions.get(id);
    if (session !== undefined && session.worker === worker) {
      session.take(message);
      if (message.kind === "line") this.#lines.call(session, message.line, message.call);
      else this.#lines.heard(session, message);
    } else if (message.kind === "error") {
      this.#options.logger.error({ worker: worker.number, code: message.code }, message.message);
    }
  }

  #gone(worker: PooledWorker, reason: string): void {
    const { logger } = this.#options;
    this.#crew.remove(worker, reason);
    if (this.#stopped) return worker.abandon();
    logger.warn({ worker: worker.number, sessions: worker.sessions.size, reason }, "a worker is gone");
    const { restoring } = worker;
    worker.abandon();
    // One that is being opened has been placed elsewhere, one that was being restored has been queued.
    const died = [...worker.sessions].filter((session) => session.worker === worker && session.state === "live");
    for (const session of died) {
      session.workerDied(restoring === undefined);
      if (session.needed) this.#rebuilder.want(session);
    }
    for (const session of died) this.#lines.broken(session.id);
    this.#rebuilder.pump();
  }
}

function unexpected(message: FromWorker): SessionError {
  return new SessionError("internal", `A worker answered with '${message.kind}'.`);
}
