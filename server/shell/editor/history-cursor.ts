import type { History } from "../history/history.ts";
import type { LineBuffer } from "./buffer.ts";

/** Where in the history a line is; what was changed in entries that were passed stays until the line is accepted. */
export class HistoryCursor {
  readonly #history: History;
  readonly #buffer: LineBuffer;
  readonly #edited = new Map<number, string>();
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

  get isNew(): boolean {
    return this.#at >= this.#history.next;
  }

  /** Goes to an entry. False if there is none. */
  goTo(number: number): boolean {
    if (number < this.#history.first || number > this.#history.next || number === this.#at) return false;
    this.#edited.set(this.#at, this.#buffer.text);
    this.#at = number;
    this.#buffer.set(this.line(number));
    return true;
  }

  /** The text of an entry, with what was changed in it. */
  line(number: number): string {
    return this.#edited.get(number) ?? this.#history.at(number) ?? "";
  }

  get first(): number {
    return this.#history.first;
  }

  get next(): number {
    return this.#history.next;
  }
}
