import { expect, test } from "vitest";
import { RegexLimitError } from "./backtracker.ts";
import { compile, isRegexError, type Regex } from "./index.ts";

function pattern(text: string): Regex {
  const made = compile(text, { syntax: "extended", reader: "regcomp" });
  if (isRegexError(made)) throw new Error(text);
  return made;
}

test("an everyday pattern finds its match in a line of megabytes, a costly one gives up", () => {
  const line = `${"a".repeat(2_000_000)},b`;
  expect(pattern("([^,]*),(b)").exec(line)?.end).toBe(line.length);
  expect(() => pattern("((.{1,100}){1,9})$").exec(line)).toThrow(RegexLimitError);
});

test("matches that each look to the line's end are counted together, those of another line anew", () => {
  const regex = pattern("(a[ab]*c|a)");
  const line = "a".repeat(30_000);
  const all = (): void => {
    for (let at = 0; at < line.length; at++) regex.exec(line, at);
  };
  expect(all).toThrow(RegexLimitError);
  expect(regex.exec(line.slice(1), 0)?.end).toBe(1);
});
