import type { Shell } from "../interpreter/shell.ts";
import { Pattern } from "../pattern/index.ts";

/** What `${x#…}`, `${x/…}` and `${x^…}` do with a text. Patterns come with quoted characters escaped. */

function patternOf(shell: Shell, text: string): Pattern {
  return Pattern.of(text, {
    extglob: shell.options.shopt("extglob"),
    ignoreCase: shell.options.shopt("nocasematch"),
  });
}

/** `${x#p}`, `${x##p}`, `${x%p}`, `${x%%p}`. Removing ignores `nocasematch`. */
export function removeMatch(shell: Shell, text: string, pattern: string, side: "#" | "%", longest: boolean): string {
  const matcher = Pattern.of(pattern, { extglob: shell.options.shopt("extglob"), ignoreCase: false });
  if (side === "#") return text.slice(matcher.end(text, 0, longest) ?? 0);
  return text.slice(0, matcher.start(text, longest) ?? text.length);
}

/**
 * `${x/p/r}`, `${x//p/r}`, `${x/#p/r}`, `${x/%p/r}`. With `ampersands` an unescaped `&` in the replacement is the match,
 * and a backslash quotes.
 */
export function replaceMatches(
  shell: Shell,
  text: string,
  pattern: string,
  replacement: string,
  where: "first" | "all" | "start" | "end",
  ampersands: boolean,
): string {
  const matcher = patternOf(shell, pattern);
  const replace = replacer(replacement, ampersands);
  if (where === "start") {
    const end = matcher.end(text, 0, true);
    return end === undefined ? text : replace(text.slice(0, end)) + text.slice(end);
  }
  if (where === "end") {
    const start = matcher.start(text, true);
    return start === undefined ? text : text.slice(0, start) + replace(text.slice(start));
  }
  return pattern === "" ? text : matcher.replace(text, where === "all", replace);
}

function replacer(replacement: string, ampersands: boolean): (match: string) => string {
  if (!ampersands || !/[&\\]/.test(replacement)) return () => replacement;
  return (match) => replacement.replace(/\\([&\\])|&/g, (_, quoted: string | undefined) => quoted ?? match);
}

/** `${x^p}`, `${x^^p}`, `${x,p}`, `${x,,p}`, `${x~p}`, `${x~~p}`. */
export function changeCase(
  shell: Shell,
  text: string,
  pattern: string,
  to: "upper" | "lower" | "other",
  all: boolean,
): string {
  const matcher = patternOf(shell, pattern);
  const characters = [...text];
  const end = all ? characters.length : Math.min(1, characters.length);
  for (let at = 0; at < end; at++) {
    const char = characters[at]!;
    if (!matcher.matches(char)) continue;
    const raise = to === "upper" || (to === "other" && char !== char.toUpperCase());
    characters[at] = raise ? char.toUpperCase() : char.toLowerCase();
  }
  return characters.join("");
}
