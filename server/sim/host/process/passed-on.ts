import type { Bytes } from "../../kernel/index.ts";
import { OpenFile } from "./open-file.ts";
import type { Process } from "./process.ts";

/** What a client passes on for a command elsewhere that has no terminal (`ssh HOST ls`): to that command it is a pipe. */
export function passedOn(file: OpenFile): OpenFile {
  return file.tty ? new PassedOn(file) : file;
}

class PassedOn extends OpenFile {
  readonly name = "pipe:[0]";
  readonly #terminal: OpenFile;

  constructor(terminal: OpenFile) {
    super();
    this.#terminal = terminal;
  }

  override get readable(): boolean {
    return this.#terminal.readable;
  }

  override onReadable(wake: () => void): () => void {
    return this.#terminal.onReadable(wake);
  }

  override read(process: Process, max: number): Bytes | Promise<Bytes> {
    return this.#terminal.read(process, max);
  }

  override readUntil(process: Process, delimiter: string, max: number): Bytes | Promise<Bytes> {
    return this.#terminal.readUntil(process, delimiter, max);
  }

  override write(process: Process, data: Bytes): void | Promise<void> {
    return this.#terminal.write(process, data);
  }

  override writeNow(data: Bytes): void {
    this.#terminal.writeNow(data);
  }
}
