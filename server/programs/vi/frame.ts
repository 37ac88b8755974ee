import { after, bytesOf, columns, endColumnAt, shown } from "./chars.ts";
import { busyboxStatus } from "./busybox-words.ts";
import type { Editor } from "./editor.ts";
import { columnText } from "./files.ts";
import { Pattern } from "./pattern.ts";
import { visualRegion } from "./pending.ts";
import { columnsOfBlock, slice, type Region } from "./region.ts";
import { MESSAGES, styled, type Group } from "./style.ts";

/** What stands on the screen: its rows, with colours, and where the cursor is, from 0. */
export interface Frame {
  readonly rows: readonly string[];
  readonly cursor: { readonly row: number; readonly column: number };
}

/** A highlighted part of a line, by indexes. */
interface Mark {
  readonly from: number;
  readonly to: number;
  readonly group: Group;
}

const RULER_WIDTH = 18;
const SHOWCMD_WIDTH = 10;

/** Draws the editor as it is now. */
export function frame(editor: Editor): Frame {
  const { view } = editor;
  const rows = textRows(editor);
  const end = editor.mode === "normal" || editor.mode === "visual";
  let cursor = clampTo(editor, view.screenOf(editor.cursor, end && !editor.options.on("list")));
  const { overlay, commandLine } = editor;
  if (overlay) {
    const lines = overlay.flatMap((line, at) => {
      const parts = wrap(line, view.cols);
      return at === overlay.length - 1 ? parts.map((part) => styled(part, "Question")) : at === 0 && editor.message.style === "error" && line === editor.message.text ? parts.map((part) => styled(part, "ErrorMsg")) : parts; // prettier-ignore
    });
    const all = [...rows, ...lines].slice(-view.rows);
    return { rows: all, cursor: { row: all.length - 1, column: Math.min(view.cols - 1, columns(overlay.at(-1)!)) } };
  }
  if (commandLine) {
    const { prompt, text, at, pending } = commandLine;
    const line = prompt + printable(pending === undefined ? text : text.slice(0, at) + pending + text.slice(at));
    const parts = wrap(line, view.cols);
    const place = columns(prompt + printable(text.slice(0, at)));
    if (place > 0 && place % view.cols === 0 && place === columns(line)) parts.push("");
    const all = [...rows, ...parts].slice(-view.rows);
    const row = all.length - parts.length + Math.floor(place / view.cols);
    return { rows: all, cursor: { row, column: place % view.cols } };
  }
  rows.push(statusRow(editor));
  if (editor.pendingChar !== "") rows[cursor.row] = over(rows[cursor.row]!, cursor.column, editor.pendingChar);
  if (editor.asking) cursor = { row: view.rows - 1, column: columns(editor.message.text) };
  return { rows, cursor };
}

/** A row with a character over what stands at a column. */
function over(row: string, column: number, char: string): string {
  const plain = row.padEnd(column);
  return plain.slice(0, column) + styled(char, "SpecialKey") + plain.slice(column + 1);
}

function clampTo({ view }: Editor, { row, column }: { row: number; column: number }): { row: number; column: number } {
  return { row: Math.max(0, Math.min(view.height - 1, row)), column: Math.max(0, Math.min(view.cols - 1, column)) };
}

function printable(text: string): string {
  return text.replace(/[\0-\x1f\x7f]/g, (char) =>
    char === "\x7f" ? "^?" : `^${String.fromCharCode(char.charCodeAt(0) + 64)}`,
  );
}

function wrap(text: string, width: number): string[] {
  const parts: string[] = [];
  let part = "";
  let used = 0;
  for (const char of text) {
    const wide = columns(char);
    if (used + wide > width) {
      parts.push(part);
      [part, used] = ["", 0];
    }
    part += char;
    used += wide;
  }
  return [...parts, part];
}

function textRows(editor: Editor): string[] {
  const { view, buffer, options } = editor;
  const marks = highlighter(editor);
  const rows: string[] = [];
  let line = view.top;
  while (rows.length < view.height && line < buffer.count) {
    const parts = lineRows(editor, line, marks(line));
    const room = view.height - rows.length;
    if (parts.length > room && line > view.top) {
      // A line that does not fit: "@" in place of its rows, or only in the last one ('display').
      const truncate = options.text("display").includes("truncate");
      const whole = options.text("display").includes("lastline");
      if (whole || truncate) rows.push(...parts.slice(0, truncate ? room - 1 : room));
      if (truncate) rows.push(styled("@@@", "NonText"));
      else if (!whole) while (rows.length < view.height) rows.push(styled("@", "NonText"));
    } else rows.push(...parts.slice(0, room));
    line++;
  }
  while (rows.length < view.height) rows.push(styled("~", "NonText"));
  return rows;
}

