import { OpenFile, type Process } from "../../sim/host/index.ts";
import type { Bytes } from "../../sim/kernel/index.ts";

/**
 * What the commands of a substitution write to. It is complete when the last of them has closed it; a command that
 * writes more than the limit gets SIGPIPE.
 */
export class Capture extends OpenFile {
  readonly name: string;
  readonly #limit: number;
  readonly #pieces: Bytes[] = [];
  #size = 0;
  #closed = false;
  #onClose: () => void = () => {};
  overflowed = false;

  constructor(inode: number, limit: number) {
    super();
    this.name = `pipe:[${inode}]`;
    this.#limit = limit;
  }

  override write(process: Process, data: Bytes): void {
    if (this.#size + data.length > this.#limit) {
      this.overflowed = true;
      process.brokenPipe();
    }
    this.writeNow(data);
  }

  override writeNow(data: Bytes): void {
    if (this.#size + data.length > this.#limit) return;
    this.#pieces.push(data);
    this.#size += data.length;
  }

  protected override release(): void {
    this.#closed = true;
    this.#onClose();
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Calls `wake` when nobody can write any more. */
  whenClosed(wake: () => void): () => void {
    this.#onClose = wake;
    return () => (this.#onClose = () => {});
  }

  take(): Bytes {
    return this.#pieces.join("");
  }
}
