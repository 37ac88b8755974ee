import type { FlagTask, GiveAnswer, ReadHint } from "../sessions/protocol/index.ts";
import type { Store } from "../store/store.ts";
import { UserError } from "./errors.ts";
import { asUser } from "./failures.ts";
import { attemptAtWork, notOpen, taskOf } from "./known.ts";
import type { Listeners } from "./listeners.ts";

/** What learners write down for tasks of open attempts: answers, notes and flags, and which hints they read. */
export class TaskDesk {
  readonly #store: Store;
  readonly #listeners: Listeners;

  constructor(store: Store, listeners: Listeners) {
    this.#store = store;
    this.#listeners = listeners;
  }

  answer(id: string, { part, task, question, value }: GiveAnswer): Promise<void> {
    return asUser(async () => {
      const { questions } = taskOf(await attemptAtWork(this.#store, id), part, task);
      if (!questions.some((each) => each.id === question)) {
        throw new UserError("unknown-question", `Task '${task}' has no question '${question}'.`);
      }
      await this.#save(id, "answers", this.#store.saveAnswer(id, `${part}/${task}/${question}`, value));
    });
  }

  notes(id: string, notes: string): Promise<void> {
    return asUser(async () => {
      await attemptAtWork(this.#store, id, { evenPaused: true });
      await this.#save(id, "notes", this.#store.saveNotes(id, notes));
    });
  }

  flag(id: string, { part, task, flagged }: FlagTask): Promise<void> {
    return asUser(async () => {
      taskOf(await attemptAtWork(this.#store, id, { evenPaused: true }), part, task);
      await this.#save(id, "flags", this.#store.saveFlag(id, `${part}/${task}`, flagged));
    });
  }

  hint(id: string, { part, task }: ReadHint): Promise<void> {
    return asUser(async () => {
      const known = await attemptAtWork(this.#store, id);
      if (known.attempt.kind === "exam") throw new UserError("not-in-exam", "There are no hints in an exam.");
      const { hints } = taskOf(known, part, task);
      const key = `${part}/${task}`;
      const read = (await this.#store.hints(id)).get(key) ?? 0;
      if (read >= hints.length) throw new UserError("no-hint", `There is no further hint for task '${task}'.`);
      await this.#save(id, "hints", this.#store.saveHints(id, key, read + 1));
    });
  }

  async #save(id: string, what: "answers" | "notes" | "flags" | "hints", saving: Promise<boolean>): Promise<void> {
    if (!(await saving)) throw notOpen();
    this.#listeners.changed(id, what);
  }
}
