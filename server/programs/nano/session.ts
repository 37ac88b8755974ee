import { compile, isRegexError } from "../../shell/regex/index.ts";
import { Errno } from "../../sim/host/index.ts";
import { decode, encode } from "../../sim/kernel/index.ts";
import { indexAtColumn } from "../vi/chars.ts";
import type { Disk } from "../vi/disk.ts";
import { Screen } from "../vi/screen.ts";
import type { Terminal } from "../vi/terminal.ts";
import type { NanoArguments } from "./arguments.ts";
import { COMMANDS } from "./commands.ts";
import { MAIN, REPLACE, SEARCH, WRITE, type Menu } from "./menus.ts";
import { draw, textRows } from "./picture.ts";
import { askGoTo } from "./questions.ts";
import { Text } from "./text.ts";

/** The terminal is gone: nothing more is asked. */
class Gone extends Errno {
  constructor() {
    super("EIO");
  }
}

interface Search {
  text: string;
  backwards: boolean;
  caseSensitive: boolean;
  regexp: boolean;
}

/** nano at work on one file after the other. Its commands are in `commands.ts`. */
export class Nano {
  readonly terminal: Terminal;
  readonly disk: Disk;
  readonly options: NanoArguments;
  readonly #screen = new Screen();
  text = new Text("");
  name = "";
  top = 0;
  numbers: boolean;
  autoindent: boolean;
  help: boolean;
  message = "";
  #menu: Menu = MAIN;
  #prompt: { words: string; answer: string; at: number } | undefined;
  #choices: readonly [string, string] | undefined;
  spotlight: { line: number; from: number; to: number } | undefined;
  readonly search: Search = { text: "", backwards: false, caseSensitive: false, regexp: false };
  cut = "";
  /** The last key was a cut: the next one adds to what was cut. */
  keepCutting = false;
  leaving = false;
  stamp: number | undefined;

  constructor(terminal: Terminal, disk: Disk, options: NanoArguments) {
    this.terminal = terminal;
    this.disk = disk;
    this.options = options;
    this.numbers = options.numbers;
    this.autoindent = options.autoindent;
    this.help = !options.noHelp;
  }

  /** Edits a file until it is left; false if the terminal is gone. */
  async edit(file: NanoArguments["files"][number]): Promise<boolean> {
    this.leaving = false;
    this.message = "";
    this.name = file.name;
    this.#open(file.name);
    this.top = 0;
    if (file.line !== undefined || file.column !== undefined) this.goTo(file.line ?? 1, file.column ?? 1);
    while (!this.leaving) {
      const key = await this.#key();
      await this.#process(key);
    }
    return true;
  }

