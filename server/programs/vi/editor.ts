import type { Time } from "../../sim/kernel/index.ts";
import { UTC, type Zone } from "../gnu/strftime.ts";
import { Buffer } from "./buffer.ts";
import { before, columnAt, cursorColumnAt, indexAtColumn, last, type Pos } from "./chars.ts";
import { CommandHistory } from "./history.ts";
import type { Disk } from "./disk.ts";
import { Options } from "./options.ts";
import { Registers } from "./registers.ts";
import type { Search } from "./search.ts";
import { View } from "./view.ts";

export type Mode = "normal" | "insert" | "replace" | "visual";
export type VisualKind = "v" | "V" | "\x16";
export type Style = "error" | "warning" | "bold" | "question" | "plain";

/** What the editor asks of whoever runs it. */
export type Want =
  | { readonly kind: "key" }
  | { readonly kind: "suspend" }
  /** Runs a command of the shell: with `input` as a filter, whose output is the answer, else on the terminal. */
  | { readonly kind: "shell"; readonly command: string; readonly input?: string };

export interface Answer {
  readonly key?: string;
  readonly output?: string;
  readonly code?: number;
}

/** A part of the editor that waits for keys. */
export type Steps<T = void> = Generator<Want, T, Answer>;

/** Parts that need each other: commands that run commands. Handed in, so that no file imports its importer. */
export interface Hooks {
  /** One command of Normal or Visual mode. */
  normal(editor: Editor): Steps;
  /** A command line; false if it failed. */
  execute(editor: Editor, line: string): Steps<boolean>;
  /** A line of a vimrc; what is wrong with it. */
  vimrc(editor: Editor, line: string): string | undefined;
}

export interface Visual {
  kind: VisualKind;
  start: Pos;
}

export interface CommandLine {
  readonly prompt: string;
  text: string;
  at: number;
  /** Shown at the cursor while a key is awaited: `"` after Ctrl-R, `^` after Ctrl-V. */
  pending?: string;
}

/** A change as `.` does it again. */
export interface Repeat {
  readonly keys: readonly string[];
  readonly count: number | undefined;
  readonly register: string | undefined;
  /** How much was selected in Visual mode. */
  readonly extent?: { readonly kind: VisualKind; readonly lines: number; readonly columns: number };
}

