import { fromCalendar, type Time } from "../../kernel/index.ts";
import { TAG } from "./der-writer.ts";

/** One encoded value: views into the bytes that were read, nothing is copied. */
export interface DerValue {
  readonly tag: number;
  /** The bytes between tag and length on one side and the next value on the other. */
  readonly content: Uint8Array;
  /** Tag, length and content. */
  readonly raw: Uint8Array;
}

/** Reads values one after the other. Every method returns undefined where the bytes are not what it asks for. */
export class DerReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** The tag of the next value. */
  peek(): number | undefined {
    return this.#bytes[this.#at];
  }

  /** The next value, of any tag or of the given one. */
  next(tag?: number): DerValue | undefined {
    const value = readValue(this.#bytes, this.#at);
    if (!value || (tag !== undefined && value.tag !== tag)) return undefined;
    this.#at += value.raw.length;
    return value;
  }

  /** A reader of what is inside the next value. */
  enter(tag: number = TAG.sequence): DerReader | undefined {
    const value = this.next(tag);
    return value && new DerReader(value.content);
  }

  integer(): bigint | undefined {
    const value = this.next(TAG.integer);
    return value && readInteger(value.content);
  }

  oid(): string | undefined {
    const value = this.next(TAG.oid);
    return value && readOid(value.content);
  }

  /** The bytes of a BIT STRING whose bits are all used. */
  bitString(): Uint8Array | undefined {
    const value = this.next(TAG.bitString);
    return value?.content[0] === 0 ? value.content.subarray(1) : undefined;
  }

  time(): Time | undefined {
    const value = this.next();
    return value && readTime(value);
  }
}

/** The only value in `bytes`, or undefined if they hold anything else or more. */
export function readSingle(bytes: Uint8Array, tag?: number): DerValue | undefined {
  const reader = new DerReader(bytes);
  const value = reader.next(tag);
  return value && reader.atEnd ? value : undefined;
}

export function readInteger(content: Uint8Array): bigint | undefined {
  if (content.length === 0) return undefined;
  const value = BigInt(`0x${Buffer.from(content).toString("hex")}`);
  return content[0]! >= 0x80 ? value - (1n << BigInt(content.length * 8)) : value;
}

export function readOid(content: Uint8Array): string | undefined {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    if (arcs.length === 0) arcs.push(Math.min(2, Math.floor(arc / 40)), arc - 40 * Math.min(2, Math.floor(arc / 40)));
    else arcs.push(arc);
    arc = 0;
  }
  return arcs.length > 0 && content.at(-1)! < 0x80 ? arcs.join(".") : undefined;
}

/** The named bits of a BIT STRING, the first one highest. */
export function readBitFlags(content: Uint8Array): boolean[] {
  const flags: boolean[] = [];
  for (let bit = 0; bit < (content.length - 1) * 8 - (content[0] ?? 0); bit++)
    flags.push((content[1 + (bit >> 3)]! & (0x80 >> (bit & 7))) !== 0);
  return flags;
}

export function readText(value: DerValue): string {
  return Buffer.from(value.content).toString(value.tag === TAG.utf8String ? "utf8" : "latin1");
}

const UTC_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

function readTime(value: DerValue): Time | undefined {
  const utc = value.tag === TAG.utcTime;
  if (!utc && value.tag !== TAG.generalizedTime) return undefined;
  const match = (utc ? UTC_TIME : GENERALIZED_TIME).exec(readText(value));
  if (!match) return undefined;
  const [year, ...rest] = match.slice(1).map(Number) as [number, number, number, number, number, number];
  return fromCalendar(utc ? year + (year < 50 ? 2000 : 1900) : year, ...rest);
}

function readValue(bytes: Uint8Array, start: number): DerValue | undefined {
  const tag = bytes[start];
  const short = bytes[start + 1];
  // Tags above 30 take more bytes; no certificate has one.
  if (tag === undefined || short === undefined || (tag & 0x1f) === 0x1f) return undefined;
  let at = start + 2;
  let length = short;
  if (short >= 0x80) {
    const count = short & 0x7f;
    if (count === 0 || count > 4 || at + count > bytes.length) return undefined;
    length = 0;
    for (let byte = 0; byte < count; byte++) length = length * 256 + bytes[at + byte]!;
    at += count;
    if (length < 0x80) return undefined;
  }
  if (at + length > bytes.length) return undefined;
  return { tag, content: bytes.subarray(at, at + length), raw: bytes.subarray(start, at + length) };
}
