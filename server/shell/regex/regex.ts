import { Backtracker, type Match, type SearchOptions, type Span } from "./backtracker.ts";
import { wordCharacter } from "./classes.ts";
import type { Locale, Node } from "./node.ts";
import { assemble } from "./program.ts";
import { linear, type Linear } from "./re2.ts";
import type { PatternWarning } from "./warnings.ts";

interface RegexParts {
  readonly node: Node;
  /** What `test` looks for first, if that is something else (grep's extended patterns with operators that repeat nothing). */
  readonly lines?: Node | undefined;
  /** That is all it looks for. */
  readonly linesDecide: boolean;
  readonly groups: number;
  readonly locale: Locale;
  /** In which locale letters make words. */
  readonly words: Locale;
  readonly longest: boolean;
  /** Matches count only between word edges, as grep -w looks for them. */
  readonly word: boolean;
  readonly warnings: readonly PatternWarning[];
}

export interface ExecOptions {
  /** `^` does not match at the text's start (REG_NOTBOL). */
  readonly notBol?: boolean;
  /** Match at `from` or nowhere, as expr does. */
  readonly anchored?: boolean;
}

const NOT_ASCII = /[^\0-\x7f]/;

/**
 * A compiled pattern. It keeps nothing between calls but what its searches in one text have cost. Plain text is searched as such, what RE2 can express goes to re2js in
 * linear time, the rest to the backtracker, after re2js has said that there may be a match.
 */
export class Regex {
  /** Capturing groups. */
  readonly groups: number;
  readonly warnings: readonly PatternWarning[];
  readonly #parts: RegexParts;
  readonly #plain: string | undefined;
  #linear: Linear | undefined | null = null;
  #backtracker: Backtracker | undefined;
  readonly #lines: Regex | undefined;

  constructor(parts: RegexParts) {
    this.#parts = parts;
    this.groups = parts.groups;
    this.warnings = parts.warnings;
    this.#lines = parts.lines && new Regex({ ...parts, node: parts.lines, lines: undefined, word: false });
    this.#plain = parts.word ? undefined : plainText(parts.node);
  }

  /** Whether the text has a match. Throws RegexLimitError. */
  test(text: string): boolean {
    if (this.#lines) {
      const passes = this.#lines.test(text);
      if (!passes || this.#parts.linesDecide) return passes;
    }
    if (this.#plain !== undefined) return text.includes(this.#plain);
    const linear = this.#usable(text);
    if (linear && !linear.engine.test(text)) return false;
    if (linear?.decides) return true;
    return (this.#parts.word ? this.#wordMatch(text, 0) : this.#search(text, 0)) !== null;
  }

  /**
   * The leftmost match that starts at or after `from`, the longest of those (the first, for Perl). What stands before `from`
   * is seen by `^`, `\b` and the like. Throws RegexLimitError.
   */
  exec(text: string, from = 0, options: ExecOptions = {}): Match | null {
    if (from > text.length) return null;
    if (this.#plain !== undefined && !options.anchored)
      return plainMatch(text.indexOf(this.#plain, from), this.#plain.length);
    const linear = this.#usable(text);
    if (linear?.exact && !options.notBol && !options.anchored) return linearMatch(linear, text, from, this.groups);
    if (linear && !linear.engine.test(text)) return null;
    return this.#parts.word ? this.#wordMatch(text, from) : this.#search(text, from, options);
  }

  /** The linear pattern, if it says the truth about this text. */
  #usable(text: string): Linear | undefined {
    if (this.#linear === null)
      this.#linear = linear(this.#parts.node, {
        locale: this.#parts.locale,
        words: this.#parts.words,
        longest: this.#parts.longest,
        within: this.#parts.word ? "word" : undefined,
      });
    if (this.#linear?.asciiOnly && NOT_ASCII.test(text)) return undefined;
    this.#linear?.meter.begin(text);
    return this.#linear;
  }

  #search(text: string, from: number, options?: SearchOptions): Match | null {
    const { node, groups, locale, longest, words } = this.#parts;
    this.#backtracker ??= new Backtracker(assemble(node, groups, locale), longest, words);
    return this.#backtracker.search(text, from, options);
  }

  /**
   * The first match from `from` on with no word character on either side. Where the longest match has one, shorter ones at
   * the same place are tried, then later places (grep src/dfasearch.c EGexecute).
   */
  #wordMatch(text: string, from: number): Match | null {
    const isWord = wordCharacter(this.#parts.words);
    for (let at = from; at <= text.length; at++) {
      let found = this.#search(text, at);
      if (!found) return null;
      at = found.start;
      while (found) {
        const before = at === 0 ? undefined : text.codePointAt(isPair(text, at - 2) ? at - 2 : at - 1);
        const after = text.codePointAt(found.end);
        if (!(before !== undefined && isWord(before)) && !(after !== undefined && isWord(after))) return found;
        if (found.end === at) break;
        // grep counts this limit from where its search began, not from the line's start, so it misses some.
        const limit: number = found.end - 1 - from;
        const shorter: Match | null =
          limit < at ? null : this.#search(text, at, { limit, notEol: true, anchored: true });
        found = shorter && shorter.end > at ? shorter : null;
      }
      if (isPair(text, at)) at++;
    }
    return null;
  }
}

function isPair(text: string, at: number): boolean {
  return at >= 0 && text.codePointAt(at)! > 0xffff;
}

function plainText(node: Node): string | undefined {
  const nodes = node.kind === "concat" ? node.nodes : [node];
  if (nodes.length === 0 || !nodes.every((each) => each.kind === "char" && !each.fold)) return undefined;
  return nodes.map((each) => String.fromCodePoint((each as Node & { kind: "char" }).code)).join("");
}

function plainMatch(start: number, length: number): Match | null {
  if (start < 0) return null;
  const span = { start, end: start + length };
  return { ...span, groups: [span] };
}

function linearMatch({ engine }: Linear, text: string, from: number, groups: number): Match | null {
  const matcher = engine.matcher(text);
  if (!matcher.find(from)) return null;
  const spans: (Span | undefined)[] = [{ start: matcher.start(), end: matcher.end() }];
  for (let group = 1; group <= groups; group++) {
    const start = matcher.start(group);
    spans.push(start < 0 ? undefined : { start, end: matcher.end(group) });
  }
  return { ...spans[0]!, groups: spans };
}
