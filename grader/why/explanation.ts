/** Why something went as it did, and the command that shows it. `why` is a sentence without its full stop. */
export interface Explanation {
  readonly why?: string;
  readonly see?: string;
}

/** A sentence out of words: first letter large, full stop. */
export function sentence(words: string): string {
  return /[.!?]$/.test(words) ? words : `${words}.`;
}

/** `a, b and c`; of a longer list the first three, and how many more. */
export function listed(words: readonly string[], most = 3): string {
  if (words.length > most) return `${words.slice(0, most).join(", ")} and ${words.length - most} more`;
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)!}`;
}

/** How many letters have to be changed, put in or taken out to make one word of the other. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

/** Of some words the one that was most likely meant; undefined if none is near. Letters that changed places count once. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: { readonly word: string; readonly far: number } | undefined;
  for (const candidate of known) {
    const swapped = [...candidate].sort().join("") === [...word].sort().join("");
    const far = swapped ? 1 : distance(word, candidate);
    if (far <= Math.max(1, Math.floor(word.length / 3)) && (!best || far < best.far)) best = { word: candidate, far };
  }
  return best?.word;
}
