import type { History } from "../history/history.ts";
import type { LineBuffer } from "./buffer.ts";

/** Where in the history a line is. What is changed in an entry stays when it is left, as readline has it. */
export class HistoryCursor {
  readonly #history: History;
  readonly #buffer: LineBuffer;
  /** The new line, while an entry is shown. */
  #newLine = "";
  #at: number;

  constructor(history: History, buffer: LineBuffer) {
    this.#history = history;
    this.#buffer = buffer;
    this.#at = history.next;
  }

  /** The number of the entry that is being edited; that of the next one, if it is a new line. */
  get at(): number {
    return this.#at;
  }

  /** Goes to an entry. False if there is none. */
  goTo(number: number): boolean {
    if (number < this.#history.first || number > this.#history.next || number === this.#at) return false;
    if (this.#at === this.#history.next) this.#newLine = this.#buffer.text;
    else this.#history.edit(this.#at, this.#buffer.text);
    this.#at = number;
    this.#buffer.set(this.line(number));
    return true;
  }

  /** The line is accepted: the entry that it was made from becomes again what it was. */
  accept(): void {
    const original = this.#history.original(this.#at);
    if (original !== undefined) this.#history.edit(this.#at, original);
  }

  /** What an entry was before it was changed. */
  get original(): string | undefined {
    return this.#history.original(this.#at);
  }

  line(number: number): string {
    return number === this.#history.next ? this.#newLine : (this.#history.at(number) ?? "");
  }

  get isEmpty(): boolean {
    return this.first === this.next;
  }

  get first(): number {
    return this.#history.first;
  }

  get next(): number {
    return this.#history.next;
  }
}
