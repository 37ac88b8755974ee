import { compile, isRegexError, RegexLimitError, type Match, type Regex } from "../../../shell/regex/index.ts";
import { JqError, typeError } from "../errors.ts";
import { add } from "../arithmetic.ts";
import { filter, type Filter } from "../filter.ts";
import { isArray, kindOf, type Value } from "../value.ts";
import { native, stream, type Builtins } from "./builtin.ts";

/** Oniguruma's words for what the pattern reader of Perl's syntax says. */
const PROBLEMS: readonly (readonly [RegExp, string])[] = [
  [/missing closing parenthesis|missing \)/, "end pattern with unmatched parenthesis"],
  [/unmatched closing parenthesis|unmatched paren/i, "unmatched close parenthesis"],
  [/missing terminating \]/, "premature end of char-class"],
  [/quantifier does not follow/, "target of repeat operator is not specified"],
  [/numbers out of order/, "upper is smaller than lower in repeat range"],
  [/\\ at end of pattern/, "end pattern at escape"],
  [/range out of order/, "empty range in char class"],
  [/unrecognized character after \(\?/, "undefined group option"],
];

interface Pattern {
  readonly regex: Regex;
  /** The names of groups, in their order; undefined for those without. */
  readonly names: readonly (string | undefined)[];
  readonly everywhere: boolean;
  readonly skipEmpty: boolean;
}

function patternOf(input: Value, source: Value, flags: Value): { readonly text: string; readonly pattern: Pattern } {
  if (typeof input !== "string") throw typeError(input, "cannot be matched, as it is not a string");
  if (typeof source !== "string") throw typeError(source, "cannot be matched, as it is not a string");
  if (flags !== null && typeof flags !== "string") throw typeError(flags, "is not a string");
  const letters = flags ?? "";
  if (/[^gimnpslx]/.test(letters)) throw new JqError(`${letters} is not a valid modifier string`);
  const has = (letter: string) => letters.includes(letter);
  // In Oniguruma's Perl syntax "s" lets dots match newlines, and "p" stands for both of s and n.
  const options = (has("s") || has("p") ? "s" : "") + (has("x") ? "x" : "");
  const regex = compile(options === "" ? source : `(?${options})${source}`, { syntax: "perl", ignoreCase: has("i") });
  if (isRegexError(regex)) {
    const words = PROBLEMS.find(([problem]) => problem.test(regex.error))?.[1] ?? regex.error;
    throw new JqError(`Regex failure: ${words}`);
  }
  return {
    text: input,
    pattern: { regex, names: groupNames(source), everywhere: has("g"), skipEmpty: has("n") },
  };
}

function groupNames(source: string): (string | undefined)[] {
  const names: (string | undefined)[] = [];
  for (const [found, name] of source.matchAll(/\\.|\[(?:\\.|[^\]])*\]|\((?:\?(?:P?<([A-Za-z_]\w*)>)?)?/gs))
    if (found.startsWith("(") && (name !== undefined || !found.startsWith("(?"))) names.push(name);
  return names;
}

function* matches({ text, pattern }: { readonly text: string; readonly pattern: Pattern }): Generator<Match> {
  try {
    for (let from = 0; from <= text.length;) {
      const match = pattern.regex.exec(text, from);
      if (!match) return;
      if (!(pattern.skipEmpty && match.end === match.start)) yield match;
      if (!pattern.everywhere) return;
      from = match.end > match.start ? match.end : match.end + ((text.codePointAt(match.end) ?? 0) > 0xffff ? 2 : 1);
    }
  } catch (error) {
    if (!(error instanceof RegexLimitError)) throw error;
    throw new JqError("Regex failure: match-stack limit over");
  }
}

/** A match as jq tells it: places are counted in characters. */
function told(text: string, match: Match, names: readonly (string | undefined)[]): Value {
  const characters = (from: number, to: number) => Array.from(text.slice(from, to)).length;
  const part = (start: number, end: number): [string, Value][] => [
    ["offset", characters(0, start)],
    ["length", characters(start, end)],
    ["string", text.slice(start, end)],
  ];
  const captures = match.groups.slice(1).map((span, at): Value => {
    const name: [string, Value] = ["name", names[at] ?? null];
    if (!span) return new Map<string, Value>([["offset", -1], ["string", null], ["length", 0], name]);
    return new Map<string, Value>([...part(span.start, span.end), name]);
  });
  return new Map<string, Value>([...part(match.start, match.end), ["captures", captures]]);
}

