import { compile, isRegexError, RegexLimitError, type Match } from "../regex/index.ts";

/**
 * `[[ text =~ pattern ]]`: the match and its groups, undefined if there is none, `invalid` if the pattern is not one, `too much` if
 * the matcher gives up (REG_ESPACE)
 * (bash lib/sh/shmatch.c sh_regmatch: an extended pattern, REG_ICASE with nocasematch).
 */
export function matchRegex(
  text: string,
  pattern: string,
  ignoreCase: boolean,
): (string | undefined)[] | "invalid" | "too much" | undefined {
  const regex = compile(pattern, { syntax: "extended", reader: "regcomp", ignoreCase });
  if (isRegexError(regex)) return "invalid";
  const match = search(() => regex.exec(text));
  if (match === "too much") return match;
  return match?.groups.map((span) => span && text.slice(span.start, span.end));
}

function search(exec: () => Match | null): Match | null | "too much" {
  try {
    return exec();
  } catch (error) {
    if (error instanceof RegexLimitError) return "too much";
    throw error;
  }
}
