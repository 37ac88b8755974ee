import { compile, isRegexError, type Regex } from "../../shell/regex/index.ts";
import { RuntimeFault } from "./fault.ts";
import { fromInput, toText, type Value } from "./values.ts";

const PATTERNS = new Map<string, Regex>();
const MOST_PATTERNS = 500;

/** A compiled extended pattern over bytes. */
export function patternOf(source: string): Regex {
  let regex = PATTERNS.get(source);
  if (regex) return regex;
  // A slash needs no escape in a pattern; `\"` stands for the quote.
  const compiled = compile(source.replaceAll(/\\(["/])/g, "$1"), { syntax: "extended", locale: "C" });
  if (isRegexError(compiled))
    throw new RuntimeFault(`regular expression compile failed (${compiled.error})\n${source}`);
  if (PATTERNS.size > MOST_PATTERNS) PATTERNS.clear();
  PATTERNS.set(source, (regex = compiled));
  return regex;
}

/** The record with its fields, which are only taken apart when somebody asks for one. */
export class Record {
  #text = "";
  #fields: Value[] | undefined;
  /** The text must be put together again before it is read. */
  #stale = false;
  /** FS of when the record was read. */
  #separator = " ";
  #paragraph = false;
  readonly #join: () => { ofs: string; convfmt: string };

  constructor(join: () => { ofs: string; convfmt: string }) {
    this.#join = join;
  }

  set(text: string, separator: string, paragraph: boolean): void {
    this.#text = text;
    this.#fields = undefined;
    this.#stale = false;
    this.#separator = separator;
    this.#paragraph = paragraph;
  }

  get text(): string {
    if (this.#stale) {
      const { ofs, convfmt } = this.#join();
      this.#text = this.#fields!.map((field) => toText(field, convfmt)).join(ofs);
      this.#stale = false;
    }
    return this.#text;
  }

  get count(): number {
    return this.#split().length;
  }

  set count(count: number) {
    const fields = this.#split();
    const next = fields.slice(0, count);
    while (next.length < count) next.push("");
    this.#fields = next;
    this.#stale = true;
  }

  get(number: number): Value {
    if (number === 0) return fromInput(this.text);
    return this.#split()[number - 1];
  }

  put(number: number, value: Value): void {
    const fields = this.#split();
    while (fields.length < number) fields.push("");
    fields[number - 1] = value;
    this.#stale = true;
  }

  #split(): Value[] {
    return (this.#fields ??= splitText(this.#text, this.#separator, this.#paragraph).map(fromInput));
  }
}

/** The parts of a text: by blanks, by one character, by a pattern, or all characters. In paragraphs newlines separate as well. */
export function splitText(text: string, separator: string, paragraph = false): string[] {
  if (text === "") return [];
  if (separator === " ") {
    const parts = text.split(/[ \t\n]+/);
    if (parts[0] === "") parts.shift();
    if (parts.at(-1) === "") parts.pop();
    return parts;
  }
  if (separator === "") return text.split("");
  if (paragraph)
    return splitPattern(
      text,
      separator === "\n" ? "\n" : `(${separator.length === 1 ? quoted(separator) : separator})|\n`,
    );
  if (separator.length === 1 && separator !== "\\" && separator !== "." && separator !== "|")
    return text.split(separator);
  return splitPattern(text, separator.length === 1 ? quoted(separator) : separator);
}

/** A single character other than a blank stands for itself. */
function quoted(character: string): string {
  return /[\^$.[\]|()*+?{}\\]/.test(character) ? `\\${character}` : character;
}

export function splitPattern(text: string, source: string): string[] {
  const regex = patternOf(source);
  const parts: string[] = [];
  let from = 0;
  let at = 0;
  while (at <= text.length) {
    const match = regex.exec(text, at);
    if (!match) break;
    if (match.end === match.start) {
      at = match.end + 1;
      continue;
    }
    parts.push(text.slice(from, match.start));
    from = at = match.end;
  }
  parts.push(text.slice(from));
  return parts;
}
