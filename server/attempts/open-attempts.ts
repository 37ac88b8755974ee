import type { Clock, Logger } from "../sessions/pool/index.ts";
import type { AttemptRow, Store } from "../store/store.ts";
import { isBase } from "./base.ts";
import type { Clockwork } from "./clockwork.ts";
import { userError } from "./failures.ts";
import type { Focuses } from "./focus.ts";
import { knownAttempt, notOpen, unknownPart, type Known } from "./known.ts";
import type { Listeners } from "./listeners.ts";
import { sessionOf } from "./session-name.ts";

/** An attempt that can be worked on: what must be known without asking the store. */
export interface Open {
  readonly owner: string;
  readonly assignment: string | null;
  readonly kind: AttemptRow["kind"];
  readonly parts: number;
  /** The part that is its base. */
  readonly base: number | undefined;
  readonly touched: Set<number>;
  /** `part/task`. */
  readonly tasks: ReadonlySet<string>;
  paused: boolean;
  typed: { readonly at: number; readonly part: number } | undefined;
}

export interface OpenAttemptsTools {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly listeners: Listeners;
  readonly focuses: Focuses;
  readonly clockwork: Clockwork;
}

/** The attempts that can be worked on, with their clocks. */
export class OpenAttempts {
  readonly #tools: OpenAttemptsTools;
  readonly #open = new Map<string, Open>();

  constructor(tools: OpenAttemptsTools) {
    this.#tools = tools;
  }

  get size(): number {
    return this.#open.size;
  }

  get ids(): readonly string[] {
    return [...this.#open.keys()];
  }

  get(id: string): Open | undefined {
    return this.#open.get(id);
  }

  /** It can be worked on from now on. */
  add({ attempt, parts }: Known): void {
    const { focuses, clockwork } = this.#tools;
    const touched = new Set(parts.filter((part) => part.touched).map(({ part }) => part));
    const tasks = new Set(parts.flatMap(({ part, text }) => text.tasks.map((task) => `${part}/${task.id}`)));
    const stands = attempt.pausedAt !== undefined;
    this.#open.set(attempt.id, {
      owner: attempt.owner,
      assignment: attempt.assignment,
      kind: attempt.kind,
      parts: parts.length,
      base: parts.find(isBase)?.part,
      touched,
      tasks,
      paused: stands,
      typed: undefined,
    });
    if (stands) focuses.pause(attempt.id, attempt.pausedAt);
    clockwork.add(attempt.id, stands ? null : attempt.endsAt);
  }

  remove(id: string): void {
    this.#open.delete(id);
    this.#tools.focuses.end(id);
    this.#tools.clockwork.remove(id);
  }

  /** Time was given, or the clock stopped or went on. */
  clockChanged({ id, endsAt, pausedAt }: AttemptRow): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    const { clock, clockwork, focuses, listeners } = this.#tools;
    const now = clock.now();
    if (pausedAt === undefined) focuses.resume(id, now);
    else if (!open.paused) focuses.pause(id, pausedAt);
    open.paused = pausedAt !== undefined;
    clockwork.add(id, open.paused ? null : endsAt);
    listeners.changed(id, "clock");
  }

  /** The session of a part that can be worked on. */
  async session(id: string, part: number): Promise<string> {
    const open = this.#open.get(id);
    if (open === undefined) {
      await knownAttempt(this.#tools.store, id);
      throw notOpen();
    }
    return sessionIn(id, part, open);
  }

  /** For what is done at once and not answered. */
  now(id: string, part: number, work: (session: string, open: Open) => void): void {
    const open = this.#open.get(id);
    if (open === undefined) throw notOpen();
    const session = sessionIn(id, part, open);
    try {
      work(session, open);
    } catch (error) {
      throw userError(error);
    }
  }

  /** Something came in from the base of an exam: somebody works on a part's host. */
  workedOn(id: string, part: number): void {
    const open = this.#open.get(id);
    if (open === undefined || open.base === undefined || part === open.base) return;
    this.touch(id, part, open);
    open.typed = { at: this.#tools.clock.now(), part };
    this.#tools.listeners.typed(id);
  }

  /** Somebody does something in a part. */
  touch(id: string, part: number, { touched }: Open): void {
    if (touched.has(part)) return;
    touched.add(part);
    const { store, listeners, logger } = this.#tools;
    store
      .touch(id, part)
      .then(() => listeners.changed(id, "state"))
      .catch((error: unknown) => logger.warn({ err: error }, "that a part was touched was not stored"));
  }
}

function sessionIn(id: string, part: number, { parts }: Open): string {
  if (!Number.isInteger(part) || part < 0 || part >= parts) throw unknownPart(id, part);
  return sessionOf({ attempt: id, part });
}
