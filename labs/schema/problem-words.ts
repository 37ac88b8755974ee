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
    case "invalid_key":
      return issue.issues[0]?.message ?? issue.message;
    case "too_small":
      return `expected ${issue.origin === "array" ? "at least" : issue.inclusive ? "at least" : "more than"} ${issue.minimum}${issue.origin === "array" ? " of them" : ""}, found ${countWords(value)}`;
    case "too_big":
      return `expected at most ${issue.maximum}, found ${countWords(value)}`;
    case "invalid_format":
      if (issue.format === "starts_with" && "prefix" in issue)
        return `expected a text that begins with ${String(issue.prefix)}, found ${valueWords(value)}`;
      return `${issue.message}, found ${valueWords(value)}`;
    case "invalid_union":
      return value === undefined ? `is missing: ${issue.message}` : `${issue.message}, found ${valueWords(value)}`;
    case "custom":
      return issue.message;
    default:
      return issue.message;
  }
}

/** A field that nobody knows, and which was probably meant. */
export function unknownField(key: string, known: readonly string[]): string {
  if (known.length === 0) return "unknown field: take it out";
  if (known.includes(key)) return "does not go with the fields beside it: take it out";
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
  if (typeof value === "object") {
    const fields = Object.keys(value);
    return fields.length === 0 ? "no fields" : `the fields ${fields.join(", ")}`;
  }
  if (typeof value === "string") return `the text ${JSON.stringify(shortened(value))}`;
  return typeof value === "number" ? `the number ${value}` : JSON.stringify(value);
}

const MOST_SHOWN = 80;

function shortened(text: string): string {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

function countWords(value: unknown): string {
  return Array.isArray(value) ? String(value.length) : valueWords(value);
}
