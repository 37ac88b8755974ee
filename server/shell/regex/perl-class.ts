import type { RegexError, SetItem } from "./node.ts";

type Range = { readonly from: number; readonly to: number };

const LAST = 0x10ffff;

/** Perl's classes without PCRE2_UCP, as grep 3.11 runs it: ASCII, whatever the locale. */
const SHORTHANDS: Record<string, readonly Range[]> = {
  d: ranges("09"),
  w: ranges("09AZ__az"),
  s: ranges("\t\r  "),
  h: ranges("\t\t  \u00a0\u00a0\u1680\u1680\u180e\u180e\u2000\u200a\u202f\u202f\u205f\u205f\u3000\u3000"),
  v: ranges("\n\r\u0085\u0085\u2028\u2029"),
};

const NAMED: Record<string, readonly Range[]> = {
  alnum: ranges("09AZaz"),
  alpha: ranges("AZaz"),
  ascii: ranges("\0\u007f"),
  blank: ranges("\t\t  "),
  cntrl: ranges("\0\u001f\u007f\u007f"),
  digit: ranges("09"),
  graph: ranges("!~"),
  lower: ranges("az"),
  print: ranges(" ~"),
  punct: ranges("!/:@[`{~"),
  space: ranges("\t\r  "),
  upper: ranges("AZ"),
  word: ranges("09AZ__az"),
  xdigit: ranges("09AFaf"),
};

/** `\d`, `\W` and the like by their letter; undefined if it is none. */
export function shorthand(letter: string): readonly Range[] | undefined {
  const members = SHORTHANDS[letter.toLowerCase()];
  return members && (letter === letter.toLowerCase() ? members : complement(members));
}

/**
 * `\D`, `\S` and `\W` outside a set: without PCRE2_UCP the compiled code of PCRE2 10.42, as grep 3.8 to 3.11 run it
 * (PCRE2_MATCH_INVALID_UTF), takes ASCII only for them.
 */
export function asciiOnly(ranges: readonly Range[]): readonly Range[] {
  return ranges.filter(({ from }) => from < 128).map(({ from, to }) => ({ from, to: Math.min(to, 127) }));
}

/** Members that ignore case: the counterparts beside the characters that were written. */
export function folded({ from, to }: Range): SetItem[] {
  const out: SetItem[] = [{ from, to }];
  if (to - from > 2000) return out;
  for (let code = from; code <= to; code++) {
    const char = String.fromCodePoint(code);
    for (const other of [char.toLowerCase(), char.toUpperCase()]) {
      const counterpart = other.codePointAt(0)!;
      if (other !== char && String.fromCodePoint(counterpart) === other)
        out.push({ from: counterpart, to: counterpart });
    }
  }
  return out;
}

/** `[:alpha:]` and `[:^alpha:]` inside a set; undefined if there is no such class. */
export function namedClass(name: string): readonly Range[] | undefined {
  const members = NAMED[name.replace(/^\^/, "")];
  return members && (name.startsWith("^") ? complement(members) : members);
}

/** What `\p{Name}` stands for: a category, a script or a property of Unicode. */
export function property(name: string, negated: boolean): SetItem | RegexError {
  const not = name.startsWith("^") !== negated;
  const bare = name.replace(/^\^/, "").trim();
  if (bare === "Any") return { from: not ? LAST + 1 : 0, to: not ? LAST : LAST };
  for (const known of [bare, `Script=${bare}`]) {
    try {
      void new RegExp(`\\p{${known}}`, "u");
      return not ? { property: known, negated: true } : { property: known };
    } catch {
      // Not a name of this kind.
    }
  }
  return { error: "unknown property after \\P or \\p" };
}

function complement(members: readonly Range[]): Range[] {
  const out: Range[] = [];
  let from = 0;
  for (const member of members) {
    if (member.from > from) out.push({ from, to: member.from - 1 });
    from = member.to + 1;
  }
  if (from <= LAST) out.push({ from, to: LAST });
  return out;
}

/** Pairs of characters, first and last of each range, in ascending order. */
function ranges(pairs: string): Range[] {
  const out: Range[] = [];
  for (let index = 0; index < pairs.length; index += 2)
    out.push({ from: pairs.charCodeAt(index), to: pairs.charCodeAt(index + 1) });
  return out;
}