/** All that an editor knows while it runs: one text in one window. The commands are functions over it. */
export class Editor {
  readonly buffer = new Buffer();
  readonly options = new Options();
  readonly registers = new Registers();
  readonly view: View;
  readonly disk: Disk;
  readonly hooks: Hooks;
  readonly history = new CommandHistory();
  readonly now: () => Time;
  /** Macros as the keys that they were recorded with: text has no arrow keys. */
  readonly macros = new Map<string, readonly string[]>();
  zone: Zone = UTC;
  /** Whose words and commands: vim's, or those of the small vi of busybox. */
  flavour: "vim" | "busybox" = "vim";
  #beforePaste: (boolean | number | string)[] | undefined;
  mode: Mode = "normal";
  visual: Visual | undefined;
  lastVisual: (Visual & { end: Pos; toEnd: boolean }) | undefined;
  /** Between `i_CTRL-O` and the end of its command. */
  restartInsert: "i" | "R" | undefined;
  cursor: Pos = { line: 0, col: 0 };
  /** The column that vertical movements aim at; Infinity after `$`. */
  want = 0;
  commandLine: CommandLine | undefined;
  message: { readonly text: string; readonly style: Style; readonly echo?: true; readonly lead?: string } = {
    text: "",
    style: "plain",
  };
  /** Lines over the text, before `Press ENTER`. */
  overlay: string[] | undefined;
  showcmd = "";
  search: Search | undefined;
  /** 'hlsearch' is off until the next search. */
  noHighlight = false;
  /** What incremental search shows. */
  preview: { readonly from: Pos; readonly to: Pos } | undefined;
  lastFind: { readonly char: string; readonly forward: boolean; readonly till: boolean } | undefined;
  lastSubstitute: { readonly pattern: string; readonly replacement: string; readonly flags: string } | undefined;
  lastShell: string | undefined;
  repeat: Repeat | undefined;
  recording: { readonly register: string; keys: string[] } | undefined;
  lastMacro: string | undefined;
  lastEx: string | undefined;
  /** Keys that come before those that are typed: of macros and of `.`. */
  readonly typeahead: string[] = [];
  /** Keys of the command that runs, as `.` needs them. */
  log: string[] = [];
  repeating = false;
  /** What `.` does if the cursor was moved in Insert mode: only what came after. */
  insertedKeys: readonly string[] | undefined;
  /** The count of the last operator, that of its motion included. */
  operatorCount: number | undefined;
  failed = false;
  /** In `:global` and the like messages wait. */
  quiet = 0;
  args: string[] = [];
  argIndex = 0;
  file = "";
  /** Bytes that were no UTF-8: the text goes back as Latin-1. */
  latin1 = false;
  /** The file does not exist yet. */
  newFile = false;
  /** Started as `view`, or with -R. */
  viewOnly = false;
  /** What the file was when it was read or written last. */
  stamp: number | undefined;
  warnedOfMore = false;
  filetypeDetection = false;
  filetypeIndent = false;
  /** What `:global` has changed and printed so far. */
  substituted = { count: 0, lines: 0 };
  printed: string[] | undefined;
  /** The cursor stands behind the question in the last line. */
  asking = false;
  /** A command has written to the terminal: its exit code stands above `Press ENTER`. */
  pressEnter: number | undefined;
  shell = "/bin/sh";
  readonly vimrcProblems: string[] = [];
  readonly autocommands: { events: string[]; pattern: string; command: string }[] = [];
  alternate = "";
  readonly jumps: Pos[] = [];
  jumpIndex = 0;
  exit: number | undefined;
  /** The screen has to be drawn anew. */
  redraw = false;
  /** Shown at the cursor while a key is awaited: `"` after Ctrl-R, `^` after Ctrl-V. */
  pendingChar = "";
  /** `:file name` */
  notEdited = false;
  warnedReadonly = false;
  bell = false;
  insertStart: Pos = { line: 0, col: 0 };
  /** The keys of the last insertion, for Ctrl-A in Insert mode and `".`. */
  lastInserted: readonly string[] | undefined;
  /** What computes indents: YAML's, when filetype plugins are on. */
  indentExpression: "yaml" | undefined;
  filetypePlugin = false;

  constructor(disk: Disk, now: () => Time, rows: number, cols: number, hooks: Hooks) {
    this.disk = disk;
    this.hooks = hooks;
    this.now = now;
    this.view = new View(this, rows, cols);
    this.buffer.undo.origin = () => {
      if (this.options.on("readonly") && !this.warnedReadonly) {
        this.warnedReadonly = true;
        this.say("W10: Warning: Changing a readonly file", "warning");
      }
      return { cursor: this.cursor, time: this.now() };
    };
    this.buffer.undo.isSaved = () => !this.buffer.modified;
  }

  // Keys

  *key(): Steps<string> {
    let key = this.typeahead.shift();
    if (key === undefined) {
      if (this.mode !== "insert" && this.mode !== "replace" && !this.commandLine) this.buffer.undo.close();
      const answer = yield { kind: "key" };
      key = answer.key ?? "\x1b";
      this.recording?.keys.push(key);
    }
    this.log.push(key);
    return key;
  }

  // Messages

  say(text: string, style: Style = "plain"): void {
    this.message = { text, style };
  }

  /** What was typed stays in the last line, until the text moves. */
  echo(text: string): void {
    this.message = { text, style: "plain", echo: true };
  }

  /** A message in vim's words; breaks off macros. Always false, for commands that return whether they worked. */
  error(text: string, lead?: string): false {
    this.message = { text, style: "error", ...(lead === undefined ? {} : { lead }) };
    return this.fail();
  }

  /** What vim beeps at: nothing is said. */
  fail(): false {
    this.failed = true;
    this.typeahead.length = 0;
    return false;
  }

  notSimulated(what: string): false {
    return this.error(`drydock: vim: '${what}' is not simulated`);
  }

  /** `3 more lines`, from more than two on ('report'). */
  reportLines(difference: number): void {
    const lines = Math.abs(difference);
    if (lines <= 2 || this.quiet > 0) return;
    this.say(`${lines} ${difference > 0 ? "more lines" : "fewer lines"}`);
  }

