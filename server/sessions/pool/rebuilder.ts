import type { FromWorker, JournalEntry, ToWorker } from "../protocol/index.ts";
import { APART, type Crew } from "./crew.ts";
import type { Logger } from "./logger.ts";
import { SessionError, type Viewer } from "./pool.ts";
import type { PooledWorker } from "./pooled-worker.ts";
import type { SessionLog, SessionSource } from "./session-log.ts";
import type { RebuildPlan, Session } from "./session.ts";

const WORKING = "Your cluster is being built again, with everything that you did. This takes a moment.";
const MAKING = "It is being made, and opens here by itself in a moment.";
const NOT_AGAIN = "Your cluster could not be built again.";
const KEPT = "Your answers and notes are safe, and everything that you did is kept.";

/** A session under which so many workers died within ten minutes has failed; others that may be guilty have more time. */
const MAX_DEATHS_ALONE = 5;
const MAX_DEATHS = 8;

/**
 * Builds sessions again from the log. One at a time in each worker, quiet ones first, so that a session whose rebuild
 * ends its worker is known. Such a session goes alone into a worker, then once more without its last input, then it has
 * failed. Sessions under which several workers have died lately live apart, whoever of them it was.
 */
export class Rebuilder {
  readonly #crew: Crew;
  readonly #log: SessionLog;
  readonly #logger: Logger;
  readonly #queue = new Set<Session>();

  constructor(crew: Crew, log: SessionLog, logger: Logger) {
    this.#crew = crew;
    this.#log = log;
    this.#logger = logger;
  }

  /** Queues a session that is lost and needed, or that will be. */
  want(session: Session): void {
    if (session.deaths >= (session.alone ? MAX_DEATHS_ALONE : MAX_DEATHS)) {
      this.#logger.warn({ session: session.id }, "a session ends its workers again and again");
      const why = "It was built again several times, and each time it ended soon.";
      return session.fail("failed", new SessionError("not-answering", `Your cluster does not run. ${why} ${KEPT}`));
    }
    session.state = "rebuilding";
    session.audience.interrupted(...stateOf(session));
    this.#queue.add(session);
    this.pump();
  }

  /** Somebody looks at a session that is not there yet: it comes before those that nobody waits for. */
  tell(session: Session, viewer: Viewer): void {
    viewer.rebuilding(...stateOf(session));
  }

  forget(session: Session): void {
    this.#queue.delete(session);
  }

  /** Starts what can be started: called when something is queued, a worker is free, or there is a new one. */
  pump(): void {
    const order = [...this.#queue].sort((a, b) => weight(a) - weight(b));
    for (const session of order) {
      const free = isApart(session)
        ? this.#calmBefore(session)
          ? undefined
          : this.#crew.placeAlone()
        : this.#freeFor(session);
      if (free === undefined || free.restoring !== undefined) continue;
      this.#queue.delete(session);
      void this.#start(session, free);
    }
  }

  /** A worker that has made the session's world already is worth waiting for. */
  #freeFor(session: Session): PooledWorker | undefined {
    if (session.preferred?.dead === false) return session.preferred;
    return this.#crew.place((worker) => worker.restoring === undefined);
  }

  /** Sessions that can be trusted come before those that cannot. */
  #calmBefore(session: Session): boolean {
    const under = this.#crew.all.map((worker) => worker.restoring).filter((other) => other !== undefined);
    return [...this.#queue, ...under].some((other) => other !== session && !isApart(other));
  }

