import { decode, encode, SECOND, type Bytes } from "../../../sim/kernel/index.ts";
import type { Stat } from "../../../sim/host/index.ts";

/** Kinds of packets of version 3 (draft-ietf-secsh-filexfer-02), as far as scp has use for them. */
export const KIND = {
  init: 1,
  version: 2,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  setstat: 9,
  fsetstat: 10,
  opendir: 11,
  readdir: 12,
  mkdir: 14,
  realpath: 16,
  stat: 17,
  status: 101,
  handle: 102,
  data: 103,
  name: 104,
  attrs: 105,
} as const;

/** Codes of a status packet, with sftp-client's words (sftp-common.c fx2txt). */
export const STATUS = { ok: 0, eof: 1, noSuchFile: 2, denied: 3, failure: 4, badMessage: 5, unsupported: 8 } as const;

const WORDS: Readonly<Record<number, string>> = {
  0: "No error",
  1: "End of file",
  2: "No such file or directory",
  3: "Permission denied",
  4: "Failure",
  5: "Bad message",
  6: "No connection",
  7: "Connection lost",
  8: "Operation unsupported",
};

export function statusWords(code: number): string {
  return WORDS[code] ?? "Unknown status";
}

/** What `open` asks for. */
export const OPEN = { read: 1, write: 2, append: 4, create: 8, truncate: 16, exclusive: 32 } as const;

const HAS = { size: 1, owner: 2, mode: 4, times: 8 } as const;
const TYPES: Readonly<Record<Stat["type"], number>> = {
  dir: 0o040000,
  char: 0o020000,
  block: 0o060000,
  file: 0o100000,
  fifo: 0o010000,
  link: 0o120000,
  socket: 0o140000,
};
const TYPE_BITS = 0o170000;

/** What is said of a file; times in whole seconds. */
export interface Attributes {
  readonly size?: number;
  /** With the type of the file, if a server says it. */
  readonly mode?: number;
  readonly mtime?: number;
}

export function attributesOf({ type, mode, size, mtime }: Stat): Attributes {
  return { size, mode: TYPES[type] | mode, mtime: Math.floor(mtime / SECOND) };
}

export function isDirectory({ mode = 0 }: Attributes): boolean {
  return (mode & TYPE_BITS) === TYPES.dir;
}

export function isRegular({ mode = 0 }: Attributes): boolean {
  return (mode & TYPE_BITS) === TYPES.file;
}

export function isLink({ mode = 0 }: Attributes): boolean {
  return (mode & TYPE_BITS) === TYPES.link;
}

/** Puts a packet's body together. */
export class PacketWriter {
  #bytes: Bytes = "";

  u8(value: number): this {
    this.#bytes += String.fromCharCode(value & 0xff);
    return this;
  }

  u32(value: number): this {
    return this.u8(value >>> 24)
      .u8(value >>> 16)
      .u8(value >>> 8)
      .u8(value);
  }

  u64(value: number): this {
    return this.u32(Math.floor(value / 2 ** 32)).u32(value % 2 ** 32);
  }

  bytes(value: Bytes): this {
    this.u32(value.length);
    this.#bytes += value;
    return this;
  }

  text(value: string): this {
    return this.bytes(encode(value));
  }

  attributes({ size, mode, mtime }: Attributes): this {
    const has = (size === undefined ? 0 : HAS.size) | (mode === undefined ? 0 : HAS.mode) | (mtime === undefined ? 0 : HAS.times); // prettier-ignore
    this.u32(has);
    if (size !== undefined) this.u64(size);
    if (mode !== undefined) this.u32(mode);
    return mtime === undefined ? this : this.u32(mtime).u32(mtime);
  }

  /** With its length before it. */
  get packet(): Bytes {
    return new PacketWriter().u32(this.#bytes.length).#bytes + this.#bytes;
  }
}

/** Takes a packet's body apart. Throws RangeError where it is too short. */
export class PacketReader {
  readonly #bytes: Bytes;
  #at = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  u8(): number {
    if (this.#at >= this.#bytes.length) throw new RangeError("a packet is too short");
    return this.#bytes.charCodeAt(this.#at++);
  }

  u32(): number {
    return this.u8() * 2 ** 24 + ((this.u8() << 16) | (this.u8() << 8) | this.u8());
  }

  u64(): number {
    return this.u32() * 2 ** 32 + this.u32();
  }

  bytes(): Bytes {
    const length = this.u32();
    if (this.#at + length > this.#bytes.length) throw new RangeError("a packet is too short");
    this.#at += length;
    return this.#bytes.slice(this.#at - length, this.#at);
  }

  text(): string {
    return decode(this.bytes());
  }

  attributes(): Attributes {
    const has = this.u32();
    const size = has & HAS.size ? this.u64() : undefined;
    if (has & HAS.owner) this.u64();
    const mode = has & HAS.mode ? this.u32() : undefined;
    const mtime = has & HAS.times ? (this.u32(), this.u32()) : undefined;
    return {
      ...(size === undefined ? {} : { size }),
      ...(mode === undefined ? {} : { mode }),
      ...(mtime === undefined ? {} : { mtime }),
    };
  }
}

/** No packet is longer (sftp-common.h SFTP_MAX_MSG_LENGTH). */
const LONGEST = 256 * 1024;

/** Cuts a stream into packets' bodies. Throws RangeError for one that is too long. */
export class Packets {
  #bytes: Bytes = "";

  add(bytes: Bytes): void {
    this.#bytes += bytes;
  }

  /** The next one that is there whole. */
  next(): Bytes | undefined {
    if (this.#bytes.length < 4) return undefined;
    const length = new PacketReader(this.#bytes.slice(0, 4)).u32();
    if (length > LONGEST) throw new RangeError("a packet is too long");
    if (this.#bytes.length < 4 + length) return undefined;
    const body = this.#bytes.slice(4, 4 + length);
    this.#bytes = this.#bytes.slice(4 + length);
    return body;
  }
}
