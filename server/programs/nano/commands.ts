import { after, before, classOf, charAt, columnAt, firstNonBlank, type Pos } from "../vi/chars.ts";
import { askGoTo, insertFile, replace } from "./questions.ts";
import type { Nano } from "./session.ts";
import type { Deed } from "./text.ts";

interface Command {
  /** Not in view mode. */
  readonly changes?: true;
  /** False: what stands in the status bar stays. */
  readonly wipes?: false;
  run(nano: Nano): Promise<void> | void;
}

/** A movement: a selection that Shift made is not simulated, a mark stays. */
const move = (run: (nano: Nano) => void): Command => ({
  wipes: false,
  run(nano) {
    nano.text.close();
    run(nano);
  },
});

const edit = (run: (nano: Nano) => void, wipes?: false): Command => ({
  changes: true,
  ...(wipes === false ? { wipes } : {}),
  run,
});

function left({ text }: Nano): void {
  const { line, col } = text.cursor;
  if (col > 0) text.moveTo({ line, col: before(text.line, col) });
  else if (line > 0) text.moveTo({ line: line - 1, col: text.lines[line - 1]!.length });
}

function right({ text }: Nano): void {
  const { line, col } = text.cursor;
  if (col < text.line.length) text.moveTo({ line, col: after(text.line, col) });
  else if (line + 1 < text.lines.length) text.moveTo({ line: line + 1, col: 0 });
}

function word({ text }: Nano, direction: 1 | -1): void {
  let { line, col } = text.cursor;
  const inWord = (): boolean => classOf(charAt(text.lines[line]!, col)) === 2;
  const step = (): boolean => {
    const content = text.lines[line]!;
    if (direction > 0) {
      if (col < content.length) col = after(content, col);
      else if (line + 1 < text.lines.length) [line, col] = [line + 1, 0];
      else return false;
    } else if (col > 0) col = before(content, col);
    else if (line > 0) [line, col] = [line - 1, text.lines[line - 1]!.length];
    else return false;
    return true;
  };
  if (direction > 0) {
    while (inWord()) if (!step()) break;
    while (!inWord()) if (!step()) break;
  } else {
    if (step()) while (!inWord()) if (!step()) break;
    while (inWord() && col > 0) {
      const was = col;
      step();
      if (!inWord()) {
        col = was;
        break;
      }
    }
  }
  text.moveTo({ line, col });
}

function page(nano: Nano, direction: 1 | -1): void {
  const { text } = nano;
  const by = Math.max(1, nano.height - 2);
  if (direction < 0 && text.cursor.line < by && nano.top === 0) return text.moveTo({ line: 0, col: 0 });
  const row = text.cursor.line - nano.top;
  text.moveBy(direction * by);
  nano.top = Math.max(0, Math.min(text.lines.length - 1, text.cursor.line - row));
}

function enter(nano: Nano): void {
  const { text } = nano;
  text.mark = undefined;
  const indent = nano.autoindent ? text.line.slice(0, Math.min(text.cursor.col, firstNonBlank(text.line))) : "";
  text.close();
  text.insert("line break", `\n${indent}`);
}

function backspace(nano: Nano): void {
  const { text } = nano;
  const { line, col } = text.cursor;
  if (text.mark) return removeMarked(nano, "cut");
  if (col > 0) text.remove("deletion", { line, col: before(text.line, col) }, { line, col });
  else if (line > 0) {
    text.close();
    text.remove("line join", { line: line - 1, col: text.lines[line - 1]!.length }, { line, col: 0 });
  }
}

function remove(nano: Nano): void {
  const { text } = nano;
  const { line, col } = text.cursor;
  if (text.mark) return removeMarked(nano, "cut");
  if (col < text.line.length) text.remove("deletion", { line, col }, { line, col: after(text.line, col) });
  else if (line + 1 < text.lines.length) {
    text.close();
    text.remove("line join", { line, col }, { line: line + 1, col: 0 });
  }
}

function removeMarked({ text }: Nano, deed: Deed): void {
  const { marked } = text;
  text.mark = undefined;
  if (!marked) return;
  text.close();
  text.remove(deed, marked.from, marked.to);
  text.close();
}

