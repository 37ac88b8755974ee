import type { Buffer } from "./buffer.ts";
import { after, before, charAt, classOf, type Pos } from "./chars.ts";

/** A cursor of its own that walks over a text character by character; as the functions of vim's misc1.c and textobject.c. */
export class Walker {
  readonly buffer: Buffer;
  /** Words are what blanks separate: `W` instead of `w`. */
  readonly big: boolean;
  line: number;
  col: number;

  constructor(buffer: Buffer, from: Pos, big = false) {
    this.buffer = buffer;
    this.big = big;
    this.line = from.line;
    this.col = from.col;
  }

  get pos(): Pos {
    return { line: this.line, col: this.col };
  }

  set pos({ line, col }: Pos) {
    this.line = line;
    this.col = col;
  }

  get text(): string {
    return this.buffer.line(this.line);
  }

  get char(): string {
    return charAt(this.text, this.col);
  }

  get class(): number {
    const kind = classOf(this.char);
    return this.big && kind > 0 ? 1 : kind;
  }

  /** 0: one character on; 2: on the end of the line; 1: on the next line; -1: at the end of the text. */
  inc(): number {
    const { text } = this;
    if (this.col < text.length) {
      this.col = after(text, this.col);
      return this.col < text.length ? 0 : 2;
    }
    if (this.line + 1 >= this.buffer.count) return -1;
    this.line++;
    this.col = 0;
    return 1;
  }

  /** 0: one character back; 1: on the end of the line before; -1: at the start of the text. */
  dec(): number {
    if (this.col > 0) {
      this.col = before(this.text, this.col);
      return 0;
    }
    if (this.line === 0) return -1;
    this.line--;
    this.col = this.text.length;
    return 1;
  }

  /** As `inc`, but not onto the end of a line that has characters. */
  incl(): number {
    const result = this.inc();
    return result >= 1 && this.col > 0 ? this.inc() : result;
  }

  decl(): number {
    const result = this.dec();
    return result === 1 && this.col > 0 ? this.dec() : result;
  }

  /** One character back in its line; false at the start. */
  left(): boolean {
    if (this.col === 0) return false;
    this.col = before(this.text, this.col);
    return true;
  }

  get onEmptyLine(): boolean {
    return this.col === 0 && this.text === "";
  }

  /** `w`. With `toEnd` the last word does not go beyond the end of its line, as operators want it. */
  nextWord(count: number, toEnd: boolean): boolean {
    for (let rest = count - 1; rest >= 0; rest--) {
      const kind = this.class;
      const lastLine = this.line + 1 >= this.buffer.count;
      const first = this.inc();
      if (first === -1 || (first >= 1 && lastLine)) return false;
      if (first >= 1 && toEnd && rest === 0) return true;
      while (kind !== 0 && this.class === kind) {
        const step = this.inc();
        if (step === -1 || (step >= 1 && toEnd && rest === 0)) return true;
      }
      while (this.class === 0) {
        if (this.onEmptyLine) break;
        const step = this.inc();
        if (step === -1 || (step >= 1 && lastLine)) return true;
      }
    }
    return true;
  }

  /** `b`. With `stop` the first step counts as one even within a word. */
  previousWord(count: number, stop = false): boolean {
    for (let rest = count - 1; rest >= 0; rest--) {
      const kind = this.class;
      if (this.dec() === -1) return false;
      if (!stop || kind === this.class || kind === 0) {
        let empty = false;
        while (this.class === 0) {
          if (this.onEmptyLine) {
            empty = true;
            break;
          }
          if (this.dec() === -1) return true;
        }
        if (empty) {
          stop = false;
          continue;
        }
        if (this.#skipBack(this.class)) return true;
      }
      this.inc();
      stop = false;
    }
    return true;
  }

  /** `e` */
  wordEnd(count: number, stop = false, empty = false): boolean {
    for (let rest = count - 1; rest >= 0; rest--) {
      const kind = this.class;
      if (this.inc() === -1) return false;
      if (this.class === kind && kind !== 0) {
        if (this.#skip(kind)) return false;
      } else if (!stop || kind === 0) {
        let found = false;
        while (this.class === 0) {
          if (empty && this.onEmptyLine) {
            found = true;
            break;
          }
          if (this.inc() === -1) return false;
        }
        if (found) {
          stop = false;
          continue;
        }
        if (this.#skip(this.class)) return false;
      }
      this.dec();
      stop = false;
    }
    return true;
  }

  /** `ge` */
  previousEnd(count: number): boolean {
    for (let rest = count - 1; rest >= 0; rest--) {
      const kind = this.class;
      let step = this.dec();
      if (step === -1) return false;
      if (kind !== 0)
        while (this.class === kind) {
          step = this.dec();
          if (step === -1) return true;
        }
      while (this.class === 0) {
        if (this.onEmptyLine) break;
        step = this.dec();
        if (step === -1) return true;
      }
    }
    return true;
  }

  /** Behind the characters of this class; true at the end of the text. */
  #skip(kind: number): boolean {
    while (this.class === kind) if (this.inc() === -1) return true;
    return false;
  }

  #skipBack(kind: number): boolean {
    while (this.class === kind) if (this.dec() === -1) return true;
    return false;
  }

  /** To the first character of the word or of the blanks that it stands on. */
  backInLine(): void {
    const kind = this.class;
    while (this.col > 0) {
      this.left();
      if (this.class === kind) continue;
      this.col = after(this.text, this.col);
      return;
    }
  }
}

export function compare(a: Pos, b: Pos): number {
  return a.line - b.line || a.col - b.col;
}
