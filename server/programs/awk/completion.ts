/** How a statement ended: on to the next, or out of loops, rules, the program. */
export type Completion = "" | "break" | "continue" | "next" | "nextfile" | "exit" | "return";

/** Leaves a rule from within a function that an expression called. */
export class Unwind extends Error {
  readonly completion: "next" | "nextfile" | "exit";

  constructor(completion: "next" | "nextfile" | "exit") {
    super(completion);
    this.completion = completion;
  }
}
