import type { Bytes } from "../../kernel/index.ts";
import { OpenFile } from "./open-file.ts";
import type { Process } from "./process.ts";

/** A pipe: bytes in order, at most `capacity` of them; a full one makes its writer wait, an empty one its reader. */
class Pipe {
  readonly id: number;
  readonly #capacity: number;
  #chunks: Bytes[] = [];
  #size = 0;
  readersOpen = true;
  writersOpen = true;
  /** How many wait for something to read. */
  awaiting = 0;
  readonly #waiting = new Set<() => void>();

  constructor(id: number, capacity: number) {
    this.id = id;
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#size;
  }

  get room(): number {
    return this.#capacity - this.#size;
  }

  put(data: Bytes): void {
    this.#chunks.push(data);
    this.#size += data.length;
    this.notify();
  }

  /** What it holds. */
  peek(): Bytes {
    if (this.#chunks.length > 1) this.#chunks = [this.#chunks.join("")];
    return this.#chunks[0] ?? "";
  }

  take(max: number): Bytes {
    const all = this.peek();
    const taken = all.slice(0, max);
    this.#chunks = taken.length < all.length ? [all.slice(max)] : [];
    this.#size -= taken.length;
    if (taken !== "") this.notify();
    return taken;
  }

  onChange(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }

  notify(): void {
    for (const wake of this.#waiting) wake();
  }
}

class ReadEnd extends OpenFile {
  readonly #pipe: Pipe;

  constructor(pipe: Pipe) {
    super();
    this.#pipe = pipe;
  }

  get name(): string {
    return `pipe:[${this.#pipe.id}]`;
  }

  override get readable(): boolean {
    return this.#pipe.size > 0 || !this.#pipe.writersOpen;
  }

  override onReadable(wake: () => void): () => void {
    const undo = this.#pipe.onChange(() => this.readable && wake());
    this.#pipe.awaiting++;
    return () => {
      this.#pipe.awaiting--;
      undo();
    };
  }

  override read(process: Process, max: number): Bytes | Promise<Bytes> {
    return this.readable ? this.#pipe.take(max) : this.#wait(process, max);
  }

  override readUntil(process: Process, delimiter: string, max: number): Bytes | Promise<Bytes> {
    return this.readable ? this.#takeUntil(delimiter, max) : this.#wait(process, max, delimiter);
  }

  #takeUntil(delimiter: string, max: number): Bytes {
    const end = this.#pipe.peek().indexOf(delimiter);
    return this.#pipe.take(end < 0 ? max : Math.min(max, end + 1));
  }

  async #wait(process: Process, max: number, delimiter?: string): Promise<Bytes> {
    while (!this.readable) await process.block<void>((wake) => this.onReadable(() => wake()));
    return delimiter === undefined ? this.#pipe.take(max) : this.#takeUntil(delimiter, max);
  }

  protected override release(): void {
    this.#pipe.readersOpen = false;
    this.#pipe.notify();
  }
}

export class WriteEnd extends OpenFile {
  readonly #pipe: Pipe;

  constructor(pipe: Pipe) {
    super();
    this.#pipe = pipe;
  }

  get name(): string {
    return `pipe:[${this.#pipe.id}]`;
  }

  override write(process: Process, data: Bytes): void | Promise<void> {
    if (this.#pipe.readersOpen && data.length <= this.#pipe.room) return this.#pipe.put(data);
    return this.#writePieces(process, data);
  }

  override writeNow(data: Bytes): void {
    if (this.#pipe.readersOpen && this.#pipe.room > 0) this.#pipe.put(data.slice(0, this.#pipe.room));
  }

  /** How many bytes `writeNow` would take. */
  get room(): number {
    return this.#pipe.readersOpen ? this.#pipe.room : Infinity;
  }

  /** Somebody waits for it to be written to. */
  get awaited(): boolean {
    return this.#pipe.awaiting > 0 && this.#pipe.size === 0;
  }

  /** Calls `wake` whenever somebody has read, or nobody can any more; returns what undoes that. */
  onChange(wake: () => void): () => void {
    return this.#pipe.onChange(wake);
  }

  override onBroken(wake: () => void): () => void {
    const tell = (): void => {
      if (!this.#pipe.readersOpen) wake();
    };
    tell();
    return this.#pipe.onChange(tell);
  }

  async #writePieces(process: Process, data: Bytes): Promise<void> {
    for (let rest = data; rest !== "";) {
      if (!this.#pipe.readersOpen) process.brokenPipe();
      if (this.#pipe.room > 0) {
        const piece = rest.slice(0, this.#pipe.room);
        rest = rest.slice(piece.length);
        this.#pipe.put(piece);
      } else {
        await process.block<void>((wake) =>
          this.#pipe.onChange(() => (this.#pipe.room > 0 || !this.#pipe.readersOpen) && wake()),
        );
      }
    }
  }

  protected override release(): void {
    this.#pipe.writersOpen = false;
    this.#pipe.notify();
  }
}

/** Both ends of a new pipe. `id` is the inode number that /proc shows. */
export function makePipe(id: number, capacity: number): { reader: OpenFile; writer: WriteEnd } {
  const pipe = new Pipe(id, capacity);
  return { reader: new ReadEnd(pipe), writer: new WriteEnd(pipe) };
}
