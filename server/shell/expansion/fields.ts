import { escapePattern, hasMagic } from "../pattern/index.ts";

/** What the pieces of an expanded word are put into. */
export interface Sink {
  /** Quoted, or otherwise to be left as it is. */
  quoted(text: string): void;
  /** Typed without quotes: it may be a pattern, but is not split. */
  literal(text: string): void;
  /** The result of an expansion without quotes: it is split at IFS, and may be a pattern. */
  split(text: string): void;
  /** The values of `$@` or `$*`. */
  list(values: readonly string[], star: boolean, quoted: boolean): void;
}

/** A word after splitting: its text, and, if it is a pattern for file names, that with quoted characters escaped. */
export interface Field {
  readonly text: string;
  readonly pattern: string | undefined;
}

/** Characters of IFS: those that are blanks, and the others, which each end a field. */
interface Separators {
  readonly all: string;
  readonly blanks: string;
}

const DEFAULT: Separators = { all: " \t\n", blanks: " \t\n" };
let lastIfs = " \t\n";
let lastSeparators = DEFAULT;

function separators(ifs: string | undefined): Separators {
  if (ifs === undefined || ifs === " \t\n") return DEFAULT;
  if (ifs !== lastIfs) {
    lastIfs = ifs;
    lastSeparators = { all: ifs, blanks: [...ifs].filter((char) => " \t\n".includes(char)).join("") };
  }
  return lastSeparators;
}

/** True if splitting at `ifs` would leave the text as it is, one field. */
export function isUnsplit(text: string, ifs: string | undefined): boolean {
  if (text === "") return false;
  const { all } = separators(ifs);
  for (let at = 0; at < text.length; at++) if (all.includes(text[at]!)) return false;
  return true;
}

/** Collects a word's fields. */
export class FieldSink implements Sink {
  readonly fields: Field[] = [];
  readonly #separators: Separators;
  readonly #star: string;
  readonly #extglob: boolean;
  #text = "";
  #pattern: string | undefined;
  #present = false;

  constructor(ifs: string | undefined, extglob: boolean) {
    this.#separators = separators(ifs);
    this.#star = ifs === undefined ? " " : ifs.slice(0, 1);
    this.#extglob = extglob;
  }

  quoted(text: string): void {
    if (this.#pattern !== undefined) this.#pattern += escapePattern(text);
    this.#text += text;
    this.#present = true;
  }

  literal(text: string): void {
    if (this.#pattern !== undefined) this.#pattern += text;
    else if (hasMagic(text, this.#extglob)) this.#pattern = escapePattern(this.#text) + text;
    this.#text += text;
    this.#present = true;
  }

  /** As list_string of subst.c: blanks at the ends vanish, any other separator ends a field, also an empty one. */
  split(text: string): void {
    const { all, blanks } = this.#separators;
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const char = text[at]!;
      if (!all.includes(char)) continue;
      if (at > from) this.literal(text.slice(from, at));
      const had = this.#present;
      let end = at;
      while (end < text.length && blanks.includes(text[end]!)) end++;
      const hard = end < text.length && all.includes(text[end]!);
      // Blanks before another separator belong to it, if they end a field; at the start they are nothing.
      if (hard) {
        this.#present = true;
        this.finish();
        end++;
        while (end < text.length && blanks.includes(text[end]!)) end++;
      } else if (had) this.finish();
      at = end - 1;
      from = end;
    }
    if (from < text.length) this.literal(text.slice(from));
  }

  list(values: readonly string[], star: boolean, quoted: boolean): void {
    if (quoted && star) return this.quoted(values.join(this.#star));
    for (const [at, value] of values.entries()) {
      if (at > 0) this.finish();
      if (quoted) this.quoted(value);
      else this.split(value);
    }
  }

  /** Ends the field that is being collected, if there is one. */
  finish(): void {
    if (this.#present) this.fields.push({ text: this.#text, pattern: this.#pattern });
    this.#text = "";
    this.#pattern = undefined;
    this.#present = false;
  }
}

/** Makes one text of a word. `quote` is applied to what is quoted: patterns and regular expressions escape it. */
export class TextSink implements Sink {
  text = "";
  readonly #star: string;
  readonly #quote: ((text: string) => string) | undefined;

  constructor(ifs: string | undefined, quote?: (text: string) => string) {
    this.#star = ifs === undefined ? " " : ifs.slice(0, 1);
    this.#quote = quote;
  }

  quoted(text: string): void {
    this.text += this.#quote ? this.#quote(text) : text;
  }

  literal(text: string): void {
    this.text += text;
  }

  split(text: string): void {
    this.text += text;
  }

  list(values: readonly string[], star: boolean, quoted: boolean): void {
    const joined = values.join(star ? this.#star : " ");
    if (quoted) this.quoted(joined);
    else this.text += joined;
  }
}
