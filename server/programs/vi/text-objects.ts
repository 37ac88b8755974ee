import { after, before, firstNonBlank, type Pos } from "./chars.ts";
import type { Editor } from "./editor.ts";
import type { Target } from "./motion.ts";
import { partner } from "./text-motions.ts";
import { compare, Walker } from "./walker.ts";

interface ObjectCall {
  readonly editor: Editor;
  readonly count: number;
  /** `a`: with the blanks or the delimiters around it. */
  readonly around: boolean;
}

type TextObject = (call: ObjectCall) => Target | undefined;

/** `iw`, `aW`… As current_word(). */
function word(big: boolean): TextObject {
  return ({ editor, count, around }) => {
    const walker = new Walker(editor.buffer, editor.cursor, big);
    const { visual } = editor;
    const extends_ = visual !== undefined && compare(visual.start, editor.cursor) !== 0;
    let from: Pos | undefined;
    let includesWhite = false;
    let inclusive = true;
    let rest = count;
    if (!extends_) {
      walker.backInLine();
      from = walker.pos;
      if ((walker.class === 0) === around) {
        if (!walker.wordEnd(1, true, true)) return undefined;
      } else {
        walker.nextWord(1, true);
        if (walker.col === 0) walker.decl();
        else walker.left();
        includesWhite = around;
      }
      rest--;
    }
    for (; rest > 0; rest--) {
      inclusive = true;
      if (walker.incl() === -1) return undefined;
      if (around) {
        if (!walker.nextWord(1, true) && !(walker.line + 1 >= editor.buffer.count && walker.char === ""))
          return undefined;
        if (!walker.left()) inclusive = false;
      } else if (walker.class === 0) {
        walker.nextWord(1, true);
        if (!walker.left()) inclusive = false;
      } else if (!walker.wordEnd(1, true, true)) return undefined;
    }
    if (includesWhite && from && (walker.class !== 0 || (walker.col === 0 && !inclusive))) {
      const white = new Walker(editor.buffer, from, big);
      if (white.left()) {
        white.backInLine();
        if (white.class === 0 && white.col > 0) from = white.pos;
      }
    }
    const to = walker.pos;
    return { to, ...(from ? { from } : {}), extent: inclusive ? "inclusive" : "exclusive" };
  };
}

/** `i"`, `a'`… within a line. As current_quote(). */
function quotes(quote: string): TextObject {
  return ({ editor, around, count }) => {
    const text = editor.line;
    const places: number[] = [];
    for (let at = 0; at < text.length; at++) {
      if (text[at] === "\\") at++;
      else if (text[at] === quote) places.push(at);
    }
    const { line, col } = editor.cursor;
    let found: [number, number] | undefined;
    for (let at = 0; at + 1 < places.length; at += 2) {
      if (places[at + 1]! >= col) {
        found = [places[at]!, places[at + 1]!];
        break;
      }
    }
    if (!found) return undefined;
    let [start, end] = found;
    if (!around && count < 2) {
      if (end === start + 1) return { from: { line, col: end }, to: { line, col: end }, extent: "exclusive" };
      return { from: { line, col: start + 1 }, to: { line, col: before(text, end) }, extent: "inclusive" };
    }
    if (around) {
      const behind = firstNonBlank(text.slice(end + 1));
      if (behind > 0) end += behind;
      else while (start > 0 && /[ \t]/.test(text[start - 1]!)) start--;
    }
    return { from: { line, col: start }, to: { line, col: end }, extent: "inclusive" };
  };
}