/** ^K: the marked text, or the line; lines cut one after the other stay together. */
function cut(nano: Nano): void {
  const { text } = nano;
  const { marked } = text;
  if (marked) {
    nano.cut = text.between(marked.from, marked.to);
    nano.keepCutting = false;
    return removeMarked(nano, "cut");
  }
  const { line } = text.cursor;
  const isLast = line + 1 >= text.lines.length;
  if (isLast && text.line === "") {
    nano.message = "Nothing was cut";
    return;
  }
  if (!nano.keepCutting) {
    nano.cut = "";
    text.close();
  }
  nano.cut += isLast ? text.line : `${text.line}\n`;
  nano.keepCutting = true;
  if (isLast) text.change("cut", line, 1, [""], { line, col: 0 });
  else text.change("cut", line, 1, [], { line, col: 0 });
}

/** M-6: as cut, and the text stays. */
function copy(nano: Nano): void {
  const { text } = nano;
  const { marked } = text;
  if (marked) {
    nano.cut = text.between(marked.from, marked.to);
    text.mark = undefined;
    return;
  }
  const { line } = text.cursor;
  nano.cut = `${text.line}\n`;
  if (line + 1 < text.lines.length) text.moveTo({ line: line + 1, col: 0 });
}

function paste(nano: Nano): void {
  if (nano.cut === "") {
    nano.message = "Cutbuffer is empty";
    return;
  }
  nano.text.mark = undefined;
  nano.text.close();
  nano.text.insert("paste", nano.cut);
  nano.text.close();
}

/** The lines of the selection, or the cursor's. */
function lines({ text }: Nano): [number, number] {
  const { marked } = text;
  if (!marked) return [text.cursor.line, text.cursor.line];
  return [
    marked.from.line,
    marked.to.col === 0 && marked.to.line > marked.from.line ? marked.to.line - 1 : marked.to.line,
  ];
}

function mapLines(nano: Nano, deed: Deed, change: (line: string) => string): void {
  const { text } = nano;
  const [from, to] = lines(nano);
  const old = text.lines.slice(from, to + 1);
  const made = old.map(change);
  if (made.every((line, at) => line === old[at])) return;
  const { line, col } = text.cursor;
  const shift = made[line - from] === undefined ? 0 : made[line - from]!.length - old[line - from]!.length;
  text.close();
  text.change(deed, from, made.length, made, {
    line,
    col: Math.max(0, col + (col > 0 || deed === "indent" ? shift : 0)),
  });
  text.close();
}

const BRACKETS: Readonly<Record<string, readonly [string, 1 | -1]>> = { "(": [")", 1], "[": ["]", 1], "{": ["}", 1], "<": [">", 1], ")": ["(", -1], "]": ["[", -1], "}": ["{", -1], ">": ["<", -1] }; // prettier-ignore

function bracket(nano: Nano): void {
  const { text } = nano;
  const own = charAt(text.line, text.cursor.col);
  const pair = BRACKETS[own];
  if (!pair) {
    nano.message = "Not a bracket";
    return;
  }
  const [other, direction] = pair;
  let depth = 0;
  let { line, col } = text.cursor;
  for (;;) {
    const char = text.lines[line]![col];
    if (char === own) depth++;
    else if (char === other && --depth === 0) return text.moveTo({ line, col });
    col += direction;
    while (col < 0 || col >= text.lines[line]!.length) {
      line += direction;
      if (line < 0 || line >= text.lines.length) {
        nano.message = "No matching bracket";
        return;
      }
      col = direction > 0 ? 0 : text.lines[line]!.length - 1;
      if (text.lines[line]! !== "") break;
    }
  }
}

