import { after, before, columnAt, firstNonBlank, indexAtColumn, last } from "./chars.ts";
import type { Editor } from "./editor.ts";
import { atIndent, times, type Extent, type Motion, type MotionCall, type Target } from "./motion.ts";
import { mark, searchAgain, searching, wordUnderCursor } from "./search-motions.ts";
import { paragraph, percent, sentence } from "./text-motions.ts";
import { Walker } from "./walker.ts";

const left: Motion = {
  extent: "exclusive",
  go(call) {
    const { editor } = call;
    let { col } = editor.cursor;
    if (col === 0) return undefined;
    for (let rest = times(call); rest > 0 && col > 0; rest--) col = before(editor.line, col);
    return { to: { line: editor.cursor.line, col } };
  },
};

const right: Motion = {
  extent: "exclusive",
  go(call) {
    const { editor, operator, visual } = call;
    const text = editor.line;
    const most = operator !== undefined || visual ? text.length : last(text);
    let { col } = editor.cursor;
    if (col >= most && !(operator !== undefined && text !== "")) return undefined;
    for (let rest = times(call); rest > 0 && col < most; rest--) col = after(text, col);
    return { to: { line: editor.cursor.line, col: Math.min(col, most) } };
  },
};

/** Backspace and space go on over the ends of lines ('whichwrap' b,s). */
const backspace: Motion = {
  extent: "exclusive",
  go(call) {
    const walker = new Walker(call.editor.buffer, call.editor.cursor);
    for (let rest = times(call); rest > 0; rest--) {
      if (!walker.left()) {
        if (walker.line === 0) return rest === times(call) ? undefined : { to: walker.pos };
        walker.line--;
        walker.col = call.operator === undefined ? last(walker.text) : walker.text.length;
      }
    }
    return { to: walker.pos };
  },
};

const space: Motion = {
  extent: "exclusive",
  go(call) {
    const { editor, operator, visual } = call;
    const walker = new Walker(editor.buffer, editor.cursor);
    for (let rest = times(call); rest > 0; rest--) {
      const { text } = walker;
      const atEnd = operator !== undefined || visual ? walker.col >= text.length : walker.col >= last(text);
      if (!atEnd) walker.col = after(text, walker.col);
      else if (walker.line + 1 < editor.buffer.count) {
        walker.line++;
        walker.col = 0;
      } else return rest === times(call) ? undefined : { to: walker.pos };
      if (operator !== undefined && rest === 1 && walker.col === 0 && walker.line > editor.cursor.line) break;
    }
    return { to: walker.pos };
  },
};

function vertical(direction: 1 | -1): Motion {
  return {
    extent: "line",
    go(call) {
      const { editor } = call;
      const line = editor.cursor.line + direction * times(call);
      const { count } = editor.buffer;
      // With an operator or from the last line there is no part of the way.
      if (direction > 0 ? editor.cursor.line === count - 1 : editor.cursor.line === 0) return undefined;
      if ((line < 0 || line >= count) && call.operator !== undefined) return undefined;
      const to = Math.max(0, Math.min(count - 1, line));
      return { to: { line: to, col: editor.wanted(to) }, want: editor.want };
    },
  };
}

/** To the first character that is no blank, so many lines on: `+`, `-`, `_`, Return. */
function lineStart(direction: 1 | -1 | 0): Motion {
  return {
    extent: "line",
    go(call) {
      const { editor } = call;
      const by = direction === 0 ? times(call) - 1 : direction * times(call);
      const line = editor.cursor.line + by;
      if (line < 0 || editor.cursor.line + (direction || 0) >= editor.buffer.count) return undefined;
      if (line >= editor.buffer.count && (call.operator !== undefined || direction === 0)) return undefined;
      return atIndent(editor, Math.min(line, editor.buffer.count - 1));
    },
  };
}

/** A line by number, keeping the column where 'startofline' is off. */
function toLine(editor: Editor, line: number): Target {
  const at = Math.max(0, Math.min(editor.buffer.count - 1, line));
  return editor.options.on("startofline")
    ? atIndent(editor, at)
    : { to: { line: at, col: editor.wanted(at) }, want: editor.want };
}