/** The rows of a line. */
function lineRows(editor: Editor, line: number, marks: readonly Mark[]): string[] {
  const { view, buffer, options } = editor;
  const text = buffer.line(line);
  const { width, margin } = view;
  const number = margin === 0 ? "" : styled(numberText(editor, line, margin), "LineNr");
  const list = options.on("list");
  if (marks.length === 0 && !list && /^[ -~]*$/.test(text)) {
    if (!options.on("wrap")) return [number + text.slice(view.left, view.left + width)];
    const rows = [number + text.slice(0, width)];
    for (let at = width; at < text.length; at += width) rows.push(" ".repeat(margin) + text.slice(at, at + width));
    return rows;
  }
  const rows: string[] = [];
  let row = number;
  let used = 0;
  let column = 0;
  let group: Group | undefined;
  const wrapped = options.on("wrap");
  const put = (piece: string, next: Group | undefined): void => {
    for (const char of piece) {
      const wide = columns(char);
      if (!wrapped) {
        if (column < view.left || used + wide > width) {
          column += wide;
          continue;
        }
      } else if (used + wide > width) {
        if (group) row += "\x1b[m";
        group = undefined;
        rows.push(row);
        row = " ".repeat(margin);
        used = 0;
      }
      if (next !== group) {
        if (group) row += "\x1b[m";
        if (next) row += styled("\0", next).split("\0")[0]!;
        group = next;
      }
      row += char;
      used += wide;
      column += wide;
    }
  };
  for (let at = 0; at < text.length;) {
    const next = after(text, at);
    const char = text.slice(at, next);
    const piece = shown(char, column, options.tabstop, list);
    put(
      piece,
      marks.find((one) => one.from <= at && at < one.to)?.group ??
        (piece !== char && char !== "\t" ? "SpecialKey" : undefined),
    );
    at = next;
  }
  const behind = marks.find((one) => one.to > text.length && one.from <= text.length);
  if (list) put("$", "NonText");
  else if (behind) put(" ", behind.group);
  if (group) row += "\x1b[m";
  return [...rows, row];
}

function numberText({ options, cursor }: Editor, line: number, margin: number): string {
  if (!options.on("relativenumber")) return `${String(line + 1).padStart(margin - 1)} `;
  const distance = Math.abs(line - cursor.line);
  if (distance === 0 && options.on("number")) return `${String(line + 1).padEnd(margin - 1)} `;
  return `${String(distance).padStart(margin - 1)} `;
}

/** What is highlighted in a line: the selection, the match of incremental search, all matches with 'hlsearch'. */
function highlighter(editor: Editor): (line: number) => Mark[] {
  const { visual, preview, options, search } = editor;
  const region = visual && editor.mode === "visual" ? visualRegion(editor, visual, editor.cursor, false) : undefined;
  let pattern: Pattern | undefined;
  if (options.on("hlsearch") && search && !editor.noHighlight) {
    const made = Pattern.of(search.pattern, {
      ignorecase: options.on("ignorecase"),
      smartcase: options.on("smartcase"),
      magic: true,
    });
    if (typeof made !== "string") pattern = made;
  }
  if (!region && !preview && !pattern) return () => NONE;
  return (line) => {
    const marks: Mark[] = [];
    if (region) marks.push(...selected(editor, region, line));
    if (preview && line >= preview.from.line && line <= preview.to.line) {
      const to = line === preview.to.line ? preview.to.col : editor.buffer.line(line).length;
      marks.push({ from: line === preview.from.line ? preview.from.col : 0, to, group: "IncSearch" });
    }
    if (pattern)
      for (const { start, end } of pattern.all(editor.buffer.line(line)))
        marks.push({ from: start, to: end, group: "Search" });
    return marks;
  };
}

const NONE: Mark[] = [];

function selected(editor: Editor, region: Region, line: number): Mark[] {
  const { from, to, kind } = region;
  if (line < from.line || line > to.line) return [];
  const { length } = editor.buffer.line(line);
  if (kind === "line") return [{ from: 0, to: length + 1, group: "Visual" }];
  if (kind === "block") {
    const { left, right } = columnsOfBlock(region);
    const part = slice(editor, line, left, right);
    return part.short ? [] : [{ from: part.start, to: part.end, group: "Visual" }];
  }
  const start = line === from.line ? from.col : 0;
  const end = line === to.line ? to.col : length + 1;
  return end > start ? [{ from: start, to: end, group: "Visual" }] : [];
}

