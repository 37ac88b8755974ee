import fc from "fast-check";
import { expect, test } from "vitest";
import { Backtracker } from "./backtracker.ts";
import { compile, isRegexError, type Regex } from "./index.ts";
import type { Parsed } from "./node.ts";
import { dialect } from "./dialect.ts";
import { parsePosix } from "./posix.ts";
import { assemble } from "./program.ts";
import { linear } from "./re2.ts";

interface Source {
  readonly text: string;
  readonly mayBeEmpty: boolean;
}

/** Extended patterns that mean the same to POSIX and JavaScript, but for which of several matches counts. */
const atom = fc
  .constantFrom("a", "b", "c", ".", "[ab]", "[^a]", "[b-c]", "\\.", "x")
  .map((text): Source => ({ text, mayBeEmpty: false }));
const patterns = fc.letrec<{ alternatives: Source; branch: Source; piece: Source; group: Source }>((tie) => ({
  alternatives: fc.array(tie("branch"), { minLength: 1, maxLength: 2 }).map((branches) => ({
    text: branches.map((branch) => branch.text).join("|"),
    mayBeEmpty: branches.some((branch) => branch.mayBeEmpty),
  })),
  branch: fc.array(tie("piece"), { minLength: 1, maxLength: 3 }).map((pieces) => ({
    text: pieces.map((piece) => piece.text).join(""),
    mayBeEmpty: pieces.every((piece) => piece.mayBeEmpty),
  })),
  piece: fc
    .tuple(fc.oneof({ maxDepth: 2 }, atom, tie("group")), fc.constantFrom("", "", "", "*", "+", "?", "{2}", "{1,2}"))
    .map(([inner, repeat]) => ({
      // The engines differ in what a group holds after a turn that took nothing.
      text: inner.text + (inner.mayBeEmpty ? "" : repeat),
      mayBeEmpty: inner.mayBeEmpty || repeat === "*" || repeat === "?",
    })),
  group: tie("alternatives").map((inner) => ({ ...inner, text: `(${inner.text})` })),
})).alternatives;
const pattern = patterns.map((source) => source.text);
const text = fc.string({ unit: fc.constantFrom("a", "b", "c", ".", "-", "é", "😀"), maxLength: 8 });

function compiled(source: string, syntax: "extended" | "perl"): Regex {
  const regex = compile(source, { syntax });
  if (isRegexError(regex)) throw new Error(regex.error);
  return regex;
}

test("extended patterns match the leftmost place that JavaScript finds, and there the longest", () => {
  fc.assert(
    fc.property(pattern, text, (source, input) => {
      const regex = compiled(source, "extended");
      const match = regex.exec(input);
      const theirs = new RegExp(source, "u").exec(input);
      expect(match?.start).toBe(theirs?.index);
      expect(regex.test(input)).toBe(theirs !== null);
      if (!match) return;
      const whole = new RegExp(`^(?:${source})$`, "u");
      const ends = Array.from({ length: input.length + 1 }, (_, end) => end).filter(
        (end) => end >= match.start && !isInsidePair(input, end) && whole.test(input.slice(match.start, end)),
      );
      expect(match.end).toBe(ends.at(-1));
    }),
    { numRuns: 600 },
  );
});

test("Perl patterns match what JavaScript matches", () => {
  fc.assert(
    fc.property(pattern, text, (source, input) => {
      const match = compiled(source, "perl").exec(input);
      const theirs = new RegExp(source, "u").exec(input);
      expect(match && input.slice(match.start, match.end)).toBe(theirs && theirs[0]);
    }),
    { numRuns: 600 },
  );
});

test("the backtracker and the linear engine find the same matches and groups", () => {
  fc.assert(
    fc.property(pattern, text, fc.nat(4), (source, input, from) => {
      const parsed = parsePosix(source, {
        dialect: dialect("regcomp", true),
        locale: "utf8",
        fold: false,
        everyLine: false,
      }) as Parsed;
      const { node, groups } = parsed;
      const start = isInsidePair(input, from) ? 0 : Math.min(from, input.length);
      const slow = new Backtracker(assemble(node, groups, "utf8"), true, "utf8").search(input, start);
      const matcher = linear(node, { locale: "utf8", words: "utf8", longest: true, within: undefined })!.engine.matcher(
        input,
      );
      const fast = matcher.find(start)
        ? Array.from({ length: groups + 1 }, (_, group) => matcher.group(group) ?? "")
        : undefined;
      expect(fast).toEqual(slow?.groups.map((span) => (span ? input.slice(span.start, span.end) : "")));
    }),
    { numRuns: 600 },
  );
});

function isInsidePair(input: string, at: number): boolean {
  return at > 0 && input.codePointAt(at - 1)! > 0xffff;
}
