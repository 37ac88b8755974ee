import type { Bytes } from "../../../sim/kernel/index.ts";

/** What a frame is: data, or that its sender has nothing more to say. */
export interface Frame {
  readonly close: boolean;
  readonly payload: Bytes;
}

const BINARY = 0x82;
const CLOSE = 0x88;

/** A whole message as one frame (RFC 6455 5.2). Clients mask theirs with a key of four bytes. */
export function frame(payload: Bytes, options: { readonly mask?: Bytes; readonly close?: boolean } = {}): Bytes {
  const { mask, close = false } = options;
  const bit = mask === undefined ? 0 : 0x80;
  const size = payload.length;
  const word = (value: number, bytes: number): Bytes =>
    Array.from({ length: bytes }, (_, at) =>
      String.fromCharCode(Math.floor(value / 2 ** (8 * (bytes - 1 - at))) & 255),
    ).join("");
  const length = size < 126 ? word(bit | size, 1) : size < 65_536 ? word(bit | 126, 1) + word(size, 2) : word(bit | 127, 1) + word(size, 8); // prettier-ignore
  const body = mask === undefined ? payload : masked(payload, mask);
  return String.fromCharCode(close ? CLOSE : BINARY) + length + (mask ?? "") + body;
}

/** Takes the frames that are complete from the beginning of what has come; the rest is what is still missing its end. */
export function takeFrames(bytes: Bytes): { readonly frames: readonly Frame[]; readonly rest: Bytes } {
  const frames: Frame[] = [];
  let at = 0;
  for (;;) {
    const byte = (offset: number): number => bytes.charCodeAt(at + offset);
    const number = (offset: number, count: number): number => {
      let value = 0;
      for (let one = 0; one < count; one++) value = value * 256 + byte(offset + one);
      return value;
    };
    if (bytes.length - at < 2) break;
    const short = byte(1) & 0x7f;
    const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
    const isMasked = (byte(1) & 0x80) !== 0;
    const head = 2 + extended + (isMasked ? 4 : 0);
    if (bytes.length - at < head) break;
    const size = extended === 0 ? short : number(2, extended);
    if (bytes.length - at < head + size) break;
    const payload = bytes.slice(at + head, at + head + size);
    const mask = isMasked ? bytes.slice(at + head - 4, at + head) : undefined;
    frames.push({ close: (byte(0) & 0x0f) === 8, payload: mask === undefined ? payload : masked(payload, mask) });
    at += head + size;
  }
  return { frames, rest: bytes.slice(at) };
}

function masked(payload: Bytes, mask: Bytes): Bytes {
  let out = "";
  for (let at = 0; at < payload.length; at++)
    out += String.fromCharCode(payload.charCodeAt(at) ^ mask.charCodeAt(at % 4));
  return out;
}
