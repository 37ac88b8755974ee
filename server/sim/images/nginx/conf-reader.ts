import { ConfError, type ConfPosition } from "./conf-error.ts";

/** What stands at the end of some words. */
export type ConfToken = "statement" | "block" | "close" | "end";

const isSpace = (char: string): boolean => char === " " || char === "\t" || char === "\r" || char === "\n";

/** Reads one file word by word, as ngx_conf_read_token (src/core/ngx_conf_file.c) does. */
export class ConfReader {
  readonly file: string;
  readonly #text: string;
  #at = 0;
  line = 1;
  /** The words of the statement that was read last. */
  words: string[] = [];

  constructor(file: string, text: string) {
    this.file = file;
    this.#text = text;
  }

  get position(): ConfPosition {
    return { file: this.file, line: this.line };
  }

  fail(message: string): never {
    throw new ConfError(message, this.position);
  }

  next(): ConfToken {
    this.words = [];
    const text = this.#text;
    let inWord = false;
    let quote = "";
    let afterQuote = false;
    let comment = false;
    let escaped = false;
    let variable = false;
    let start = 0;
    while (this.#at < text.length) {
      const char = text[this.#at++]!;
      if (char === "\n") {
        this.line++;
        comment = false;
      }
      if (comment) continue;
      if (escaped) {
        escaped = false;
        continue;
      }
      if (afterQuote) {
        if (char === ";") return "statement";
        if (char === "{") return "block";
        if (!isSpace(char) && char !== ")") this.fail(`unexpected "${char}"`);
        afterQuote = false;
        if (isSpace(char)) continue;
      }
      if (!inWord) {
        if (isSpace(char)) continue;
        if (char === "#") {
          comment = true;
          continue;
        }
        if (char === ";" || char === "{") {
          if (this.words.length === 0) this.fail(`unexpected "${char}"`);
          return char === ";" ? "statement" : "block";
        }
        if (char === "}") {
          if (this.words.length > 0) this.fail('unexpected "}"');
          return "close";
        }
        inWord = true;
        start = this.#at - 1;
        if (char === '"' || char === "'") {
          quote = char;
          start++;
        } else if (char === "\\") escaped = true;
        else variable = char === "$";
        continue;
      }
      if (char === "{" && variable) continue;
      variable = char === "$";
      if (char === "\\") escaped = true;
      if (char === "\\" || variable) continue;
      const ends = quote === "" ? isSpace(char) || char === ";" || char === "{" : char === quote;
      if (!ends) continue;
      this.words.push(unescape(text.slice(start, this.#at - 1)));
      inWord = false;
      afterQuote = quote !== "";
      const wasQuoted = quote !== "";
      quote = "";
      if (!wasQuoted && char === ";") return "statement";
      if (!wasQuoted && char === "{") return "block";
    }
    if (this.words.length === 0 && !inWord) return "end";
    return this.fail(
      this.file === "command line"
        ? 'unexpected end of parameter, expecting ";"'
        : 'unexpected end of file, expecting ";" or "}"',
    );
  }
}

function unescape(word: string): string {
  const known: Readonly<Record<string, string>> = { '"': '"', "'": "'", "\\": "\\", t: "\t", r: "\r", n: "\n" };
  return word.replaceAll(/\\(["'\\trn])/g, (_, char: string) => known[char]!);
}
