import { columnAt, indexAtColumn } from "./chars.ts";
import type { Steps } from "./editor.ts";
import { beginInsert } from "./insert.ts";
import type { OperatorCall } from "./operators.ts";
import { columnsOfBlock, removeRegion, slice, textOf } from "./region.ts";

/** `I`, `A` and `c` of a block: what is typed in its first line comes into the others when Insert mode ends. As op_insert(). */
export function* blockInsert(call: OperatorCall, how: "insert" | "append" | "change"): Steps {
  const { editor, region, register } = call;
  const { buffer, options } = editor;
  const { tabstop } = options;
  const { from, to } = region;
  const { left, right } = columnsOfBlock(region);
  const shortLines = new Set<number>();
  for (let line = from.line; line <= to.line; line++) if (slice(editor, line, left, right).short) shortLines.add(line);
  if (how === "change") {
    editor.registers.delete(register, textOf(editor, region), false);
    removeRegion(editor, region);
  }
  const column = how === "append" ? (right === Infinity ? Infinity : right + 1) : left;
  const first = pad(column, from.line);
  editor.cursor = { line: from.line, col: first };
  const before = buffer.line(from.line);
  yield* beginInsert(editor, { count: 1 });
  const text = buffer.line(from.line);
  // Only what was typed in this line, and nothing that broke it, goes into the others.
  const typed = text.length - before.length;
  if (
    typed > 0 &&
    editor.cursor.line === from.line &&
    text.startsWith(before.slice(0, first)) &&
    text.endsWith(before.slice(first))
  ) {
    const added = text.slice(first, first + typed);
    for (let line = from.line + 1; line <= to.line && line < buffer.count; line++) {
      // Lines that end before the block stay as they are, but for `A`, which fills them up.
      if (how !== "append" && shortLines.has(line)) continue;
      const at = pad(column, line);
      const old = buffer.line(line);
      buffer.set(line, old.slice(0, at) + added + old.slice(at));
    }
    editor.cursor = {
      line: from.line,
      col: how === "append" ? indexAtColumn(buffer.line(from.line), left, tabstop) : first,
    };
    editor.clampCursor();
  }

  /** The index of the column in a line, which is filled up for `A`. */
  function pad(at: number, line: number): number {
    const old = buffer.line(line);
    if (at === Infinity) return old.length;
    const width = columnAt(old, old.length, tabstop);
    if (width < at && how === "append") {
      buffer.set(line, old + " ".repeat(at - width));
      return old.length + at - width;
    }
    const index = indexAtColumn(old, at, tabstop);
    const start = columnAt(old, index, tabstop);
    if (start < at && index < old.length) {
      const span = columnAt(old, index + 1, tabstop) - start;
      buffer.set(line, `${old.slice(0, index)}${" ".repeat(span)}${old.slice(index + 1)}`);
      return index + at - start;
    }
    return index;
  }
}