function word(big: boolean, end: boolean): Motion {
  return {
    extent: end ? "inclusive" : "exclusive",
    go(call) {
      const { editor, operator } = call;
      const walker = new Walker(editor.buffer, editor.cursor, big);
      const start = walker.pos;
      let toEnd = end;
      let stop = false;
      // "cw" on a word changes as "ce" does, but stays where the word ends already.
      if (!end && operator === "c" && walker.char !== "" && walker.class !== 0) {
        toEnd = true;
        stop = true;
      }
      let extent: Extent = toEnd ? "inclusive" : "exclusive";
      const moved = toEnd ? walker.wordEnd(times(call), stop) : walker.nextWord(times(call), operator !== undefined);
      if (!moved && operator === undefined && walker.line === start.line && walker.col === start.col) return undefined;
      const forward = walker.line > start.line || (walker.line === start.line && walker.col > start.col);
      if (forward && walker.col > 0 && walker.char === "" && !call.visual) {
        walker.left();
        extent = "inclusive";
      } else if (forward && walker.col > 0 && walker.char === "") walker.left();
      return { to: walker.pos, extent };
    },
  };
}

function wordBack(big: boolean): Motion {
  return {
    extent: "exclusive",
    go(call) {
      const walker = new Walker(call.editor.buffer, call.editor.cursor, big);
      return walker.previousWord(times(call)) ? { to: walker.pos } : undefined;
    },
  };
}

function endBack(big: boolean): Motion {
  return {
    extent: "inclusive",
    go(call) {
      const walker = new Walker(call.editor.buffer, call.editor.cursor, big);
      return walker.previousEnd(times(call)) ? { to: walker.pos } : undefined;
    },
  };
}

/** `f`, `F`, `t`, `T`; also `;` and `,`, which go on beyond a character that `t` stands before. */
export function findChar(
  call: MotionCall,
  char: string,
  forward: boolean,
  till: boolean,
  again: boolean,
): Target | undefined {
  // prettier-ignore
  const { editor } = call;
  const text = editor.line;
  let at = editor.cursor.col;
  let skip = again && till && times(call) === 1;
  for (let rest = times(call); rest > 0;) {
    at = forward ? (at >= text.length ? -1 : text.indexOf(char, after(text, at))) : at === 0 ? -1 : text.lastIndexOf(char, before(text, at)); // prettier-ignore
    if (at < 0) return undefined;
    // It already stands beside this one.
    if (skip && (forward ? before(text, at) === editor.cursor.col : after(text, at) === editor.cursor.col)) {
      skip = false;
      continue;
    }
    rest--;
  }
  if (till) at = forward ? before(text, at) : after(text, at);
  return { to: { line: editor.cursor.line, col: at }, extent: forward ? "inclusive" : "exclusive" };
}

function find(forward: boolean, till: boolean): Motion {
  return {
    extent: forward ? "inclusive" : "exclusive",
    needs: "char",
    go(call) {
      const char = call.typed;
      call.editor.lastFind = { char, forward, till };
      return findChar(call, char, forward, till, false);
    },
  };
}

function findAgain(same: boolean): Motion {
  return {
    extent: "inclusive",
    go(call) {
      const known = call.editor.lastFind;
      return known && findChar(call, known.char, known.forward === same, known.till, true);
    },
  };
}

function screenLine(where: "H" | "M" | "L"): Motion {
  return {
    extent: "line",
    jump: true,
    go(call) {
      const { editor } = call;
      const { view, buffer } = editor;
      const bottom = view.bottom();
      const off = editor.options.number("scrolloff");
      const by = times(call) - 1;
      let line: number;
      if (where === "H") line = Math.min(bottom - 1, Math.max(view.top + by, view.top === 0 ? 0 : view.top + off));
      else if (where === "L")
        line = Math.max(view.top, Math.min(bottom - 1 - by, bottom >= buffer.count ? buffer.count - 1 : bottom - 1 - off)); // prettier-ignore
      else {
        const half = Math.floor(((bottom >= buffer.count ? rowsShown(editor) : view.height) + 1) / 2);
        let used = 0;
        line = view.top;
        while (line < buffer.count - 1 && used + view.rowsOf(line) < half) used += view.rowsOf(line++);
      }
      return toLine(editor, line);
    },
  };
}

function rowsShown({ view, buffer }: Editor): number {
  let rows = 0;
  for (let line = view.top; line < buffer.count && rows < view.height; line++) rows += view.rowsOf(line);
  return Math.min(rows, view.height);
}

function jumpMotion(lines: (call: MotionCall) => number): Motion {
  return { extent: "line", jump: true, go: (call) => toLine(call.editor, lines(call)) };
}

const lineEnd: Motion = {
  extent: "inclusive",
  go(call) {
    const { editor } = call;
    const line = editor.cursor.line + times(call) - 1;
    if (line >= editor.buffer.count) {
      if (call.operator !== undefined) return undefined;
    }
    const at = Math.min(line, editor.buffer.count - 1);
    const text = editor.buffer.line(at);
    return {
      to: { line: at, col: call.visual ? text.length : last(text) },
      want: Infinity,
      ...(text === "" ? { extent: "exclusive" as const } : {}),
    };
  },
};

