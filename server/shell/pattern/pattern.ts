import { parsePattern, type Element, type PatternOptions } from "./elements.ts";

/**
 * A shell pattern: for file names, `case`, `[[ ]]` and `${x#…}`. It is matched by following all ways at once, so that no
 * pattern takes exponential time.
 */
export class Pattern {
  readonly #elements: readonly Element[];
  /** The text that it is, if it has nothing special. */
  readonly literal: string | undefined;
  readonly #hasGroups: boolean;
  /** The usual patterns: a text with a star before it, behind it, or both. */
  readonly #starred: Starred | undefined;

  private constructor(elements: readonly Element[]) {
    this.#elements = elements;
    this.#hasGroups = elements.some((element) => element.type === "group");
    this.literal = elements.every((element) => element.type === "char")
      ? elements.map((element) => (element as { char: string }).char).join("")
      : undefined;
    this.#starred = this.literal === undefined ? starredText(elements) : undefined;
  }

  static of(text: string, options: PatternOptions = { extglob: false, ignoreCase: false }): Pattern {
    const key = `${options.extglob ? "x" : ""}${options.ignoreCase ? "i" : ""}:${text}`;
    let pattern = cache.get(key);
    if (pattern) return pattern;
    pattern = new Pattern(parsePattern(text, options));
    cache.set(key, pattern);
    if (cache.size > 1024) cache.delete(cache.keys().next().value!);
    return pattern;
  }

