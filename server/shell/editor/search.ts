import type { Key } from "./keys.ts";
import type { Session } from "./session.ts";

type Direction = "reverse" | "forward";

/** What was searched for last, for a second Ctrl-R on an empty pattern. By kill ring, of which every shell has one. */
const lastPatterns = new WeakMap<object, string>();

/** Ctrl-R and Ctrl-S: looks through the history while the pattern is typed. As _rl_isearch_dispatch of isearch.c. */
export class IncrementalSearch {
  readonly #session: Session;
  readonly #prompt: string;
  readonly #startedAt: number;
  readonly #original: { readonly text: string; readonly cursor: number };
  #direction: Direction;
  #pattern = "";
  #failed = false;
  /** The match that is shown. */
  #shown: { readonly number: number; readonly text: string; readonly place: number; readonly length: number };
  /** Where the search stands: after it has failed, not where the match is that is shown. */
  #line: string;
  #place: number;

  constructor(session: Session, direction: Direction) {
    const { history, buffer, screen } = session;
    this.#session = session;
    this.#direction = direction;
    this.#prompt = screen.prompt;
    this.#original = { text: buffer.text, cursor: buffer.cursor };
    this.#startedAt = history.at;
    this.#shown = { number: history.at, text: buffer.text, place: buffer.cursor, length: 0 };
    this.#line = buffer.text;
    this.#place = buffer.cursor;
    this.#draw();
  }

  /** Takes a key. "over": it ends the search and is then to be carried out. */
  handle(key: Key): "goes on" | "over" | "over, key taken" {
    if (key.type === "text") {
      for (const char of key.text) {
        this.#pattern += char;
        this.#find();
      }
    } else if (key.name === "reverse-search-history" || key.name === "forward-search-history")
      this.#again(key.name === "reverse-search-history" ? "reverse" : "forward");
    else if (key.name === "backward-delete-char") this.#shorten();
    else if (key.name === "abort") {
      this.#session.buffer.set(this.#original.text, this.#original.cursor);
      this.#session.screen.replacePrompt(this.#prompt);
      return "over, key taken";
    } else {
      this.#accept();
      return "over";
    }
    this.#draw();
    return "goes on";
  }

  #again(direction: Direction): void {
    if (direction !== this.#direction) this.#direction = direction;
    else if (this.#pattern === "") {
      this.#pattern = lastPatterns.get(this.#session.kills) ?? "";
      if (this.#pattern === "") return;
    } else if (direction === "reverse") this.#place--;
    else if (this.#place < this.#line.length) this.#place++;
    else this.#session.bell();
    this.#find();
  }

  #shorten(): void {
    this.#pattern = this.#pattern.replace(/.$/su, "");
    if (this.#pattern === "") this.#session.bell();
    this.#find();
  }

  /** Looks on from where the search stands. */
  #find(): void {
    const { history } = this.#session;
    const step = this.#direction === "reverse" ? -1 : 1;
    const pattern = this.#pattern;
    let number = this.#shown.number;
    for (let looks = pattern !== ""; looks; looks = number >= history.first && number <= history.next) {
      const found = this.#within(this.#line, this.#place);
      if (found >= 0) {
        this.#place = found;
        this.#failed = false;
        this.#shown = { number, text: this.#line, place: found, length: pattern.length };
        return;
      }
      do number += step;
      while (
        number >= history.first &&
        number <= history.next &&
        (this.#textOf(number) === this.#shown.text || pattern.length > this.#textOf(number).length)
      );
      if (number < history.first || number > history.next) continue;
      this.#line = this.#textOf(number);
      this.#place = this.#direction === "reverse" ? this.#line.length - pattern.length : 0;
    }
    this.#failed = true;
    this.#place = Math.max(0, Math.min(this.#place, this.#line.length));
    this.#session.bell();
  }

  #within(line: string, from: number): number {
    if (from < 0) return -1;
    return this.#direction === "reverse" ? line.lastIndexOf(this.#pattern, from) : line.indexOf(this.#pattern, from);
  }

  #textOf(number: number): string {
    return number === this.#startedAt ? this.#original.text : this.#session.history.line(number);
  }

  #draw(): void {
    const name = this.#direction === "reverse" ? "reverse-i-search" : "i-search";
    const { screen } = this.#session;
    const { text, place, length } = this.#shown;
    screen.replacePrompt(`(${this.#failed ? "failed " : ""}${name})\`${this.#pattern}': `);
    screen.show(text, place, this.#failed || length === 0 ? undefined : { from: place, to: place + length });
  }

  #accept(): void {
    const { history, buffer, kills, screen } = this.#session;
    const { number, text, place } = this.#shown;
    lastPatterns.set(kills, this.#pattern);
    if (number !== history.at) history.goTo(number);
    buffer.set(text, this.#failed ? Math.min(this.#place, text.length) : place);
    screen.replacePrompt(this.#prompt);
  }
}
