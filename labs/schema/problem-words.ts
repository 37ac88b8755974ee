import type { z } from "zod";
import { nearest } from "../../grader/index.ts";

type Issue = z.core.$ZodIssue;

/** What is wrong with a value, what was expected, and what to do about it. */
export function problemWords(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      if (issue.expected === "never") return issue.message;
      return value === undefined
        ? `is missing: write ${kindWords(issue.expected)}`
        : `expected ${kindWords(issue.expected)}, found ${valueWords(value)}`;
    case "invalid_value":
      return expectedOneOf(issue.values.map(String), value);
    case "too_small":
      return `expected ${issue.origin === "array" ? "at least" : issue.inclusive ? "at least" : "more than"} ${issue.minimum}${issue.origin === "array" ? " of them" : ""}, found ${countWords(value)}`;
    case "too_big":
      return `expected at most ${issue.maximum}, found ${countWords(value)}`;
    case "invalid_union":
    case "custom":
    case "invalid_format":
      return issue.code !== "custom" && value !== undefined
        ? `${issue.message}, found ${valueWords(value)}`
        : issue.message;
    default:
      return issue.message;
  }
}

/** A field that nobody knows, and which was probably meant. */
export function unknownField(key: string, known: readonly string[]): string {
  if (known.length === 0) return "unknown field: take it out";
  const meant = nearest(key, known);
  return `unknown field: ${meant === undefined ? `there are ${known.join(", ")}` : `did you mean ${meant}?`}`;
}

/** So many of the values that a field may have are named. */
const MOST_NAMED = 16;

function expectedOneOf(values: readonly string[], value: unknown): string {
  const meant = typeof value === "string" ? nearest(value, values) : undefined;
  const some = values.length > MOST_NAMED ? [...values.slice(0, MOST_NAMED), "…"] : values;
  const expected = values.length === 1 ? `expected ${values[0]!}` : `expected one of ${some.join(", ")}`;
  const found = value === undefined ? "it is missing" : `found ${valueWords(value)}`;
  return `${expected}, ${found}${meant === undefined ? "" : `: did you mean ${meant}?`}`;
}

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "fields below it",
  record: "fields below it",
  tuple: "a list",
};

function kindWords(expected: string): string {
  return KINDS[expected] ?? expected;
}

export function valueWords(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return `the fields ${Object.keys(value).join(", ")}`;
  if (typeof value === "string") return `the text ${JSON.stringify(value)}`;
  return typeof value === "number" ? `the number ${value}` : JSON.stringify(value);
}

function countWords(value: unknown): string {
  return Array.isArray(value) ? String(value.length) : valueWords(value);
}
