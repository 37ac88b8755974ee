import { OpenFile, type Process } from "../../../../sim/host/index.ts";
import type { Bytes } from "../../../../sim/kernel/index.ts";

/**
 * What a remote command writes to its two outputs comes over one connection, in order: what it says on standard error behind
 * some bytes of standard output is heard when these were read and more is wanted, or never.
 */
export class Frames {
  readonly stdout: OpenFile;
  readonly stderr: OpenFile;
  readonly #reader: OpenFile;
  readonly #waiting: { readonly behind: number; readonly data: Bytes }[] = [];
  readonly #tell: (data: Bytes) => void | Promise<void>;
  #written = 0;
  #read = 0;

  /** `tell` prints what came on standard error. */
  constructor(process: Process, tell: (data: Bytes) => void | Promise<void>) {
    const { reader, writer } = process.pipe();
    this.#reader = reader.retain();
    this.#tell = tell;
    this.stdout = new End(writer, (data) => void (this.#written += data.length)).retain();
    this.stderr = new End(undefined, (data) => {
      if (this.#written > this.#read) this.#waiting.push({ behind: this.#written, data });
      else return tell(data);
    }).retain();
  }

  /** Some of standard output; nothing at its end. */
  async read(process: Process, max: number): Promise<Bytes> {
    await this.#heard(this.#read);
    const data = await this.#reader.read(process, max);
    this.#read += data.length;
    return data;
  }

  /** Tells all that was said. */
  async rest(): Promise<void> {
    await this.#heard(Infinity);
  }

  close(): void {
    this.#reader.drop();
  }

  async #heard(upTo: number): Promise<void> {
    while (this.#waiting.length > 0 && this.#waiting[0]!.behind <= upTo) await this.#tell(this.#waiting.shift()!.data);
  }
}

/** A writer's end, which notes what goes through. */
class End extends OpenFile {
  readonly name = "pipe:[0]";
  readonly #target: OpenFile | undefined;
  readonly #note: (data: Bytes) => void | Promise<void>;

  constructor(target: OpenFile | undefined, note: (data: Bytes) => void | Promise<void>) {
    super();
    this.#target = target?.retain();
    this.#note = note;
  }

  override write(process: Process, data: Bytes): void | Promise<void> {
    const noted = this.#note(data);
    return this.#target ? this.#target.write(process, data) : noted;
  }

  override writeNow(data: Bytes): void {
    void this.#note(data);
    this.#target?.writeNow(data);
  }

  override onBroken(wake: () => void): () => void {
    return this.#target?.onBroken(wake) ?? (() => {});
  }

  protected override release(): void {
    this.#target?.drop();
  }
}
