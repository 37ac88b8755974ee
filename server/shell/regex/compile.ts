import { dialect, type Reader } from "./dialect.ts";
import type { Locale, Node, Parsed, RegexError } from "./node.ts";
import { parsePerl } from "./perl.ts";
import { parsePosix } from "./posix.ts";
import { MOST_INSTRUCTIONS, programSize } from "./program.ts";
import { Regex } from "./regex.ts";
import { patternWarnings } from "./warnings.ts";

export type Syntax = "basic" | "extended" | "fixed" | "perl";

export interface RegexOptions {
  readonly syntax: Syntax;
  /** Whose rules for POSIX patterns; `regcomp` is the bare C library (bash, less, find). */
  readonly reader?: Reader;
  readonly ignoreCase?: boolean;
  /** Matches count only between characters that are no part of a word (grep -w), or if they are the whole text (grep -x). */
  readonly word?: boolean;
  readonly line?: boolean;
  /** `^` and `$` match at every newline, `.` and `[^x]` take none (sed's flag M, REG_NEWLINE). */
  readonly everyLine?: boolean;
  /** How the text is read; `utf8` if not given. */
  readonly locale?: Locale;
}

/** Compiled patterns that were used last: loops compile the same few over and over. */
const recent = new Map<string, Regex | RegexError>();
const MOST_RECENT = 256;

/**
 * Compiles a pattern. The error texts are the C library's (or PCRE's); the program adds its name and place. In the syntaxes of
 * grep, lines of the pattern are alternatives.
 */
export function compile(pattern: string, options: RegexOptions): Regex | RegexError {
  const { syntax, reader, ignoreCase, word, line, everyLine, locale } = options;
  const key = [syntax, reader, ignoreCase, word, line, everyLine, locale, pattern].join("\0");
  const known = recent.get(key);
  recent.delete(key);
  const regex = known ?? build(pattern, options);
  recent.set(key, regex);
  if (recent.size > MOST_RECENT) recent.delete(recent.keys().next().value!);
  return regex;
}

function build(pattern: string, options: RegexOptions): Regex | RegexError {
  const parsed = parse(pattern, options);
  if ("error" in parsed) return parsed;
  const { syntax, reader, line, word } = options;
  const locale = options.locale ?? "utf8";
  const perl = syntax === "perl";
  const posix = syntax === "basic" || syntax === "extended";
  const node = line ? wholeLine(parsed.node) : parsed.node;
  if (programSize(node) > MOST_INSTRUCTIONS) return { error: "Regular expression too big" };
  return new Regex({
    node,
    groups: parsed.groups,
    locale,
    words: perl ? "C" : locale,
    longest: !perl,
    word: word === true && !perl && !line,
    warnings: reader === "grep" && posix ? patternWarnings(pattern, syntax === "extended") : [],
  });
}

function parse(pattern: string, options: RegexOptions): Parsed | RegexError {
  const fold = options.ignoreCase === true;
  const everyLine = options.everyLine === true;
  if (options.syntax === "perl") return parsePerl(perlPattern(pattern, options), { fold, everyLine });
  if (options.syntax === "fixed")
    return alternatives(pattern.split("\n").map((text) => ({ node: literal(text, fold), groups: 0 })));
  const rules = dialect(options.reader ?? "regcomp", options.syntax === "extended");
  const posix = { dialect: rules, locale: options.locale ?? "utf8", fold, everyLine } as const;
  if (!rules.newlineAlternates || !pattern.includes("\n")) return parsePosix(pattern, posix);
  const parts: Parsed[] = [];
  for (const text of pattern.split("\n")) {
    const part = parsePosix(text, posix);
    if ("error" in part) return part;
    parts.push(part);
  }
  return alternatives(parts);
}

function literal(text: string, fold: boolean): Node {
  const nodes = Array.from(text, (char): Node => ({ kind: "char", code: char.codePointAt(0)!, fold }));
  return nodes.length === 1 ? nodes[0]! : { kind: "concat", nodes };
}

/** Patterns side by side; the groups of each go on counting where the one before ended. */
function alternatives(parts: readonly Parsed[]): Parsed {
  if (parts.length === 1) return parts[0]!;
  let groups = 0;
  const nodes = parts.map((part) => {
    const node = groups === 0 ? part.node : renumber(part.node, groups);
    groups += part.groups;
    return node;
  });
  return { node: { kind: "alternate", nodes }, groups };
}

function renumber(node: Node, by: number): Node {
  switch (node.kind) {
    case "group":
      return { ...node, index: node.index + by, node: renumber(node.node, by) };
    case "back":
      return { ...node, index: node.index + by };
    case "concat":
    case "alternate":
      return { ...node, nodes: node.nodes.map((each) => renumber(each, by)) };
    case "repeat":
    case "look":
    case "atomic":
      return { ...node, node: renumber(node.node, by) };
    default:
      return node;
  }
}

/** As grep wraps a Perl pattern for -w (src/pcresearch.c Pcompile). */
function perlPattern(pattern: string, { line, word }: RegexOptions): string {
  return word && !line ? `(?<!\\w)(?:${pattern})(?!\\w)` : pattern;
}

function wholeLine(node: Node): Node {
  return {
    kind: "concat",
    nodes: [
      { kind: "place", at: "lineStart", everyLine: false },
      node,
      { kind: "place", at: "lineEnd", everyLine: false },
    ],
  };
}
