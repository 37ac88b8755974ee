import { decode, encode } from "../../../../sim/kernel/index.ts";
import { isPrintable } from "../golang/quote.ts";

const HTML: Record<string, string> = {
  "\0": "\ufffd",
  '"': "&#34;",
  "'": "&#39;",
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
};

export function escapeHtml(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\0"'&<>]/g, (char) => HTML[char]!);
}

export function escapeJs(text: string): string {
  let out = "";
  for (const char of text) {
    if (char === "\\" || char === "'" || char === '"') out += `\\${char}`;
    else if (!/[<>&=]/.test(char) && char >= " " && (char < "\x80" || isPrintable(char) || isByte(char))) out += char;
    else out += `\\u${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
  }
  return out;
}

/** A byte that is not UTF-8, as `decode` gives it. */
function isByte(char: string): boolean {
  return char >= "\udc80" && char <= "\udcff";
}

/** `url.QueryEscape`. */
export function escapeQuery(text: string): string {
  let out = "";
  for (const byte of encode(text)) {
    if (byte === " ") out += "+";
    else if (/[\w.~-]/.test(byte)) out += byte;
    else out += `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64_DIGIT = new Map(Array.from(BASE64, (char, digit) => [char, digit]));

/** What base64 text (standard, padded, newlines allowed) stands for; or the byte at which Go's decoder gives up. */
export function decodeBase64(text: string): { text: string } | { bad: number } {
  const input = encode(text);
  let out = "";
  const skipNewlines = (at: number): number => {
    let next = at;
    while (input[next] === "\n" || input[next] === "\r") next++;
    return next;
  };
  let at = 0;
  for (;;) {
    const digits: number[] = [];
    while (digits.length < 4) {
      at = skipNewlines(at);
      const byte = input[at];
      if (byte === undefined) return digits.length === 0 ? { text: decode(out) } : { bad: at - digits.length };
      const digit = BASE64_DIGIT.get(byte);
      if (digit === undefined) break;
      digits.push(digit);
      at++;
    }
    const [a = 0, b = 0, c = 0, d = 0] = digits;
    const bytes = [(a << 2) | (b >> 4), ((b & 15) << 4) | (c >> 2), ((c & 3) << 6) | d];
    out += String.fromCharCode(...bytes.slice(0, Math.max(digits.length - 1, 0)));
    if (digits.length === 4) continue;
    if (input[at] !== "=" || digits.length < 2) return { bad: at };
    at++;
    if (digits.length === 2) {
      at = skipNewlines(at);
      if (at === input.length) return { bad: at };
      if (input[at] !== "=") return { bad: at - 1 };
      at++;
    }
    at = skipNewlines(at);
    return at < input.length ? { bad: at } : { text: decode(out) };
  }
}
