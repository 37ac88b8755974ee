const SIMPLE: Record<string, string> = {
  a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\", "'": "'", '"': '"',
}; // prettier-ignore

/**
 * The text between two quotes with its escapes undone, as `strconv.UnquoteChar` does one by one; undefined for what is no
 * escape. Escapes `\x` and `\101` give bytes, which are returned as Latin-1 characters below U+0080 and as U+DC80 to U+DCFF.
 */
export function unescapeGo(text: string, mark: string): string | undefined {
  let out = "";
  for (let at = 0; at < text.length;) {
    const char = text[at]!;
    if (char === mark) return undefined;
    if (char !== "\\") {
      out += char;
      at++;
      continue;
    }
    const rest = text.slice(at);
    const numeric = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3}))/.exec(rest);
    if (numeric) {
      const [whole, byte, short, long, octal] = numeric;
      const code = octal === undefined ? parseInt((byte ?? short ?? long)!, 16) : parseInt(octal, 8);
      if (octal !== undefined && code > 255) return undefined;
      if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
      const isByte = byte !== undefined || octal !== undefined;
      out += isByte && code >= 0x80 ? String.fromCharCode(0xdc00 | code) : String.fromCodePoint(code);
      at += whole.length;
      continue;
    }
    const next = text[at + 1];
    const simple = next === undefined ? undefined : SIMPLE[next];
    if (simple === undefined || ((next === "'" || next === '"') && next !== mark)) return undefined;
    out += simple;
    at += 2;
  }
  return out;
}

/** `strconv.Unquote` of a string or raw string literal; undefined if it is none. */
export function unquote(literal: string): string | undefined {
  const mark = literal[0];
  if (literal.length < 2 || mark !== literal.at(-1)) return undefined;
  const inner = literal.slice(1, -1);
  if (mark === "`") return inner.includes("`") ? undefined : inner.replaceAll("\r", "");
  if (mark !== '"' || inner.includes("\n")) return undefined;
  return unescapeGo(inner, mark);
}
