import type { ClassName, Locale, SetItem, SetNode } from "./node.ts";

/** ASCII members of the classes, as the C locale has them; written for inside a bracket, in both RE2 and JavaScript. */
const ASCII: Record<ClassName, string> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  blank: "\\t ",
  cntrl: "\\x00-\\x1f\\x7f",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`{-~",
  space: "\\t-\\r ",
  upper: "A-Z",
  word: "0-9A-Z_a-z",
  xdigit: "0-9A-Fa-f",
};

/** What C.UTF-8 adds, after glibc localedata/unicode-gen/gen_unicode_ctype.py; a few marks of `punct` are left out. */
const BEYOND: Record<ClassName, string> = {
  alnum: "\\p{Alphabetic}\\p{Nd}",
  alpha: "\\p{Alphabetic}",
  blank: "\\p{Zs}",
  cntrl: "\\x80-\\x9f",
  digit: "",
  graph: "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}",
  lower: "\\p{Lowercase}",
  print: "\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Zs}",
  punct: "\\p{P}\\p{S}",
  space: "\\p{Zs}\\p{Zl}\\p{Zp}",
  upper: "\\p{Uppercase}",
  word: "\\p{Alphabetic}\\p{Nd}",
  xdigit: "",
};

/** Bytes that are not UTF-8, as `decode` shows them. */
const NOT_TEXT = { from: 0xdc80, to: 0xdcff };

type Engine = "re2" | "js";

/** The set as a bracket expression of RE2 or of JavaScript (flag `u`). `fold` is the caller's matter, except in the C locale. */
export function setSource(set: SetNode, locale: Locale, engine: Engine): string {
  const items = set.fold && locale === "C" ? set.items.flatMap(bothCases) : set.items;
  let content = items.map((item) => itemSource(item, locale, engine)).join("");
  if (set.negated && locale === "utf8") content += itemSource(NOT_TEXT, locale, engine);
  if (content !== "") return `[${set.negated ? "^" : ""}${content}]`;
  if (engine === "js") return set.negated ? "[^]" : "[]";
  return set.negated ? "(?s:.)" : "[^\\x00-\\x{10FFFF}]";
}

function itemSource(item: SetItem, locale: Locale, engine: Engine): string {
  if ("from" in item)
    return item.from === item.to
      ? codeSource(item.from, engine)
      : `${codeSource(item.from, engine)}-${codeSource(item.to, engine)}`;
  if ("property" in item) {
    const name = engine === "re2" ? item.property.replace("Script=", "") : item.property;
    return `\\${item.negated ? "P" : "p"}{${name}}`;
  }
  return ASCII[item.name] + (locale === "utf8" ? BEYOND[item.name] : "");
}

/** A code point, escaped so that it stands for itself everywhere in a pattern. */
export function codeSource(code: number, engine: Engine): string {
  if ((code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 32)
    return String.fromCharCode(code);
  const hex = code.toString(16);
  if (engine === "re2") return `\\x{${hex}}`;
  return code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, "0")}`;
}

/** ASCII case variants beside what is there: the C locale knows no others. */
function bothCases(item: SetItem): SetItem[] {
  if (!("from" in item)) return [item];
  const out: SetItem[] = [item];
  for (const [first, last, shift] of [
    [65, 90, 32],
    [97, 122, -32],
  ] as const) {
    const from = Math.max(item.from, first);
    const to = Math.min(item.to, last);
    if (from <= to) out.push({ from: from + shift, to: to + shift });
  }
  return out;
}

/** Tells members from the rest by code point. ASCII is a table, the rest asks JavaScript's own classes. */
export type Member = (code: number) => boolean;

export function member(set: SetNode, locale: Locale): Member {
  const flags = set.fold && locale === "utf8" ? "iu" : "u";
  const pattern = new RegExp(`^${setSource(set, locale, "js")}$`, flags);
  const table = new Uint8Array(128);
  for (let code = 0; code < 128; code++) table[code] = pattern.test(String.fromCharCode(code)) ? 1 : 0;
  return (code) => (code < 128 ? table[code] === 1 : pattern.test(String.fromCodePoint(code)));
}

const members = new Map<Locale, Member>();

/** Letters, digits and `_`: what `\<`, `\b` and `grep -w` take for a word. */
export function wordCharacter(locale: Locale): Member {
  let found = members.get(locale);
  if (!found) {
    found = member({ kind: "set", negated: false, items: [{ name: "word" }], fold: false }, locale);
    members.set(locale, found);
  }
  return found;
}
