import type { Bytes } from "../../sim/kernel/index.ts";
import { Errno, type Process } from "../../sim/host/index.ts";

/** Standard output as C's stdio has it: by line on a terminal, else in blocks; the rest is written at the end. */
export class Stdout {
  readonly #process: Process;
  readonly isTty: boolean;
  /** `-N`: every piece goes out at once. */
  unbuffered = false;
  #buffer: Bytes = "";

  constructor(process: Process) {
    this.#process = process;
    this.isTty = process.isTty(1);
  }

  /** False if nobody reads any more. */
  async put(bytes: Bytes): Promise<boolean> {
    this.#buffer += bytes;
    const end = this.unbuffered ? this.#buffer.length : this.isTty ? this.#buffer.lastIndexOf("\n") + 1 : 0;
    const full = this.isTty ? this.#buffer.length - end >= 1024 : this.#buffer.length >= 4096;
    return this.#out(full ? this.#buffer.length : end);
  }

  flush(): Promise<boolean> {
    return this.#out(this.#buffer.length);
  }

  async #out(length: number): Promise<boolean> {
    if (length === 0) return true;
    const bytes = this.#buffer.slice(0, length);
    this.#buffer = this.#buffer.slice(length);
    try {
      await this.#process.write(1, bytes);
      return true;
    } catch (error) {
      if (error instanceof Errno && error.code !== "EINTR") return false;
      throw error;
    }
  }
}
