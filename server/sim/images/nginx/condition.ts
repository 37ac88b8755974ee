import { ConfError } from "./conf-error.ts";
import type { ConfNode } from "./parse.ts";
import { compilePattern, type Pattern } from "./pattern.ts";
import { compileTemplate, type Template } from "./template.ts";

/** What an `if` tests. */
export type Condition =
  | { readonly test: "set"; readonly variable: string }
  | { readonly test: "equal"; readonly variable: string; readonly value: Template; readonly not: boolean }
  | { readonly test: "match"; readonly variable: string; readonly pattern: Pattern; readonly not: boolean }
  | { readonly test: "file"; readonly path: Template; readonly type: "f" | "d" | "e" | "x"; readonly not: boolean };

/** Reads the words between the brackets (ngx_http_rewrite_if_condition). */
export function parseCondition({ args, at }: ConfNode): Condition {
  const fail = (words: string): never => {
    throw new ConfError(words, at);
  };
  const template = (text: string): Template => {
    const compiled = compileTemplate(text);
    return "error" in compiled ? fail(compiled.error) : compiled;
  };
  const [first, last] = [args[0]!, args.at(-1)!];
  if (!first.startsWith("(")) fail(`invalid condition "${first}"`);
  if (!last.endsWith(")")) fail(`invalid condition "${last}"`);
  const words = args.map((word, at) => word.slice(at === 0 ? 1 : 0, at === args.length - 1 ? -1 : undefined));
  if (words[0] === "") words.shift();
  if (words.at(-1) === "") words.pop();
  const [subject = "", operator, value] = words as [string?, string?, string?];
  if (subject.startsWith("$") && subject.length > 1) {
    const variable = subject.slice(1);
    if (operator === undefined) return { test: "set", variable };
    if (value === undefined || words.length > 3) return fail(`invalid condition "${operator}"`);
    if (operator === "=" || operator === "!=")
      return { test: "equal", variable, value: template(value), not: operator === "!=" };
    if (/^!?~\*?$/.test(operator)) {
      const pattern = compilePattern(value, operator.endsWith("*"));
      if (typeof pattern === "string") return fail(pattern);
      return { test: "match", variable, pattern, not: operator.startsWith("!") };
    }
    return fail(`unexpected "${operator}" in condition`);
  }
  const file = /^(!)?-([fdex])$/.exec(subject);
  if (!file) return fail(`invalid condition "${subject}"`);
  if (operator === undefined || words.length > 2) return fail(`invalid condition "${last}"`);
  return { test: "file", path: template(operator), type: file[2] as "f", not: file[1] !== undefined };
}