/** Message or mode, pending command, ruler. */
function statusRow(editor: Editor): string {
  if (editor.flavour === "busybox") {
    const { text, bold } = busyboxStatus(editor);
    return styled(text.slice(0, editor.view.cols - 1), bold ? "IncSearch" : undefined);
  }
  const { view, options } = editor;
  const ruler = options.on("ruler");
  const rulerAt = view.cols - RULER_WIDTH;
  const commandAt = ruler ? rulerAt - SHOWCMD_WIDTH : view.cols - SHOWCMD_WIDTH - 1;
  const { text, group } = message(editor);
  let line = fit(printable(text), options.on("showcmd") || ruler ? commandAt - 1 : view.cols - 1, group);
  let used = columns(line);
  let row = styled(line, group);
  if (editor.recording && editor.options.on("showmode") && (text === "" || text.startsWith("-- ")) && !editor.asking) {
    const recording = `recording @${editor.recording.register}`;
    row += styled(recording, "ModeMsg");
    used += recording.length;
  }
  line = "";
  const command = options.on("showcmd") ? showcmd(editor) : "";
  if (command !== "" && used <= commandAt) {
    row += " ".repeat(commandAt - used) + command;
    used = commandAt + columns(command);
  }
  if (!ruler || used > rulerAt) return row;
  const place = `${editor.buffer.none ? 0 : editor.cursor.line + 1},${columnText(editor)}`;
  const where = relative(editor);
  return `${row}${" ".repeat(rulerAt - used)}${place.padEnd(RULER_WIDTH - 1 - where.length)}${where}`;
}

/** A long message about a file loses its beginning, others their middle. */
function fit(text: string, width: number, group: Group | undefined): string {
  if (columns(text) <= width || group === "ErrorMsg") return text;
  if (text.startsWith('"')) return `<${text.slice(text.length - width + 1)}`;
  return text.slice(0, width);
}

function message(editor: Editor): { text: string; group: Group | undefined } {
  const { message: said, mode, visual, options } = editor;
  if (said.text !== "") return { text: said.text, group: MESSAGES[said.style] };
  if (!options.on("showmode")) return { text: "", group: undefined };
  const paste = options.on("paste") ? " (paste)" : "";
  const bold = (text: string): { text: string; group: Group } => ({ text, group: "ModeMsg" });
  if (mode === "insert") return bold(`-- INSERT${paste} --`);
  if (mode === "replace") return bold(`-- REPLACE${paste} --`);
  if (visual) {
    const name = visual.kind === "v" ? "VISUAL" : visual.kind === "V" ? "VISUAL LINE" : "VISUAL BLOCK";
    return bold(editor.restartInsert ? `-- (insert) ${name} --` : `-- ${name} --`);
  }
  if (editor.restartInsert) return bold(editor.restartInsert === "R" ? "-- (replace) --" : "-- (insert) --");
  return { text: "", group: undefined };
}

/** The keys of a command so far, or how much is selected. */
function showcmd(editor: Editor): string {
  const { visual, cursor } = editor;
  if (!visual || editor.showcmd !== "") return editor.showcmd.slice(-SHOWCMD_WIDTH);
  const lines = Math.abs(visual.start.line - cursor.line) + 1;
  if (visual.kind === "\x16") {
    const region = visualRegion(editor, visual, cursor, false);
    const { left, right } = columnsOfBlock(region);
    const end = right === Infinity ? endColumnAt(editor.line, cursor.col, editor.options.tabstop) : right;
    return `${lines}x${end - left + 1}`;
  }
  if (visual.kind === "V" || lines > 1) return String(lines);
  const region = visualRegion(editor, visual, cursor, true);
  const text = editor.line.slice(region.from.col, region.to.col);
  // The end of the line counts as one.
  const end = Math.max(cursor.col, visual.start.col) >= editor.line.length ? 1 : 0;
  const chars = Array.from(text).length + end;
  const bytes = bytesOf(text) + end;
  return bytes === chars ? String(chars) : `${chars}-${bytes}`;
}

/** All, Top, Bot, or the percentage of lines above the window. As get_rel_pos(). */
function relative({ view, buffer }: Editor): string {
  const above = view.top;
  const below = buffer.count - view.bottom();
  if (below <= 0) return above === 0 ? "All" : "Bot";
  if (above === 0) return "Top";
  return `${String(Math.floor((above * 100) / (above + below))).padStart(2)}%`;
}

/** Whether a message is too long for its place, so that a key has to be pressed. */
export function needsConfirmation(editor: Editor): boolean {
  const { view, options, message: said } = editor;
  if (said.style !== "error" || editor.flavour === "busybox") return false;
  if (said.lead !== undefined) return true;
  const room = options.on("ruler") ? view.cols - RULER_WIDTH - SHOWCMD_WIDTH : view.cols - 1;
  return columns(said.text) >= room;
}
