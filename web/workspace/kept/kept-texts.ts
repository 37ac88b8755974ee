import { ApiError, api, wordsOf } from "../../api/index.ts";
import type { AttemptView } from "../../../server/sessions/protocol/index.ts";
import { browserTimers } from "../connection/index.ts";
import { Kept } from "./kept.ts";
import { browserStorage, memoryKey } from "./memory.ts";

/** All texts of an attempt that are saved while they are written: its notes and its answers. */
export class KeptTexts {
  readonly #attempt: string;
  readonly #texts = new Map<string, Kept>();
  readonly #changed: () => void;

  /** `changed`: something that was not saved is now, or the other way round. */
  constructor(attempt: string, changed: () => void) {
    this.#attempt = attempt;
    this.#changed = changed;
  }

  notes(server: string): Kept {
    return this.#text("notes", server, (value) => api.notes(this.#attempt, value));
  }

  answer(part: number, task: string, question: string, server: string): Kept {
    return this.#text(memoryKey("answer", part, task, question), server, (value) =>
      api.answer(this.#attempt, { part, task, question, value }),
    );
  }

  /** The server's texts were read again. */
  told(view: AttemptView): void {
    this.notes(view.notes).told(view.notes);
    for (const { part, tasks } of view.parts)
      for (const { id, questions } of tasks)
        for (const question of questions)
          this.answer(part, id, question.id, question.given ?? "").told(question.given ?? "");
  }

  flush(): void {
    for (const text of this.#texts.values()) text.flush();
  }

  /** How many are not saved yet. */
  get unsaved(): number {
    return [...this.#texts.values()].filter(({ text }) => text.state !== "saved").length;
  }

  /** Sends all that is not saved yet, and waits until the server has it, but not for ever. */
  async settle(ms: number): Promise<void> {
    this.flush();
    for (let waited = 0; this.unsaved > 0 && waited < ms; waited += 50) {
      await new Promise((go) => setTimeout(go, 50));
    }
  }

  #text(name: string, server: string, save: (value: string) => Promise<void>): Kept {
    const known = this.#texts.get(name);
    if (known) return known;
    const kept = new Kept(memoryKey(this.#attempt, name), server, {
      save,
      judge,
      timers: browserTimers,
      storage: browserStorage(),
    });
    kept.subscribe(this.#changed);
    this.#texts.set(name, kept);
    return kept;
  }
}

/** A full disk may have room again, and a paused attempt goes on; a request that is wrong stays wrong. */
function judge(error: unknown): { readonly words: string; readonly again: boolean } {
  const again = error instanceof ApiError && (error.passing || error.status >= 500 || error.code === "paused");
  return { words: wordsOf(error).message, again };
}
