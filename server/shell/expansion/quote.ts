import { encode } from "../../sim/kernel/index.ts";

/** The ways in which bash writes a text so that it can be read again (lib/sh/shquote.c, strtrans.c). */

const ESCAPES: Record<string, string> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\x1b": "\\E",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  "'": "\\'",
};

/** Lone surrogates stand for bytes that are no UTF-8. */
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\x00-\x1f\x7f-\x9f\ud800-\udfff]/u;

export function singleQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** True if it has characters that can only be written as `$'…'`. */
export function isUnprintable(text: string): boolean {
  return UNPRINTABLE.test(text);
}

/** `$'a\nb'` */
export function ansiQuote(text: string): string {
  let out = "";
  for (const char of text) {
    const escape = ESCAPES[char];
    if (escape !== undefined) out += escape;
    else if (UNPRINTABLE.test(char))
      for (const byte of encode(char)) out += `\\${byte.charCodeAt(0).toString(8).padStart(3, "0")}`;
    else out += char;
  }
  return `$'${out}'`;
}

/** As `${x@Q}`. */
export function reusable(text: string): string {
  return isUnprintable(text) ? ansiQuote(text) : singleQuote(text);
}

/** As `declare -p` shows values. */
export function doubleQuote(text: string): string {
  return isUnprintable(text) ? ansiQuote(text) : `"${text.replace(/["$`\\]/g, "\\$&")}"`;
}

/** As `printf %q`. */
export function backslashQuote(text: string): string {
  if (text === "") return "''";
  if (isUnprintable(text)) return ansiQuote(text);
  return text.replace(/[ "'`$&|;()<>!{},*[\]?^\\]|^[#~]/g, "\\$&");
}

/** True if the text would mean something else to the shell. As sh_contains_shell_metas. */
export function hasMetas(text: string): boolean {
  return /[\s'"\\|&;()<>!{}*[\]?^$`]|^[#~]|[=:]~|\s#/.test(text);
}

/** As `set` shows values: quoted only where it must be. */
export function quoteIfNeeded(text: string): string {
  if (isUnprintable(text)) return ansiQuote(text);
  return hasMetas(text) ? singleQuote(text) : text;
}

/** As `set -x` shows words. */
export function traceQuote(text: string): string {
  if (text === "") return "''";
  if (hasMetas(text)) return singleQuote(text);
  return isUnprintable(text) ? ansiQuote(text) : text;
}
