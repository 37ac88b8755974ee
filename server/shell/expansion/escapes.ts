import { decode } from "../../sim/kernel/index.ts";

/** What backslash escapes stand for in `$'…'`, `${x@E}`, `echo -e` and `printf`. As ansicstr of lib/sh/strtrans.c. */

export interface Unescaped {
  readonly text: string;
  /** True if `\c` ended the text. */
  readonly ended: boolean;
}

const SIMPLE: Record<string, string> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

/**
 * `echo`: `\0nnn` is octal, `\nnn` is not, `\c` ends. `printf` (the format, and `%b` with `\0nnn` as well) and `ansi`
 * (`$'…'`): `\nnn` is octal; quotes may be escaped; in `ansi` `\cx` is a control character.
 */
export function unescape(text: string, mode: "echo" | "format" | "argument" | "ansi"): Unescaped {
  if (!text.includes("\\")) return { text, ended: false };
  // Bytes of `\x` and octal escapes join to characters at the end.
  let bytes = "";
  let out = "";
  const flush = (): void => {
    out += decode(bytes);
    bytes = "";
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char !== "\\" || at + 1 >= text.length) {
      flush();
      out += char;
      continue;
    }
    const next = text[++at]!;
    if (next === "c" && mode !== "ansi" && mode !== "format") {
      flush();
      return { text: out, ended: true };
    }
    const simple = SIMPLE[next];
    if (simple !== undefined) {
      flush();
      out += simple;
      continue;
    }
    const rest = text.slice(at, at + 10);
    const octal = (mode === "echo" ? /^0([0-7]{0,3})/ : mode === "argument" ? /^(0?[0-7]{1,3})/ : /^([0-7]{1,3})/).exec(rest); // prettier-ignore
    const hex = /^x([0-9A-Fa-f]{1,2})/.exec(rest);
    const unicode = /^u([0-9A-Fa-f]{1,4})|^U([0-9A-Fa-f]{1,8})/.exec(rest);
    if (octal) {
      bytes += String.fromCharCode(parseInt(octal[1] || "0", 8) & 0xff);
      at += octal[0].length - 1;
    } else if (hex) {
      bytes += String.fromCharCode(parseInt(hex[1]!, 16));
      at += hex[0].length - 1;
    } else if (unicode) {
      flush();
      const code = parseInt(unicode[1] ?? unicode[2]!, 16);
      out += code <= 0x10ffff ? String.fromCodePoint(code) : "";
      at += unicode[0].length - 1;
    } else if (mode === "ansi" && next === "c" && at + 1 < text.length) {
      flush();
      const control = text[++at]!;
      out += control === "?" ? "\x7f" : String.fromCharCode(control.toUpperCase().charCodeAt(0) & 0x1f);
    } else {
      flush();
      const bare = (mode === "ansi" && /['"?]/.test(next)) || (mode === "format" && /["'?]/.test(next)) || (mode === "argument" && /["'?]/.test(next)); // prettier-ignore
      out += bare ? next : `\\${next}`;
    }
  }
  flush();
  return { text: out, ended: false };
}
