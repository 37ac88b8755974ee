import { last, type Pos } from "./chars.ts";
import type { Editor } from "./editor.ts";
import { atIndent, times, type Motion, type MotionCall, type Target } from "./motion.ts";
import { readSearch, runSearch, type Search } from "./search.ts";

export function mark(exact: boolean): Motion {
  return {
    extent: exact ? "exclusive" : "line",
    needs: "char",
    jump: true,
    go({ editor, typed }) {
      const pos = markAt(editor, typed);
      if (!pos) {
        editor.error(/[a-zA-Z0-9'`"[\]<>.^]/.test(typed) ? "E20: Mark not set" : "E78: Unknown mark");
        return undefined;
      }
      return exact ? { to: pos } : atIndent(editor, pos.line);
    },
  };
}

export function markAt(editor: Editor, name: string): Pos | undefined {
  const { lastVisual, buffer } = editor;
  if ((name === "<" || name === ">") && lastVisual) {
    const ordered = lastVisual.start.line < lastVisual.end.line || (lastVisual.start.line === lastVisual.end.line && lastVisual.start.col <= lastVisual.end.col); // prettier-ignore
    const pos = (name === "<") === ordered ? lastVisual.start : lastVisual.end;
    if (lastVisual.kind !== "V") return pos;
    return { line: pos.line, col: name === "<" ? 0 : last(buffer.line(pos.line)) };
  }
  const pos =
    buffer.marks.get(name === "`" ? "'" : name) ?? (name === "'" || name === "`" ? { line: 0, col: 0 } : undefined);
  return pos && pos.line < buffer.count
    ? { line: pos.line, col: Math.min(pos.col, last(buffer.line(pos.line))) }
    : undefined;
}

export function searching(prompt: "/" | "?"): Motion {
  return {
    extent: "exclusive",
    needs: "pattern",
    jump: true,
    go(call) {
      const { editor, typed } = call;
      const search = readSearch(editor, typed, prompt);
      if (!search) return undefined;
      editor.search = search;
      editor.echo(`${prompt}${search.pattern}${search.offset === "" ? "" : `${prompt}${search.offset}`}`);
      return searched(call, search, false);
    },
  };
}

function searched(call: MotionCall, search: Search, opposite: boolean): Target | undefined {
  call.editor.noHighlight = false;
  const found = runSearch(call.editor, search, times(call), opposite);
  return found && { to: found.to, extent: found.line ? "line" : found.inclusive ? "inclusive" : "exclusive" };
}

export function searchAgain(opposite: boolean): Motion {
  return {
    extent: "exclusive",
    jump: true,
    go(call) {
      const { editor } = call;
      if (!editor.search) {
        editor.error("E35: No previous regular expression");
        return undefined;
      }
      const { pattern, backwards } = editor.search;
      const sign = backwards !== opposite ? "?" : "/";
      editor.say(`${sign}${pattern}${editor.search.offset === "" ? "" : `${sign}${editor.search.offset}`}`);
      return searched(call, editor.search, opposite);
    },
  };
}

/** `*` and `#`: the word under the cursor, or the next one in its line. */
export function wordUnderCursor(backwards: boolean, whole: boolean): Motion {
  return {
    extent: "exclusive",
    jump: true,
    go(call) {
      const { editor } = call;
      const text = editor.line;
      const word = wordAt(text, editor.cursor.col) ?? blankSeparated(text, editor.cursor.col);
      if (!word) {
        editor.error("E348: No string under cursor");
        return undefined;
      }
      const quoted = word.text.replace(/[\\^$.*[~]/g, "\\$&").replace(/[/?]/g, (char) => (char === (backwards ? "?" : "/") ? `\\${char}` : char)); // prettier-ignore
      const pattern = whole && word.keyword ? `\\<${quoted}\\>` : quoted;
      editor.search = { pattern: pattern.replace(/\\([/?])/g, "$1"), backwards, offset: "" };
      editor.history.add("/", pattern);
      editor.say(`${backwards ? "?" : "/"}${pattern}`);
      editor.cursor = { line: editor.cursor.line, col: word.start };
      return searched(call, editor.search, false);
    },
  };
}

function wordAt(text: string, col: number): { text: string; start: number; keyword: boolean } | undefined {
  for (const match of text.matchAll(/[\p{L}\p{N}_]+/gu)) {
    if (match.index + match[0].length > col) return { text: match[0], start: match.index, keyword: true };
  }
  return undefined;
}

function blankSeparated(text: string, col: number): { text: string; start: number; keyword: boolean } | undefined {
  for (const match of text.matchAll(/\S+/g)) {
    if (match.index + match[0].length > col) return { text: match[0], start: match.index, keyword: false };
  }
  return undefined;
}
