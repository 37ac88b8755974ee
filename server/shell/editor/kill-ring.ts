const MOST_KILLS = 10;

/** What was cut out of lines. Cuts that follow each other directly are one. */
export class KillRing {
  readonly #kills: string[] = [];
  #at = 0;
  /** True while the last command was a cut. */
  joining = false;

  /** Adds a cut; text before the cursor comes before what was cut last. */
  add(text: string, before: boolean): void {
    if (text === "") return;
    if (this.joining && this.#kills.length > 0) {
      const last = this.#kills.pop()!;
      this.#kills.push(before ? text + last : last + text);
    } else {
      this.#kills.push(text);
      if (this.#kills.length > MOST_KILLS) this.#kills.shift();
    }
    this.#at = this.#kills.length - 1;
  }

  /** What Ctrl-Y brings back. */
  get current(): string | undefined {
    return this.#kills[this.#at];
  }

  /** Alt-Y: the cut before that one. */
  rotate(): string | undefined {
    if (this.#kills.length > 0) this.#at = (this.#at - 1 + this.#kills.length) % this.#kills.length;
    return this.current;
  }
}