  /** Shows lines below the text. More than one wait for a key; that of a command goes on to it. */
  *show(lines: readonly string[], always = false): Steps {
    if (this.printed) {
      this.printed.push(...lines);
      return;
    }
    if (lines.length <= 1 && !always) return this.say(lines[0] ?? "");
    let rest = [...lines];
    const height = this.view.rows - 1;
    while (rest.length > height) {
      this.overlay = [...rest.slice(0, height), "-- More --"];
      const key = yield* this.key();
      if (key === "q" || key === "\x1b" || key === "\x03" || key === ":") {
        rest = [];
        break;
      }
      const step = key === "\r" || key === "j" || key === "<Down>" ? 1 : key === "d" ? Math.floor(height / 2) : height;
      rest = rest.slice(step);
    }
    if (rest.length > 0) {
      this.overlay = [...rest, "Press ENTER or type command to continue"];
      const key = yield* this.key();
      if (key === ":" || (key !== "\r" && key !== " " && key !== "\x1b" && key !== "\x0a" && key !== "\x03"))
        this.typeahead.unshift(key);
    }
    this.overlay = undefined;
    this.redraw = true;
    this.say("");
  }

  /** 'paste' turns off what changes typed text, and back on. */
  pasteMode(on: boolean): void {
    const names = ["autoindent", "expandtab", "softtabstop", "textwidth", "ruler", "smarttab"];
    if (on && !this.#beforePaste) {
      this.#beforePaste = names.map((name) => this.options.get(name));
      for (const name of names) this.options.set(name, typeof this.options.get(name) === "number" ? 0 : false);
    } else if (!on && this.#beforePaste) {
      for (const [at, name] of names.entries()) this.options.set(name, this.#beforePaste[at]!);
      this.#beforePaste = undefined;
    }
  }

  /** What Ctrl-R and `:put` take of a register by its name, the read-only ones included. */
  registerText(name: string): string | undefined {
    if (name === "%") return this.file;
    if (name === ":") return this.lastEx;
    if (name === "/") return this.search?.pattern;
    if (name === ".") return this.lastInserted?.filter((key) => key.length === 1).join("");
    const value = this.registers.get(name);
    if (!value) return undefined;
    return value.lines.join("\n") + (value.kind === "line" ? "\n" : "");
  }

  // The cursor

  get line(): string {
    return this.buffer.line(this.cursor.line);
  }

  /** Moves, and aims vertical movements at the new column. */
  moveTo(pos: Pos): void {
    this.cursor = pos;
    this.aim();
  }

  aim(): void {
    const { tabstop } = this.options;
    this.want =
      this.mode === "normal" || this.mode === "visual"
        ? cursorColumnAt(this.line, this.cursor.col, tabstop)
        : columnAt(this.line, this.cursor.col, tabstop);
  }

  /** The index in a line that vertical movements lead to. */
  wanted(line: number): number {
    const text = this.buffer.line(line);
    const most = this.mode === "insert" || this.mode === "replace" ? text.length : this.mode === "visual" && this.want === Infinity ? text.length : last(text); // prettier-ignore
    return this.want === Infinity ? most : Math.min(most, indexAtColumn(text, this.want, this.options.tabstop));
  }

  /** Keeps the cursor on the text: outside of Insert and Visual mode not behind the last character. */
  clampCursor(): void {
    const line = Math.max(0, Math.min(this.cursor.line, this.buffer.count - 1));
    const text = this.buffer.line(line);
    const free = this.mode === "insert" || this.mode === "replace" || this.mode === "visual" || this.restartInsert;
    const most = free ? text.length : last(text);
    let col = Math.max(0, Math.min(this.cursor.col, most));
    if (col < text.length && col > 0 && /[\udc00-\udfff]/.test(text[col]!) && /[\ud800-\udbff]/.test(text[col - 1]!)) col = before(text, col); // prettier-ignore
    if (line !== this.cursor.line || col !== this.cursor.col) this.cursor = { line, col };
  }

  /** Remembers where a jump began: `''`, Ctrl-O. */
  jumpFrom(from: Pos = this.cursor): void {
    this.buffer.marks.set("'", from);
    const known = this.jumps.findIndex((one) => one.line === from.line);
    if (known >= 0) this.jumps.splice(known, 1);
    this.jumps.push(from);
    if (this.jumps.length > 100) this.jumps.shift();
    this.jumpIndex = this.jumps.length;
  }
}
