import type { Entry } from "./command.ts";

const DISTANCE = 2;

/** The words behind an unknown command's name: those that are close to it, or begin with it (cobra findSuggestions). */
export function suggestions(entries: readonly Entry[], typed: string): string {
  const close = entries
    .filter(({ unavailable }) => !unavailable)
    .map(({ name }) => name)
    .filter((name) => name !== "help")
    .filter((name) => levenshtein(typed, name) <= DISTANCE || name.toLowerCase().startsWith(typed.toLowerCase()));
  return close.length === 0 ? "" : `\n\nDid you mean this?\n${close.map((name) => `\t${name}\n`).join("")}`;
}

/** How many letters have to be changed, added or removed; case does not count. */
function levenshtein(left: string, right: string): number {
  const a = left.toLowerCase();
  const b = right.toLowerCase();
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(a[i - 1] === b[j - 1] ? row[j - 1]! : 1 + Math.min(row[j]!, next[j - 1]!, row[j - 1]!));
    row = next;
  }
  return row[b.length]!;
}
