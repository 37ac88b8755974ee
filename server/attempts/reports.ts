import type { AttemptReport, AttemptSummary, Gradings } from "../sessions/protocol/index.ts";
import type { Store } from "../store/store.ts";
import { UserError } from "./errors.ts";
import { asUser } from "./failures.ts";
import { knownAttempt, partOf } from "./known.ts";
import { summary } from "./present.ts";
import { recordingOf } from "./recording-of.ts";
import type { StoredLog } from "./session-log.ts";
import { sessionOf } from "./session-name.ts";

const RECENT = 20;

/** What is left of attempts: reports and recordings. */
export class Reports {
  readonly #store: Store;
  readonly #log: StoredLog;

  constructor(store: Store, log: StoredLog) {
    this.#store = store;
    this.#log = log;
  }

  report(id: string): Promise<AttemptReport> {
    return asUser(async () => {
      const { first, again } = await this.gradings(id);
      return again.at(-1)?.report ?? first;
    });
  }

  gradings(id: string): Promise<Gradings> {
    return asUser(async () => {
      await knownAttempt(this.#store, id);
      const [first, again] = await Promise.all([this.#store.report(id, "final"), this.#store.regrades(id)]);
      if (first === undefined) throw new UserError("not-graded", "This attempt has not been graded yet.");
      return { first, again: [...again] };
    });
  }

  earlier(id: string): Promise<readonly AttemptSummary[]> {
    return asUser(async () => {
      const { kind, of, owner } = (await knownAttempt(this.#store, id)).attempt;
      const rows = await this.#store.attempts({ states: ["graded"], kind, of, owner, limit: RECENT });
      return rows.filter((row) => row.id !== id).map(summary);
    });
  }

  lastCheck(id: string): Promise<AttemptReport | undefined> {
    return asUser(async () => {
      await knownAttempt(this.#store, id);
      return await this.#store.report(id, "check");
    });
  }

  recording(id: string, part: number, terminal: number): Promise<string> {
    return asUser(async () => {
      const { attempt, parts } = await knownAttempt(this.#store, id);
      const session = sessionOf(partOf(parts, id, part));
      // If that cannot be written now, there is what was written before.
      await this.#log.flush().catch(() => {});
      const source = await this.#store.source(session);
      const output = await this.#store.output(session, terminal);
      const recording = recordingOf(`${attempt.title}, terminal ${terminal}`, terminal, output, source?.journal ?? []);
      if (recording === undefined)
        throw new UserError("unknown-terminal", `There is no recording of terminal ${terminal}.`);
      return recording;
    });
  }
}
