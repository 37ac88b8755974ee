import type { Match } from "./backtracker.ts";
import type { Regex } from "./regex.ts";

/**
 * The matches of a text one after another, as `s///g` of sed replaces them: an empty match right behind the match before it
 * does not count (sed/execute.c do_subst).
 */
export function* eachMatch(regex: Regex, text: string): Generator<Match> {
  let from = 0;
  let last = -1;
  while (from <= text.length) {
    const match = regex.exec(text, from);
    if (!match) return;
    const empty = match.start === match.end;
    if (!empty || match.end !== last) yield match;
    last = match.end;
    from = empty ? match.end + (text.codePointAt(match.end)! > 0xffff ? 2 : 1) : match.end;
  }
}
