import type { Bytes } from "../../kernel/index.ts";
import { OpenFile } from "./open-file.ts";
import type { Process } from "./process.ts";

/** Input that is known beforehand: a here-document, the stdin of a command from outside. */
export class MemoryInput extends OpenFile {
  readonly name = "pipe:[0]";
  #rest: Bytes;

  constructor(data: Bytes) {
    super();
    this.#rest = data;
  }

  override read(_process: Process, max: number): Bytes {
    const bytes = this.#rest.slice(0, max);
    this.#rest = this.#rest.slice(bytes.length);
    return bytes;
  }

  override readUntil(process: Process, delimiter: string, max: number): Bytes {
    const end = this.#rest.indexOf(delimiter);
    return this.read(process, end < 0 ? max : Math.min(max, end + 1));
  }
}

/** Output that is given to whoever asked for it, outside of the simulation or in a grader. */
export class MemoryOutput extends OpenFile {
  readonly name = "pipe:[1]";
  readonly #limit: number;
  #chunks: Bytes[] = [];
  #size = 0;
  /** True if more was written than the limit allows; the rest is dropped. */
  overflowed = false;

  constructor(limit: number) {
    super();
    this.#limit = limit;
  }

  override write(_process: Process, data: Bytes): void {
    this.writeNow(data);
  }

  override writeNow(data: Bytes): void {
    const room = this.#limit - this.#size;
    if (data.length > room) this.overflowed = true;
    const kept = data.slice(0, room);
    this.#chunks.push(kept);
    this.#size += kept.length;
  }

  /** What was written since the last call. */
  take(): Bytes {
    const all = this.#chunks.join("");
    this.#chunks = [];
    this.#size = 0;
    this.overflowed = false;
    return all;
  }
}
