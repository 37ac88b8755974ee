import { isBlank, isBlankOrEnd, isBreak, isBreakOrEnd, YamlError, type Cursor, type Mark } from "./cursor.ts";

/** A literal (`|`) or folded (`>`) text; `parent` is the indentation of what it stands in (scannerc.go scan_block_scalar). */
export function scanBlockScalar(at: Cursor, literal: boolean, parent: number): string {
  const start = at.mark;
  at.skip();
  let keep: "+" | "-" | "" = "";
  let increment = 0;
  for (let read = 0; read < 2; read++) {
    const char = at.peek();
    if ((char === "+" || char === "-") && keep === "") keep = char;
    else if (/^[0-9]$/.test(char) && increment === 0) {
      if (char === "0") throw YamlError.scanner("found an indentation indicator equal to 0", at.mark, start);
      increment = Number(char);
    } else break;
    at.skip();
  }
  while (isBlank(at.peek())) at.skip();
  if (at.peek() === "#") while (!isBreakOrEnd(at.peek())) at.skip();
  if (!isBreakOrEnd(at.peek())) throw YamlError.scanner("did not find expected comment or line break", at.mark, start);
  at.readBreak();
  let indent = increment === 0 ? 0 : Math.max(parent, 0) + increment;
  let breaks = "";
  const readBreaks = (): void => {
    let deepest = 0;
    for (;;) {
      while ((indent === 0 || at.column < indent) && at.peek() === " ") at.skip();
      deepest = Math.max(deepest, at.column);
      if ((indent === 0 || at.column < indent) && at.peek() === "\t")
        throw YamlError.scanner("found a tab character where an indentation space is expected", at.mark, start);
      if (!isBreak(at.peek())) break;
      breaks += at.readBreak();
    }
    if (indent === 0) indent = Math.max(deepest, parent + 1, 1);
  };
  readBreaks();
  let text = "";
  let leadingBreak = "";
  let leadingBlank = false;
  while (at.column === indent && at.peek() !== "") {
    const blank = isBlank(at.peek());
    if (!literal && !leadingBlank && !blank && leadingBreak === "\n") text += breaks === "" ? " " : "";
    else text += leadingBreak;
    text += breaks;
    breaks = "";
    leadingBlank = blank;
    const from = at.pos;
    while (!isBreakOrEnd(at.peek())) at.skip();
    text += at.text.slice(from, at.pos);
    leadingBreak = at.readBreak();
    readBreaks();
  }
  if (keep !== "-") text += leadingBreak;
  return keep === "+" ? text + breaks : text;
}

const ESCAPES: Readonly<Record<string, string>> = {
  0: "\0", a: "\x07", b: "\b", t: "\t", "\t": "\t", n: "\n", v: "\v", f: "\f", r: "\r", e: "\x1b", " ": " ",
  '"': '"', "'": "'", "\\": "\\", N: "\u0085", _: "\u00a0", L: "\u2028", P: "\u2029",
}; // prettier-ignore
const CODE_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** A text in quotes, over several lines if need be (scan_flow_scalar). */
export function scanQuoted(at: Cursor, quote: "'" | '"'): string {
  const start = at.mark;
  at.skip();
  let text = "";
  for (;;) {
    if (at.atIndicator("---") || at.atIndicator("..."))
      throw YamlError.scanner("found unexpected document indicator", at.mark, start);
    if (at.peek() === "") throw YamlError.scanner("found unexpected end of stream", at.mark, start);
    let escapedBreak = false;
    while (!isBlankOrEnd(at.peek())) {
      const char = at.peek();
      if (char === quote) {
        if (quote === '"' || at.peek(1) !== "'") break;
        text += "'";
        at.skip(2);
      } else if (char === "\\" && quote === '"') {
        if (isBreak(at.peek(1))) {
          at.skip();
          at.readBreak();
          escapedBreak = true;
          break;
        }
        text += scanEscape(at, start);
      } else {
        text += char;
        at.skip();
      }
    }
    if (at.peek() === quote) break;
    text += foldBlanks(at, escapedBreak);
  }
  at.skip();
  return text;
}

function scanEscape(at: Cursor, start: Mark): string {
  const char = at.peek(1);
  const known = ESCAPES[char];
  const length = CODE_LENGTHS[char];
  if (known === undefined && length === undefined)
    throw YamlError.scanner("found unknown escape character", at.mark, start);
  at.skip(2);
  if (length === undefined) return known!;
  const digits = at.text.slice(at.pos, at.pos + length);
  if (!new RegExp(`^[0-9a-fA-F]{${length}}$`).test(digits))
    throw YamlError.scanner("did not find expected hexdecimal number", at.mark, start);
  const code = Number.parseInt(digits, 16);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
    throw YamlError.scanner("found invalid Unicode character escape code", at.mark, start);
  at.skip(length);
  return String.fromCodePoint(code);
}

/** Blanks stay; the first line break among them is a blank, the others are kept. */
function foldBlanks(at: Cursor, escapedBreak: boolean): string {
  let blanks = "";
  let first = "";
  let more = "";
  let broken = escapedBreak;
  while (isBlank(at.peek()) || isBreak(at.peek())) {
    if (isBlank(at.peek())) {
      if (!broken) blanks += at.peek();
      at.skip();
    } else if (broken) more += at.readBreak();
    else {
      first = at.readBreak();
      broken = true;
    }
  }
  if (!broken) return blanks;
  return first === "\n" ? more || " " : first + more;
}

export interface Plain {
  readonly text: string;
  /** Whether a line break stands behind it: what follows may be a key. */
  readonly broken: boolean;
}

/** A text without quotes (scan_plain_scalar). */
export function scanPlain(at: Cursor, parent: number, inFlow: boolean): Plain {
  const start = at.mark;
  const indent = parent + 1;
  let text = "";
  let blanks = "";
  let first = "";
  let more = "";
  let broken = false;
  for (;;) {
    if (at.atIndicator("---") || at.atIndicator("...") || at.peek() === "#") break;
    while (!isBlankOrEnd(at.peek())) {
      const char = at.peek();
      if (char === ":" && isBlankOrEnd(at.peek(1))) break;
      if (inFlow && ",?[]{}".includes(char)) break;
      if (broken) text += first === "\n" ? more || " " : first + more;
      else text += blanks;
      blanks = first = more = "";
      broken = false;
      text += char;
      at.skip();
    }
    if (!isBlank(at.peek()) && !isBreak(at.peek())) break;
    while (isBlank(at.peek()) || isBreak(at.peek())) {
      if (isBlank(at.peek())) {
        if (broken && at.column < indent && at.peek() === "\t")
          throw YamlError.scanner("found a tab character that violates indentation", at.mark, start);
        if (!broken) blanks += at.peek();
        at.skip();
      } else if (broken) more += at.readBreak();
      else {
        first = at.readBreak();
        blanks = "";
        broken = true;
      }
    }
    if (!inFlow && at.column < indent) break;
  }
  return { text, broken };
}
