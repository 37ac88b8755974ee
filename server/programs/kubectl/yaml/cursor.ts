/** A place in a text: both count from 0. */
export interface Mark {
  readonly line: number;
  readonly column: number;
}

/**
 * Why a text is no YAML. go-yaml names the line in three ways: the scanner counts from 1, the parser forgets to, and on the
 * first line nothing is said, or where the surrounding thing begins (goyaml.v2 decode.go fail).
 */
export class YamlError extends Error {
  static scanner(problem: string, at: Mark, context: Mark = at): YamlError {
    return new YamlError(inLine(at.line > 0 ? at.line + 1 : context.line, problem));
  }

  static parser(problem: string, at: Mark, context?: Mark): YamlError {
    return new YamlError(inLine(at.line > 0 ? at.line : (context?.line ?? 0), problem));
  }
}

function inLine(line: number, problem: string): string {
  return line === 0 ? problem : `line ${line}: ${problem}`;
}

const CONTROL = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ud800-\udfff\ue000-\ufffd]/;
/** So many bytes are looked at before the scanner sees the first of them. */
const CHUNK = 512;

/** Reads a text character by character and knows line and column (goyaml.v2 readerc.go). The end reads as "". */
export class Cursor {
  readonly text: string;
  pos = 0;
  line = 0;
  #lineStart = 0;
  /** Where the chunk with a forbidden character begins. */
  readonly #bad: number;

  constructor(text: string) {
    this.text = text;
    const control = text.search(CONTROL);
    this.#bad = control < 0 ? Infinity : Math.floor(control / CHUNK) * CHUNK;
  }

  get column(): number {
    return this.pos - this.#lineStart;
  }

  get mark(): Mark {
    return { line: this.line, column: this.column };
  }

  /** The next character, or one behind it. */
  peek(ahead = 0): string {
    return this.text[this.pos + ahead] ?? "";
  }

  skip(count = 1): void {
    this.pos += count;
  }

  /** Stops at what no YAML may contain, as soon as the reader would have met it. */
  check(): void {
    if (this.pos + 4 > this.#bad) throw new YamlError("control characters are not allowed");
  }

  /** Reads a line break and gives what it stands for; nothing if there is none. */
  readBreak(): string {
    const char = this.peek();
    if (!isBreak(char)) return "";
    this.pos += char === "\r" && this.peek(1) === "\n" ? 2 : 1;
    this.line++;
    this.#lineStart = this.pos;
    return char === "\u2028" || char === "\u2029" ? char : "\n";
  }

  /** The end of the text counts as a new line. */
  endLine(): void {
    if (this.column === 0) return;
    this.line++;
    this.#lineStart = this.pos;
  }

  /** `---` or `...` at the start of a line. */
  atIndicator(indicator: "---" | "..."): boolean {
    return this.column === 0 && this.text.startsWith(indicator, this.pos) && isBlankOrEnd(this.peek(3));
  }
}

export function isBreak(char: string): boolean {
  return char === "\n" || char === "\r" || char === "\u0085" || char === "\u2028" || char === "\u2029";
}

export function isBlank(char: string): boolean {
  return char === " " || char === "\t";
}

export function isBreakOrEnd(char: string): boolean {
  return char === "" || isBreak(char);
}

export function isBlankOrEnd(char: string): boolean {
  return isBlank(char) || isBreakOrEnd(char);
}

export function isWord(char: string): boolean {
  return /^[0-9A-Za-z_-]$/.test(char);
}
