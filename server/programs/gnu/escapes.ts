import { encode, type Bytes } from "../../sim/kernel/index.ts";

const LETTERS: Readonly<Record<string, string>> = {
  a: "\x07", b: "\b", e: "\x1b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\", '"': '"',
}; // prettier-ignore

export interface Unescaped {
  readonly bytes: Bytes;
  /** `\c` was met: nothing more is to be written. */
  readonly stop: boolean;
  /** `\x` without a digit, where that is an error. */
  readonly problem?: string;
}

/**
 * Replaces backslash escapes. `echo` knows `\0NNN`, printf's formats `\NNN` and `\uXXXX`, its `%b` both (coreutils
 * src/echo.c, src/printf.c).
 */
export function unescape(text: Bytes, dialect: "echo" | "format" | "%b"): Unescaped {
  let bytes = "";
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== "\\") {
      bytes += text[at]!;
      continue;
    }
    const rest = text.slice(at + 1, at + 12);
    const octal = (
      dialect === "echo" ? /^0([0-7]{0,3})/ : dialect === "%b" ? /^0?([0-7]{1,3}|)/ : /^([0-7]{1,3})/
    ).exec(rest);
    const hex = /^x([0-9a-fA-F]{1,2})/.exec(rest);
    const unicode = dialect === "echo" ? null : /^(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(rest);
    if (octal && octal[0] !== "") {
      bytes += String.fromCharCode(parseInt(octal[1] || "0", 8) & 0xff);
      at += octal[0].length;
    } else if (hex) {
      bytes += String.fromCharCode(parseInt(hex[1]!, 16));
      at += hex[0].length;
    } else if (rest.startsWith("x") && dialect !== "echo") {
      return { bytes, stop: true, problem: "missing hexadecimal number in escape" };
    } else if (unicode) {
      bytes += encode(String.fromCodePoint(Math.min(0x10ffff, parseInt(unicode[1] ?? unicode[2]!, 16))));
      at += unicode[0].length;
    } else if (rest.startsWith("c")) return { bytes, stop: true };
    else if (rest !== "" && LETTERS[rest[0]!] !== undefined && !(rest[0] === '"' && dialect === "echo")) {
      bytes += LETTERS[rest[0]!]!;
      at++;
    } else {
      bytes += "\\" + rest.slice(0, 1);
      at++;
    }
  }
  return { bytes, stop: false };
}
