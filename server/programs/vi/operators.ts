import { columnAt, firstNonBlank, last, type Pos } from "./chars.ts";
import type { Editor, Steps } from "./editor.ts";
import { expressionIndent, setIndent, shiftLine } from "./indent.ts";
import { beginInsert } from "./insert.ts";
import { blockInsert } from "./block-insert.ts";
import { editCommandLine } from "./command-line.ts";
import { mapRegion, removeRegion, textOf, type Region } from "./region.ts";
import { joinLines } from "./join.ts";

export interface OperatorCall {
  readonly editor: Editor;
  readonly region: Region;
  readonly register: string | undefined;
  readonly visual: boolean;
  /** In Visual mode so many times, for `>` and `<`. */
  readonly count: number;
  /** The motion was one of those after which even a small deletion goes to `"1`. */
  readonly big: boolean;
}

export type Operator = (call: OperatorCall) => Steps;

function put(editor: Editor, pos: Pos): void {
  editor.cursor = pos;
  editor.clampCursor();
}

/** After a change without a cursor of its own: to the start, at the first non-blank of whole lines. */
function toStart({ editor, region, visual }: OperatorCall): void {
  const { from } = region;
  if (region.kind === "line" && !visual)
    put(editor, { line: from.line, col: editor.cursor.line === from.line ? editor.cursor.col : from.col });
  else put(editor, region.kind === "line" ? { line: from.line, col: 0 } : from);
}

function setMarks({ editor, region }: OperatorCall): void {
  const { from, to, kind } = region;
  const { marks } = editor.buffer;
  marks.set("[", kind === "line" ? { line: from.line, col: 0 } : from);
  marks.set(
    "]",
    kind === "line"
      ? { line: to.line, col: last(editor.buffer.line(to.line)) }
      : { line: to.line, col: Math.max(0, to.col - 1) },
  );
}

function* remove(call: OperatorCall): Steps {
  const { editor, region, register, big } = call;
  const { kind, from, to } = region;
  if (kind === "char" && from.line === to.line && from.col === to.col) {
    editor.registers.delete(register, { kind, lines: [""] }, false);
    return;
  }
  editor.registers.delete(register, textOf(editor, region), big);
  const lines = editor.buffer.count;
  removeRegion(editor, region);
  editor.clampCursor();
  if (!(kind === "line" && editor.buffer.none)) editor.reportLines(editor.buffer.count - lines);
}