function captured(text: string, match: Match, names: readonly (string | undefined)[]): Value {
  const object = new Map<string, Value>();
  for (const [at, name] of names.entries()) {
    const span = match.groups[at + 1];
    if (name !== undefined) object.set(name, span ? text.slice(span.start, span.end) : null);
  }
  return object;
}

/** The pattern and flags of a call: `"re"`, `["re", "flags"]`, or both apart. */
function given(pattern: Value, flags: Value | undefined): readonly [Value, Value] {
  if (flags !== undefined) return [pattern, flags];
  if (typeof pattern === "string") return [pattern, null];
  if (isArray(pattern) && pattern.length > 0) return [pattern[0]!, pattern[1] ?? null];
  throw new JqError(`${kindOf(pattern)} not a string or array`);
}

function search(input: Value, pattern: Value, flags?: Value, more = "") {
  const [source, letters] = given(pattern, flags);
  return patternOf(input, source, more === "" ? letters : add(more, letters));
}

const test = native((input, pattern, flags) => {
  for (const _ of matches(search(input, pattern, flags))) return true;
  return false;
});

const match = stream(function* match(input, pattern, flags) {
  const found = search(input, pattern, flags);
  for (const one of matches(found)) yield told(found.text, one, found.pattern.names);
});

const capture = stream(function* capture(input, pattern, flags) {
  const found = search(input, pattern, flags);
  for (const one of matches(found)) yield captured(found.text, one, found.pattern.names);
});

const scan = stream(function* scan(input, pattern, flags) {
  const found = search(input, pattern, flags ?? null, "g");
  for (const { start, end, groups } of matches(found)) {
    if (groups.length === 1) yield found.text.slice(start, end);
    else yield groups.slice(1).map((span) => (span ? found.text.slice(span.start, span.end) : null));
  }
});

function* parts(input: Value, pattern: Value, flags: Value | undefined): Generator<string> {
  const found = search(input, pattern, flags ?? null, "g");
  let from = 0;
  for (const { start, end } of matches(found)) {
    yield found.text.slice(from, start);
    from = end;
  }
  yield found.text.slice(from);
}

/** `sub` and `gsub`: the replacement is a filter that sees the named groups, and each of its outputs gives a result. */
function substitute(everywhere: boolean) {
  return ([pattern, replacement, flags]: readonly Filter[]): Filter =>
    filter(function* run(env, input) {
      for (const letters of flags ? flags.run(env, input) : [""])
        for (const source of pattern!.run(env, input)) {
          if (typeof source !== "string") throw typeError(source, "is not a string");
          const found = patternOf(input, source, everywhere ? add(letters, "g") : letters);
          let results: { readonly text: string; readonly from: number }[] = [{ text: "", from: 0 }];
          let any = false;
          for (const one of matches(found)) {
            const inserts = [...replacement!.run(env, captured(found.text, one, found.pattern.names))];
            const [before] = results;
            const gap = before ? found.text.slice(before.from, one.start) : "";
            // Results grow side by side: the first output for each match makes the first, and so on.
            results = inserts.map((insert, at) => ({
              text: add((any ? (results[at]?.text ?? "") : "") + gap, insert) as string,
              from: one.end,
            }));
            any = true;
          }
          if (!any) yield found.text;
          else for (const { text, from } of results) yield text + found.text.slice(from);
        }
    });
}

/** Regular expressions, which are Oniguruma's in jq and Perl's here. */
export const REGEX: Builtins = {
  "test/1": test,
  "test/2": test,
  "match/1": match,
  "match/2": match,
  "capture/1": capture,
  "capture/2": capture,
  "scan/1": scan,
  "scan/2": scan,
  "splits/1": stream((input, pattern) => parts(input, pattern, undefined)),
  "splits/2": stream((input, pattern, flags) => parts(input, pattern, flags)),
  "split/2": native((input, pattern, flags) => [...parts(input, pattern, flags)]),
  "sub/2": substitute(false),
  "sub/3": substitute(false),
  "gsub/2": substitute(true),
  "gsub/3": substitute(true),
};
