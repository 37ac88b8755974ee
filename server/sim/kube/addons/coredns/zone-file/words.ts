import type { Word } from "./record.ts";

/** One record of a zone file: its words, and whether its first line begins with a blank. */
export interface Entry {
  readonly line: number;
  readonly blank: boolean;
  readonly words: readonly Word[];
}

/** Takes a zone file apart: comments, quotes, and parentheses over several lines (RFC 1035 section 5). */
export function zoneEntries(text: string): Entry[] {
  const entries: Entry[] = [];
  let words: Word[] = [];
  let [depth, blank, start] = [0, false, 1];
  text.split("\n").forEach((line, index) => {
    if (depth === 0) [words, blank, start] = [[], /^\s/.test(line), index + 1];
    for (const [word] of line.matchAll(/"(?:\\.|[^"\\])*"|;.*|[()]|[^\s()";]+/g)) {
      if (word.startsWith(";")) break;
      if (word === "(") depth++;
      else if (word === ")") depth--;
      else if (word.startsWith('"')) words.push({ text: word.slice(1, -1).replaceAll(/\\(.)/g, "$1"), quoted: true });
      else words.push({ text: word, quoted: false });
    }
    if (depth === 0 && words.length > 0) entries.push({ line: start, blank, words });
  });
  return entries;
}