  async #start(session: Session, worker: PooledWorker): Promise<void> {
    worker.restoring = session;
    worker.sessions.add(session);
    session.worker = worker;
    const source = await this.#read(session);
    if (source === undefined || worker.dead || session.state !== "rebuilding" || session.worker !== worker) {
      return this.#leave(session, worker);
    }
    if (session.made && source.snapshot === undefined) {
      session.made = false;
      session.audience.interrupted(...stateOf(session));
    }
    const left = session.plan === "without-last-input" ? lastInput(source.journal) : undefined;
    this.#logger.info({ session: session.id, worker: worker.number, plan: session.plan }, "a session is built again");
    const alone = worker.sessions.size === 1;
    worker.ask((request) => orderOf(request, session, source, left), {
      answered: (message) => {
        if (worker.restoring === session) worker.restoring = undefined;
        if (message.kind === "error") {
          worker.post({ kind: "close", session: session.id });
          this.#failed(session, worker, message.code, message.message);
        } else {
          if (message.kind === "opened") this.#opened(session, source, message);
          this.#restored(session, worker, left);
        }
        this.pump();
      },
      session,
      lost: () => {
        if (session.state === "closed") return;
        this.#next(session, nextPlan(session.plan, alone, source.journal), "It ended its worker each time.");
      },
    });
  }

  async #read(session: Session): Promise<SessionSource | undefined> {
    let source: SessionSource | undefined;
    try {
      source = await this.#log.source(session.id);
    } catch (error) {
      this.#logger.error({ session: session.id, err: error }, "a session's log cannot be read");
      const words = `What your cluster is built from cannot be read from the disk. Nothing of it is lost; try again.`;
      if (session.state === "rebuilding") session.fail("lost", new SessionError("internal", words));
      return undefined;
    }
    if (source === undefined && session.state === "rebuilding") {
      session.fail("failed", new SessionError("unknown-session", `There is no session '${session.id}'.`));
    }
    return source;
  }

  /** The rebuild was not begun: it failed, or the session or the worker went away meanwhile. */
  #leave(session: Session, worker: PooledWorker): void {
    worker.sessions.delete(session);
    if (worker.restoring === session) worker.restoring = undefined;
    if (session.state === "rebuilding" && worker.dead) this.#queue.add(session);
    this.pump();
  }

  #opened({ id }: Session, { lab, seed }: SessionSource, { snapshot }: Extract<FromWorker, { kind: "opened" }>): void {
    this.#log.opened(id, lab, seed, snapshot);
  }

  #restored(session: Session, worker: PooledWorker, left: LeftOut | undefined): void {
    // From now on the journal says what the session is.
    if (left !== undefined) this.#log.journal(session.id, left.index, [left.blank]);
    session.suspect = false;
    session.live(worker);
    if (left === undefined) return;
    const words = "Your last input made the cluster fail and was left out. Everything before it is there.";
    session.audience.tellAll((viewer) => viewer.refused("input-left-out", words));
  }

  /** The worker is well and says that it cannot. */
  #failed(session: Session, worker: PooledWorker, code: SessionError["code"], message: string): void {
    worker.sessions.delete(session);
    const again = code === "internal" && session.plan !== "without-last-input";
    this.#next(session, again ? "without-last-input" : undefined, message, code);
  }

  #next(
    session: Session,
    plan: RebuildPlan | undefined,
    why: string,
    code: SessionError["code"] = "not-answering",
  ): void {
    this.#logger.warn({ session: session.id, plan: session.plan, next: plan }, "a session could not be built again");
    session.worker = undefined;
    if (plan === undefined) {
      session.fail("failed", session.made ? new SessionError(code, `${NOT_AGAIN} ${why} ${KEPT}`) : notMade(why));
    } else {
      session.plan = plan;
      session.state = "rebuilding";
      this.#queue.add(session);
    }
  }
}

/** What a worker is told: to build it again, or to open what never was open. */
function orderOf(
  request: number,
  session: Session,
  { lab, seed, snapshot, journal, delivered }: SessionSource,
  left: LeftOut | undefined,
): ToWorker {
  const { id } = session;
  if (snapshot === undefined) return { kind: "open", request, session: id, lab, seed, urgent: session.needed };
  return {
    kind: "restore",
    request,
    session: id,
    lab,
    seed,
    snapshot: snapshot as Uint8Array<ArrayBuffer>,
    journal: left === undefined ? [...journal] : journal.with(left.index, left.blank),
    // Without an input the session prints something else from there on: all of it counts.
    delivered: left === undefined ? { ...delivered } : {},
  };
}

function stateOf({ made }: Session): ["working" | "making", string] {
  return made ? ["working", WORKING] : ["making", MAKING];
}

function notMade(why: string): SessionError {
  const words = `This task's cluster could not be made, which costs you no points. ${why} ${KEPT}`;
  return new SessionError("not-built", words);
}

interface LeftOut {
  readonly index: number;
  readonly blank: JournalEntry;
}

/** The last input, with nothing typed: the entries after it keep their numbers. */
function lastInput(journal: readonly JournalEntry[]): LeftOut | undefined {
  const index = journal.findLastIndex(
    (entry) => (entry.kind === "input" && entry.bytes !== "") || entry.kind === "api" || entry.kind === "api-frame",
  );
  const entry = journal[index];
  if (entry?.kind === "input") return { index, blank: { ...entry, bytes: "" } };
  // There is no connection 0: cutting it is nothing.
  return entry && { index, blank: { kind: "api-cut", at: entry.at, step: entry.step, connection: 0 } };
}

/** After a rebuild that ended its worker. If others were in that worker, it may have been one of them. */
function nextPlan(plan: RebuildPlan, alone: boolean, journal: readonly JournalEntry[]): RebuildPlan | undefined {
  if (plan === "without-last-input") return undefined;
  if (plan === "together" && !alone) return "alone";
  return lastInput(journal) === undefined ? undefined : "without-last-input";
}

function isApart(session: Session): boolean {
  return session.plan !== "together" || session.deaths >= APART;
}

function weight(session: Session): number {
  return (isApart(session) ? 100 : 0) + (session.needed ? 0 : 50) + session.deaths * 2 + (session.suspect ? 1 : 0);
}
