import { fqdn } from "../corefile/zone.ts";
import { Pattern } from "../pattern.ts";

/** How a name rule changes names in the answer. Plain data. */
export interface AnswerRule {
  readonly on: "name" | "value";
  /** A regular expression. */
  readonly from: string;
  readonly to: string;
}

/** `rewrite name …`. Plain data. */
export interface NameRule {
  readonly kind: "name";
  readonly match: "exact" | "prefix" | "suffix" | "substring" | "regex";
  readonly from: string;
  readonly to: string;
  /** Names in the answer are changed back. */
  readonly auto: boolean;
  readonly answers: readonly AnswerRule[];
}

/** Reads a name rule's arguments (plugin/rewrite/name.go newNameRule). Throws its words. */
export function nameRule(args: readonly string[]): NameRule {
  if (args.length < 2) throw new Error("too few arguments for a name rule");
  const [match, from, to] =
    args.length === 2
      ? ["exact", normal(args[0]!), normal(args[1]!)]
      : [args[0]!.toLowerCase(), args[0]!.toLowerCase() === "regex" ? args[1]! : normal(args[1]!), normal(args[2]!)];
  const { auto, answers } = args.length > 3 ? answerRules(match, args.slice(3)) : { auto: false, answers: [] };
  if (match === "exact") checkPattern(to, from);
  else if (match === "regex") checkPattern(from, args[2]!);
  else if (match !== "prefix" && match !== "suffix" && match !== "substring")
    throw new Error(
      `name rule supports only exact, prefix, suffix, substring, and regex name matching, received: ${match}`,
    );
  return { kind: "name", match, from, to, auto: auto || match === "exact", answers };
}

function answerRules(match: string, args: readonly string[]): { auto: boolean; answers: AnswerRule[] } {
  const answers: AnswerRule[] = [];
  let auto = false;
  let last = "";
  if (args.length < 2) throw new Error(`invalid arguments for ${match} rule`);
  for (let at = 0; at < args.length;) {
    if (last === "" && args[at] !== "answer")
      throw new Error(`exceeded the number of arguments for a non-answer rule argument for ${match} rule`);
    if (args[at] === "answer") at++;
    if (at >= args.length) throw new Error(`type missing for answer rule for ${match} rule`);
    last = args[at++]!;
    if (last === "auto") {
      auto = true;
      continue;
    }
    if (last !== "name" && last !== "value")
      throw new Error(`invalid type ${JSON.stringify(last)} for answer rule for ${match} rule`);
    const [from, to] = [args[at], args[at + 1]];
    if (from === undefined || to === undefined)
      throw new Error(`${last} answer rule for ${match} rule: 2 arguments required`);
    try {
      checkPattern(from, to);
    } catch (error) {
      throw new Error(`${last} answer rule for ${match} rule: ${(error as Error).message}`, { cause: error });
    }
    answers.push({ on: last, from, to: normal(to) });
    at += 2;
  }
  if (auto && answers.some(({ on }) => on === "name"))
    throw new Error("auto name answer rule cannot be combined with explicit name anwer rules");
  return { auto, answers };
}

function checkPattern(from: string, to: string): void {
  let pattern: Pattern;
  try {
    pattern = new Pattern(from);
  } catch {
    throw new Error(`invalid regex matching pattern: ${from}`);
  }
  const used = Array.from({ length: 101 }, (_, group) => to.includes(`{${group}}`)).filter(Boolean).length;
  if (used > pattern.groupCount)
    throw new Error(
      `the rewrite regex pattern (${to}) uses more subexpressions than its corresponding matching regex pattern (${from})`,
    );
}

function normal(name: string): string {
  return fqdn(name.toLowerCase());
}
