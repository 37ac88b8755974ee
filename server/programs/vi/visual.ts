import { after, before, columnAt, firstNonBlank, indexAtColumn, last, type Pos } from "./chars.ts";
import { blockInsert } from "./block-insert.ts";
import { editCommandLine } from "./command-line.ts";
import type { Editor, Repeat, Steps, VisualKind } from "./editor.ts";
import { beginInsert } from "./insert.ts";
import { joinLines } from "./join.ts";
import { add } from "./numbers.ts";
import { join, OPERATORS } from "./operators.ts";
import { aim, readCount, shownKey, visualRegion, wholeKey } from "./pending.ts";
import { putRegister } from "./put.ts";
import { mapRegion, removeRegion, slice, textOf, type Region } from "./region.ts";
import { SCROLLS } from "./scrolls.ts";

export function startVisual(editor: Editor, kind: VisualKind, count: number | undefined): void {
  editor.visual = { kind, start: editor.cursor };
  editor.mode = "visual";
  editor.message = { text: "", style: "plain" };
  if (count !== undefined && count > 1 && kind === "v") {
    let { col } = editor.cursor;
    for (let rest = count; rest > 1; rest--) col = Math.min(last(editor.line), after(editor.line, col));
    editor.moveTo({ line: editor.cursor.line, col });
  }
}

/** Remembers the selection for `gv`, `'<` and `.`, and goes back to Normal mode. */
export function endVisual(editor: Editor): void {
  const { visual } = editor;
  if (visual) editor.lastVisual = { ...visual, end: editor.cursor, toEnd: editor.want === Infinity };
  editor.visual = undefined;
  editor.mode = "normal";
  editor.message = { text: "", style: "plain" };
  editor.clampCursor();
}

/** Keys of Visual mode that are another one's short form, as nv_optrans(). The second: on whole lines. */
const SHORT: Readonly<Record<string, readonly [string, boolean]>> = {
  x: ["d", false], "<Del>": ["d", false], X: ["d", true], D: ["d", true], Y: ["y", true], s: ["c", false], S: ["c", true], R: ["c", true], C: ["c", true],
  "~": ["g~", false], u: ["gu", false], U: ["gU", false],
}; // prettier-ignore

/** Operators that work on lines whatever is selected. */
const ON_LINES = /^[<>=!]$|^J$/;

/** One command of Visual mode. */
export function* visualCommand(editor: Editor): Steps {
  editor.log = [];
  editor.failed = false;
  editor.showcmd = "";
  let register: string | undefined;
  let { count, key } = yield* readCount(editor);
  while (key === '"') {
    register = yield* editor.key();
    editor.log = [];
    const more = yield* readCount(editor);
    count = more.count ?? count;
    key = more.key;
  }
  const name = yield* wholeKey(editor, key);
  if (/^g?[r]$/.test(name)) editor.showcmd += shownKey(key);
  else if (key !== "g" && key !== "z") editor.showcmd = editor.showcmd.replace(/[^\d]/g, "");
  yield* run(editor, name, count, register);
  editor.clampCursor();
  editor.showcmd = "";
}

function* run(editor: Editor, name: string, count: number | undefined, register: string | undefined): Steps {
  const visual = editor.visual!;
  const scroll = SCROLLS[name];
  if (scroll) {
    scroll(editor, count);
    return;
  }
  switch (name) {
    case "\x1b":
    case "\x03":
      return endVisual(editor);
    case "v":
    case "V":
    case "\x16":
      if (visual.kind === name) endVisual(editor);
      else visual.kind = name;
      return;
    case "o":
    case "O": {
      const { start } = visual;
      if (name === "O" && visual.kind === "\x16") {
        visual.start = { line: start.line, col: editor.cursor.col };
        editor.moveTo({ line: editor.cursor.line, col: start.col });
      } else {
        visual.start = editor.cursor;
        editor.moveTo(start);
      }
      return;
    }
    case "gv": {
      const { lastVisual } = editor;
      if (!lastVisual) return;
      const now = { ...visual, end: editor.cursor, toEnd: editor.want === Infinity };
      editor.visual = { kind: lastVisual.kind, start: lastVisual.start };
      editor.moveTo(lastVisual.end);
      editor.lastVisual = now;
      return;
    }
    case ":": {
      endVisual(editor);
      yield* editCommandLine(editor, "'<,'>");
      return;
    }
    case "*":
    case "#":
    default:
  }
  if (/^(?:[dycsxXDYSRCJ~uUprPIA<>=!]|g[~uU?JvpP]|<Del>|\x01|\x18|g\x01|g\x18)$/.test(name) && name !== "gv") {
    return yield* visualOperator(editor, name, count, register);
  }
  const aimed = yield* aim(editor, name, { count, operator: undefined, visual: true });
  if (aimed === "no" || aimed === undefined) {
    editor.fail();
    return;
  }
  if (aimed.jump) editor.jumpFrom();
  if (aimed.from) {
    visual.start = aimed.from;
    if (aimed.extent === "line" && visual.kind === "v") visual.kind = "V";
  }
  let { to } = aimed;
  if (aimed.from && aimed.extent === "exclusive")
    to = { line: to.line, col: before(editor.buffer.line(to.line), to.col) };
  editor.cursor = to;
  if (aimed.want === undefined) editor.aim();
  else editor.want = aimed.want;
}