/** ^C, in the words of report_cursor_position(). */
function location(nano: Nano): void {
  const { text } = nano;
  const { line, col } = text.cursor;
  const total = text.lines.length;
  const width = columnAt(text.line, text.line.length, 8) + 1;
  const column = columnAt(text.line, col, 8) + 1;
  const length = (rows: readonly string[]): number => rows.reduce((sum, row) => sum + Array.from(row).length + 1, 0);
  const chars = length(text.lines) - 1;
  const at = length(text.lines.slice(0, line)) + Array.from(text.line.slice(0, col)).length;
  const percent = (part: number, whole: number): number => (whole === 0 ? 0 : Math.floor((part * 100) / whole));
  const pad = (value: number, like: number): string => String(value).padStart(String(like).length);
  nano.message = `line ${pad(line + 1, total).padStart(2)}/${total} (${percent(line + 1, total)}%), col ${String(column).padStart(2)}/${String(width).padStart(2)} (${String(percent(column, width)).padStart(3)}%), char ${pad(at, chars)}/${chars} (${String(percent(at, chars)).padStart(2)}%)`; // prettier-ignore
}

async function exit(nano: Nano): Promise<void> {
  if (!nano.text.modified || nano.options.viewOnly) {
    nano.leaving = true;
    return;
  }
  const answer = await nano.yesNo("Save modified buffer?");
  if (answer === "n") nano.leaving = true;
  if (answer === "y" && (await nano.writeOut())) nano.leaving = true;
}

const notSimulated = (what: string): Command => ({
  run(nano) {
    nano.message = `drydock: nano: '${what}' is not simulated`;
  },
});

function toggle(run: (nano: Nano) => string): Command {
  return {
    run(nano) {
      nano.message = run(nano);
    },
  };
}

const start = (pos: (nano: Nano) => Pos): Command => move((nano) => nano.text.moveTo(pos(nano)));