const inLine = (col: (line: string, call: MotionCall) => number): Motion => ({
  extent: "exclusive",
  go: (call) => ({ to: { line: call.editor.cursor.line, col: col(call.editor.line, call) } }),
});

/** `gj` and `gk`: by rows of the screen. */
function screenRow(direction: 1 | -1): Motion {
  return {
    extent: "exclusive",
    go(call) {
      const { editor } = call;
      const { tabstop } = editor.options;
      const { width } = editor.view;
      let { line } = editor.cursor;
      let column = columnAt(editor.line, editor.cursor.col, tabstop);
      for (let rest = times(call); rest > 0; rest--) {
        if (direction > 0) {
          const rows = editor.view.rowsOf(line);
          if (Math.floor(column / width) + 1 < rows) column += width;
          else if (line + 1 < editor.buffer.count) {
            line++;
            column %= width;
          } else return undefined;
        } else if (column >= width) column -= width;
        else if (line > 0) {
          line--;
          column += (editor.view.rowsOf(line) - 1) * width;
        } else return undefined;
      }
      const text = editor.buffer.line(line);
      return { to: { line, col: Math.min(last(text), indexAtColumn(text, column, tabstop)) } };
    },
  };
}

/** Motions by their keys. */
export const MOTIONS: Readonly<Record<string, Motion>> = {
  h: left, "<Left>": left, "<BS>": backspace, "\x08": backspace, l: right, "<Right>": right, " ": space,
  j: vertical(1), "<Down>": vertical(1), "\x0a": vertical(1), "\x0e": vertical(1), k: vertical(-1), "<Up>": vertical(-1), "\x10": vertical(-1),
  "+": lineStart(1), "\r": lineStart(1), "-": lineStart(-1), _: lineStart(0),
  w: word(false, false), W: word(true, false), e: word(false, true), E: word(true, true), b: wordBack(false), B: wordBack(true),
  ge: endBack(false), gE: endBack(true), "<S-Right>": word(false, false), "<C-Right>": word(true, false), "<S-Left>": wordBack(false), "<C-Left>": wordBack(true),
  "0": inLine(() => 0), "<Home>": inLine(() => 0), "^": inLine((line) => Math.min(firstNonBlank(line), last(line))),
  "|": inLine((line, call) => Math.min(last(line), indexAtColumn(line, times(call) - 1, call.editor.options.tabstop))),
  $: lineEnd, "<End>": lineEnd,
  g0: inLine((line, { editor }) => indexAtColumn(line, columnAt(line, editor.cursor.col, editor.options.tabstop) - (columnAt(line, editor.cursor.col, editor.options.tabstop) % editor.view.width), editor.options.tabstop)),
  g$: { extent: "inclusive", go: ({ editor, count }) => { const target = count !== undefined && count > 1 ? screenRow(1).go({ editor, count: count - 1, operator: undefined, typed: "", visual: false }) : { to: editor.cursor }; if (!target) return undefined; const text = editor.buffer.line(target.to.line); const { tabstop } = editor.options; const column = columnAt(text, target.to.col, tabstop); const end = column - (column % editor.view.width) + editor.view.width - 1; return { to: { line: target.to.line, col: Math.min(last(text), indexAtColumn(text, end, tabstop)) } }; } },
  gm: inLine((line, { editor }) => Math.min(last(line), indexAtColumn(line, Math.floor(editor.view.width / 2), editor.options.tabstop))),
  g_: { extent: "inclusive", go: (call) => { const line = Math.min(call.editor.cursor.line + times(call) - 1, call.editor.buffer.count - 1); return { to: { line, col: last(call.editor.buffer.line(line).trimEnd()) } }; } },
  gj: screenRow(1), gk: screenRow(-1),
  f: find(true, false), F: find(false, false), t: find(true, true), T: find(false, true), ";": findAgain(true), ",": findAgain(false),
  "{": paragraph(-1), "}": paragraph(1), "(": sentence(-1), ")": sentence(1), "%": percent,
  "'": mark(false), "`": mark(true), "/": searching("/"), "?": searching("?"), n: searchAgain(false), N: searchAgain(true),
  "*": wordUnderCursor(false, true), "#": wordUnderCursor(true, true), "g*": wordUnderCursor(false, false), "g#": wordUnderCursor(true, false),
  H: screenLine("H"), M: screenLine("M"), L: screenLine("L"),
  G: jumpMotion((call) => (call.count ?? call.editor.buffer.count) - 1), "<C-End>": jumpMotion((call) => (call.count ?? call.editor.buffer.count) - 1),
  gg: jumpMotion((call) => times(call) - 1), "<C-Home>": jumpMotion((call) => times(call) - 1),
}; // prettier-ignore
