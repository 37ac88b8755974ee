import type { Sessions } from "../sessions/pool/index.ts";
import type { StartAttempt } from "../sessions/protocol/index.ts";
import { planOf, type Plan } from "./opening.ts";
import type { Seeds } from "./seeds.ts";

/** What is likely to be started soon: the labs that are drawn for it, whose worlds are made ahead. */
export class Plans {
  readonly #sessions: Sessions;
  readonly #seeds: Seeds;
  readonly #exams = new Map<string, Plan>();

  constructor(sessions: Sessions, seeds: Seeds) {
    this.#sessions = sessions;
    this.#seeds = seeds;
  }

  /** Somebody is asked whether to start this. With a seed of one's own nothing is prepared. */
  async prepare(order: StartAttempt): Promise<void> {
    if (order.seed !== undefined) return;
    const plan = await planOf(this.#sessions, order, () => this.#seeds.next(order.of));
    if (order.kind === "exam") this.#exams.set(order.of, plan);
    this.#sessions.prepare(plan.labs.map(({ lab }) => ({ lab, seed: this.#seeds.next(lab) })));
  }

  /** The exam as it was when somebody was asked, for one attempt. */
  take({ kind, of, seed }: StartAttempt): Plan | undefined {
    const plan = kind === "exam" && seed === undefined ? this.#exams.get(of) : undefined;
    if (plan === undefined) return undefined;
    this.#exams.delete(of);
    this.#seeds.take(of);
    return plan;
  }
}