/** `i(`, `a{`… As current_block(). */
function block(open: string, close: string): TextObject {
  return ({ editor, count, around }) => {
    const { buffer, cursor, visual } = editor;
    let at: Pos | undefined;
    const extended = visual !== undefined && compare(visual.start, cursor) !== 0;
    const origin = extended ? (compare(visual.start, cursor) < 0 ? visual.start : cursor) : cursor;
    const walker = new Walker(buffer, origin);
    let rest = count;
    if (!extended && walker.char === open) {
      at = walker.pos;
      rest--;
    } else if (!extended && walker.char === close) {
      at = partner(editor, walker.pos);
      if (!at) return undefined;
      rest--;
    }
    if (at) walker.pos = at;
    for (; rest > 0; rest--) {
      let depth = 0;
      for (;;) {
        if (walker.decl() === -1) {
          // Outside of all of them the next one in the line counts.
          const next = extended ? -1 : buffer.line(cursor.line).indexOf(open, cursor.col);
          if (next < 0) return undefined;
          walker.pos = { line: cursor.line, col: next };
          break;
        }
        if (walker.char === close) depth++;
        else if (walker.char === open && depth-- === 0) break;
      }
      at = walker.pos;
    }
    const end = at && partner(editor, at);
    if (!at || !end) return undefined;
    if (around) return { from: at, to: end, extent: "inclusive" };
    const inner = new Walker(buffer, at);
    inner.incl();
    let from = inner.pos;
    // Directly behind an opening brace at a line's end begins the next line; before a closing one that stands alone ends the one before.
    if (after(buffer.line(at.line), at.col) >= buffer.line(at.line).length && at.line < end.line)
      from = { line: at.line + 1, col: 0 };
    const alone = firstNonBlank(buffer.line(end.line)) === end.col;
    if (alone && end.line > from.line) {
      const line = end.line - 1;
      if (from.col === 0 && from.line > at.line && open === "{") return { from, to: { line, col: 0 }, extent: "line" };
      return { from, to: { line, col: buffer.line(line).length }, extent: "exclusive" };
    }
    if (compare(from, end) >= 0) return { from: end, to: end, extent: "exclusive" };
    const before_ = new Walker(buffer, end);
    before_.decl();
    return { from, to: before_.pos, extent: "inclusive" };
  };
}

/** `ip`, `ap`. As current_par(). */
const paragraph: TextObject = ({ editor, count, around }) => {
  const { buffer, cursor, visual } = editor;
  const white = (line: number): boolean => firstNonBlank(buffer.line(line)) === buffer.line(line).length;
  const extended = visual !== undefined && visual.start.line !== cursor.line;
  let start = cursor.line;
  let end = cursor.line;
  let rest = count;
  let whiteInFront = white(start);
  if (!extended) {
    while (start > 0 && white(start - 1) === whiteInFront) start--;
    end = start;
    while (end < buffer.count && white(end) === whiteInFront) end++;
    end--;
    if (around) {
      if (whiteInFront && end + 1 >= buffer.count) return undefined;
    }
  } else {
    whiteInFront = end + 1 < buffer.count && white(end + 1);
    rest++;
  }
  const run = (): boolean => {
    if (end + 1 >= buffer.count) return false;
    const kind = white(end + 1);
    while (end + 1 < buffer.count && white(end + 1) === kind) end++;
    return true;
  };
  let trailing = true;
  for (let at = extended ? 1 : 0; at < rest; at++) {
    if (at > 0 && !run()) return undefined;
    if (around) trailing = run();
  }
  // Without blank lines behind it takes those before it.
  if (around && !extended && !whiteInFront && (!trailing || !white(end))) while (start > 0 && white(start - 1)) start--;
  return { from: { line: start, col: 0 }, to: { line: end, col: 0 }, extent: "line" };
};

const parens = block("(", ")");
const braces = block("{", "}");
const brackets = block("[", "]");
const angles = block("<", ">");

/** Text objects by the key behind `i` or `a`. */
export const TEXT_OBJECTS: Readonly<Record<string, TextObject>> = {
  w: word(false), W: word(true), '"': quotes('"'), "'": quotes("'"), "`": quotes("`"), "(": parens, ")": parens, b: parens,
  "{": braces, "}": braces, B: braces, "[": brackets, "]": brackets, "<": angles, ">": angles, p: paragraph,
}; // prettier-ignore
