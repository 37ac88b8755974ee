/** A warning of grep about a pattern: `grep: warning: stray \ before d`. */
export interface PatternWarning {
  readonly text: string;
  /** About a backslash that means nothing. Debian 12's grep 3.8 is patched not to say these; Ubuntu's 3.11 says them. */
  readonly stray: boolean;
}

const GNU_ESCAPES = "<>bBwWsS`'";
const INTERVAL = /^\{(?:\d+(?:,\d*)?|,\d*)\}/;

/** What grep warns of in a pattern without errors, as lex in gnulib lib/dfa.c; each as often as it occurs. */
export function patternWarnings(pattern: string, extended: boolean): PatternWarning[] {
  const out: PatternWarning[] = [];
  let atStart = true;
  for (let at = 0; at < pattern.length;) {
    const char = pattern[at]!;
    if (char === "[") {
      at = afterBracket(pattern, at);
      atStart = false;
    } else if (char === "\\") {
      const next = String.fromCodePoint(pattern.codePointAt(at + 1) ?? 0);
      at += 1 + next.length;
      // A basic pattern's `\+`, `\?` and `\{` mean nothing where there is nothing to repeat.
      const idle = !extended && atStart && "+?{".includes(next);
      if (idle || isStray(next)) out.push({ text: `stray \\ before ${nameOf(next)}`, stray: true });
      if (!extended && (next === "(" || next === "|")) atStart = true;
      else if (!"<>bB`'".includes(next)) atStart = false;
    } else {
      const opens = char === "\n" || (extended && (char === "(" || char === "|"));
      const repeats = char === "*" || (extended && (char === "+" || char === "?"));
      const interval = extended && char === "{" && INTERVAL.test(pattern.slice(at));
      if (opens) atStart = true;
      else if (extended && atStart && (repeats || interval))
        out.push({ text: `${interval ? "{...}" : char} at start of expression`, stray: false });
      if (!opens && !repeats && char !== "^" && char !== "$") atStart = false;
      at++;
    }
  }
  return out;
}

/** Letters and signs that no syntax gives a meaning; those that one gives, the other may escape. */
function isStray(next: string): boolean {
  return !/[1-9()|{}+?*.^$[\]\\\n]/.test(next) && !GNU_ESCAPES.includes(next);
}

function nameOf(char: string): string {
  if (/[\p{Cc}\p{Cn}\p{Cs}]/u.test(char)) return "unprintable character";
  return /\s/.test(char) ? "white space" : char;
}

function afterBracket(pattern: string, open: number): number {
  let at = open + 1;
  if (pattern[at] === "^") at++;
  if (pattern[at] === "]") at++;
  while (at < pattern.length && pattern[at] !== "]") {
    const named = /^\[([:.=])/.exec(pattern.slice(at, at + 2))?.[1];
    const end = named ? pattern.indexOf(`${named}]`, at + 2) : -1;
    at = end < 0 ? at + 1 : end + 2;
  }
  return at + 1;
}
