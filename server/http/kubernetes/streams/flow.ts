import { API_TAKEN, API_WINDOW, type ApiHandle } from "../../../sessions/protocol/index.ts";

/** What may be held up while the other side is behind: a websocket, a socket. */
export interface Source {
  pause(): void;
  resume(): void;
}

/** Keeps a client from sending more than the world reads, and the world from sending more than the client takes. */
export class Flow {
  readonly #source: Source;
  readonly #unread = new Map<number, number>();
  readonly #untold = new Map<number, number>();
  #full = 0;
  handle: ApiHandle | undefined;

  constructor(source: Source) {
    this.#source = source;
  }

  /** The client's bytes of a stream go to the world. */
  send(stream: number, bytes: Buffer): void {
    if (bytes.length === 0) return;
    const before = this.#unread.get(stream) ?? 0;
    const now = before + bytes.length;
    this.#unread.set(stream, now);
    if (before < API_WINDOW && now >= API_WINDOW && this.#full++ === 0) this.#source.pause();
    this.handle?.input({ type: "data", stream, bytes: bytes.toString("latin1") });
  }

  /** The world has read so many of them. */
  read(stream: number, bytes: number): void {
    const before = this.#unread.get(stream) ?? 0;
    const now = Math.max(0, before - bytes);
    this.#unread.set(stream, now);
    if (before >= API_WINDOW && now < API_WINDOW && --this.#full === 0) this.#source.resume();
  }

  /** So many bytes of a stream of the world's were written to the client. */
  written(stream: number, bytes: number): void {
    const untold = (this.#untold.get(stream) ?? 0) + bytes;
    if (untold < API_TAKEN) {
      this.#untold.set(stream, untold);
      return;
    }
    this.#untold.set(stream, 0);
    this.handle?.input({ type: "taken", stream, bytes: untold });
  }

  /** Both sides are done with a stream. */
  forget(stream: number): void {
    this.read(stream, Infinity);
    this.#unread.delete(stream);
    this.#untold.delete(stream);
  }
}
