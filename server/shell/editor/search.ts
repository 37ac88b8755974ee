import type { Key } from "./keys.ts";
import type { Session } from "./session.ts";

type Direction = "reverse" | "forward";

/** What was searched for last, for a second Ctrl-R on an empty pattern. By kill ring, of which every shell has one. */
const lastPatterns = new WeakMap<object, string>();

/** Ctrl-R and Ctrl-S: looks through the history while the pattern is typed. */
export class IncrementalSearch {
  readonly #session: Session;
  readonly #prompt: string;
  readonly #original: { readonly text: string; readonly cursor: number };
  readonly #startedAt: number;
  #direction: Direction;
  #pattern = "";
  #failed = false;
  #number: number;
  #line: string;
  #place: number;

  constructor(session: Session, direction: Direction) {
    this.#session = session;
    this.#direction = direction;
    this.#prompt = session.screen.prompt;
    this.#original = { text: session.buffer.text, cursor: session.buffer.cursor };
    this.#startedAt = session.history.at;
    this.#number = session.history.at;
    this.#line = session.buffer.text;
    this.#place = session.buffer.cursor;
    this.#draw();
  }

  /** Takes a key. False if it ends the search; it is then to be carried out, unless it was for the search alone. */
  handle(key: Key): "goes on" | "over" | "over, key taken" {
    if (key.type === "text") {
      this.#pattern += key.text;
      this.#find(this.#number, this.#place, true);
      this.#draw();
      return "goes on";
    }
    switch (key.name) {
      case "reverse-search-history":
      case "forward-search-history":
        this.#again(key.name === "reverse-search-history" ? "reverse" : "forward");
        break;
      case "backward-delete-char":
        this.#pattern = this.#pattern.slice(0, -1);
        this.#number = this.#startedAt;
        this.#line = this.#original.text;
        this.#place = this.#original.cursor;
        this.#failed = false;
        if (this.#pattern !== "") this.#find(this.#number, this.#line.length, true);
        break;
      case "abort":
        this.#session.buffer.set(this.#original.text, this.#original.cursor);
        this.#end();
        return "over, key taken";
      default:
        this.#accept();
        return "over";
    }
    this.#draw();
    return "goes on";
  }

  #again(direction: Direction): void {
    this.#direction = direction;
    if (this.#pattern === "") {
      this.#pattern = lastPatterns.get(this.#session.kills) ?? "";
      if (this.#pattern !== "") this.#find(this.#number, this.#place, true);
      return;
    }
    this.#find(this.#number, this.#place, false);
  }

  /** Looks from a place in an entry on; `here` counts also a match at that very place. */
  #find(number: number, place: number, here: boolean): void {
    const { history } = this.#session;
    const step = this.#direction === "reverse" ? -1 : 1;
    const within = this.#direction === "reverse" ? (here ? place : place - 1) : here ? place : place + 1;
    const same = this.#search(this.#line, within);
    if (same >= 0) return this.#found(number, this.#line, same);
    for (let at = number + step; at >= history.first && at < history.next; at += step) {
      const line = history.line(at);
      if (line === this.#line) continue;
      const found = this.#search(line, this.#direction === "reverse" ? line.length : 0);
      if (found >= 0) return this.#found(at, line, found);
    }
    this.#failed = true;
    this.#session.bell();
  }

  #search(line: string, from: number): number {
    if (from < 0) return -1;
    return this.#direction === "reverse" ? line.lastIndexOf(this.#pattern, from) : line.indexOf(this.#pattern, from);
  }

  #found(number: number, line: string, place: number): void {
    this.#failed = false;
    this.#number = number;
    this.#line = line;
    this.#place = place;
  }

  #draw(): void {
    const name = this.#direction === "reverse" ? "reverse-i-search" : "i-search";
    const { screen } = this.#session;
    screen.replacePrompt(`(${this.#failed ? "failed " : ""}${name})\`${this.#pattern}': `);
    const region = this.#pattern === "" || this.#failed ? undefined : { from: this.#place, to: this.#place + this.#pattern.length }; // prettier-ignore
    screen.show(this.#line, this.#place, region);
  }

  #accept(): void {
    const { history, buffer } = this.#session;
    if (this.#pattern !== "") lastPatterns.set(this.#session.kills, this.#pattern);
    if (this.#number !== history.at) history.goTo(this.#number);
    buffer.set(this.#line, this.#place);
    this.#end();
  }

  #end(): void {
    this.#session.screen.replacePrompt(this.#prompt);
  }
}
