import { strftime } from "../gnu/strftime.ts";
import { DAY, SECOND } from "../../sim/kernel/index.ts";
import { firstNonBlank, last } from "./chars.ts";
import type { Editor } from "./editor.ts";
import type { Block } from "./undo.ts";

/** `u` and Ctrl-R. As u_doit() and u_undoredo(). */
export function undoStep(editor: Editor, redo: boolean, count: number): void {
  const { buffer } = editor;
  let [before, after] = [0, 0];
  let done = 0;
  for (let rest = count; rest > 0; rest--) {
    const block = redo ? buffer.undo.lastUndone : buffer.undo.lastDone;
    const step = buffer.step(redo);
    if (!step || !block) break;
    done++;
    [before, after] = [before + step.before, after + step.after];
    place(editor, step.cursor?.line, block);
  }
  if (done === 0) {
    editor.say(redo ? "Already at newest change" : "Already at oldest change");
    return;
  }
  const less = before - after;
  const changed = less === 0 ? after : Math.abs(less);
  const what = less === 0 ? (after === 1 ? "change" : "changes") : less < 0 ? (less === -1 ? "more line" : "more lines") : less === 1 ? "line less" : "fewer lines"; // prettier-ignore
  const reference = redo ? buffer.undo.lastDone : buffer.undo.lastUndone;
  const time = reference ? ago(editor, reference) : "";
  editor.say(`${changed} ${what}; ${redo ? "after" : "before"} #${reference?.number ?? 0}  ${time}`);
  editor.clampCursor();
  editor.aim();
}

function place(editor: Editor, top: number | undefined, block: Block): void {
  const { buffer } = editor;
  const { cursor } = block;
  let line = top ?? editor.cursor.line;
  if (cursor.line + 1 === line && line > 0) line--;
  if (line < buffer.count) {
    const text = buffer.line(line);
    editor.cursor = line === cursor.line ? { line, col: Math.min(cursor.col, text.length) } : { line, col: Math.min(firstNonBlank(text), last(text)) }; // prettier-ignore
  } else editor.cursor = { line: buffer.count - 1, col: 0 };
  editor.clampCursor();
}

/** `3 seconds ago`, from 100 on the time of day. As u_add_time(). */
function ago(editor: Editor, block: Block): string {
  const span = editor.now() - block.time;
  const seconds = Math.floor(span / SECOND);
  if (seconds >= 100) return strftime(span > DAY / 4 ? "%Y/%m/%d %H:%M:%S" : "%H:%M:%S", block.time, editor.zone);
  return `${seconds} ${seconds === 1 ? "second" : "seconds"} ago`;
}

/** `U`: the line as it was before the latest changes to it. */
export function undoLine(editor: Editor): void {
  const { buffer } = editor;
  const saved = buffer.lineBefore;
  if (!saved || saved.line >= buffer.count) {
    editor.fail();
    return;
  }
  const now = buffer.line(saved.line);
  editor.cursor = { line: saved.line, col: 0 };
  buffer.set(saved.line, saved.text);
  buffer.lineBefore = { line: saved.line, text: now };
  editor.cursor = { line: saved.line, col: 0 };
  editor.aim();
}
