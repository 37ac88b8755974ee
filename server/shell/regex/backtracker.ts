import { wordCharacter, type Member } from "./classes.ts";
import type { Locale, Place } from "./node.ts";
import type { Instruction, Program } from "./program.ts";

/** Where a match and its groups stand, in characters of the string that was searched. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Match extends Span {
  /** `groups[0]` is the whole match, `groups[n]` what `\n` stands for; undefined if the group took no part. */
  readonly groups: readonly (Span | undefined)[];
}

export interface SearchOptions {
  /** The text ends here. */
  readonly limit?: number;
  /** `^` does not match at the text's start (REG_NOTBOL), `$` not at its end (REG_NOTEOL). */
  readonly notBol?: boolean;
  readonly notEol?: boolean;
  /** Match at `from` or nowhere. */
  readonly anchored?: boolean;
}

/** Thrown when a search took more steps than it may: for back-references or look-around, or on a line of megabytes. */
export class RegexLimitError extends Error {
  override readonly name = "RegexLimitError";
}

/** Steps of one search. */
export const MOST_STEPS = 5_000_000;

/** Bits to remember tried places in: 16 MiB. */
const MOST_MARKS = 1 << 27;

/**
 * Finds what a program matches by trying. With `longest` it tries all ways and keeps the longest match, the first found of
 * equals, which is how glibc posix/regexec.c fills its registers; else the first match counts, as in Perl. A regular program
 * tries each way at each position once, so it takes linear time.
 */
export class Backtracker {
  readonly #program: Program;
  readonly #longest: boolean;
  readonly #isWord: Member;
  #text = "";
  #limit = 0;
  #options: SearchOptions = {};
  #steps = 0;
  #tried = new Uint32Array(0);
  #width = 0;
  #origin = 0;
  #slots: number[] = [];
  #best: number[] | undefined;

  constructor(program: Program, longest: boolean, words: Locale) {
    this.#program = program;
    this.#longest = longest;
    this.#isWord = wordCharacter(words);
  }

