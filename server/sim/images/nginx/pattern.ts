import { RE2JS, RE2JSSyntaxException } from "re2js";
import { NotSimulated } from "./conf-error.ts";

/** A regular expression of a configuration, matched in linear time. */
export interface Pattern {
  readonly source: string;
  /** Names of `(?<name>…)`, by number. */
  readonly names: readonly (readonly [name: string, group: number])[];
  /** The whole match and the captures, or undefined. */
  match(text: string): readonly (string | undefined)[] | undefined;
}

/** What PCRE2 calls the mistakes that RE2 finds. */
const PCRE_WORDS: readonly (readonly [RegExp, string])[] = [
  [/missing closing \)|missing parenthesis/i, "missing closing parenthesis"],
  [/unexpected \)/i, "unmatched closing parenthesis"],
  [/missing closing \]/i, "missing terminating ] for character class"],
  [/missing argument to repetition|invalid nested repetition/i, "quantifier does not follow a repeatable item"],
  [/trailing backslash/i, "\\ at end of pattern"],
  [/invalid character class range/i, "range out of order in character class"],
];

/** Compiles it; a string says why PCRE2 would not. */
export function compilePattern(source: string, caseless: boolean): Pattern | string {
  try {
    const compiled = RE2JS.compile(source, caseless ? RE2JS.CASE_INSENSITIVE : 0);
    const names = Object.entries(compiled.namedGroups()).map(([name, group]) => [name, group] as const);
    return {
      source,
      names,
      match(text: string) {
        const matcher = compiled.matcher(text);
        if (!matcher.find()) return undefined;
        return Array.from({ length: matcher.groupCount() + 1 }, (_, at) => matcher.group(at) ?? undefined);
      },
    };
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    const words = PCRE_WORDS.find(([test]) => test.test(error.message));
    if (words) return `pcre2_compile() failed: ${words[1]} in "${source}"`;
    throw new NotSimulated(`regular expression "${source}"`);
  }
}
