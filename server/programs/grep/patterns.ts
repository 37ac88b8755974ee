import { Errno } from "../../sim/host/index.ts";
import { decode, encode, type Bytes } from "../../sim/kernel/index.ts";
import { compile, isRegexError, type Regex, type RegexOptions } from "../../shell/regex/index.ts";
import { closeOperand, openOperand, readWhole } from "../gnu/input.ts";
import { isUtf8 } from "../gnu/locale.ts";
import type { Call } from "../gnu/tool.ts";
import { isAtLeast } from "../gnu/versions.ts";

/** What lines are looked for; `undefined` matches nothing. */
export interface Matcher {
  readonly regex: Regex | undefined;
  /** The same, for whole blocks: false says that no line of it matches. */
  mayMatch(block: Bytes): boolean;
  text(line: Bytes): string;
}

/** The patterns of -e, -f or the first operand, and the operands that are left. Undefined if there is none; a number after a message. */
export async function patternsOf(
  call: Call<string>,
): Promise<{ matcher: Matcher; files: readonly string[] } | number | undefined> {
  const { process, options } = call;
  let files = call.operands;
  const patterns: string[] = [];
  let given = false;
  for (const { flag, value } of options.given) {
    if (flag === "regexp") patterns.push(value!);
    if (flag === "file") {
      const file = openOperand(process, value!);
      if (file instanceof Errno) return call.fail(`${value!}: ${file.message}`);
      let text: string;
      try {
        text = decode(await readWhole(process, file, call.out));
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        return call.fail(`${value!}: ${error.message}`);
      }
      if (value !== "-") closeOperand(process, file);
      if (text !== "") patterns.push(text.replace(/\n$/, ""));
    }
    given ||= flag === "regexp" || flag === "file";
  }
  if (!given) {
    if (files.length === 0) return undefined;
    patterns.push(files[0]!);
    files = files.slice(1);
  }
  const syntaxFlag = options.lastOf("basic", "extended", "fixed", "perl") ?? "basic";
  const utf8 = isUtf8(process.env);
  const pattern = utf8 ? patterns.join("\n") : encode(patterns.join("\n"));
  if (syntaxFlag === "perl" && pattern.includes("\n")) return call.fail("the -P option only supports a single pattern");
  if (patterns.length === 0) return { matcher: { regex: undefined, mayMatch: () => false, text: decode }, files };
  const rules: RegexOptions = {
    syntax: syntaxFlag,
    reader: "grep",
    ignoreCase: options.lastOf("ignoreCase", "noIgnoreCase") === "ignoreCase",
    word: call.has("word"),
    line: call.has("line"),
    locale: utf8 ? "utf8" : "C",
  };
  const regex = compile(pattern, rules);
  if (isRegexError(regex)) return call.fail(regex.error);
  for (const { text, stray } of regex.warnings)
    if (!stray || isAtLeast(process, "grep", "3.9")) await call.say(`warning: ${text}`);
  const text = utf8 ? decode : (line: Bytes): string => line;
  // `^` and `$` of the pattern have to match at every line of a block.
  const whole = call.has("zero") || call.has("line") ? undefined : compile(pattern, { ...rules, everyLine: true });
  const block = whole && !isRegexError(whole) ? whole : undefined;
  return { matcher: { regex, mayMatch: (bytes) => block === undefined || block.test(text(bytes)), text }, files };
}
