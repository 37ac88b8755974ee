import { OpenFile, type Process } from "../../sim/host/index.ts";
import { decode, encode, type Bytes } from "../../sim/kernel/index.ts";

/** A message of coreutils or its like, and what busybox says instead. */
export type Rewording = readonly [from: RegExp, to: string];

/** Standard error of a program that is shared with coreutils: what it says comes out in busybox's words. */
export class RewordedError extends OpenFile {
  readonly #behind: OpenFile;
  readonly #rewordings: readonly Rewording[];

  constructor(behind: OpenFile, rewordings: readonly Rewording[]) {
    super();
    this.#behind = behind.retain();
    this.#rewordings = rewordings;
  }

  override get name(): string {
    return this.#behind.name;
  }

  override get tty(): OpenFile["tty"] {
    return this.#behind.tty;
  }

  override write(process: Process, data: Bytes): void | Promise<void> {
    let text = decode(data);
    for (const [from, to] of this.#rewordings) text = text.replaceAll(from, to);
    return this.#behind.write(process, encode(text));
  }

  protected override release(): void {
    this.#behind.drop();
  }
}
