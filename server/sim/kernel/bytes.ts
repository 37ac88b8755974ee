/**
 * A string in which every character is one byte (0 to 255). Streams, pipes, files and packets carry it: V8 keeps such
 * strings at one byte a character, concatenation is cheap, and a snapshot is JSON. Programs work on text; they cross
 * over with `encode` and `decode`, which are free for ASCII.
 */
export type Bytes = string;

// oxlint-disable-next-line no-control-regex
const NOT_ASCII = /[^\x00-\x7f]/;

/** Text to UTF-8. A lone U+DC80 to U+DCFF, made by `decode` from a byte that was not UTF-8, becomes that byte again. */
export function encode(text: string): Bytes {
  if (!NOT_ASCII.test(text)) return text;
  let out = "";
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (code < 0x80) out += char;
    else if (code < 0x800) out += byte(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
    else if (code >= 0xdc80 && code <= 0xdcff) out += byte(code & 0xff);
    else if (code < 0x10000) out += byte(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    else
      out += byte(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
  }
  return out;
}

/** UTF-8 to text. A byte that is not UTF-8 becomes U+DC80 to U+DCFF, so that `encode(decode(b)) === b` for all bytes. */
export function decode(bytes: Bytes): string {
  if (!NOT_ASCII.test(bytes)) return bytes;
  let out = "";
  for (let at = 0; at < bytes.length;) {
    const first = bytes.charCodeAt(at);
    const length = sequenceLength(bytes, at, first);
    if (length === 1) out += first < 0x80 ? bytes[at]! : String.fromCharCode(0xdc00 | first);
    else out += String.fromCodePoint(codePoint(bytes, at, first, length));
    at += length;
  }
  return out;
}

/** How many bytes at the end of `bytes` are the beginning of a character that is not complete yet: 0 to 3. */
export function incompleteTail(bytes: Bytes): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const code = bytes.charCodeAt(bytes.length - back);
    if (code < 0x80) return 0;
    if (code >= 0xc0) return expectedLength(code) > back ? back : 0;
  }
  return 0;
}

export function toUint8Array(bytes: Bytes): Uint8Array {
  return Buffer.from(bytes, "latin1");
}

export function fromUint8Array(array: Uint8Array): Bytes {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("latin1");
}

function byte(...codes: number[]): string {
  return String.fromCharCode(...codes);
}

function expectedLength(first: number): number {
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 1;
}

/** The length of the valid UTF-8 sequence at `at`, or 1 if there is none. */
function sequenceLength(bytes: Bytes, at: number, first: number): number {
  const length = expectedLength(first);
  for (let next = 1; next < length; next++) {
    if ((bytes.charCodeAt(at + next) & 0xc0) !== 0x80) return 1;
  }
  if (length === 1) return 1;
  const code = codePoint(bytes, at, first, length);
  const tooShort = (length === 3 && code < 0x800) || (length === 4 && (code < 0x10000 || code > 0x10ffff));
  return tooShort || (code >= 0xd800 && code <= 0xdfff) ? 1 : length;
}

function codePoint(bytes: Bytes, at: number, first: number, length: number): number {
  let code = first & (length === 2 ? 0x1f : length === 3 ? 0x0f : 0x07);
  for (let next = 1; next < length; next++) code = (code << 6) | (bytes.charCodeAt(at + next) & 0x3f);
  return code;
}
