import type { Editor, Steps } from "../editor.ts";
import { changedOutside, writeFile } from "../files.ts";

/** `:quit`; says why not. */
export function* quitCommand(editor: Editor, bang: boolean): Steps<boolean> {
  const { buffer, args, argIndex } = editor;
  if (!bang) {
    if (buffer.modified) return editor.error("E37: No write since last change (add ! to override)");
    const more = args.length - 1 - argIndex;
    if (more > 0 && !editor.warnedOfMore) {
      editor.warnedOfMore = true;
      return editor.error(`E173: ${more} more ${more === 1 ? "file" : "files"} to edit`);
    }
  }
  editor.exit = 0;
  return true;
}

/** `:w` of the whole file, asking first if somebody else has changed it. */
export function* writeWhole(editor: Editor, bang: boolean, name?: string): Steps<boolean> {
  const own = name === undefined || name === editor.file;
  if (own && !bang && changedOutside(editor)) {
    editor.say("WARNING: The file has been changed since reading it!!!", "error");
    if (!(yield* ask(editor, "Do you really want to write to it (y/n)?"))) {
      editor.say("");
      return false;
    }
  }
  return writeFile(editor, { bang, from: 0, to: editor.buffer.count - 1, ...(name === undefined ? {} : { name }) });
}

/** A question below the last message, answered with y or n. */
export function* ask(editor: Editor, question: string): Steps<boolean> {
  editor.overlay = [editor.message.text, question];
  const key = yield* editor.key();
  editor.overlay = undefined;
  editor.redraw = true;
  return key === "y" || key === "Y";
}

/** `ZZ` and `:x`: writes only what was changed. */
export function* writeQuit(editor: Editor, bang = false, name?: string): Steps<boolean> {
  if (editor.buffer.modified || name !== undefined) if (!(yield* writeWhole(editor, bang, name))) return false;
  return yield* quitCommand(editor, bang);
}
