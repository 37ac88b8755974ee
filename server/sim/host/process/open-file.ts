import type { Bytes } from "../../kernel/index.ts";
import { Errno } from "../errno.ts";
import type { Tty } from "../tty/tty.ts";
import type { Process } from "./process.ts";

/**
 * What a file descriptor refers to: a file, pipe end, terminal, device or socket. Descriptors share it (dup, fork), so it
 * counts them and is released with the last one. Open files belong to running programs and are not part of a snapshot.
 */
export abstract class OpenFile {
  #references = 0;
  /** What /proc/PID/fd/N points to: `/etc/hosts`, `pipe:[4711]`, `/dev/pts/0`, `socket:[4712]`. */
  abstract readonly name: string;

  /** At most `max` bytes, at least one unless the end has come (`""`). Waits in the name of `process`. */
  read(process: Process, max: number): Bytes | Promise<Bytes> {
    void process;
    void max;
    throw new Errno("EBADF");
  }

  /**
   * Like `read`, but nothing behind the first `delimiter`: who reads a line leaves the rest to others that share the
   * file. By default one byte; may always be less than asked for.
   */
  readUntil(process: Process, delimiter: string, max: number): Bytes | Promise<Bytes> {
    void delimiter;
    return this.read(process, Math.min(max, 1));
  }

  /** Writes all of it, or throws. */
  write(process: Process, data: Bytes): void | Promise<void> {
    void process;
    void data;
    throw new Errno("EBADF");
  }

  /** A daemon's write: takes what it can at once and drops the rest. */
  writeNow(data: Bytes): void {
    void data;
  }

  /** Would a read return at once? */
  get readable(): boolean {
    return true;
  }

  /** Calls `wake` when a read would return at once; returns what undoes that. Only asked while not readable. */
  onReadable(wake: () => void): () => void {
    wake();
    return () => {};
  }

  /** Where the next read is, and how large the file is; undefined for what cannot seek. */
  get position(): { readonly offset: number; readonly size: number } | undefined {
    return undefined;
  }

  seek(offset: number): void {
    void offset;
    throw new Errno("ESPIPE");
  }

  /** Calls `wake` when nobody can read any more what is written here (POLLERR); returns what undoes that. */
  onBroken(wake: () => void): () => void {
    void wake;
    return () => {};
  }

  /** The terminal that it is, for isatty(3). */
  get tty(): Tty | undefined {
    return undefined;
  }

  /** One more descriptor refers to it. */
  retain(): this {
    this.#references++;
    return this;
  }

  /** One descriptor less. */
  drop(): void {
    if (--this.#references === 0) this.release();
  }

  protected release(): void {}
}
