import { compile, isRegexError, RegexLimitError, type Match } from "../regex/index.ts";

/**
 * `[[ text =~ pattern ]]`: the match and its groups, undefined if there is none, `invalid` if the pattern is not one
 * (bash lib/sh/shmatch.c sh_regmatch: an extended pattern, REG_ICASE with nocasematch).
 */
export function matchRegex(
  text: string,
  pattern: string,
  ignoreCase: boolean,
): (string | undefined)[] | "invalid" | undefined {
  const regex = compile(pattern, { syntax: "extended", reader: "regcomp", ignoreCase });
  if (isRegexError(regex)) return "invalid";
  const match = search(() => regex.exec(text));
  return match?.groups.map((span) => span && text.slice(span.start, span.end));
}

/** What is too much for the matcher (REG_ESPACE) counts as no match. */
function search(exec: () => Match | null): Match | null {
  try {
    return exec();
  } catch (error) {
    if (error instanceof RegexLimitError) return null;
    throw error;
  }
}
