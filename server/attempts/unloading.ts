import type { Clock, Logger, Sessions, Timer } from "../sessions/pool/index.ts";
import { UserError } from "./errors.ts";
import type { OpenAttempts } from "./open-attempts.ts";
import { sessionOf } from "./session-name.ts";

/** So long nobody has to be there until an attempt's sessions leave the memory, in milliseconds. */
export const IDLE_AFTER = 30 * 60_000;
/** So many sessions are in memory at once, before a new attempt has to wait for room. */
export const MOST_SESSIONS = 1000;

export interface UnloadingTools {
  readonly sessions: Sessions;
  readonly open: OpenAttempts;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly idleAfter: number;
  readonly mostSessions: number;
}

interface Here {
  /** Who sees one of its sessions. */
  seats: number;
  timer: Timer | undefined;
  /** Since when nobody does. */
  since: number;
}

/**
 * Attempts that nobody is connected to leave the memory after a while, if nothing runs in them: one timer for each, from
 * the last sign of somebody. They come back from the store when they are needed: somebody looks, or their time is up.
 */
export class Unloading {
  readonly #tools: UnloadingTools;
  readonly #here = new Map<string, Here>();

  constructor(tools: UnloadingTools) {
    this.#tools = tools;
  }

  /** Somebody sees one of its sessions; returns what ends that. */
  seat(id: string): () => void {
    const here = this.#of(id);
    here.seats++;
    this.#disarm(here);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      here.seats--;
      this.sign(id);
    };
  }

  /** A sign of somebody: a request, or the last connection that ended. */
  sign(id: string): void {
    const here = this.#of(id);
    if (here.seats > 0 || this.#tools.open.get(id) === undefined) return;
    this.#disarm(here);
    here.since = this.#tools.clock.now();
    here.timer = this.#tools.clock.set(() => {
      here.timer = undefined;
      void this.#unload(id, here).then((unloaded) => {
        // Something runs in it: it is looked at again after the same while.
        if (!unloaded && this.#here.get(id) === here) this.sign(id);
      });
    }, this.#tools.idleAfter);
  }

  /** It is over. */
  forget(id: string): void {
    const here = this.#here.get(id);
    if (here) this.#disarm(here);
    this.#here.delete(id);
  }

  stop(): void {
    for (const id of this.#here.keys()) this.forget(id);
  }

  /** Makes room for so many new sessions: attempts that nobody sees go, the longest unseen first. Throws UserError. */
  async room(wanted: number): Promise<void> {
    const { sessions, mostSessions } = this.#tools;
    const full = (): boolean => sessions.health().reduce((sum, each) => sum + each.sessions, 0) + wanted > mostSessions;
    if (!full()) return;
    const unseen = [...this.#here].filter(([, { seats }]) => seats === 0).sort(([, a], [, b]) => a.since - b.since);
    for (const [id, here] of unseen) {
      await this.#unload(id, here);
      if (!full()) return;
    }
    throw new UserError(
      "server-full",
      `This server is full: it holds ${mostSessions} clusters at most, and people are working in them. Nothing was started.`,
      "Try again in a few minutes. If you have another attempt open that you do not need, give it up: that makes room.",
    );
  }

  async #unload(id: string, here: Here): Promise<boolean> {
    const { sessions, open, logger } = this.#tools;
    const attempt = open.get(id);
    if (attempt === undefined || here.seats > 0) return false;
    const all = Array.from({ length: attempt.parts }, (_, part) => sessionOf({ attempt: id, part }));
    try {
      const unloaded = await sessions.unload(all);
      if (unloaded) this.#disarm(here);
      return unloaded;
    } catch (error) {
      logger.warn({ attempt: id, err: error }, "an attempt that nobody sees could not be unloaded");
      return false;
    }
  }

  #of(id: string): Here {
    let here = this.#here.get(id);
    if (!here) this.#here.set(id, (here = { seats: 0, timer: undefined, since: this.#tools.clock.now() }));
    return here;
  }

  #disarm(here: Here): void {
    if (here.timer !== undefined) this.#tools.clock.clear(here.timer);
    here.timer = undefined;
  }
}
