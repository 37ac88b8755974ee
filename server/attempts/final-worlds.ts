import { isDeepStrictEqual } from "node:util";
import { SessionError, type Logger, type Sessions } from "../sessions/pool/index.ts";
import type { OwedWorld, Store } from "../store/store.ts";
import { answersOf } from "./grading.ts";
import { placeOf } from "./session-name.ts";

export interface FinalWorldsTools {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly logger: Logger;
}

/** With these it will not get better: the lab is gone, or it cannot be read any more. */
const FOR_GOOD: readonly string[] = ["unknown-lab", "bad-lab"];

/**
 * Keeps the worlds of attempts that are over, as they were graded, so that they can be graded again. Nobody waits for it:
 * what is owed is noted with the report. What could not be kept is built again from what was stored of its session, at the
 * next start or when it is asked for, and kept if grading it again gives the same report.
 */
export class FinalWorlds {
  readonly #tools: FinalWorldsTools;
  readonly #running = new Map<string, Promise<void>>();
  #stopping = false;

  constructor(tools: FinalWorldsTools) {
    this.#tools = tools;
  }

  /** The sessions of an attempt that was graded just now, before they are closed. */
  keep(id: string, owed: readonly OwedWorld[]): Promise<void> {
    const { store, sessions } = this.#tools;
    return this.#run(id, owed, async ({ session }) => {
      await store.saveFinalWorld({ session, ...(await sessions.keep(session)) });
    });
  }

  /** What an earlier server owed, one attempt after the other. */
  async recover(): Promise<void> {
    const owed = await this.#tools.store.owedWorlds();
    for (const id of new Set(owed.map(({ session }) => placeOf(session).attempt))) await this.kept(id);
  }

  /** Until all is kept of an attempt that can be. */
  async kept(id: string): Promise<void> {
    await this.#running.get(id);
    const owed = await this.#tools.store.owedWorlds(id);
    if (owed.length > 0) await this.#run(id, owed, (each) => this.#keepAgain(each));
  }

  /** Until nothing is being kept any more; nothing more is begun. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#running.values());
  }

  /** One run at a time of an attempt. Whatever is not kept stays owed. */
  #run(id: string, owed: readonly OwedWorld[], keep: (owed: OwedWorld) => Promise<void>): Promise<void> {
    const before = this.#running.get(id);
    if (before !== undefined || this.#stopping) return before ?? Promise.resolve();
    const running = Promise.all(owed.map((each) => keep(each).catch((error: unknown) => this.#failed(each, error))))
      .then(() => {})
      .finally(() => this.#running.delete(id));
    this.#running.set(id, running);
    return running;
  }

  #failed({ session }: OwedWorld, error: unknown): void {
    this.#tools.logger.warn({ session, err: error }, "a world was not kept as it was graded: it is owed");
  }

  async #keepAgain({ session, at }: OwedWorld): Promise<void> {
    const { store, sessions } = this.#tools;
    const { attempt: id, part } = placeOf(session);
    const [known, report, answers, source] = await Promise.all([
      store.attempt(id),
      store.report(id, "final"),
      store.answers(id),
      store.source(session),
    ]);
    const row = known?.parts.find((each) => each.part === part);
    const before = report?.parts.find((each) => each.part === part);
    if (!row || !before || source?.snapshot === undefined)
      return await this.#forgo(session, "it is not stored how it came about");
    const { lab, seed, snapshot, journal } = { ...source, snapshot: source.snapshot };
    const given = answersOf(row, answers);
    const over = { lab, seed, snapshot, journal, at, answers: given, hints: before.report.hints };
    try {
      const again = await sessions.keepAgain(over);
      // The report has been stored as JSON, which does not know what is undefined.
      const same = isDeepStrictEqual(JSON.parse(JSON.stringify(again.report)), before.report);
      if (!same || again.version !== before.version)
        return await this.#forgo(session, "it is not the same when it is built again");
      await store.saveFinalWorld({ session, ...again.kept });
    } catch (error) {
      if (!(error instanceof SessionError) || !FOR_GOOD.includes(error.code)) throw error;
      await this.#forgo(session, error.message);
    }
  }

  /** It is better not to grade a world again than to grade another one. */
  async #forgo(session: string, why: string): Promise<void> {
    this.#tools.logger.warn({ session, why }, "a world cannot be kept as it was graded: it will not be graded again");
    await this.#tools.store.forgoFinalWorld(session);
  }
}
