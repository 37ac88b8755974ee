import type { OpenFile, Process } from "../../sim/host/index.ts";
import { decode } from "../../sim/kernel/index.ts";
import { Lines } from "../gnu/lines.ts";
import type { Output } from "../gnu/output.ts";

/** A word of the input; `endsLine` if its line is over. */
export interface Item {
  readonly word: string;
  readonly endsLine: boolean;
}

export interface ItemRules {
  /** What separates items; undefined: blanks and newlines, with quotes and backslashes. */
  readonly delimiter: string | undefined;
  /** Whole lines are items (-I). */
  readonly lines: boolean;
  /** The word that ends the input. */
  readonly eof: string | undefined;
}

/** Splits the input of xargs into items. */
export class Items {
  readonly #lines: Lines;
  readonly #rules: ItemRules;
  #ready: Item[] = [];
  #ended = false;
  /** What is wrong with the quotes; told when the words before are taken. */
  #problem: string | undefined;

  constructor(process: Process, file: OpenFile, out: Output, rules: ItemRules) {
    this.#lines = new Lines(process, file, out, rules.delimiter ?? "\n");
    this.#rules = rules;
  }

  async next(): Promise<Item | { readonly problem: string } | undefined> {
    while (this.#ready.length === 0) {
      if (this.#problem !== undefined) return { problem: this.#problem };
      if (this.#ended) return undefined;
      const line = await this.#lines.next();
      if (line === undefined) return undefined;
      const text = decode(line);
      if (this.#rules.delimiter !== undefined) this.#ready.push({ word: text, endsLine: true });
      else {
        await this.#split(text);
        if (this.#ready.length === 0 && this.#problem !== undefined) return { problem: this.#problem };
      }
    }
    const item = this.#ready.shift()!;
    if (this.#rules.eof === undefined || item.word !== this.#rules.eof) return item;
    this.#ended = true;
    this.#ready = [];
    return undefined;
  }

  /** Takes a line apart; a backslash at its end joins the next. */
  async #split(first: string): Promise<void> {
    const words: string[] = [];
    let text = first;
    let word: string | undefined;
    for (let at = 0; ; at++) {
      const char = text[at];
      if (char === undefined) break;
      if (char === "'" || char === '"') {
        const close = text.indexOf(char, at + 1);
        if (close < 0) {
          words.forEach((each) => this.#ready.push({ word: each, endsLine: false }));
          this.#problem = `unmatched ${char === "'" ? "single" : "double"} quote; by default quotes are special to xargs unless you use the -0 option`;
          return;
        }
        word = (word ?? "") + text.slice(at + 1, close);
        at = close;
      } else if (char === "\\") {
        if (at + 1 < text.length) word = (word ?? "") + text[++at]!;
        else {
          const next = await this.#lines.next();
          if (next === undefined) break;
          word = `${word ?? ""}\n`;
          text = decode(next);
          at = -1;
        }
      } else if ((char === " " || char === "\t") && !(this.#rules.lines && word !== undefined)) {
        if (word !== undefined) words.push(word);
        word = undefined;
      } else word = (word ?? "") + char;
    }
    if (word !== undefined) words.push(word);
    // A trailing blank joins a line with the next (POSIX, -L).
    const open = !this.#rules.lines && /[ \t]$/.test(text);
    words.forEach((each, at) => this.#ready.push({ word: each, endsLine: at === words.length - 1 && !open }));
  }
}
