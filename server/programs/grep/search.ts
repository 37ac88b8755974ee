import type { OpenFile } from "../../sim/host/index.ts";
import { decode, encode, type Bytes } from "../../sim/kernel/index.ts";
import { blocks, worked } from "../gnu/input.ts";
import { isUtf8 } from "../gnu/locale.ts";
import type { Call } from "../gnu/tool.ts";
import { paint, type GrepColors } from "./colors.ts";
import type { Matcher } from "./patterns.ts";

export interface SearchRules {
  readonly invert: boolean;
  /** How many lines are selected of a file. */
  readonly most: number;
  readonly before: number;
  readonly after: number;
  readonly mode: "lines" | "count" | "names" | "other names" | "quiet";
  readonly only: boolean;
  readonly lineNumber: boolean;
  readonly byteOffset: boolean;
  /** Shows names: always, never, or of files below a directory that was given. */
  readonly name: boolean | "below";
  /** What stands behind a file name instead of a colon or newline. */
  readonly nameEnd: string | undefined;
  readonly end: string;
  /** Files that are no text: say that they match, search them as text, or pass them over. */
  readonly binary: "tell" | "text" | "skip";
  readonly separator: string | undefined;
  readonly colors: GrepColors | undefined;
  readonly stdinName: string;
}

/** Searches files one after another. */
export class Search {
  readonly #call: Call<string>;
  readonly #matcher: Matcher;
  readonly #rules: SearchRules;
  /** Whether any line of any file was selected. */
  selected = false;
  #groupShown = false;
  #named = false;

  constructor(call: Call<string>, matcher: Matcher, rules: SearchRules) {
    this.#call = call;
    this.#matcher = matcher;
    this.#rules = rules;
  }

  /** True if nothing more can change the answer. */
  get satisfied(): boolean {
    return this.#rules.mode === "quiet" && this.selected;
  }

  async file(path: string, file: OpenFile, depth: number): Promise<void> {
    this.#named = this.#rules.name === "below" ? depth > 0 : this.#rules.name;
    const { out } = this.#call;
    const { mode, colors, nameEnd } = this.#rules;
    const shown = encode(path === "-" ? this.#rules.stdinName : path);
    const count = await this.#lines(shown, file);
    if (count > 0) this.selected = true;
    const name = paint(colors, colors?.fileName ?? "", shown);
    if (mode === "count") {
      const lead = this.#named ? name + (nameEnd ?? paint(colors, colors?.separator ?? "", ":")) : "";
      await out.put(`${lead}${count}\n`);
    } else if ((mode === "names" && count > 0) || (mode === "other names" && count === 0))
      await out.put(name + (nameEnd ?? "\n"));
  }

  /** Goes through the lines; how many were selected. */
  async #lines(name: Bytes, file: OpenFile): Promise<number> {
    const { process, out } = this.#call;
    const { mode, end, most, invert, binary, before, after } = this.#rules;
    const printing = mode === "lines";
    const stopsEarly = mode === "quiet" || mode === "names" || mode === "other names";
    const state: State = { name, lineNumber: 0, offset: 0, selected: 0, after: 0, before: [], lastShown: 0 };
    let isBinary = false;
    for await (const block of blocks(process, file, out, end)) {
      if (binary !== "text" && !isBinary && looksBinary(block, end, isUtf8(process.env))) {
        if (binary === "skip") return 0;
        isBinary = true;
      }
      await worked(process, block.length * 10);
      if (!invert && state.after === 0 && before === 0 && !this.#matcher.mayMatch(block)) {
        this.#skip(state, block);
        continue;
      }
      let text = "";
      for (let at = 0; at < block.length;) {
        const found = block.indexOf(end, at);
        const line = block.slice(at, found < 0 ? undefined : found);
        at = found < 0 ? block.length : found + 1;
        state.lineNumber++;
        const matches = this.#matcher.regex?.test(this.#matcher.text(line)) ?? false;
        if (matches !== invert && state.selected < most) {
          state.selected++;
          if (stopsEarly) return state.selected;
          if (printing && isBinary) {
            await out.put(text);
            await this.#binaryMatches(name);
            return state.selected;
          }
          if (printing) text += this.#select(state, line);
          state.after = after;
        } else if (state.selected >= most && state.after === 0) {
          this.#leave(file, block.length - at + (found < 0 ? 0 : line.length + 1));
          await out.put(text);
          return state.selected;
        } else if (printing && state.after > 0) {
          state.after--;
          text += this.#row(state, line, state.lineNumber, state.offset, "-");
          state.lastShown = state.lineNumber;
        } else if (printing && before > 0) {
          state.before.push({ line, number: state.lineNumber, offset: state.offset });
          if (state.before.length > before) state.before.shift();
        }
        state.offset += line.length + 1;
        if (state.selected >= most && state.after === 0) {
          this.#leave(file, block.length - at);
          await out.put(text);
          return state.selected;
        }
      }
      await out.put(text);
    }
    return state.selected;
  }

