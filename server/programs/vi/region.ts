import { after, charAt, columnAt, columns, firstNonBlank, indexAtColumn, last, shown, type Pos } from "./chars.ts";
import type { Editor } from "./editor.ts";
import type { Register, RegisterKind } from "./registers.ts";

/** A part of the text. `to` is behind its last character; of a block the lines count and the columns. */
export interface Region {
  readonly kind: RegisterKind;
  readonly from: Pos;
  readonly to: Pos;
  /** The screen columns of a block, both included; Infinity: to the end of each line. */
  readonly left?: number;
  readonly right?: number;
}

/** A block's part of a line: the characters that it covers whole, and the columns of those that it cuts. */
export interface Slice {
  readonly start: number;
  readonly end: number;
  /** Spaces in place of a cut character's columns, within the block, and what is left of it outside. */
  readonly text: string;
  readonly before: string;
  readonly after: string;
  /** The line ends before the block begins. */
  readonly short: boolean;
}

/** As block_prep(). */
export function slice(editor: Editor, line: number, left: number, right: number): Slice {
  const { tabstop } = editor.options;
  const text = editor.buffer.line(line);
  const width = columnAt(text, text.length, tabstop);
  if (width < left) return { start: text.length, end: text.length, text: "", before: "", after: "", short: true };
  let start = indexAtColumn(text, left, tabstop);
  const startColumn = columnAt(text, start, tabstop);
  let lead = "";
  let inside = "";
  const first = start;
  const cutWidth = (at: number): number => columns(shown(charAt(text, at), columnAt(text, at, tabstop), tabstop));
  if (startColumn < left) {
    const all = cutWidth(start);
    lead = " ".repeat(left - startColumn);
    const within = Math.min(startColumn + all - 1, right) - left + 1;
    inside = " ".repeat(within);
    start = after(text, start);
    if (startColumn + all - 1 >= right) {
      const rest = startColumn + all - 1 - right;
      return { start: first, end: start, text: inside, before: lead, after: " ".repeat(rest), short: false };
    }
  }
  if (right === Infinity || width <= right + 1) return { start: first, end: text.length, text: inside + text.slice(start), before: lead, after: "", short: false }; // prettier-ignore
  const end = indexAtColumn(text, right, tabstop);
  const endColumn = columnAt(text, end, tabstop);
  const endWidth = cutWidth(end);
  if (endColumn + endWidth - 1 <= right) {
    const behind = after(text, end);
    return {
      start: first,
      end: behind,
      text: inside + text.slice(start, behind),
      before: lead,
      after: "",
      short: false,
    };
  }
  const within = right - endColumn + 1;
  return {
    start: first,
    end: after(text, end),
    text: inside + text.slice(start, end) + " ".repeat(within),
    before: lead,
    after: " ".repeat(endWidth - within),
    short: false,
  };
}

/** What a register holds of it. */
export function textOf(editor: Editor, region: Region): Register {
  const { buffer } = editor;
  const { from, to, kind } = region;
  if (kind === "line") return { kind, lines: buffer.lines.slice(from.line, to.line + 1) };
  if (kind === "block") {
    const { left, right } = columnsOfBlock(region);
    const lines: string[] = [];
    for (let line = from.line; line <= to.line; line++) {
      const part = slice(editor, line, left, right);
      lines.push(part.text);
    }
    const width = right === Infinity ? Math.max(0, ...lines.map((line) => columns(line))) : right - left + 1;
    return { kind, lines, width };
  }
  if (from.line === to.line) return { kind, lines: [buffer.line(from.line).slice(from.col, to.col)] };
  return {
    kind,
    lines: [
      buffer.line(from.line).slice(from.col),
      ...buffer.lines.slice(from.line + 1, to.line),
      buffer.line(to.line).slice(0, to.col),
    ],
  };
}

export function columnsOfBlock(region: Region): { left: number; right: number } {
  return { left: region.left ?? 0, right: region.right ?? Infinity };
}

/** Takes it out of the text; the cursor goes where it was. */
export function removeRegion(editor: Editor, region: Region): void {
  const { buffer } = editor;
  const { from, to, kind } = region;
  if (kind === "line") {
    const all = to.line - from.line + 1 >= buffer.count;
    buffer.replace(from.line, to.line - from.line + 1, []);
    const line = Math.min(from.line, buffer.count - 1);
    if (all) {
      buffer.none = true;
      editor.say("--No lines in buffer--");
    }
    editor.cursor = { line, col: Math.min(firstNonBlank(buffer.line(line)), last(buffer.line(line))) };
  } else if (kind === "block") {
    const { left, right } = columnsOfBlock(region);
    let col: number | undefined;
    for (let line = from.line; line <= to.line; line++) {
      const part = slice(editor, line, left, right);
      if (line === from.line) col = part.start + part.before.length;
      if (part.short) continue;
      const text = buffer.line(line);
      buffer.set(line, text.slice(0, part.start) + part.before + part.after + text.slice(part.end));
    }
    editor.cursor = { line: from.line, col: col ?? 0 };
  } else {
    const joined = buffer.line(from.line).slice(0, from.col) + buffer.line(to.line).slice(to.col);
    buffer.replace(from.line, to.line - from.line + 1, [joined]);
    editor.cursor = from;
  }
  const end = buffer.count - 1;
  buffer.marks.set("[", { line: Math.min(from.line, end), col: kind === "line" ? 0 : from.col });
  buffer.marks.set("]", { line: Math.min(from.line, end), col: kind === "line" ? 0 : from.col });
}

/** Changes each line's part of it. */
export function mapRegion(editor: Editor, region: Region, change: (text: string) => string): void {
  const { buffer } = editor;
  const { from, to, kind } = region;
  for (let line = from.line; line <= to.line; line++) {
    const text = buffer.line(line);
    let [start, end] = [0, text.length];
    if (kind === "char") {
      if (line === from.line) start = from.col;
      if (line === to.line) end = to.col;
    } else if (kind === "block") {
      const { left, right } = columnsOfBlock(region);
      const part = slice(editor, line, left, right);
      if (part.short) continue;
      if (part.before !== "" || part.after !== "") {
        buffer.set(
          line,
          text.slice(0, part.start) + part.before + change(part.text) + part.after + text.slice(part.end),
        );
        continue;
      }
      [start, end] = [part.start, part.end];
    }
    buffer.set(line, text.slice(0, start) + change(text.slice(start, end)) + text.slice(end));
  }
}
