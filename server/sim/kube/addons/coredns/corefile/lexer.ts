/** A word of a Corefile. Plain data; `File` is only set for words of imported files. Named as in the JSON that `reload` hashes. */
export interface Token {
  readonly File: string;
  readonly Line: number;
  readonly Text: string;
}

const SPACE = /\s/;

/** Takes a text apart into words: as coredns/caddy caddyfile/lexer.go. Quotes, escaped quotes, and `#` up to the end of the line. */
export function tokenize(text: string, file = ""): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let start = 1;
  let value = "";
  let [comment, quoted, escaped] = [false, false, false];
  const make = (): void => {
    tokens.push({ File: file, Line: start, Text: value });
    value = "";
  };
  for (const char of text.replace(/^\uFEFF/, "")) {
    if (quoted) {
      if (!escaped && char === "\\") {
        escaped = true;
        continue;
      }
      if (!escaped && char === '"') {
        quoted = false;
        make();
        continue;
      }
      if (char === "\n") line++;
      if (escaped && char !== '"') value += "\\";
      value += char;
      escaped = false;
      continue;
    }
    if (SPACE.test(char)) {
      if (char === "\r") continue;
      if (value !== "") make();
      if (char === "\n") {
        line++;
        comment = false;
      }
      continue;
    }
    if (char === "#") comment = true;
    if (comment) continue;
    if (value === "") {
      start = line;
      if (char === '"') {
        quoted = true;
        continue;
      }
    }
    value += char;
  }
  if (value !== "") make();
  return tokens;
}
