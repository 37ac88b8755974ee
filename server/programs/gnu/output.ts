import { encode, type Bytes } from "../../sim/kernel/index.ts";
import { Errno, type Process } from "../../sim/host/index.ts";

/** Standard output could not be written: the program says `write error` and fails. */
export class WriteError extends Errno {}

const LIMIT = 65_536;

/**
 * A buffered output, as stdio has it: written when it is full, before the program waits for input, and at the end. (stdio
 * does not write before it waits; without that a `tail -f | grep` would show nothing for a long time.)
 */
export class Output {
  readonly #process: Process;
  readonly #fd: number;
  #buffer: Bytes = "";

  constructor(process: Process, fd = 1) {
    this.#process = process;
    this.#fd = fd;
  }

  /** Adds bytes. Resolves at once unless the reader is slow. */
  put(bytes: Bytes): void | Promise<void> {
    this.#buffer += bytes;
    if (this.#buffer.length >= LIMIT) return this.flush();
  }

  print(text: string): void | Promise<void> {
    return this.put(encode(text));
  }

  async flush(): Promise<void> {
    if (this.#buffer === "") return;
    const bytes = this.#buffer;
    this.#buffer = "";
    try {
      await this.#process.write(this.#fd, bytes);
    } catch (error) {
      if (error instanceof Errno) throw new WriteError(error.code);
      throw error;
    }
  }
}
