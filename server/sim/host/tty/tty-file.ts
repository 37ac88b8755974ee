import type { Bytes } from "../../kernel/index.ts";
import { OpenFile } from "../process/open-file.ts";
import type { Process } from "../process/process.ts";
import type { Tty } from "./tty.ts";

/** How quickly a terminal shows what is written: a quick emulator's 10 MB/s. The writer waits for it when it pauses next. */
const BYTES_PER_MICROSECOND = 10;

/** A terminal as a file descriptor refers to it. */
export class TtyFile extends OpenFile {
  readonly #tty: Tty;

  constructor(tty: Tty) {
    super();
    this.#tty = tty;
  }

  get name(): string {
    return `/dev/${this.#tty.name}`;
  }

  override get tty(): Tty {
    return this.#tty;
  }

  override get readable(): boolean {
    return this.#tty.readable;
  }

  override onReadable(wake: () => void): () => void {
    return this.#tty.onReadable(wake);
  }

  override read(process: Process, max: number): Promise<Bytes> {
    return this.#tty.read(process, max);
  }

  override readUntil(process: Process, delimiter: string, max: number): Promise<Bytes> {
    return this.#tty.read(process, max, delimiter);
  }

  override write(process: Process, data: Bytes): void | Promise<void> {
    const shown = this.#tty.write(data);
    if (shown) return process.block<void>((wake) => void shown.then(wake));
    process.spend(data.length / BYTES_PER_MICROSECOND);
  }

  override writeNow(data: Bytes): void {
    void this.#tty.write(data);
  }
}
