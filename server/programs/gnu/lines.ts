import type { Bytes } from "../../sim/kernel/index.ts";
import type { OpenFile, Process } from "../../sim/host/index.ts";
import { blocks, splitLines } from "./input.ts";
import type { Output } from "./output.ts";

/** A file line by line, for programs that go through several at once. */
export class Lines {
  readonly #blocks: AsyncGenerator<Bytes>;
  readonly #delimiter: string;
  #lines: Bytes[] = [];
  #at = 0;
  #open = false;

  constructor(process: Process, file: OpenFile, out: Output, delimiter = "\n") {
    this.#blocks = blocks(process, file, out, delimiter);
    this.#delimiter = delimiter;
  }

  /** The next line without its delimiter; undefined at the end. A promise only where a read is needed. */
  next(): Bytes | undefined | Promise<Bytes | undefined> {
    return this.#at < this.#lines.length ? this.#lines[this.#at++] : this.#more();
  }

  /** Whether the line that was given last had no delimiter: only the last of a file may. */
  get lastIsOpen(): boolean {
    return this.#open && this.#at === this.#lines.length;
  }

  async #more(): Promise<Bytes | undefined> {
    const { value, done } = await this.#blocks.next();
    if (done) return undefined;
    this.#lines = splitLines(value, this.#delimiter);
    this.#open = !value.endsWith(this.#delimiter);
    this.#at = 0;
    return this.next();
  }
}
