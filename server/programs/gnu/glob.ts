/** How fnmatch(3) treats slashes and leading periods. */
export interface GlobRules {
  /** `*`, `?` and brackets match no slash. */
  readonly pathname?: boolean;
  /** A leading period must be matched by a period. */
  readonly period?: boolean;
  readonly ignoreCase?: boolean;
}

/** Whether a whole name matches a shell pattern, as fnmatch(3). Time is at most the product of both lengths. */
export function matchesGlob(pattern: string, name: string, rules: GlobRules = {}): boolean {
  const [wanted, text] = rules.ignoreCase ? [pattern.toLowerCase(), name.toLowerCase()] : [pattern, name];
  const parts = parse(wanted);
  const chars = Array.from(text);
  let [at, part] = [0, 0];
  let [starPart, starAt] = [-1, 0];
  const isHidden = (index: number): boolean =>
    rules.period === true &&
    chars[index] === "." &&
    (index === 0 || (rules.pathname === true && chars[index - 1] === "/"));
  while (at < chars.length) {
    const here = parts[part];
    if (here?.kind === "star" && !isHidden(at)) {
      starPart = part++;
      starAt = at;
    } else if (
      here &&
      here.kind !== "star" &&
      matchesPart(here, chars[at]!, rules) &&
      (here.kind === "char" || !isHidden(at))
    ) {
      at++;
      part++;
    } else if (starPart >= 0 && !(rules.pathname && chars[starAt] === "/")) {
      part = starPart + 1;
      at = ++starAt;
    } else return false;
  }
  while (parts[part]?.kind === "star") part++;
  return part === parts.length;
}

type Part =
  | { readonly kind: "star" | "any" }
  | { readonly kind: "char"; readonly char: string }
  | { readonly kind: "set"; readonly negated: boolean; readonly has: (char: string) => boolean };

function matchesPart(part: Part, char: string, { pathname }: GlobRules): boolean {
  if (part.kind === "char") return part.char === char;
  if (pathname && char === "/") return false;
  return part.kind === "set" ? part.has(char) !== part.negated : true;
}

function parse(pattern: string): Part[] {
  const chars = Array.from(pattern);
  const parts: Part[] = [];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at]!;
    if (char === "*") {
      if (parts.at(-1)?.kind !== "star") parts.push({ kind: "star" });
    } else if (char === "?") parts.push({ kind: "any" });
    else if (char === "\\" && at + 1 < chars.length) parts.push({ kind: "char", char: chars[++at]! });
    else if (char === "[") {
      const set = parseSet(chars, at);
      if (set) {
        parts.push(set.part);
        at = set.end;
      } else parts.push({ kind: "char", char });
    } else parts.push({ kind: "char", char });
  }
  return parts;
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[\p{L}\p{N}]/u, alpha: /\p{L}/u, blank: /[ \t]/, cntrl: /\p{Cc}/u, digit: /[0-9]/, graph: /[^\s\p{Cc}]/u,
  lower: /\p{Ll}/u, print: /[^\p{Cc}]/u, punct: /[\p{P}\p{S}]/u, space: /\s/, upper: /\p{Lu}/u, xdigit: /[0-9a-fA-F]/,
}; // prettier-ignore

function parseSet(chars: readonly string[], open: number): { part: Part; end: number } | undefined {
  let at = open + 1;
  const negated = chars[at] === "!" || chars[at] === "^";
  if (negated) at++;
  const tests: ((char: string) => boolean)[] = [];
  for (let first = true; ; first = false) {
    const char = chars[at];
    if (char === undefined) return undefined;
    if (char === "]" && !first) break;
    const named = /^\[:([a-z]+):\]/.exec(chars.slice(at, at + 12).join(""));
    const known = named ? CLASSES[named[1]!] : undefined;
    if (named && known) {
      tests.push((each) => known.test(each));
      at += named[0].length;
      continue;
    }
    if (char === "\\") at++;
    const low = chars[at]!;
    if (chars[at + 1] === "-" && chars[at + 2] !== undefined && chars[at + 2] !== "]") {
      const high = chars[at + 2] === "\\" ? chars[at + 3]! : chars[at + 2]!;
      tests.push((each) => each >= low && each <= high);
      at += chars[at + 2] === "\\" ? 4 : 3;
    } else {
      tests.push((each) => each === low);
      at++;
    }
  }
  return { part: { kind: "set", negated, has: (char) => tests.some((test) => test(char)) }, end: at };
}
