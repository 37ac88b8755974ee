/** Frames of SPDY/3.1 (draft-mbelshe-httpbis-spdy-00, 2.2 and 2.6), as far as Kubernetes' clients use them. */

export const TYPE = { synStream: 1, synReply: 2, rstStream: 3, settings: 4, ping: 6, goAway: 7 } as const;
export const FLAG_FIN = 1;
/** Why a stream is reset. */
export const RESET = { protocolError: 1, invalidStream: 2, refused: 3, cancel: 5, internalError: 6 } as const;

export type Frame =
  | { readonly kind: "data"; readonly stream: number; readonly fin: boolean; readonly data: Buffer }
  | { readonly kind: "control"; readonly type: number; readonly flags: number; readonly data: Buffer };

const HEAD = 8;
const VERSION = 3;
/** No frame of a client is longer. */
const MOST = 1024 * 1024;

/** Cuts what comes in into frames. */
export class FrameReader {
  #rest: Buffer[] = [];
  #size = 0;

  /** The frames that are whole now. Throws if this is no SPDY/3. */
  push(chunk: Buffer): Frame[] {
    this.#rest.push(chunk);
    this.#size += chunk.length;
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | undefined {
    if (this.#size < HEAD) return undefined;
    if (this.#rest[0]!.length < HEAD) this.#rest = [Buffer.concat(this.#rest)];
    const length = this.#rest[0]!.readUIntBE(5, 3);
    if (length > MOST) throw new Error("a SPDY frame is too long");
    if (this.#size < HEAD + length) return undefined;
    const all = this.#rest.length > 1 ? Buffer.concat(this.#rest) : this.#rest[0]!;
    const rest = all.subarray(HEAD + length);
    this.#rest = rest.length > 0 ? [rest] : [];
    this.#size = rest.length;
    const first = all.readUInt32BE(0);
    const flags = all[4]!;
    const data = all.subarray(HEAD, HEAD + length);
    if (first >>> 31 === 0) return { kind: "data", stream: first, fin: (flags & FLAG_FIN) !== 0, data };
    if (((first >>> 16) & 0x7fff) !== VERSION) throw new Error("this is not SPDY/3");
    return { kind: "control", type: first & 0xffff, flags, data };
  }
}

export function dataFrame(stream: number, data: Buffer, fin = false): Buffer {
  const head = Buffer.alloc(HEAD);
  head.writeUInt32BE(stream & 0x7fff_ffff, 0);
  head[4] = fin ? FLAG_FIN : 0;
  head.writeUIntBE(data.length, 5, 3);
  return Buffer.concat([head, data]);
}

export function controlFrame(type: number, data: Buffer, flags = 0): Buffer {
  const head = Buffer.alloc(HEAD);
  head.writeUInt16BE(0x8000 | VERSION, 0);
  head.writeUInt16BE(type, 2);
  head[4] = flags;
  head.writeUIntBE(data.length, 5, 3);
  return Buffer.concat([head, data]);
}

/** A number of 32 bits, most significant byte first. */
export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
