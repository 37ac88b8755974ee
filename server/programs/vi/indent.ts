import { firstNonBlank, indentOf } from "./chars.ts";
import type { Editor } from "./editor.ts";
import { yamlIndent } from "./yaml-indent.ts";

/** Blanks for so many columns: tabs as far as they go, unless 'expandtab'. */
export function blanks(editor: Editor, width: number): string {
  const { tabstop } = editor.options;
  if (editor.options.on("expandtab")) return " ".repeat(width);
  return "\t".repeat(Math.floor(width / tabstop)) + " ".repeat(width % tabstop);
}

/** Gives a line an indent. Returns by how much its text moved. */
export function setIndent(editor: Editor, line: number, width: number): number {
  const { buffer } = editor;
  const text = buffer.line(line);
  const start = firstNonBlank(text);
  if (indentOf(text, editor.options.tabstop) === width) return 0;
  const lead = blanks(editor, Math.max(0, width));
  buffer.set(line, lead + text.slice(start));
  return lead.length - start;
}

/** As shift_line(): so many 'shiftwidth's to the right or left. */
export function shiftLine(editor: Editor, line: number, amount: number, round = editor.options.on("shiftround")): void {
  const text = editor.buffer.line(line);
  const { shift, tabstop } = editor.options;
  const now = indentOf(text, tabstop);
  let width: number;
  if (round) {
    const whole = Math.floor(now / shift);
    const part = now % shift;
    width = (amount > 0 ? whole + amount : whole + amount + (part > 0 ? 1 : 0)) * shift;
  } else width = now + amount * shift;
  setIndent(editor, line, Math.max(0, width));
}

/** The indent that 'indentexpr' gives a line; undefined without one. */
export function expressionIndent(editor: Editor, line: number): number | undefined {
  if (editor.options.on("paste") || editor.indentExpression !== "yaml") return undefined;
  return yamlIndent(editor.buffer.lines, line, editor.options.tabstop, editor.options.shift);
}
