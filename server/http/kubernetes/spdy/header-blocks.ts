import { constants, createInflate, type Inflate } from "node:zlib";
import { DICTIONARY } from "./dictionary.ts";

export type SpdyHeaders = ReadonlyMap<string, string>;

/** A header block is small; one that becomes larger than that is no client's of ours. */
const MOST = 65_536;

/** Reads the header blocks of one direction: together they are one zlib stream. */
export class HeaderReader {
  readonly #inflate: Inflate = createInflate({ dictionary: DICTIONARY, flush: constants.Z_SYNC_FLUSH });

  constructor() {
    this.#inflate.on("error", () => {});
  }

  /** The headers of the next block, by lower-case name. Rejects if it is none. */
  async read(block: Buffer): Promise<SpdyHeaders> {
    await new Promise<void>((resolve, reject) => {
      this.#inflate.write(block, (error) => (error ? reject(error) : resolve()));
    });
    const pieces: Buffer[] = [];
    let size = 0;
    for (let piece = this.#inflate.read() as Buffer | null; piece; piece = this.#inflate.read() as Buffer | null) {
      pieces.push(piece);
      size += piece.length;
      if (size > MOST) throw new Error("a SPDY header block is too large");
    }
    return parsed(Buffer.concat(pieces));
  }

  close(): void {
    this.#inflate.destroy();
  }
}

function parsed(block: Buffer): SpdyHeaders {
  let at = 0;
  const number = (): number => {
    at += 4;
    return block.readUInt32BE(at - 4);
  };
  const text = (): string => {
    const length = number();
    if (at + length > block.length) throw new Error("a SPDY header block is too short");
    at += length;
    return block.toString("utf8", at - length, at);
  };
  const headers = new Map<string, string>();
  for (let left = number(); left > 0; left--) headers.set(text().toLowerCase(), text());
  return headers;
}

/** zlib's header: deflate, 32 KiB window, no dictionary. */
const ZLIB_HEADER = Buffer.from([0x78, 0x01]);
/** A stored block of four bytes that say "no headers", and an empty one, which makes readers hand out what they have. */
const NO_HEADERS = Buffer.from([0, 4, 0, 0xfb, 0xff, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]);

/** Writes header blocks that hold nothing, which is all that a server of Kubernetes' streams has to say. */
export class EmptyHeaders {
  #begun = false;

  next(): Buffer {
    if (this.#begun) return NO_HEADERS;
    this.#begun = true;
    return Buffer.concat([ZLIB_HEADER, NO_HEADERS]);
  }
}
