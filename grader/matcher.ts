import { RE2JS } from "re2js";
import { z } from "zod";

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/**
 * What a value must be like. A plain value must be equal; lists are compared without order. Written in labs as
 * `ok`, `{ contains: ok }`, `{ not: { matches: "^x" } }`…
 */
export type Matcher =
  | string
  | number
  | boolean
  | null
  | { equals: unknown }
  | { contains: string | number | boolean }
  | { matches: string }
  | { oneOf: (string | number | boolean | null)[] }
  | { atLeast: number }
  | { atMost: number }
  | { exists: boolean }
  | { not: Matcher };

const MATCHERS =
  "{ equals: … }, { contains: … }, { matches: … }, { oneOf: […] }, { atLeast: … }, { atMost: … }, { exists: … } or { not: … }";

export const Matcher: z.ZodType<Matcher> = z
  .union(
    [
      Scalar,
      z.strictObject({ equals: z.unknown().describe("The same value; lists and fields in any order.") }),
      z.strictObject({
        contains: z
          .union([z.string(), z.number(), z.boolean()])
          .describe("A text with this in it, or a list with this among its items."),
      }),
      z.strictObject({
        matches: z
          .string()
          .refine(isPattern, "is not a regular expression")
          .describe("A text in which this regular expression is found."),
      }),
      z.strictObject({ oneOf: z.array(Scalar).min(1).describe("One of these.") }),
      z.strictObject({ atLeast: z.number().describe("A number that is not smaller.") }),
      z.strictObject({ atMost: z.number().describe("A number that is not larger.") }),
      z.strictObject({ exists: z.boolean().describe("Whether there is anything at all.") }),
      z.strictObject({
        get not() {
          return Matcher;
        },
      }),
    ],
    { error: `expected a plain value, ${MATCHERS}` },
  )
  .meta({
    title: "Matcher",
    description:
      "What a value must be like. A plain value must be equal, `1` also to the text `1`; lists are compared in any order.",
  });

/** `value` undefined means that there is nothing. */
export function matches(matcher: Matcher, value: unknown): boolean {
  if (typeof matcher !== "object" || matcher === null) return sameValue(matcher, value);
  if ("equals" in matcher) return sameValue(matcher.equals, value);
  if ("contains" in matcher) {
    if (Array.isArray(value)) return value.some((item) => sameValue(matcher.contains, item));
    return typeof value === "string" && value.includes(String(matcher.contains));
  }
  if ("matches" in matcher) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return value !== undefined && RE2JS.compile(matcher.matches).matcher(text).find();
  }
  if ("oneOf" in matcher) return matcher.oneOf.some((one) => sameValue(one, value));
  if ("atLeast" in matcher) return Number(value) >= matcher.atLeast;
  if ("atMost" in matcher) return Number(value) <= matcher.atMost;
  if ("exists" in matcher) return (value !== undefined) === matcher.exists;
  return !matches(matcher.not, value);
}

/** The matcher in words that follow "expected": `a body that contains "ok"`, for the noun `a body`. */
export function describeMatcher(matcher: Matcher, noun = "something"): string {
  if (typeof matcher !== "object" || matcher === null) return JSON.stringify(matcher);
  if ("equals" in matcher) return JSON.stringify(matcher.equals);
  if ("contains" in matcher) return `${noun} that contains ${JSON.stringify(matcher.contains)}`;
  if ("matches" in matcher) return `${noun} that matches /${matcher.matches}/`;
  if ("oneOf" in matcher) return `one of ${matcher.oneOf.map((one) => JSON.stringify(one)).join(", ")}`;
  if ("atLeast" in matcher) return `at least ${matcher.atLeast}`;
  if ("atMost" in matcher) return `at most ${matcher.atMost}`;
  if ("exists" in matcher) return matcher.exists ? noun : "nothing";
  return `not ${describeMatcher(matcher.not, noun)}`;
}

/** Equal as JSON, numbers also as text, the items of lists and the keys of maps in any order. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a === "number" && typeof b === "string") return String(a) === b;
  if (typeof a === "string" && typeof b === "number") return a === String(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    const rest = [...(b as unknown[])];
    return (
      a.length === b.length &&
      a.every((item) => {
        const at = rest.findIndex((other) => sameValue(item, other));
        if (at >= 0) rest.splice(at, 1);
        return at >= 0;
      })
    );
  }
  if (
    typeof a !== "object" ||
    typeof b !== "object" ||
    a === null ||
    b === null ||
    Array.isArray(a) ||
    Array.isArray(b)
  )
    return false;
  const keys = Object.keys(a);
  const other = b as Record<string, unknown>;
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameValue((a as Record<string, unknown>)[key], other[key]))
  );
}

function isPattern(text: string): boolean {
  try {
    RE2JS.compile(text);
    return true;
  } catch {
    return false;
  }
}
