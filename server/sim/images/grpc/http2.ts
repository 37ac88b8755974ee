import type { Bytes } from "../../kernel/index.ts";

/**
 * HTTP/2 (RFC 9113) as far as one small call over one connection needs it: frames, and headers (RFC 7541) as literals that are
 * not indexed, which every peer has to understand. Peers here write no others.
 */
export const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

export const FRAME = { data: 0, headers: 1, settings: 4 } as const;
export const FLAG = { endStream: 1, endHeaders: 4, ack: 1 } as const;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Bytes;
}

function number(value: number, bytes: number): Bytes {
  let out = "";
  for (let shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += String.fromCharCode((value >>> shift) & 0xff);
  return out;
}

function numberAt(data: Bytes, at: number, bytes: number): number {
  let value = 0;
  for (let index = 0; index < bytes; index++) value = value * 256 + data.charCodeAt(at + index);
  return value;
}

export function writeFrame({ type, flags, stream, payload }: Frame): Bytes {
  return number(payload.length, 3) + number(type, 1) + number(flags, 1) + number(stream, 4) + payload;
}

const HEADER = 9;
const MOST = 16_384;

/** The complete frames at the beginning of some bytes; undefined if these are no frames. */
export function readFrames(data: Bytes): readonly Frame[] | undefined {
  const frames: Frame[] = [];
  for (let at = 0; at + HEADER <= data.length;) {
    const length = numberAt(data, at, 3);
    if (length > MOST) return undefined;
    if (at + HEADER + length > data.length) break;
    frames.push({
      type: numberAt(data, at + 3, 1),
      flags: numberAt(data, at + 4, 1),
      stream: numberAt(data, at + 5, 4),
      payload: data.slice(at + HEADER, at + HEADER + length),
    });
    at += HEADER + length;
  }
  return frames;
}

/** A length of seven bits and more (RFC 7541 5.1). */
function integer(value: number): Bytes {
  if (value < 127) return String.fromCharCode(value);
  let out = String.fromCharCode(127);
  let rest = value - 127;
  for (; rest >= 128; rest >>= 7) out += String.fromCharCode((rest & 127) | 128);
  return out + String.fromCharCode(rest);
}

export function writeHeaders(headers: readonly (readonly [string, string])[]): Bytes {
  return headers.map(([name, value]) => `\0${integer(name.length)}${name}${integer(value.length)}${value}`).join("");
}

/** Headers as `writeHeaders` makes them; undefined if they are others. */
export function readHeaders(block: Bytes): ReadonlyMap<string, string> | undefined {
  const headers = new Map<string, string>();
  let at = 0;
  const text = (): string | undefined => {
    let length = block.charCodeAt(at++);
    if (length >= 128) return undefined;
    if (length === 127)
      for (let shift = 0, more = true; more; shift += 7) {
        const part = block.charCodeAt(at++);
        length += (part & 127) << shift;
        more = part >= 128;
      }
    at += length;
    return block.slice(at - length, at);
  };
  while (at < block.length) {
    if (block.charCodeAt(at++) !== 0) return undefined;
    const name = text();
    const value = name === undefined ? undefined : text();
    if (value === undefined) return undefined;
    headers.set(name!, value);
  }
  return headers;
}
