import type { Bytes } from "../../kernel/index.ts";
import type { OpenFile } from "./open-file.ts";
import type { Process } from "./process.ts";

/** Reads a file line by line, as it comes. */
export class LineInput {
  readonly #process: Process;
  readonly #file: OpenFile;
  #buffer: Bytes = "";
  #at = 0;
  #ended = false;

  constructor(process: Process, file: OpenFile) {
    this.#process = process;
    this.#file = file;
  }

  /** The next line with its newline, without one if it is the last and has none; undefined at the end. */
  next(): Bytes | undefined | Promise<Bytes | undefined> {
    const newline = this.#buffer.indexOf("\n", this.#at);
    if (newline < 0) return this.#ended ? this.#takeRest() : this.#fill();
    const line = this.#buffer.slice(this.#at, newline + 1);
    this.#at = newline + 1;
    return line;
  }

  async #fill(): Promise<Bytes | undefined> {
    const pieces = [this.#buffer.slice(this.#at)];
    for (;;) {
      const chunk = await this.#file.read(this.#process, 65_536);
      pieces.push(chunk);
      if (chunk === "") this.#ended = true;
      if (this.#ended || chunk.includes("\n")) break;
    }
    this.#buffer = pieces.join("");
    this.#at = 0;
    return this.next();
  }

  #takeRest(): Bytes | undefined {
    const rest = this.#buffer.slice(this.#at);
    this.#buffer = "";
    this.#at = 0;
    return rest === "" ? undefined : rest;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Bytes> {
    for (;;) {
      const next = this.next();
      const line = next instanceof Promise ? await next : next;
      if (line === undefined) return;
      yield line;
    }
  }
}

/** Everything that a file holds, up to `limit` bytes; undefined if it is more. */
export async function readAll(process: Process, file: OpenFile, limit: number): Promise<Bytes | undefined> {
  const pieces: Bytes[] = [];
  let size = 0;
  for (;;) {
    const chunk = await file.read(process, 65_536);
    if (chunk === "") return pieces.join("");
    size += chunk.length;
    if (size > limit || !process.hold(size)) return undefined;
    pieces.push(chunk);
  }
}
