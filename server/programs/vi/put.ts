import { after, columnAt, columns, firstNonBlank, indexAtColumn, last } from "./chars.ts";
import type { Editor } from "./editor.ts";
import type { Register } from "./registers.ts";

export interface PutRules {
  readonly before: boolean;
  readonly count: number;
  /** `gp`: the cursor goes behind the text. */
  readonly behind?: boolean;
  /** In place of a selection: at its very end the text goes behind. */
  readonly indent?: string;
}

/** Puts a register into the text. As do_put(). */
export function putRegister(editor: Editor, value: Register, rules: PutRules): void {
  if (value.kind === "line") putLines(editor, value.lines, rules);
  else if (value.kind === "block") putBlock(editor, value, rules);
  else putChars(editor, value.lines, rules);
}

function putLines(editor: Editor, lines: readonly string[], rules: PutRules): void {
  const { buffer } = editor;
  const at = rules.before ? editor.cursor.line : editor.cursor.line + 1;
  const all: string[] = [];
  for (let rest = rules.count; rest > 0; rest--) all.push(...lines);
  buffer.replace(at, 0, all);
  buffer.marks.set("[", { line: at, col: 0 });
  buffer.marks.set("]", { line: at + all.length - 1, col: 0 });
  if (rules.behind) editor.cursor = { line: Math.min(at + all.length, buffer.count - 1), col: 0 };
  else editor.cursor = { line: at, col: Math.min(firstNonBlank(buffer.line(at)), last(buffer.line(at))) };
  editor.reportLines(all.length);
}

function putChars(editor: Editor, lines: readonly string[], rules: PutRules): void {
  const { buffer } = editor;
  const { line } = editor.cursor;
  const text = editor.line;
  const col = rules.before || text === "" ? editor.cursor.col : after(text, editor.cursor.col);
  let added = [...lines];
  for (let rest = rules.count; rest > 1; rest--)
    added = [...added.slice(0, -1), `${added.at(-1)!}${lines[0]!}`, ...lines.slice(1)];
  const head = text.slice(0, col);
  const tail = text.slice(col);
  const single = added.length === 1;
  const whole = single ? [head + added[0]! + tail] : [head + added[0]!, ...added.slice(1, -1), added.at(-1)! + tail];
  buffer.replace(line, 1, whole);
  const end = { line: line + added.length - 1, col: (single ? col : 0) + added.at(-1)!.length };
  buffer.marks.set("[", { line, col });
  buffer.marks.set("]", { line: end.line, col: Math.max(0, end.col - 1) });
  if (rules.behind) editor.cursor = end;
  else if (single) editor.cursor = { line, col: Math.max(0, end.col - (added[0] === "" ? 0 : 1)) };
  else editor.cursor = { line, col };
  editor.reportLines(added.length - 1);
}

function putBlock(editor: Editor, value: Register, rules: PutRules): void {
  const { buffer, options } = editor;
  const { tabstop } = options;
  const { line } = editor.cursor;
  const text = editor.line;
  const index = rules.before || text === "" ? editor.cursor.col : after(text, editor.cursor.col);
  const column = columnAt(text, index, tabstop);
  const width = value.width ?? 0;
  let start = index;
  for (const [at, part] of value.lines.entries()) {
    if (line + at >= buffer.count) buffer.replace(buffer.count, 0, [""]);
    let old = buffer.line(line + at);
    const short = column - columnAt(old, old.length, tabstop);
    if (short > 0) old += " ".repeat(short);
    let where = indexAtColumn(old, column, tabstop);
    const before = columnAt(old, where, tabstop);
    if (before < column) {
      // A tab that the block begins in becomes spaces.
      const span = columnAt(old, after(old, where), tabstop) - before;
      old = `${old.slice(0, where)}${" ".repeat(span)}${old.slice(after(old, where))}`;
      where += column - before;
    }
    const filled = part + " ".repeat(Math.max(0, width - columns(part)));
    const tail = old.slice(where);
    let inserted = "";
    for (let rest = rules.count; rest > 0; rest--) inserted += rest === 1 && tail === "" ? part : filled;
    buffer.set(line + at, old.slice(0, where) + inserted + tail);
    if (at === 0) start = where;
  }
  const lowest = line + value.lines.length - 1;
  const endCol = indexAtColumn(buffer.line(lowest), column + width * rules.count - 1, tabstop);
  buffer.marks.set("[", { line, col: start });
  buffer.marks.set("]", { line: lowest, col: endCol });
  editor.cursor = rules.behind ? { line: lowest, col: endCol + 1 } : { line, col: start };
}