  #open(name: string): void {
    this.text = new Text("");
    if (name === "") return;
    const path = this.disk.expand(name);
    const found = this.disk.read(path);
    this.stamp = this.disk.stamp(path);
    if (found instanceof Errno) {
      if (found.code === "ENOENT")
        this.message = this.disk.kind(this.disk.full(path).replace(/\/[^/]*$/, "") || "/") === "dir" ? "New File" : `Path '${name.replace(/\/[^/]*$/, "")}' is not accessible`; // prettier-ignore
      else if (found.code === "EISDIR") {
        this.message = `"${name}" is a directory`;
        this.name = "";
      } else this.message = `Error reading ${name}: ${found.message}`;
      return;
    }
    const content = decode(found.bytes);
    this.text = new Text(content === "" || content.endsWith("\n") || this.options.noNewline ? content : `${content}\n`);
    const lines = content === "" ? 0 : content.split("\n").length - (content.endsWith("\n") ? 1 : 0);
    this.message = `Read ${lines} ${lines === 1 ? "line" : "lines"}`;
    if (found.readonly) this.message += " (Warning: no write permission)";
  }

  // Drawing and keys

  get height(): number {
    return textRows({ rows: this.terminal.rows, help: this.help });
  }

  /** Scrolls so that the cursor is shown: line by line, or with it in the middle. */
  follow(center = false): void {
    const { line } = this.text.cursor;
    if (line >= this.top && line < this.top + this.height) return;
    if (center) this.top = Math.max(0, line - Math.floor(this.height / 2));
    else if (line < this.top) this.top = line;
    else this.top = line - this.height + 1;
  }

  async #draw(): Promise<void> {
    const { text, name, top, numbers, autoindent, help, message, spotlight } = this;
    const { rows, cols } = this.terminal;
    const frame = draw({
      text, name, rows, cols, top, numbers, autoindent, viewOnly: this.options.viewOnly, help: help || this.#choices !== undefined, menu: this.#menu, message, prompt: this.#prompt, choices: this.#choices, spotlight,
    }); // prettier-ignore
    await this.terminal.print(this.#screen.update(frame.rows, frame.cursor));
  }

  /** The next key; a lone escape and the key behind it are Meta and that key: `M-u`. */
  async #key(): Promise<string> {
    for (;;) {
      const key = await this.terminal.key(() => this.#draw());
      if (key === "end") throw new Gone();
      if (key === "resize") {
        this.#screen.forget();
        this.follow();
        continue;
      }
      if (key.key !== "\x1b") return key.key;
      const next = await this.terminal.key(() => this.#draw());
      if (next === "end") throw new Gone();
      if (next === "resize") continue;
      return next.key.length === 1 ? `M-${next.key.toLowerCase()}` : next.key;
    }
  }

  async #process(key: string): Promise<void> {
    const command = COMMANDS[key];
    const cutting = key === "\x0b";
    if (!cutting) this.keepCutting = false;
    if (command) {
      if (command.wipes !== false) this.message = "";
      if (this.options.viewOnly && command.changes) this.message = "Key is invalid in view mode";
      else await command.run(this);
    } else if (key.startsWith("<Paste>") || (key >= " " && !(key.length > 2 && key.startsWith("<")) && !key.startsWith("M-"))) {
      if (this.options.viewOnly) this.message = "Key is invalid in view mode";
      else {
        this.text.mark = undefined;
        this.text.insert("addition", key.startsWith("<Paste>") ? key.slice(7) : key);
      }
    } else if (!key.startsWith("<")) this.message = key.startsWith("M-") ? `Unbound key: M-${key.slice(2).toUpperCase()}` : `Unbound key: ^${String.fromCharCode(key.charCodeAt(0) + 64)}`; // prettier-ignore
    this.follow();
  }

  redraw(): void {
    this.#screen.forget();
  }

  // Questions

  /** A line typed at the bottom; undefined if it was cancelled. `keys` ends it early with a key of the menu. */
  async ask(
    words: string,
    menu: Menu,
    initial = "",
    keys: readonly string[] = [],
    history: readonly string[] = [],
  ): Promise<{ answer: string; key: string } | undefined> {
    // prettier-ignore
    const prompt = { words, answer: initial, at: initial.length };
    let place = history.length;
    this.#prompt = prompt;
    this.#menu = menu;
    this.message = "";
    const end = (): void => {
      this.#prompt = undefined;
      this.#menu = MAIN;
    };
    for (;;) {
      const key = await this.#key();
      if (key === "\r" || key === "\x0a" || keys.includes(key)) {
        end();
        return { answer: prompt.answer, key };
      }
      if (key === "\x03") {
        end();
        this.message = "Cancelled";
        return undefined;
      }
      const { answer, at } = prompt;
      if (key === "<BS>" || key === "\x08") {
        if (at > 0) [prompt.answer, prompt.at] = [answer.slice(0, at - 1) + answer.slice(at), at - 1];
      } else if (key === "<Del>" || key === "\x04") prompt.answer = answer.slice(0, at) + answer.slice(at + 1);
      else if (key === "\x0b" || key === "\x15") [prompt.answer, prompt.at] = key === "\x15" ? ["", 0] : ["", 0];
      else if (key === "\x01" || key === "<Home>") prompt.at = 0;
      else if (key === "\x05" || key === "<End>") prompt.at = answer.length;
      else if (key === "<Left>" || key === "\x02") prompt.at = Math.max(0, at - 1);
      else if (key === "<Right>" || key === "\x06") prompt.at = Math.min(answer.length, at + 1);
      else if ((key === "<Up>" || key === "\x10") && place > 0)
        [prompt.answer, prompt.at] = [history[--place]!, history[place]!.length];
      else if ((key === "<Down>" || key === "\x0e") && place < history.length) {
        place++;
        [prompt.answer, prompt.at] = [history[place] ?? "", (history[place] ?? "").length];
      } else if (key === "\t" && menu !== SEARCH && menu !== REPLACE) {
        const names = this.disk.matches(answer);
        const common = names.reduce(
          (a, b) => a.slice(0, [...a].findIndex((char, index) => b[index] !== char) >>> 0),
          names[0] ?? answer,
        );
        [prompt.answer, prompt.at] = [common, common.length];
      } else if (
        key.startsWith("<Paste>") ||
        (key >= " " && !key.startsWith("<") && !key.startsWith("M-")) ||
        key === "<"
      ) {
        const typed = key.startsWith("<Paste>") ? key.slice(7).split("\n")[0]! : key;
        [prompt.answer, prompt.at] = [answer.slice(0, at) + typed + answer.slice(at), at + typed.length];
      } else if (/^(?:M-.|[\x00-\x1f])$/.test(key)) this.#say(key, menu);
    }
  }

  /** Keys of a menu that do nothing here say so. */
  #say(key: string, menu: Menu): void {
    const name = key.startsWith("M-")
      ? `M-${key.slice(2).toUpperCase()}`
      : `^${String.fromCharCode(key.charCodeAt(0) + 64)}`;
    const known = menu.find((entry) => entry?.[0] === name);
    if (known && this.#prompt) this.#prompt.words = `drydock: nano: '${known[1]}' is not simulated: `;
  }

  /** A question answered with y, n (or a for all); undefined if it was cancelled. */
  async yesNo(question: string, all = false): Promise<"y" | "n" | "a" | undefined> {
    this.#choices = [
      `\x1b[7m Y\x1b[27m Yes${all ? "          \x1b[7m A\x1b[27m All" : ""}`,
      "\x1b[7m N\x1b[27m No           \x1b[7m^C\x1b[27m Cancel",
    ];
    this.#prompt = { words: all ? question : `${question} `, answer: "", at: 0 };
    try {
      for (;;) {
        const key = (await this.#key()).toLowerCase();
        if (key === "y" || key === "n") return key;
        if (key === "a" && all) return key;
        if (key === "\x03") {
          this.message = "Cancelled";
          return undefined;
        }
      }
    } finally {
      this.#choices = undefined;
      this.#prompt = undefined;
    }
  }

  // What more than one command does

  goTo(line: number, column: number): void {
    const { lines } = this.text;
    const at = Math.max(0, Math.min(lines.length - 1, line < 0 ? lines.length + line : line - 1));
    this.text.close();
    this.text.moveTo({ line: at, col: indexAtColumn(lines[at]!, Math.max(0, column - 1), 8) });
    this.follow(true);
  }

  /** Writes to a file; false if that failed. */
  save(name: string): boolean {
    const last = this.text.lines.at(-1)!;
    const content = this.text.lines.join("\n") + (last === "" || this.options.noNewline ? "" : "\n");
    const failed = this.disk.write(this.disk.expand(name), encode(content), false);
    if (failed) {
      this.message = `Error writing ${name}: ${failed.message}`;
      return false;
    }
    if (last !== "" && !this.options.noNewline) this.text.lines.push("");
    this.name = name;
    this.text.written();
    this.stamp = this.disk.stamp(this.disk.expand(name));
    const count = content === "" ? 0 : content.split("\n").length - (content.endsWith("\n") ? 1 : 0);
    this.message = `Wrote ${count} ${count === 1 ? "line" : "lines"}`;
    return true;
  }

  /** Asks under which name, and writes. As do_writeout(). */
  async writeOut(): Promise<boolean> {
    let name = this.name;
    for (;;) {
      const given = await this.ask(
        this.text.mark ? "Write Selection to File: " : "File Name to Write: ",
        WRITE,
        this.text.mark ? "" : name,
      );
      if (!given || given.answer === "") {
        if (given) this.message = "Cancelled";
        return false;
      }
      const { answer } = given;
      const path = this.disk.expand(answer);
      if (answer !== this.name && this.disk.kind(path) === "dir") {
        this.message = `Error writing ${answer}: Is a directory`;
        return false;
      }
      if (answer !== this.name) {
        const exists = this.disk.kind(path) !== undefined;
        if (this.name !== "" && !this.text.mark) {
          const sure = await this.yesNo("Save file under DIFFERENT NAME?");
          if (sure === undefined) return false;
          if (sure === "n") {
            name = answer;
            continue;
          }
        }
        if (exists) {
          const sure = await this.yesNo(`File "${answer}" exists; OVERWRITE?`);
          if (sure === undefined) return false;
          if (sure === "n") {
            name = answer;
            continue;
          }
        }
      } else if (this.stamp !== undefined && this.disk.stamp(path) !== this.stamp) {
        const sure = await this.yesNo("File on disk has changed; continue saving?");
        if (sure !== "y") return false;
      }
      const { marked } = this.text;
      if (marked) {
        const part = this.text.between(marked.from, marked.to);
        const failed = this.disk.write(path, encode(part), false);
        this.message = failed ? `Error writing ${answer}: ${failed.message}` : `Wrote ${part.split("\n").length} lines`;
        return !failed;
      }
      return this.save(answer);
    }
  }

  /** Finds the next place of what was searched, around the end of the text; undefined if there is none. */
  find(
    from = this.text.cursor,
    backwards = this.search.backwards,
  ): { line: number; from: number; to: number; wrapped: boolean } | undefined {
    // prettier-ignore
    const { text, caseSensitive, regexp } = this.search;
    const regex = compile(text, { syntax: regexp ? "extended" : "fixed", ignoreCase: !caseSensitive });
    if (isRegexError(regex)) {
      this.message = `Bad regex "${text}": ${regex.error}`;
      return undefined;
    }
    const { lines } = this.text;
    for (let step = 0; step <= lines.length; step++) {
      const line = backwards ? (from.line - step + 2 * lines.length) % lines.length : (from.line + step) % lines.length;
      const content = lines[line]!;
      let found: { start: number; end: number } | undefined;
      for (let at = 0; at <= content.length;) {
        const match = regex.exec(content, at);
        if (!match) break;
        at = match.start + 1;
        if (backwards) {
          if (step > 0 || match.start < from.col) found = match;
        } else if (step > 0 || match.start > from.col) {
          found = match;
          break;
        }
      }
      if (found) return { line, from: found.start, to: found.end, wrapped: backwards ? line > from.line || step === lines.length : line < from.line || step === lines.length }; // prettier-ignore
    }
    return undefined;
  }

  #searches: string[] = [];

  /** Asks what to look for; `replace` if that was wanted instead. As search_init(). */
  async askSearch(replacing: boolean): Promise<"search" | "replace" | undefined> {
    let kind = replacing;
    let typed = "";
    for (;;) {
      const { caseSensitive, backwards, regexp, text } = this.search;
      const flags = `${caseSensitive ? " [Case Sensitive]" : ""}${regexp ? " [Reg.exp.]" : ""}${backwards ? " [Backwards]" : ""}`;
      const known = text === "" ? "" : ` [${text.slice(0, 26)}]`;
      const given = await this.ask(`Search${flags}${kind ? (this.text.mark ? " (to replace) in selection" : " (to replace)") : ""}${known}: `, kind ? REPLACE : SEARCH, typed, ["M-c", "M-r", "M-b", "\x12", "\x14"], this.#searches); // prettier-ignore
      if (!given) return undefined;
      typed = given.answer;
      if (given.key === "M-c") this.search.caseSensitive = !caseSensitive;
      else if (given.key === "M-r") this.search.regexp = !regexp;
      else if (given.key === "M-b") this.search.backwards = !backwards;
      else if (given.key === "\x12") kind = !kind;
      else if (given.key === "\x14") {
        await askGoTo(this);
        return undefined;
      } else {
        if (typed === "" && text === "") {
          this.message = "Cancelled";
          return undefined;
        }
        if (typed !== "") {
          this.search.text = typed;
          this.#searches = [...this.#searches.filter((one) => one !== typed), typed];
        }
        return kind ? "replace" : "search";
      }
    }
  }

  goFind(backwards = this.search.backwards): void {
    const found = this.find(this.text.cursor, backwards);
    if (!found) {
      if (this.message === "") this.message = `"${this.search.text}" not found`;
      return;
    }
    const same = found.line === this.text.cursor.line && found.from === this.text.cursor.col;
    this.text.close();
    this.text.moveTo({ line: found.line, col: found.from });
    this.follow(true);
    if (same) this.message = "This is the only occurrence";
    else if (found.wrapped) this.message = "Search Wrapped";
  }
}