function* yank(call: OperatorCall): Steps {
  const { editor, region, register } = call;
  const value = textOf(editor, region);
  editor.registers.yank(register, value);
  setMarks(call);
  const { length } = value.lines;
  if (length > 2) {
    const block = region.kind === "block" ? "block of " : "";
    const into = register !== undefined && !/["0+*]/.test(register) ? ` into "${register}` : "";
    editor.say(`${block}${length} lines yanked${into}`);
  }
  const { from } = region;
  if (region.kind !== "line") put(editor, from);
  else if (call.visual)
    put(editor, { line: from.line, col: editor.lastVisual?.kind === "V" ? (editor.lastVisual.start.line <= editor.lastVisual.end.line ? editor.lastVisual.start.col : editor.lastVisual.end.col) : 0 }); // prettier-ignore
  else if (editor.cursor.line !== from.line) put(editor, from);
}

function* change(call: OperatorCall): Steps {
  const { editor, region, register } = call;
  const { kind, from, to } = region;
  if (kind === "block") return yield* blockInsert(call, "change");
  const value = textOf(editor, region);
  if (!(kind === "char" && value.lines.length === 1 && value.lines[0] === ""))
    editor.registers.delete(register, value, call.big);
  if (kind === "line") {
    const { buffer } = editor;
    const first = buffer.line(from.line);
    const keep = editor.options.on("autoindent") ? first.slice(0, firstNonBlank(first)) : "";
    const lines = to.line - from.line;
    if (lines > 0) buffer.replace(from.line + 1, lines, []);
    if (lines > 2) editor.reportLines(-lines);
    buffer.set(from.line, keep);
    const wanted = expressionIndent(editor, from.line);
    if (wanted !== undefined && wanted >= 0 && lineIndentAllowed(editor)) setIndent(editor, from.line, wanted);
    editor.cursor = { line: from.line, col: buffer.line(from.line).length };
  } else {
    const joined = editor.buffer.line(from.line).slice(0, from.col) + editor.buffer.line(to.line).slice(to.col);
    editor.buffer.replace(from.line, to.line - from.line + 1, [joined]);
    editor.cursor = from;
  }
  yield* beginInsert(editor, { count: 1, automatic: kind === "line" && editor.line !== "" });
}

/** The indent expression counts for `cc` as for `o`. */
function lineIndentAllowed(editor: Editor): boolean {
  return !editor.options.on("paste");
}

function shift(direction: 1 | -1): Operator {
  return function* (call) {
    const { editor, region, count } = call;
    const { from, to } = region;
    const sign = direction > 0 ? ">" : "<";
    if (region.kind === "block") shiftBlock(call, direction);
    else
      for (let line = from.line; line <= to.line; line++) {
        if (editor.buffer.line(line) !== "") shiftLine(editor, line, direction * count);
      }
    const lines = to.line - from.line + 1;
    if (lines > 2) editor.say(`${lines} lines ${sign}ed ${count} ${count === 1 ? "time" : "times"}`);
    setMarks(call);
    if (region.kind === "block") return put(editor, from);
    const text = editor.buffer.line(from.line);
    put(editor, { line: from.line, col: Math.min(firstNonBlank(text), last(text)) });
  };
}

/** Only what stands right of the block's left edge moves. */
function shiftBlock({ editor, region, count }: OperatorCall, direction: 1 | -1): void {
  const { shift: width } = editor.options;
  for (let line = region.from.line; line <= region.to.line; line++) {
    const text = editor.buffer.line(line);
    const at = Math.min(text.length, region.left ?? 0);
    if ((region.left ?? 0) >= text.length) continue;
    const rest = text.slice(at);
    if (direction > 0) {
      editor.buffer.set(line, text.slice(0, at) + widened(editor, text, at, width * count));
      continue;
    }
    const moved = rest.slice(Math.min(firstNonBlank(rest), width * count));
    editor.buffer.set(line, text.slice(0, at) + moved);
  }
}

/** The rest of a line with more blanks before it: with what is there they become tabs as far as they go, unless 'expandtab'. */
function widened(editor: Editor, text: string, at: number, width: number): string {
  const { tabstop } = editor.options;
  const white = firstNonBlank(text.slice(at));
  const end = columnAt(text, at + white, tabstop) + width;
  let column = columnAt(text, at, tabstop);
  let fill = "";
  while (!editor.options.on("expandtab") && (Math.floor(column / tabstop) + 1) * tabstop <= end) {
    fill += "\t";
    column = (Math.floor(column / tabstop) + 1) * tabstop;
  }
  return fill + " ".repeat(end - column) + text.slice(at + white);
}

function* reindent(call: OperatorCall): Steps {
  const { editor, region } = call;
  if (editor.indentExpression === undefined) {
    editor.notSimulated("=");
    return;
  }
  const lines = region.to.line - region.from.line + 1;
  for (let line = region.from.line; line <= region.to.line; line++) {
    const text = editor.buffer.line(line);
    if (firstNonBlank(text) === text.length) {
      if (text !== "") editor.buffer.set(line, "");
      continue;
    }
    const width = expressionIndent(editor, line);
    if (width !== undefined && width >= 0) setIndent(editor, line, width);
  }
  if (lines > 2) editor.say(`${lines} lines indented `);
  const text = editor.buffer.line(region.from.line);
  put(editor, { line: region.from.line, col: Math.min(firstNonBlank(text), last(text)) });
}

export function swapCase(text: string): string {
  let out = "";
  for (const char of text) out += char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase();
  return out;
}

function letters(map: (text: string) => string): Operator {
  return function* (call) {
    const { editor, region } = call;
    mapRegion(editor, region, map);
    setMarks(call);
    toStart(call);
    const lines = region.to.line - region.from.line + 1;
    if (lines > 2 && region.kind !== "block") editor.say(`${lines} lines changed`);
  };
}

/** `!`: the lines become what a command makes of them; the command line opens with their range. */
function* filter(call: OperatorCall): Steps {
  const { editor, region } = call;
  const lines = region.to.line - region.from.line;
  const range = call.visual
    ? "'<,'>"
    : lines === 0
      ? "."
      : region.to.line === editor.buffer.count - 1
        ? ".,$"
        : `.,.+${lines}`;
  editor.cursor = { line: region.from.line, col: 0 };
  yield* editCommandLine(editor, `${range}!`);
}

function* join(call: OperatorCall): Steps {
  const { editor, region } = call;
  joinLines(editor, region.from.line, Math.max(2, region.to.line - region.from.line + 1), true);
}

const rot13 = (text: string): string =>
  text.replace(/[a-z]/gi, (char) => String.fromCharCode(char.charCodeAt(0) + (char.toLowerCase() < "n" ? 13 : -13)));

/** Operators by their keys. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  d: remove, y: yank, c: change, ">": shift(1), "<": shift(-1), "=": reindent, "!": filter,
  "g~": letters(swapCase), gu: letters((text) => text.toLowerCase()), gU: letters((text) => text.toUpperCase()), "g?": letters(rot13),
}; // prettier-ignore

export { join };
