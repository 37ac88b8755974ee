import type { Editor, Hooks, Steps } from "./editor.ts";
import { executeLine } from "./ex/execute.ts";
import { startCommand } from "./ex/file-commands.ts";
import { loadFile } from "./files.ts";
import { needsConfirmation } from "./frame.ts";
import { normalCommand } from "./normal.ts";

import { vimrcLine } from "./vimrc.ts";

export const HOOKS: Hooks = { normal: normalCommand, execute: executeLine, vimrc: vimrcLine };

/** What to do at the start, before keys count. */
export interface Start {
  /** `+N`, `+/pattern`, `+cmd`, `-c cmd`. */
  readonly commands: readonly string[];
  /** Text from standard input in place of files. */
  readonly text?: readonly string[];
}

/** The editor from its start to its end; the result is its exit code. */
export function* edit(editor: Editor, start: Start): Steps<number> {
  if (start.text) editor.buffer.load([...start.text], start.text.length === 0);
  else if (editor.args.length > 0) loadFile(editor, editor.args[0]!);
  else editor.buffer.load([], true);
  if (editor.flavour === "busybox") editor.message = { text: "", style: "plain" };
  if (start.text) editor.buffer.modified = true;
  if (editor.vimrcProblems.length > 0) yield* editor.show(editor.vimrcProblems, true);
  for (const command of start.commands) {
    if (command === "" || /^\d+$/.test(command)) startCommand(editor, command);
    else yield* executeLine(editor, command);
    editor.clampCursor();
    editor.aim();
    editor.view.follow();
    if (/^\d+$/.test(command) || command === "") editor.view.follow();
    if (editor.exit !== undefined) return editor.exit;
  }
  while (editor.exit === undefined) {
    editor.view.follow();
    if (needsConfirmation(editor)) {
      const { lead, text } = editor.message;
      yield* editor.show(lead === undefined ? [text] : [lead, text], true);
    }
    const { message, view } = editor;
    const { top } = view;
    const bottom = view.bottom();
    const { cursor } = editor;
    const height = view.rowsOf(cursor.line);
    editor.buffer.moved = { lines: 0, from: Infinity, behind: false };
    yield* normalCommand(editor);
    view.follow();
    // What stood in the last line goes when lines of the screen move.
    const down = view.top > top && view.top < bottom;
    const up = view.top < top && top - view.top < view.height - 2;
    const stale = editor.message === message || editor.message.echo;
    const { lines, from, behind } = editor.buffer.moved;
    const shifted = behind && (lines < 0 || (lines > 0 && from > view.top));
    const rewrapped = lines === 0 && editor.cursor.line === cursor.line && view.rowsOf(cursor.line) !== height;
    if (stale && (shifted || rewrapped || down || up)) editor.message = { text: "", style: "plain" };
  }
  return editor.exit;
}
