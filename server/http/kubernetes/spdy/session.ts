import { controlFrame, dataFrame, FLAG_FIN, FrameReader, RESET, TYPE, u32, type Frame } from "./frames.ts";
import { EmptyHeaders, HeaderReader, type SpdyHeaders } from "./header-blocks.ts";

/** What is heard of a SPDY connection. */
export interface SpdyEvents {
  /** The client opened a stream. */
  opened(stream: number, headers: SpdyHeaders): void;
  data(stream: number, bytes: Buffer): void;
  /** The client says nothing more on it. */
  ended(stream: number): void;
  /** The client wants nothing more of it. */
  reset(stream: number): void;
  /** What came is no SPDY: the connection is of no use any more. */
  broken(): void;
}

/** Streams of a client at once. */
const MOST_STREAMS = 1024;

/**
 * The server's side of a SPDY/3.1 connection, as moby/spdystream speaks it: the client opens streams, both sides send data.
 * Windows are not kept: that library does not either.
 */
export class SpdySession {
  readonly #write: (bytes: Buffer, written?: () => void) => void;
  readonly #events: SpdyEvents;
  readonly #frames = new FrameReader();
  readonly #headers = new HeaderReader();
  readonly #empty = new EmptyHeaders();
  readonly #streams = new Set<number>();
  /** Frames are dealt with one after another: header blocks take a moment to be read. */
  #order: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(write: (bytes: Buffer, written?: () => void) => void, events: SpdyEvents) {
    this.#write = write;
    this.#events = events;
  }

  /** Takes what the client sent. */
  receive(chunk: Buffer): void {
    try {
      for (const frame of this.#frames.push(chunk)) {
        this.#order = this.#order.then(() => this.#take(frame)).catch(() => this.#break());
      }
    } catch {
      this.#break();
    }
  }

  send(stream: number, bytes: Buffer, written?: () => void): void {
    this.#write(dataFrame(stream, bytes), written);
  }

  /** Says nothing more on a stream. */
  end(stream: number): void {
    this.#write(dataFrame(stream, Buffer.alloc(0), true));
  }

  reset(stream: number): void {
    if (this.#streams.delete(stream)) this.#reset(stream, RESET.cancel);
  }

  /** Both sides are done with it. */
  forget(stream: number): void {
    this.#streams.delete(stream);
  }

  close(): void {
    this.#closed = true;
    this.#headers.close();
  }

  async #take(frame: Frame): Promise<void> {
    if (this.#closed) return;
    if (frame.kind === "control") return this.#obey(frame);
    const { stream, data, fin } = frame;
    if (!this.#streams.has(stream)) return this.#reset(stream, RESET.invalidStream);
    if (data.length > 0) this.#events.data(stream, data);
    if (fin) this.#events.ended(stream);
  }

  async #obey({ type, flags, data }: Extract<Frame, { kind: "control" }>): Promise<void> {
    if (type === TYPE.synStream) {
      const stream = data.readUInt32BE(0) & 0x7fff_ffff;
      const headers = await this.#headers.read(data.subarray(10));
      if (this.#closed) return;
      if (this.#streams.size >= MOST_STREAMS) return this.#reset(stream, RESET.refused);
      this.#streams.add(stream);
      this.#write(controlFrame(TYPE.synReply, Buffer.concat([u32(stream), this.#empty.next()])));
      this.#events.opened(stream, headers);
      if (flags & FLAG_FIN) this.#events.ended(stream);
    } else if (type === TYPE.rstStream) {
      const stream = data.readUInt32BE(0) & 0x7fff_ffff;
      if (this.#streams.delete(stream)) this.#events.reset(stream);
    } else if (type === TYPE.ping) this.#write(controlFrame(TYPE.ping, data));
    // Settings and farewells need no answer; headers within a stream have no meaning here.
  }

  #reset(stream: number, why: number): void {
    this.#write(controlFrame(TYPE.rstStream, Buffer.concat([u32(stream), u32(why)])));
  }

  #break(): void {
    if (this.#closed) return;
    this.close();
    this.#events.broken();
  }
}
