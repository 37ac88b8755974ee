const ESCAPES: Record<string, string> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
};

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** `strconv.IsPrint`: what Go shows as it is. */
export function isPrintable(char: string): boolean {
  return PRINTABLE.test(char);
}

/** `strconv.Quote`, the verb `%q`: a Go string literal in double quotes (or another quote). */
export function quote(text: string, mark = '"'): string {
  if (/^[ !#-&(-[\]-~]*$/.test(text)) return mark + text + mark;
  let out = mark;
  for (const char of text) out += quoteChar(char, mark);
  return out + mark;
}

/** A quoted text with nothing but ASCII in it, as `strconv.QuoteToASCII` writes it. */
export function asciiOnly(quoted: string): string {
  return quoted.replace(/[^\0-\x7f]/gu, (char) => unicodeEscape(char.codePointAt(0)!));
}

/** `strconv.QuoteRune`: `'x'`. */
export function quoteRune(code: number): string {
  const valid = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return `'${quoteChar(String.fromCodePoint(valid ? code : 0xfffd), "'")}'`;
}

/** The verb `%U` with `#`: `U+0022 '"'`. */
export function unicodeName(char: string): string {
  const hex = char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
  return isPrintable(char) ? `U+${hex} '${char}'` : `U+${hex}`;
}

function quoteChar(char: string, mark: string): string {
  if (char === mark) return `\\${char}`;
  const escape = ESCAPES[char];
  if (escape !== undefined) return escape;
  if (isPrintable(char)) return char;
  const code = char.codePointAt(0)!;
  // A byte that is not UTF-8, as `decode` shows it.
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code & 0xff).toString(16)}`;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, "0")}`;
  return unicodeEscape(code);
}

function unicodeEscape(code: number): string {
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
