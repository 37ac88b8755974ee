interface State {
  readonly text: string;
  readonly cursor: number;
}

/** What a line was before each change. */
export class UndoList {
  #states: State[] = [];

  push(text: string, cursor: number): void {
    if (this.#states.at(-1)?.text !== text) this.#states.push({ text, cursor });
  }

  pop(): State | undefined {
    return this.#states.pop();
  }

  /** What the line was at first. */
  first(): State | undefined {
    const [first] = this.#states;
    this.#states = [];
    return first;
  }

  clear(): void {
    this.#states = [];
  }
}
