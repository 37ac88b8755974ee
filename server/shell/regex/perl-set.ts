import type { Node, SetItem } from "./node.ts";
import { folded, namedClass, property, shorthand } from "./perl-class.ts";
import { Refusal, refuse, type PerlInput } from "./perl-input.ts";

const ESCAPES: Record<string, number> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 };

/** A set, from its `[` on. */
export function readSet(input: PerlInput, fold: boolean): Node {
  const start = ++input.at;
  if (/^[:.=][^\]]*[:.=]\]/.test(input.pattern.slice(start)) && input.pattern[start] === ":")
    refuse("POSIX named classes are supported only within a class");
  const negated = input.take("^");
  const items: SetItem[] = [];
  for (let first = true; ; first = false) {
    if (input.at >= input.pattern.length) refuse("missing terminating ] for character class");
    if (!first && input.take("]")) break;
    const low = readMember(input);
    if (typeof low === "object" || !/^-[^\]]/s.test(input.rest())) {
      if (typeof low === "object" && /^-[^\]]/s.test(input.rest()) && low.length > 0)
        refuse("invalid range in character class");
      items.push(...(typeof low === "number" ? written(fold, { from: low, to: low }) : low));
      continue;
    }
    input.at++;
    const high = readMember(input);
    if (typeof high === "object") return refuse("invalid range in character class");
    if (high < low) refuse("range out of order in character class");
    items.push(...written(fold, { from: low, to: high }));
  }
  return { kind: "set", negated, items, fold: false };
}

/** One member of a set: a code point, or what a class stands for. */
function readMember(input: PerlInput): number | readonly SetItem[] {
  const rest = input.rest();
  const named = /^\[([:.=])(\^?\w*)\1\]/.exec(rest);
  if (named) {
    input.at += named[0].length;
    if (named[1] !== ":") refuse("POSIX collating elements are not supported");
    return namedClass(named[2]!) ?? refuse("unknown POSIX class name");
  }
  const char = String.fromCodePoint(rest.codePointAt(0)!);
  input.at += char.length;
  if (char !== "\\") return char.codePointAt(0)!;
  const letter = input.pattern[input.at];
  if (letter === undefined) return refuse("\\ at end of pattern");
  if (letter === "b") {
    input.at++;
    return 8;
  }
  if (letter === "p" || letter === "P") return [readProperty(input)];
  if (letter === "E") {
    input.at++;
    return [];
  }
  const members = shorthand(letter);
  if (!members) return readEscapedCode(input);
  input.at++;
  return members;
}

/** Case is ignored for what is written out, not for classes. */
function written(fold: boolean, range: { from: number; to: number }): SetItem[] {
  return fold ? folded(range) : [range];
}

export function readProperty(input: PerlInput): SetItem {
  const found = /^[pP](?:\{([^}]*)\}|([A-Za-z]))/.exec(input.rest());
  if (!found) return refuse("malformed \\P or \\p sequence");
  input.at += found[0].length;
  const item = property(found[1] ?? found[2]!, found[0].startsWith("P"));
  if ("error" in item) throw new Refusal(item);
  return item;
}

/** The code point that an escape of one character stands for; the input stands behind the backslash. */
export function readEscapedCode(input: PerlInput): number {
  const rest = input.rest();
  const hex = /^x(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{0,2}))|^N\{U\+([0-9A-Fa-f]+)\}/.exec(rest);
  const octal = /^o\{([0-7]+)\}|^(0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest);
  if (hex || octal) {
    input.at += (hex ?? octal)![0].length;
    const code = hex ? parseInt((hex[1] ?? hex[2] ?? hex[3]) || "0", 16) : parseInt(octal![1] ?? octal![2]!, 8);
    if (code > 0x10ffff) refuse("character code point value in \\x{} or \\o{} is too large");
    return code;
  }
  const letter = String.fromCodePoint(rest.codePointAt(0)!);
  input.at += letter.length;
  if (letter === "c") {
    const control = input.pattern[input.at++];
    if (control === undefined) refuse("\\c at end of pattern");
    return control.toUpperCase().charCodeAt(0) ^ 64;
  }
  const known = ESCAPES[letter];
  if (known !== undefined) return known;
  if (/[LlUuNF]/.test(letter)) refuse("PCRE2 does not support \\F, \\L, \\l, \\N{name}, \\U, or \\u");
  if (/[A-Za-z0-9]/.test(letter)) refuse("unrecognized character follows \\");
  return letter.codePointAt(0)!;
}
