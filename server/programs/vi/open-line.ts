import { firstNonBlank, indentOf } from "./chars.ts";
import type { Editor } from "./editor.ts";
import { blanks, expressionIndent, setIndent } from "./indent.ts";
import type { Insert } from "./insert.ts";

/** `#` and the blanks around it at the start of a comment of YAML, which new lines go on with ('formatoptions' r and o). */
const LEADER = /^[ \t]*#[ \t]*/;

/** What a new line begins with below or above another: its indent with 'autoindent', the sign of its comment. */
function beginning(editor: Editor, text: string): { lead: string; comment: boolean } {
  if (editor.options.on("paste")) return { lead: "", comment: false };
  const leader =
    editor.options.text("filetype") === "yaml" && editor.filetypePlugin ? LEADER.exec(text)?.[0] : undefined;
  if (leader !== undefined) {
    return { lead: leader, comment: true };
  }
  if (!editor.options.on("autoindent")) return { lead: "", comment: false };
  return { lead: blanks(editor, indentOf(text, editor.options.tabstop)), comment: false };
}

/** `o` and `O`: an empty line below or above the cursor's, and the cursor behind its indent. Whether it has one. */
export function openLine(editor: Editor, direction: 1 | -1, insert?: Insert): boolean {
  const { buffer } = editor;
  const at = direction > 0 ? editor.cursor.line + 1 : editor.cursor.line;
  const { lead, comment } = beginning(editor, editor.line);
  buffer.replace(at, 0, [lead]);
  editor.cursor = { line: at, col: lead.length };
  return finish(editor, comment, insert);
}

/** Enter: the line breaks at the cursor. As open_line(). */
export function breakLine(insert: Insert): void {
  const { editor } = insert;
  const { buffer } = editor;
  const { line, col } = editor.cursor;
  const text = editor.line;
  if (editor.mode === "replace") {
    buffer.replace(line + 1, 0, [beginning(editor, text).lead]);
    const rest = text.slice(col);
    buffer.replace(line, 2, [text.slice(0, col), beginning(editor, text).lead + rest]);
    editor.cursor = { line: line + 1, col: beginning(editor, text).lead.length };
    return;
  }
  let head = text.slice(0, col);
  // An indent that was put in by itself goes when nothing was typed behind it.
  if (insert.automatic) head = head.trimEnd();
  const source = firstNonBlank(text) >= col && !editor.options.on("autoindent") ? "" : text;
  const begun =
    col <= (LEADER.exec(text)?.[0].trimEnd().length ?? 0) - 1
      ? { lead: source === "" ? "" : plainIndent(editor, text), comment: false }
      : beginning(editor, source);
  let tail = text.slice(col);
  let { lead } = begun;
  if (editor.options.on("autoindent") && !editor.options.on("paste")) {
    tail = tail.slice(firstNonBlank(tail));
    if (col < firstNonBlank(text)) lead = blanks(editor, indentOf(text.slice(0, col), editor.options.tabstop));
  }
  buffer.replace(line, 1, [head, lead + tail]);
  editor.cursor = { line: line + 1, col: lead.length };
  insert.spaced = false;
  insert.automatic = finish(editor, begun.comment, insert) && tail === "";
}

function plainIndent(editor: Editor, text: string): string {
  return editor.options.on("autoindent") ? blanks(editor, indentOf(text, editor.options.tabstop)) : "";
}

/** The indent expression has the last word. Whether the line holds blanks only, which go if nothing is typed. */
function finish(editor: Editor, comment: boolean, insert: Insert | undefined): boolean {
  const { line, col } = editor.cursor;
  const wanted = expressionIndent(editor, line);
  if (wanted !== undefined && wanted >= 0) {
    const moved = setIndent(editor, line, wanted);
    editor.cursor = { line, col: Math.max(0, col + moved) };
  }
  if (insert) insert.start = editor.cursor;
  return comment || editor.cursor.col > 0;
}

/** The keys of YAML's 'indentkeys' that give the line its indent anew: `:` anywhere, `#`, `}`, `]` and `-` first in a line. */
export function indentKey(insert: Insert, key: string, first: boolean): void {
  const { editor } = insert;
  if (editor.indentExpression === undefined || editor.options.on("paste")) return;
  if (key !== "\x06" && key !== ":" && !(first && /^[#}\]-]$/.test(key))) return;
  const { line, col } = editor.cursor;
  const wanted = expressionIndent(editor, line);
  if (wanted === undefined || wanted < 0) return;
  const moved = setIndent(editor, line, wanted);
  editor.cursor = { line, col: Math.max(0, col + moved) };
  if (moved !== 0 && insert.start.line === line) insert.start = { line, col: Math.max(0, insert.start.col + moved) };
}
