import { keyText } from "./key-names.ts";
import type { Editor, Steps } from "./editor.ts";
import { executeLine } from "./ex/execute.ts";
import { startCommand } from "./ex/commands.ts";
import { loadFile } from "./files.ts";
import { needsConfirmation } from "./frame.ts";
import { normalCommand } from "./normal.ts";

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
    if (needsConfirmation(editor)) yield* editor.show([editor.message.text], true);
    yield* normalCommand(editor);
  }
  return editor.exit;
}

export { keyText };
