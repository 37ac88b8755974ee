import type { Table } from "./table.ts";

/**
 * Seeded randomness in named streams: a draw from one stream does not shift another, so a new Pod name does not change
 * the next port. Each stream is a 32-bit counter-based generator (the mixing steps of MurmurHash3 over seed, name and
 * count); its whole state is how often it was drawn from.
 */
export class Random {
  readonly #seed: number;
  readonly #draws: Table<string, number>;

  constructor(seed: number, draws: Table<string, number>) {
    this.#seed = seed >>> 0;
    this.#draws = draws;
  }

  /** An unsigned 32-bit integer. */
  uint32(stream: string): number {
    const count = this.#draw(stream, 1);
    return numbered(this.#hash(stream), count);
  }

  /** Takes so many draws from a stream; returns the number of the first. */
  #draw(stream: string, count: number): number {
    const first = this.#draws.get(stream) ?? 0;
    if (count > 0) this.#draws.set(stream, first + count);
    return first;
  }

  #hash(stream: string): number {
    let hash = this.#seed;
    for (let at = 0; at < stream.length; at++)
      hash = Math.imul(hash ^ stream.charCodeAt(at), 0x5bd1e995) ^ (hash >>> 15);
    return hash;
  }

  /** An integer from 0 to below `n`. */
  below(stream: string, n: number): number {
    return scaled(this.uint32(stream), n);
  }

  /** `length` characters drawn from `alphabet`. */
  text(stream: string, length: number, alphabet: string): string {
    const first = this.#draw(stream, length);
    const hash = this.#hash(stream);
    let out = "";
    for (let at = 0; at < length; at++) out += alphabet[scaled(numbered(hash, first + at), alphabet.length)]!;
    return out;
  }

  hex(stream: string, digits: number): string {
    return this.text(stream, digits, "0123456789abcdef");
  }

  /** A random (version 4) UUID. */
  uuid(stream: string): string {
    const hex = this.hex(stream, 30);
    const variant = "89ab"[this.below(stream, 4)]!;
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-${variant}${hex.slice(15, 18)}-${hex.slice(18, 30)}`;
  }
}

/** The draw of that number from a stream. */
function numbered(stream: number, count: number): number {
  return mix(mix(stream ^ count) + Math.imul(count, 0x9e3779b9));
}

function scaled(uint32: number, n: number): number {
  return Math.floor((uint32 / 0x1_0000_0000) * n);
}

function mix(value: number): number {
  let hash = value >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