  /** Does it match the whole text? */
  matches(text: string): boolean {
    if (this.literal !== undefined) return text === this.literal;
    if (this.#starred) return matchStarred(this.#starred, text);
    if (this.#hasGroups) return ends(this.#elements, text, [0]).includes(text.length);
    return matchSimple(this.#elements, text);
  }

  /** Where the shortest or longest match that starts at `from` ends; undefined if none does. */
  end(text: string, from: number, longest: boolean): number | undefined {
    if (this.literal !== undefined) return text.startsWith(this.literal, from) ? from + this.literal.length : undefined;
    if (this.#starred) return endOfStarred(this.#starred, text, from, longest);
    const found = ends(this.#elements, text, [from]);
    return longest ? found.at(-1) : found[0];
  }

  /** Where the shortest or longest match that reaches to the end of the text starts. */
  start(text: string, longest: boolean): number | undefined {
    if (this.literal !== undefined) return text.endsWith(this.literal) ? text.length - this.literal.length : undefined;
    if (this.#starred) return startOfStarred(this.#starred, text, longest);
    if (!this.#hasGroups) {
      const found = ends(this.#elements.toReversed(), [...text].reverse().join(""), [0]);
      const length = longest ? found.at(-1) : found[0];
      return length === undefined ? undefined : text.length - length;
    }
    for (let count = 0; count <= text.length; count++) {
      const from = longest ? count : text.length - count;
      if (ends(this.#elements, text, [from]).includes(text.length)) return from;
    }
    return undefined;
  }

  /** Replaces the first match, or all; the longest at every place. */
  replace(text: string, all: boolean, replacement: (match: string) => string): string {
    const { literal } = this;
    if (literal === "") return text;
    if (literal !== undefined && !all) {
      const at = text.indexOf(literal);
      return at < 0 ? text : text.slice(0, at) + replacement(literal) + text.slice(at + literal.length);
    }
    if (literal !== undefined) return text.split(literal).join(replacement(literal));
    let out = "";
    let at = 0;
    while (at <= text.length) {
      const end = this.#mayStart(text, at) ? this.end(text, at, true) : undefined;
      if (end === undefined || (end === at && at < text.length)) {
        if (at >= text.length) break;
        const width = widthAt(text, at);
        out += text.slice(at, at + width);
        at += width;
      } else if (end === at) break;
      else {
        out += replacement(text.slice(at, end));
        at = end;
        if (!all || at >= text.length) break;
      }
    }
    return out + text.slice(at);
  }

  #mayStart(text: string, at: number): boolean {
    const first = this.#elements[0];
    return first?.type !== "char" || text.startsWith(first.char, at);
  }
}

const cache = new Map<string, Pattern>();

interface Starred {
  readonly before: boolean;
  readonly text: string;
  readonly behind: boolean;
}

function starredText(elements: readonly Element[]): Starred | undefined {
  const before = elements[0]?.type === "star";
  const behind = elements.length > 1 && elements.at(-1)!.type === "star";
  const middle = elements.slice(before ? 1 : 0, behind ? -1 : undefined);
  if (!middle.every((element) => element.type === "char")) return undefined;
  return { before, text: middle.map((element) => element.char).join(""), behind };
}

function matchStarred({ before, text, behind }: Starred, whole: string): boolean {
  if (before && behind) return whole.includes(text);
  return before ? whole.endsWith(text) : whole.startsWith(text);
}

function endOfStarred(
  { before, text, behind }: Starred,
  whole: string,
  from: number,
  longest: boolean,
): number | undefined {
  if (!before) return whole.startsWith(text, from) ? (longest ? whole.length : from + text.length) : undefined;
  const at = longest && !behind ? whole.lastIndexOf(text) : whole.indexOf(text, from);
  if (at < from) return undefined;
  return longest && behind ? whole.length : at + text.length;
}

function startOfStarred({ before, text, behind }: Starred, whole: string, longest: boolean): number | undefined {
  if (!behind) return whole.endsWith(text) ? (longest ? 0 : whole.length - text.length) : undefined;
  const at = longest && !before ? whole.indexOf(text) : whole.lastIndexOf(text);
  if (at < 0) return undefined;
  return longest && before ? 0 : at;
}

function widthAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xd800 && code <= 0xdbff && at + 1 < text.length ? 2 : 1;
}

/** How far an element that takes one character goes from `at`; -1 if it does not match there. */
function one(element: Element, text: string, at: number): number {
  if (at >= text.length) return -1;
  if (element.type === "char") return text.startsWith(element.char, at) ? at + element.char.length : -1;
  const width = widthAt(text, at);
  if (element.type === "any") return at + width;
  return element.type === "set" && element.has(text.slice(at, at + width)) ? at + width : -1;
}

/** A whole match without groups: after a failure only the last star takes one character more. */
function matchSimple(elements: readonly Element[], text: string): boolean {
  let at = 0;
  let index = 0;
  let star = -1;
  let starAt = 0;
  for (;;) {
    const element = elements[index];
    if (element?.type === "star") {
      star = ++index;
      starAt = at;
      if (star === elements.length) return true;
      continue;
    }
    const next = element ? one(element, text, at) : at === text.length ? at : -1;
    if (next >= 0) {
      if (!element) return true;
      at = next;
      index++;
      continue;
    }
    if (star < 0 || starAt >= text.length) return false;
    starAt += widthAt(text, starAt);
    at = starAt;
    index = star;
  }
}

/** All places where a match that starts at one of `starts` can end, in order. */
function ends(elements: readonly Element[], text: string, starts: readonly number[]): number[] {
  let places = [...starts];
  for (const element of elements) {
    if (places.length === 0) return [];
    if (element.type === "star") places = everyPlace(text, places[0]!);
    else if (element.type === "group") places = groupEnds(element, text, places);
    else places = sorted(places.map((at) => one(element, text, at)).filter((at) => at >= 0));
  }
  return places;
}

function everyPlace(text: string, from: number): number[] {
  const places = [from];
  for (let at = from; at < text.length;) {
    at += widthAt(text, at);
    places.push(at);
  }
  return places;
}

function groupEnds(
  { operator, choices }: Extract<Element, { type: "group" }>,
  text: string,
  starts: readonly number[],
): number[] {
  const step = (places: readonly number[]): number[] => sorted(choices.flatMap((choice) => ends(choice, text, places)));
  switch (operator) {
    case "@":
      return step(starts);
    case "?":
      return sorted([...starts, ...step(starts)]);
    case "!":
      return sorted(
        starts.flatMap((start) => {
          const taken = new Set(step([start]));
          return everyPlace(text, start).filter((at) => !taken.has(at));
        }),
      );
    default: {
      const found = new Set(operator === "*" ? starts : []);
      for (let fresh = step(starts); fresh.length > 0;) {
        const unseen = fresh.filter((at) => !found.has(at));
        for (const at of unseen) found.add(at);
        fresh = unseen.length > 0 ? step(unseen) : [];
      }
      return sorted([...found]);
    }
  }
}

function sorted(places: readonly number[]): number[] {
  return [...new Set(places)].sort((a, b) => a - b);
}

/** Does a text hold a character that means something in a pattern? */
export function hasMagic(text: string, extglob = false): boolean {
  return /[*?[]/.test(text) || (extglob && /[?*+@!]\(/.test(text));
}

/** Quotes a text so that as a pattern it matches itself. */
export function escapePattern(text: string): string {
  return /[*?[\]\\()|!+@^-]/.test(text) ? text.replace(/[*?[\]\\()|!+@^-]/g, "\\$&") : text;
}
