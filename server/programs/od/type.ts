import { formatFloat } from "../gnu/c-format.ts";
import type { Bytes } from "../../sim/kernel/index.ts";

/** How od shows so many bytes: a text, filled up to `width`. */
export interface Cell {
  readonly size: number;
  readonly width: number;
  /** With `>text<` behind each line. */
  readonly trailer: boolean;
  show(bytes: Bytes): string;
}

const NAMES = [
  "nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs", "ht", "nl", "vt", "ff", "cr", "so", "si", "dle", "dc1",
  "dc2", "dc3", "dc4", "nak", "syn", "etb", "can", "em", "sub", "esc", "fs", "gs", "rs", "us", "sp",
]; // prettier-ignore
const ESCAPES: Readonly<Record<number, string>> = {
  0: "\\0",
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
};
const SIZES: Readonly<Record<string, number>> = { C: 1, S: 2, I: 4, L: 8, F: 4, D: 8 };

/** Reads a TYPE such as `x1z`, `u2d4` or `c`; a text says what is wrong. */
export function parseType(text: string, quote: (text: string) => string): Cell[] | string {
  const cells: Cell[] = [];
  for (let at = 0; at < text.length;) {
    const match = /^([acdoux])?(f)?(\d+|[CSILFD])?(z)?/.exec(text.slice(at))!;
    const kind = match[1] ?? match[2];
    if (kind === undefined || (match[1] && match[2]))
      return `invalid character '${text[at]!}' in type string ${quote(text)}`;
    const named = kind === "a" || kind === "c";
    const wanted = match[3];
    const size = named ? 1 : wanted === undefined ? (kind === "f" ? 8 : 4) : (SIZES[wanted] ?? Number(wanted));
    if (!named && !(kind === "f" ? [4, 8] : [1, 2, 4, 8]).includes(size))
      return `invalid type string ${quote(text)};\nthis system doesn't provide a ${size}-byte ${kind === "f" ? "floating point" : "integral"} type`;
    const length = (named && wanted !== undefined ? match[0].length - wanted.length : match[0].length) || 1;
    if (named && wanted !== undefined) return `invalid character '${wanted[0]!}' in type string ${quote(text)}`;
    cells.push({ ...cellOf(kind, size), trailer: match[4] === "z" });
    at += length;
  }
  return cells;
}

function cellOf(kind: string, size: number): Omit<Cell, "trailer"> {
  if (kind === "a") return { size, width: 3, show: (bytes) => nameOf(bytes.charCodeAt(0) & 0x7f) };
  if (kind === "c") return { size, width: 3, show: (bytes) => charOf(bytes.charCodeAt(0)) };
  if (kind === "f")
    return {
      size,
      width: size === 4 ? 15 : 24,
      show: (bytes) => shortest(size === 4 ? buffer(bytes).readFloatLE() : buffer(bytes).readDoubleLE(), size),
    };
  const widths: Record<string, readonly number[]> = {
    d: [4, 6, 11, 20],
    u: [3, 5, 10, 20],
    o: [3, 6, 11, 22],
    x: [2, 4, 8, 16],
  };
  const width = widths[kind]![Math.log2(size)]!;
  const base = kind === "o" ? 8 : kind === "x" ? 16 : 10;
  return {
    size,
    width,
    show(bytes) {
      let value = 0n;
      for (let at = size - 1; at >= 0; at--) value = value * 256n + BigInt(bytes.charCodeAt(at));
      if (kind === "d") return BigInt.asIntN(size * 8, value).toString();
      return kind === "u" ? value.toString() : value.toString(base).padStart(width, "0");
    },
  };
}

function buffer(bytes: Bytes): Buffer {
  return Buffer.from(bytes, "latin1");
}

/** The fewest digits that give the number back (gnulib lib/ftoastr.c). */
function shortest(value: number, size: number): string {
  for (let precision = size === 4 ? 6 : 15; precision <= 17; precision++) {
    const text = formatFloat(value, "g", { flags: "", precision });
    const back = Number(text);
    if ((size === 4 ? Math.fround(back) : back) === value || Number.isNaN(value)) return text;
  }
  return String(value);
}

function nameOf(code: number): string {
  return NAMES[code] ?? (code === 127 ? "del" : String.fromCharCode(code));
}

function charOf(code: number): string {
  return ESCAPES[code] ?? (code >= 32 && code < 127 ? String.fromCharCode(code) : code.toString(8).padStart(3, "0"));
}
