/** How `read` takes a line apart: at IFS, but not at characters that a backslash quotes. */

type Escaped = readonly boolean[] | undefined;

/** Takes backslashes out and notes what they quote. */
export function unescapeLine(line: string): { text: string; escaped: boolean[] } {
  let text = "";
  const escaped: boolean[] = [];
  for (let at = 0; at < line.length; at++) {
    const quoted = line[at] === "\\" && at + 1 < line.length;
    if (quoted) at++;
    else if (line[at] === "\\") continue;
    text += line[at]!;
    escaped.push(quoted);
  }
  return { text, escaped };
}

class Cutter {
  readonly #text: string;
  readonly #escaped: Escaped;
  readonly #ifs: string;
  at = 0;

  constructor(text: string, escaped: Escaped, ifs: string) {
    this.#text = text;
    this.#escaped = escaped;
    this.#ifs = ifs;
  }

  #separates(at: number): boolean {
    return !this.#escaped?.[at] && this.#ifs.includes(this.#text[at]!);
  }

  #isBlank(at: number): boolean {
    return this.#separates(at) && " \t\n".includes(this.#text[at]!);
  }

  skipBlanks(): void {
    while (this.at < this.#text.length && this.#isBlank(this.at)) this.at++;
  }

  get done(): boolean {
    return this.at >= this.#text.length;
  }

  /** The next word; the separator behind it, with blanks around it, is skipped. */
  word(): string {
    const start = this.at;
    while (this.at < this.#text.length && !this.#separates(this.at)) this.at++;
    const word = this.#text.slice(start, this.at);
    this.skipBlanks();
    if (!this.done && this.#separates(this.at)) {
      this.at++;
      this.skipBlanks();
    }
    return word;
  }

  /** All that is left, without blanks at the end. */
  rest(): string {
    const start = this.at;
    const only = this.word();
    if (this.done) return only;
    let end = this.#text.length;
    while (end > start && this.#isBlank(end - 1)) end--;
    return this.#text.slice(start, end);
  }
}

/** At most `count` fields; the last has all that is left. */
export function splitFields(text: string, escaped: Escaped, ifs: string, count: number): string[] {
  const cutter = new Cutter(text, escaped, ifs);
  cutter.skipBlanks();
  const fields: string[] = [];
  while (fields.length < count - 1 && !cutter.done) fields.push(cutter.word());
  if (!cutter.done) fields.push(cutter.rest());
  return fields;
}

export function splitAll(text: string, escaped: Escaped, ifs: string): string[] {
  const cutter = new Cutter(text, escaped, ifs);
  cutter.skipBlanks();
  const fields: string[] = [];
  while (!cutter.done) fields.push(cutter.word());
  return fields;
}