/** An operator takes the selection. */
function* visualOperator(editor: Editor, name: string, count: number | undefined, register: string | undefined): Steps {
  const visual = editor.visual!;
  const short = SHORT[name];
  const operator = short?.[0] ?? name;
  let region = visualRegion(editor, visual, editor.cursor, ON_LINES.test(operator));
  const extent = extentOf(editor, region, visual.kind);
  if (short?.[1] === true && region.kind === "char") region = { ...region, kind: "line", to: { line: lastLine(region), col: 0 } };
  // On a block X and Y take the whole lines too, C and D all to the end of them.
  else if (region.kind === "block" && (name === "C" || name === "D")) region = { ...region, right: Infinity };
  else if (region.kind === "block" && short?.[1] === true && name !== "Y") region = { ...region, kind: "line", from: { line: region.from.line, col: 0 } }; // prettier-ignore
  if (ON_LINES.test(operator) && region.kind === "char")
    region = { ...region, kind: "line", to: { line: lastLine(region), col: 0 } };
  yield* onRegion(editor, name, operator, region, count, register);
  if (name === ":" || name === "y" || name === "Y" || editor.failed) return;
  if (!editor.repeating) {
    const keys = editor.log.slice();
    editor.repeat = { keys, count, register, extent };
  }
}

function lastLine(region: Region): number {
  return region.to.col === 0 && region.to.line > region.from.line ? region.to.line - 1 : region.to.line;
}

function extentOf(editor: Editor, region: Region, kind: VisualKind): NonNullable<Repeat["extent"]> {
  const lines = region.to.line - region.from.line + 1;
  const { tabstop } = editor.options;
  if (region.kind === "block") return { kind, lines, columns: (region.right ?? 0) - (region.left ?? 0) + 1 };
  const end = region.to;
  const columns = region.from.line === end.line ? columnAt(editor.buffer.line(end.line), end.col, tabstop) - columnAt(editor.buffer.line(end.line), region.from.col, tabstop) : end.col; // prettier-ignore
  return { kind, lines, columns };
}

/** `.` after a Visual operator: the same amount of text from the cursor on. */
export function* repeatVisual(editor: Editor, repeat: Repeat): Steps {
  const { extent } = repeat;
  if (!extent) return;
  const { cursor, buffer } = editor;
  const { tabstop } = editor.options;
  const line = Math.min(buffer.count - 1, cursor.line + extent.lines - 1);
  const text = buffer.line(line);
  let end: Pos;
  if (extent.kind === "V") end = { line, col: cursor.col };
  else if (extent.kind === "\x16") {
    const column = columnAt(editor.line, cursor.col, tabstop) + extent.columns - 1;
    end = {
      line,
      col: extent.columns === Infinity ? last(text) : Math.min(last(text), indexAtColumn(text, column, tabstop)),
    };
    if (extent.columns === Infinity) editor.want = Infinity;
  } else if (extent.lines === 1) {
    const column = columnAt(text, cursor.col, tabstop) + extent.columns - 1;
    end = { line, col: Math.min(last(text), indexAtColumn(text, column, tabstop)) };
  } else end = { line, col: Math.min(last(text), Math.max(0, extent.columns - 1)) };
  editor.visual = { kind: extent.kind, start: cursor };
  editor.mode = "visual";
  editor.cursor = end;
  editor.typeahead.unshift(...repeat.keys);
  yield* visualCommand(editor);
}

