import { OpenFile, type Process } from "../../sim/host/index.ts";
import { decode, encode, type Bytes } from "../../sim/kernel/index.ts";

/** A message of coreutils or its like, and what busybox says instead. */
export type Rewording = readonly [from: RegExp, to: string];

/** What coreutils says below a wrong call. */
const HINT = /^(?:\w+: )?Try '.*' for more information\.\n/gm;

/** Standard error or output of a program that is shared with coreutils: what it says comes out in busybox's words. */
export class RewordedFile extends OpenFile {
  readonly #behind: OpenFile;
  readonly #rewordings: readonly Rewording[];
  /** Whose words are changed; a program that is started from there, or in its place, speaks for itself. */
  readonly #argv: readonly string[];

  constructor(process: Process, behind: OpenFile, rewordings: readonly Rewording[]) {
    super();
    this.#argv = process.argv;
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
    return this.#behind.write(process, process.argv === this.#argv ? this.#reworded(data) : data);
  }

  override writeNow(data: Bytes): void {
    this.#behind.writeNow(this.#reworded(data));
  }

  #reworded(data: Bytes): Bytes {
    let text = decode(data).replaceAll(/[‘’]/g, "'").replaceAll(HINT, "");
    for (const [from, to] of this.#rewordings) text = text.replaceAll(from, to);
    return encode(text);
  }

  protected override release(): void {
    this.#behind.drop();
  }
}
