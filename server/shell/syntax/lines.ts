/** Gives positions in a text their lines. */
export interface LineFinder {
  at(position: number): number;
}

/** Finds the line of a position in a text. */
export class Lines implements LineFinder {
  readonly #text: string;
  readonly #first: number;
  #starts: number[] | undefined;

  /** `first` is the number of the text's first line. */
  constructor(text: string, first = 1) {
    this.#text = text;
    this.#first = first;
  }

  at(position: number): number {
    const starts = (this.#starts ??= this.#findStarts());
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= position) low = middle;
      else high = middle - 1;
    }
    return this.#first + low;
  }

  #findStarts(): number[] {
    const starts = [0];
    for (let at = this.#text.indexOf("\n"); at >= 0; at = this.#text.indexOf("\n", at + 1)) starts.push(at + 1);
    return starts;
  }
}
