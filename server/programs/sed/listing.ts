import type { Bytes } from "../../sim/kernel/index.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  "\x07": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\\": "\\\\",
}; // prettier-ignore

/** What `l` prints: escapes, lines folded with a backslash, `$` at the end. A length of 0 or 1 folds nothing. */
export function listing(line: Bytes, length: number): Bytes {
  const width = length <= 1 ? Infinity : length - 1;
  let out = "";
  let column = 0;
  for (const char of line) {
    const plain = char >= " " && char <= "~" ? char : `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`;
    const shown = ESCAPES[char] ?? plain;
    if (column + shown.length > width) {
      out += "\\\n";
      column = 0;
    }
    out += shown;
    column += shown.length;
  }
  return `${out}$\n`;
}