function* onRegion(
  editor: Editor,
  name: string,
  operator: string,
  region: Region,
  count: number | undefined,
  register: string | undefined,
): Steps {
  // prettier-ignore
  const visual = editor.visual!;
  const block = region.kind === "block";
  if (operator === "r") {
    const char = yield* editor.key();
    endVisual(editor);
    if (char === "\x1b") return;
    mapRegion(editor, region, (text) => text.replace(/[\s\S]/gu, char === "\r" ? "\n" : char));
    editor.cursor = region.kind === "line" ? { line: region.from.line, col: 0 } : region.from;
    return;
  }
  if (operator === "p" || operator === "P") {
    const value = editor.registers.get(register);
    if (value === undefined) {
      endVisual(editor);
      editor.error(`E353: Nothing in register ${register ?? '"'}`);
      return;
    }
    endVisual(editor);
    if (operator === "p") editor.registers.delete(undefined, textOf(editor, region), false);
    const atEnd = region.kind === "line" && region.to.line === editor.buffer.count - 1;
    const behind = region.kind === "char" && region.to.col >= editor.buffer.line(region.to.line).length && region.to.line === lastLine(region); // prettier-ignore
    const whole = region.kind === "line" && region.to.line - region.from.line + 1 >= editor.buffer.count;
    const lines = editor.buffer.count;
    removeRegion(editor, region);
    if (region.kind !== "line") editor.cursor = region.from;
    if (value.kind === "line" && region.kind === "char") {
      // Lines in the middle of a line break it.
      const text = editor.line;
      editor.buffer.replace(region.from.line, 1, [
        text.slice(0, region.from.col),
        ...value.lines,
        text.slice(region.from.col),
      ]);
      editor.cursor = { line: region.from.line + 1, col: firstNonBlank(value.lines[0] ?? "") };
      editor.clampCursor();
      return;
    }
    const asLines = region.kind === "line" && value.kind !== "line";
    const put = asLines ? { ...value, kind: "line" as const } : value;
    if (behind && region.kind === "char" && editor.line !== "")
      editor.cursor = { line: region.from.line, col: last(editor.line) };
    const after_ = (region.kind === "line" && atEnd && !whole) || (behind && editor.line !== "");
    putRegister(editor, put, { before: !after_, count: count ?? 1 });
    if (whole) editor.buffer.replace(editor.buffer.count - 1, 1, []);
    if (whole) editor.cursor = { line: 0, col: editor.cursor.col };
    editor.reportLines(editor.buffer.count - lines);
    return;
  }
  if ((operator === "I" || operator === "A") && (block || operator === "A" || visual.kind !== "\x16")) {
    endVisual(editor);
    if (block) return yield* blockInsert({ editor, region, register, visual: true, count: 1, big: false }, operator === "I" ? "insert" : "append"); // prettier-ignore
    editor.mode = "insert";
    editor.cursor = operator === "I" ? (region.kind === "line" ? { line: region.from.line, col: 0 } : region.from) : region.kind === "line" ? { line: region.to.line, col: editor.buffer.line(region.to.line).length } : region.to; // prettier-ignore
    yield* beginInsert(editor, { count: 1 });
    return;
  }
  if (operator === "J" || operator === "gJ") {
    endVisual(editor);
    const low = region.to.col === 0 && region.kind === "char" && region.to.line > region.from.line ? region.to.line - 1 : region.to.line; // prettier-ignore
    if (operator === "J")
      yield* join({ editor, region: { ...region, to: { line: low, col: 0 } }, register, visual: true, count: 1, big: false }); // prettier-ignore
    else joinLines(editor, region.from.line, Math.max(2, low - region.from.line + 1), false);
    return;
  }
  if (/^g?[\x01\x18]$/.test(operator)) {
    endVisual(editor);
    const sign = operator.endsWith("\x01") ? 1 : -1;
    let step = 0;
    for (let line = region.from.line; line <= region.to.line; line++) {
      const from = region.kind === "char" && line === region.from.line ? region.from.col : (region.left ?? 0);
      const text = editor.buffer.line(line);
      const by = operator.startsWith("g") ? (step + 1) * (count ?? 1) : (count ?? 1);
      // Only digits within the selection count.
      const part = block ? slice(editor, line, region.left ?? 0, region.right ?? Infinity) : undefined;
      const changed = part ? (part.short ? undefined : add(editor, text.slice(0, part.end), part.start, sign * by, true)) : add(editor, text, from, sign * by, true); // prettier-ignore
      if (!changed) continue;
      step++;
      editor.buffer.set(line, part ? changed.text + text.slice(part.end) : changed.text);
    }
    editor.cursor = region.kind === "line" ? { line: region.from.line, col: 0 } : region.from;
    return;
  }
  const run_ = OPERATORS[operator];
  if (!run_) {
    endVisual(editor);
    editor.fail();
    return;
  }
  endVisual(editor);
  editor.cursor = region.from;
  yield* run_({ editor, region, register, visual: true, count: count ?? 1, big: false });
  void name;
}