  /** The leftmost match at or after `from`. Throws RegexLimitError. */
  search(text: string, from: number, options: SearchOptions = {}): Match | null {
    this.#text = text;
    this.#limit = options.limit ?? text.length;
    this.#options = options;
    this.#steps = 0;
    this.#remember(from);
    this.#slots = Array.from({ length: this.#program.slots }, () => -1);
    for (let start = from; start <= this.#limit; start += this.#unitsAt(start)) {
      this.#slots.fill(-1);
      this.#slots[0] = start;
      this.#best = undefined;
      this.#run(0, start, this.#longest);
      const best = this.#best as number[] | undefined;
      if (best) return toMatch(best, this.#program.groups);
      if (options.anchored) return null;
    }
    return null;
  }

  #unitsAt(at: number): number {
    return (this.#text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }

  #remember(from: number): void {
    if (!this.#program.regular) return;
    this.#origin = from;
    this.#width = this.#limit - from + 1;
    const bits = this.#width * this.#program.splits;
    if (bits > MOST_MARKS) throw new RegexLimitError("the text is too long for this pattern");
    const words = (bits >> 5) + 1;
    if (words > this.#tried.length) this.#tried = new Uint32Array(words);
    else this.#tried.fill(0, 0, words);
  }

  #triedBefore(mark: number, at: number): boolean {
    const bit = mark * this.#width + (at - this.#origin);
    const mask = 1 << (bit & 31);
    const word = this.#tried[bit >> 5]!;
    if ((word & mask) !== 0) return true;
    this.#tried[bit >> 5] = word | mask;
    return false;
  }

  /**
   * Runs from an instruction to `match`; the end position, or -1. With `all` it goes on from there until nothing is left and
   * the longest is in `#best`. Slots stay as the match left them, or as they were.
   */
  #run(entry: number, start: number, all: boolean, endAt?: number): number {
    const { code, regular } = this.#program;
    const text = this.#text;
    const slots = this.#slots;
    // Pairs: an instruction and a position to go on from, or ~slot and the value that it had.
    const stack: number[] = [];
    let at = start;
    let next = entry;
    for (;;) {
      if (++this.#steps > MOST_STEPS) throw new RegexLimitError("the pattern takes too long");
      const step = code[next]!;
      let alive = true;
      switch (step.op) {
        case "char":
        case "set": {
          const here = at < this.#limit ? text.codePointAt(at)! : -1;
          const taken = step.op === "char" ? here === step.code : here >= 0 && step.has(here);
          at += here > 0xffff ? 2 : 1;
          alive = taken && at <= this.#limit;
          next++;
          break;
        }
        case "place":
          alive = this.#holds(step.at, step.everyLine, at);
          next++;
          break;
        case "save":
          stack.push(~step.slot, slots[step.slot]!);
          slots[step.slot] = at;
          next++;
          break;
        case "split":
          if (regular && this.#triedBefore(step.mark, at)) alive = false;
          else {
            stack.push(step.second, at);
            next = step.first;
          }
          break;
        case "jump":
          next = step.to;
          break;
        case "progress":
          // A loop whose body took nothing is left. What POSIX groups hold then is what they held before, unless a
          // back-reference needs them to have matched at all.
          if (slots[step.slot] !== at) next++;
          else if (this.#longest && regular) alive = false;
          else next = step.out;
          break;
        case "back": {
          const end = this.#repeats(step.index, step.fold, at);
          if (end < 0) alive = false;
          else at = end;
          next++;
          break;
        }
        case "look":
        case "atomic": {
          const end = this.#aside(step, next + 1, at, stack);
          if (end < 0) alive = false;
          else at = end;
          next = step.next;
          break;
        }
        case "fail":
          alive = false;
          break;
        case "match":
          if (endAt !== undefined && at !== endAt) alive = false;
          else if (!all) {
            if (entry === 0) this.#keep(at);
            return at;
          } else {
            this.#keep(at);
            if (at === this.#limit) return at;
            alive = false;
          }
          break;
      }
      while (!alive) {
        if (stack.length === 0) return -1;
        const value = stack.pop()!;
        const target = stack.pop()!;
        if (target < 0) slots[~target] = value;
        else {
          next = target;
          at = value;
          alive = true;
        }
      }
    }
  }

  #keep(at: number): void {
    if (this.#best && this.#best[1]! >= at) return;
    this.#best = this.#slots.slice();
    this.#best[1] = at;
  }

  /** A look-around or atomic group: where to go on, or -1. What it changed in the slots is undone with the stack. */
  #aside(step: Instruction & { op: "look" | "atomic" }, entry: number, at: number, stack: number[]): number {
    const before = this.#slots.slice();
    let end = -1;
    if (step.behind) {
      for (const start of this.#starts(at, step.behind)) {
        end = this.#run(entry, start, false, at);
        if (end >= 0) break;
      }
    } else end = this.#run(entry, at, false);
    if (step.negated) {
      this.#slots.splice(0, before.length, ...before);
      return end < 0 ? at : -1;
    }
    before.forEach((value, slot) => {
      if (this.#slots[slot] !== value) stack.push(~slot, value);
    });
    return end < 0 ? -1 : step.op === "look" ? at : end;
  }

  /** Positions that lie `min` to `max` characters before `at`, the nearest first. */
  *#starts(at: number, { min, max }: { min: number; max: number }): Generator<number> {
    let start = at;
    for (let back = 0; back <= max; back++) {
      if (back >= min) yield start;
      if (start === 0) return;
      start -= start > 1 && this.#unitsAt(start - 2) === 2 ? 2 : 1;
    }
  }

  /** Where the text of a group ends if it stands here once more, else -1. */
  #repeats(index: number, fold: boolean, at: number): number {
    const start = this.#slots[2 * index]!;
    const end = this.#slots[2 * index + 1]!;
    if (start < 0 || end < 0) return -1;
    const length = end - start;
    if (at + length > this.#limit) return -1;
    const text = this.#text;
    const same = fold
      ? text.slice(start, end).toLowerCase() === text.slice(at, at + length).toLowerCase()
      : text.startsWith(text.slice(start, end), at);
    return same ? at + length : -1;
  }

  #holds(place: Place, everyLine: boolean, at: number): boolean {
    switch (place) {
      case "lineStart":
        return (at === 0 && !this.#options.notBol) || (everyLine && at > 0 && this.#text[at - 1] === "\n");
      case "lineEnd":
        return (
          (at === this.#limit && !this.#options.notEol) || (everyLine && at < this.#limit && this.#text[at] === "\n")
        );
      case "textStart":
        return at === 0;
      case "textEnd":
        return at === this.#limit;
      case "wordStart":
        return !this.#wordBefore(at) && this.#wordAfter(at);
      case "wordEnd":
        return this.#wordBefore(at) && !this.#wordAfter(at);
      case "wordEdge":
        return this.#wordBefore(at) !== this.#wordAfter(at);
      case "notWordEdge":
        return this.#wordBefore(at) === this.#wordAfter(at);
    }
  }

  #wordBefore(at: number): boolean {
    if (at === 0) return false;
    return this.#isWord(this.#text.codePointAt(at > 1 && this.#unitsAt(at - 2) === 2 ? at - 2 : at - 1)!);
  }

  #wordAfter(at: number): boolean {
    return at < this.#limit && this.#isWord(this.#text.codePointAt(at)!);
  }
}

function toMatch(slots: number[], groups: number): Match {
  const spans: (Span | undefined)[] = [];
  for (let group = 0; group <= groups; group++) {
    const start = slots[2 * group]!;
    const end = slots[2 * group + 1]!;
    spans.push(start < 0 || end < 0 ? undefined : { start, end });
  }
  return { ...spans[0]!, groups: spans };
}
