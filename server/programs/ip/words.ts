import { Exit } from "./exit.ts";

/** True if `word` is a beginning of `full`, as all abbreviations of iproute2 are (lib/utils.c: matches). */
export function matches(word: string, full: string): boolean {
  return full.startsWith(word);
}

/** The words of a command line, read one by one. */
export class Words {
  readonly #words: readonly string[];
  #at = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  get done(): boolean {
    return this.#at >= this.#words.length;
  }

  /** The word that is being read; empty behind the last. */
  get word(): string {
    return this.#words[this.#at] ?? "";
  }

  get rest(): readonly string[] {
    return this.#words.slice(this.#at);
  }

  get hasMore(): boolean {
    return this.#at + 1 < this.#words.length;
  }

  get following(): string | undefined {
    return this.#words[this.#at + 1];
  }

  step(): void {
    this.#at++;
  }

  /** Goes on to the value of an option, which must be there (NEXT_ARG). */
  next(): string {
    this.#at++;
    if (this.done) throw incomplete();
    return this.word;
  }

  back(): void {
    this.#at--;
  }
}

export function incomplete(): Exit {
  return new Exit(255, 'Command line is not complete. Try option "help"\n');
}

/** A value is wrong (invarg). `why` has its newline where the real program gives one too many. */
export function invalid(why: string, word: string): Exit {
  return new Exit(255, `Error: argument "${word}" is wrong: ${why}\n`);
}

/** An option was given twice (duparg). */
export function duplicate(name: string, word: string): Exit {
  return new Exit(255, `Error: duplicate "${name}": "${word}" is the second value.\n`);
}

/** A word that is neither an option nor can be a second value of one (duparg2). */
export function garbage(name: string, word: string): Exit {
  return new Exit(255, `Error: either "${name}" is duplicate, or "${word}" is a garbage.\n`);
}

/** Decimal, octal (`0…`) or hexadecimal, whole and within bounds (get_u32 and its like, with base 0). */
export function readUnsigned(text: string, max = 0xffff_ffff): number | undefined {
  if (!/^(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)$/.test(text)) return undefined;
  const value = /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);
  return value <= max ? value : undefined;
}

/** `on` or `off`; anything else ends the program (parse_on_off). */
export function readOnOff(name: string, word: string): boolean {
  if (word === "on" || word === "off") return word === "on";
  throw new Exit(1, `Error: argument of "${name}" must be "on" or "off", not "${word}"\n`);
}