  /** What was read behind the last line that counts stays for the next reader of the file. */
  #leave(file: OpenFile, unread: number): void {
    const { position } = file;
    if (position && unread > 0) file.seek(Math.max(0, position.offset - unread));
  }

  #skip(state: State, block: Bytes): void {
    if (this.#rules.lineNumber)
      for (let at = block.indexOf(this.#rules.end); at >= 0; at = block.indexOf(this.#rules.end, at + 1))
        state.lineNumber++;
    state.offset += block.length;
  }

  async #binaryMatches(name: Bytes): Promise<void> {
    await this.#call.say(`${decode(name)}: binary file matches`);
  }

  /** A selected line with the context before it. */
  #select(state: State, line: Bytes): Bytes {
    const { before, after, separator, colors } = this.#rules;
    let text = "";
    if (before > 0 || after > 0) {
      const first = state.before[0]?.number ?? state.lineNumber;
      if (this.#groupShown && separator !== undefined && (state.lastShown === 0 || first > state.lastShown + 1))
        text += `${paint(colors, colors?.separator ?? "", encode(separator))}\n`;
      this.#groupShown = true;
      for (const earlier of state.before) text += this.#row(state, earlier.line, earlier.number, earlier.offset, "-");
      state.before.length = 0;
    }
    state.lastShown = state.lineNumber;
    if (this.#rules.only) return text + this.#parts(state, line);
    return text + this.#row(state, line, state.lineNumber, state.offset, ":");
  }

  /** The parts that match, a line each. */
  #parts(state: State, line: Bytes): Bytes {
    if (this.#rules.invert) return "";
    const { colors, end } = this.#rules;
    let text = "";
    for (const { start, finish } of this.#matches(line)) {
      const part = paint(colors, colors?.selectedMatch ?? "", line.slice(start, finish));
      text += `${this.#lead(state.name, state.lineNumber, state.offset + start, ":")}${part}${end}`;
    }
    return text;
  }

  #row(state: State, line: Bytes, number: number, offset: number, mark: ":" | "-"): Bytes {
    if (this.#rules.only && mark === "-") return "";
    return `${this.#lead(state.name, number, offset, mark)}${this.#colored(line, mark)}${this.#rules.end}`;
  }

  #lead(name: Bytes, number: number, offset: number, mark: ":" | "-"): Bytes {
    const { colors, nameEnd } = this.#rules;
    const separator = paint(colors, colors?.separator ?? "", mark);
    let lead = "";
    if (this.#named) lead += paint(colors, colors?.fileName ?? "", name) + (nameEnd ?? separator);
    if (this.#rules.lineNumber) lead += paint(colors, colors?.lineNumber ?? "", String(number)) + separator;
    if (this.#rules.byteOffset) lead += paint(colors, colors?.byteOffset ?? "", String(offset)) + separator;
    return lead;
  }

  #colored(line: Bytes, mark: ":" | "-"): Bytes {
    const { colors, invert } = this.#rules;
    if (!colors) return line;
    const selected = mark === ":";
    const lineColor = selected ? colors.selectedLine : colors.contextLine;
    const matchColor = selected ? colors.selectedMatch : colors.contextMatch;
    const shows = selected !== invert;
    if (!shows || matchColor === "") return lineColor === "" ? line : paint(colors, lineColor, line);
    let out = "";
    let at = 0;
    for (const { start, finish } of this.#matches(line)) {
      out += paint(colors, lineColor, line.slice(at, start)) + paint(colors, matchColor, line.slice(start, finish));
      at = finish;
    }
    return out + (at < line.length ? paint(colors, lineColor, line.slice(at)) : "");
  }

  /** Where the line matches, in bytes; empty matches are passed over. */
  *#matches(line: Bytes): Generator<{ start: number; finish: number }> {
    const { regex } = this.#matcher;
    const text = this.#matcher.text(line);
    const ascii = text.length === line.length;
    const at = (index: number): number => (ascii ? index : encode(text.slice(0, index)).length);
    for (let from = 0; from < text.length;) {
      const match = regex?.exec(text, from);
      if (!match) return;
      if (match.end > match.start) yield { start: at(match.start), finish: at(match.end) };
      from = match.end > match.start ? match.end : match.end + 1;
    }
  }
}

interface State {
  readonly name: Bytes;
  lineNumber: number;
  offset: number;
  selected: number;
  /** Lines of context that are still to come. */
  after: number;
  readonly before: { line: Bytes; number: number; offset: number }[];
  lastShown: number;
}

/** Zero bytes, or in a UTF-8 locale what is no UTF-8, make a file binary. */
function looksBinary(block: Bytes, end: string, utf8: boolean): boolean {
  if (end !== "\0" && block.includes("\0")) return true;
  return utf8 && /[\x80-\xff]/.test(block) && !isValidUtf8(block);
}

function isValidUtf8(block: Bytes): boolean {
  return !Buffer.from(block, "latin1").toString("utf8").includes("\ufffd") || block.includes("\xef\xbf\xbd");
}
