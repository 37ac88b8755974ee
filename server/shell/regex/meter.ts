import type { RE2JS } from "re2js";
import { RegexLimitError } from "./backtracker.ts";

/** What one text may cost: about a second and a half of the thread, in which no key is heard. */
const MOST_WORK = 60_000_000;

/** What re2js does inside, as far as it is looked at here. */
interface Inner {
  numberOfInstructions(): number;
  doExecuteNFA(input: { step(pos: number): number }, ...rest: unknown[]): unknown;
}

/**
 * Counts what a linear pattern costs on one text, all of its searches together: each character that its automaton reads, times
 * the states that it may be in. A search is linear, but a line of megabytes, or one match after another that each look to the
 * line's end, would hold the thread for minutes.
 */
export class Meter {
  #text: string | undefined;
  #work = 0;

  constructor(engine: RE2JS) {
    const inner = (engine as unknown as { re2(): Inner }).re2();
    const weight = inner.numberOfInstructions();
    const run = inner.doExecuteNFA.bind(inner);
    inner.doExecuteNFA = (input, ...rest) => {
      const step = input.step.bind(input);
      input.step = (pos) => {
        this.#work += weight;
        if (this.#work > MOST_WORK) throw new RegexLimitError("the pattern takes too long on so long a line");
        return step(pos);
      };
      return run(input, ...rest);
    };
  }

  /** The searches that follow are in this text. */
  begin(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    this.#work = 0;
  }
}
