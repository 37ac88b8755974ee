/** The text that is being edited and the cursor in it, in code units at the edges of characters. */
export class LineBuffer {
  #text = "";
  #cursor = 0;

  get text(): string {
    return this.#text;
  }

  get cursor(): number {
    return this.#cursor;
  }

  set(text: string, cursor = text.length): void {
    this.#text = text;
    this.#cursor = Math.max(0, Math.min(cursor, text.length));
  }

  moveTo(place: number): void {
    this.#cursor = Math.max(0, Math.min(place, this.#text.length));
  }

  insert(text: string): void {
    this.#text = this.#text.slice(0, this.#cursor) + text + this.#text.slice(this.#cursor);
    this.#cursor += text.length;
  }

  /** Takes out what stands between two places; returns it. The cursor goes to where it was. */
  remove(from: number, to: number): string {
    const [start, end] = from < to ? [from, to] : [to, from];
    const removed = this.#text.slice(start, end);
    this.#text = this.#text.slice(0, start) + this.#text.slice(end);
    this.#cursor = start;
    return removed;
  }

  replace(from: number, to: number, text: string): void {
    this.#text = this.#text.slice(0, from) + text + this.#text.slice(to);
    this.#cursor = from + text.length;
  }

  /** The place one character further, or back. */
  next(place = this.#cursor): number {
    if (place >= this.#text.length) return place;
    const width = this.#text.codePointAt(place)! > 0xffff ? 2 : 1;
    return place + width;
  }

  previous(place = this.#cursor): number {
    if (place <= 0) return 0;
    const low = this.#text.charCodeAt(place - 1);
    return place - (low >= 0xdc00 && low <= 0xdfff && place > 1 ? 2 : 1);
  }

  /** The end of the word at or behind the cursor; words are of letters and digits. */
  wordEnd(place = this.#cursor): number {
    let at = place;
    while (at < this.#text.length && !isWordChar(this.#text[at]!)) at++;
    while (at < this.#text.length && isWordChar(this.#text[at]!)) at++;
    return at;
  }

  wordStart(place = this.#cursor): number {
    let at = place;
    while (at > 0 && !isWordChar(this.#text[at - 1]!)) at--;
    while (at > 0 && isWordChar(this.#text[at - 1]!)) at--;
    return at;
  }

  /** The start of the word before the cursor where only blanks separate words (Ctrl-W). */
  blankWordStart(place = this.#cursor): number {
    let at = place;
    while (at > 0 && isBlank(this.#text[at - 1]!)) at--;
    while (at > 0 && !isBlank(this.#text[at - 1]!)) at--;
    return at;
  }
}

function isWordChar(char: string): boolean {
  return /[\p{L}\p{N}]/u.test(char) || (char >= "\ud800" && char <= "\udfff");
}

function isBlank(char: string): boolean {
  return char === " " || char === "\t" || char === "\n";
}