/** What nano's keys do; `M-` stands for Alt or Escape before the key. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  "<Left>": move(left), "\x02": move(left), "<Right>": move(right), "\x06": move(right), "<Up>": move(({ text }) => text.moveBy(-1)), "\x10": move(({ text }) => text.moveBy(-1)),
  "<Down>": move(({ text }) => text.moveBy(1)), "\x0e": move(({ text }) => text.moveBy(1)),
  "<C-Left>": move((nano) => word(nano, -1)), "<C-Right>": move((nano) => word(nano, 1)), "M- ": move((nano) => word(nano, -1)), "\0": move((nano) => word(nano, 1)),
  "<Home>": start(({ text }) => ({ line: text.cursor.line, col: 0 })), "\x01": start(({ text }) => ({ line: text.cursor.line, col: 0 })),
  "<End>": start(({ text }) => ({ line: text.cursor.line, col: text.line.length })), "\x05": start(({ text }) => ({ line: text.cursor.line, col: text.line.length })),
  "<C-Home>": start(() => ({ line: 0, col: 0 })), "M-\\": start(() => ({ line: 0, col: 0 })),
  "<C-End>": start(({ text }) => ({ line: text.lines.length - 1, col: text.lines.at(-1)!.length })), "M-/": start(({ text }) => ({ line: text.lines.length - 1, col: text.lines.at(-1)!.length })),
  "<PageDown>": move((nano) => page(nano, 1)), "\x16": move((nano) => page(nano, 1)), "<PageUp>": move((nano) => page(nano, -1)), "\x19": move((nano) => page(nano, -1)),
  "\r": edit(enter, false), "\x0a": notSimulated("Justify"), "M-j": notSimulated("Full Justify"),
  "<BS>": edit(backspace, false), "\x08": edit(backspace, false), "<Del>": edit(remove, false), "\x04": edit(remove, false),
  "\t": edit(({ text, options }) => text.insert("addition", options.tabsToSpaces ? " ".repeat(options.tabSize - (columnAt(text.line, text.cursor.col, options.tabSize) % options.tabSize)) : "\t"), false),
  "\x0b": edit(cut), "\x15": edit(paste), "M-6": { run: copy }, "M-^": { run: copy },
  "M-a": { run(nano) { nano.text.mark = nano.text.mark ? undefined : nano.text.cursor; nano.message = nano.text.mark ? "Mark Set" : "Mark Unset"; } },
  "\x1e": { run(nano) { nano.text.mark = nano.text.mark ? undefined : nano.text.cursor; nano.message = nano.text.mark ? "Mark Set" : "Mark Unset"; } },
  "M-u": edit((nano) => { const deed = nano.text.undo(); nano.message = deed === undefined ? "Nothing to undo" : `Undid ${deed}`; nano.follow(true); }),
  "M-e": edit((nano) => { const deed = nano.text.redo(); nano.message = deed === undefined ? "Nothing to redo" : `Redid ${deed}`; nano.follow(true); }),
  "M-}": edit((nano) => mapLines(nano, "indent", (line) => (line === "" ? "" : (nano.options.tabsToSpaces ? " ".repeat(nano.options.tabSize) : "\t") + line)), false),
  "M-{": edit((nano) => mapLines(nano, "unindent", (line) => line.replace(new RegExp(`^(?:\\t| {1,${nano.options.tabSize}}\\t?)`), "")), false),
  "M-3": edit((nano) => { const [from, to] = lines(nano); const all = nano.text.lines.slice(from, to + 1).every((line) => line.startsWith("#") || line === ""); mapLines(nano, "comment", (line) => (all ? line.replace(/^#/, "") : `#${line}`)); }, false),
  "\x17": { async run(nano) { nano.search.backwards = false; const kind = await nano.askSearch(false); if (kind === "search") nano.goFind(); else if (kind === "replace") await replace(nano); } },
  "\x11": { async run(nano) { nano.search.backwards = true; const kind = await nano.askSearch(false); if (kind === "search") nano.goFind(); else if (kind === "replace") await replace(nano); } },
  "\x1c": { changes: true, async run(nano) { const kind = await nano.askSearch(true); if (kind === "replace") await replace(nano); else if (kind === "search") nano.goFind(); } },
  "M-r": { changes: true, async run(nano) { const kind = await nano.askSearch(true); if (kind === "replace") await replace(nano); else if (kind === "search") nano.goFind(); } },
  "M-w": { run(nano) { if (nano.search.text === "") nano.message = "No current search pattern"; else nano.goFind(false); } },
  "M-q": { run(nano) { if (nano.search.text === "") nano.message = "No current search pattern"; else nano.goFind(true); } },
  "\x1f": { run: (nano) => askGoTo(nano) }, "M-g": { run: (nano) => askGoTo(nano) }, "M-]": { run: bracket }, "\x03": { run: location },
  "\x0f": { async run(nano) { await nano.writeOut(); } },
  "\x13": { async run(nano) { if (nano.name === "") await nano.writeOut(); else nano.save(nano.name); } },
  "\x18": { run: exit }, "\x12": { changes: true, run: (nano) => insertFile(nano) }, "\x0c": { run: (nano) => nano.redraw() },
  "M-d": { run(nano) { nano.message = counted(nano.text.lines); } },
  "M-n": toggle((nano) => { nano.numbers = !nano.numbers; return `Line numbering ${nano.numbers ? "enabled" : "disabled"}`; }),
  "M-i": toggle((nano) => { nano.autoindent = !nano.autoindent; return `Auto indent ${nano.autoindent ? "enabled" : "disabled"}`; }),
  "M-x": toggle((nano) => { nano.help = !nano.help; return `Help mode ${nano.help ? "enabled" : "disabled"}`; }),
  "\x07": notSimulated("Help"), "<F1>": notSimulated("Help"), "\x14": notSimulated("Execute"), "\x1d": notSimulated("Complete"), "M-s": notSimulated("Soft wrapping"), "M-p": notSimulated("Whitespace display"),
  "M-h": notSimulated("Help"), "M-:": notSimulated("Record macro"), "M-;": notSimulated("Run macro"), "M-y": notSimulated("Color syntax highlighting"),
}; // prettier-ignore

/** M-D: how much text there is. */
function counted(text: readonly string[]): string {
  const words = text.join("\n").match(/[\p{L}\p{N}_]+/gu)?.length ?? 0;
  const chars = text.reduce((sum, line) => sum + Array.from(line).length + 1, 0) - 1;
  return `${text.length - 1} lines,  ${words} words,  ${chars} characters`;
}
