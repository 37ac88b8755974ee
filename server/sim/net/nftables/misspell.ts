/**
 * How far two names are from each other, as nft reckons it to find what somebody may have meant (string_distance): its rows are one
 * number too short and its comparison begins at the second letter, so that its results are its own.
 */
function distance(a: string, b: string): number {
  const table = Array.from({ length: (a.length + 1) * (b.length + 1) }, () => 0);
  const at = (i: number, j: number): number => i * b.length + j;
  for (let i = 0; i <= a.length; i++) table[at(i, 0)] = i;
  for (let j = 0; j <= b.length; j++) table[at(0, j)] = j;
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const same = (a[i] ?? "") === (b[j] ?? "") ? 0 : 1;
      const least = Math.min(table[at(i - 1, j)]! + 1, table[at(i, j - 1)]! + 1, table[at(i - 1, j - 1)]! + same);
      table[at(i, j)] = least;
      if (i > 1 && j > 1 && (a[i] ?? "") === b[j - 1] && a[i - 1] === (b[j] ?? ""))
        table[at(i, j)] = Math.min(least, table[at(i - 2, j - 2)]! + same);
    }
  return table[at(a.length, b.length)]!;
}

/** The one whose name is nearest to what was written; undefined if none is near (string_misspell_update). */
export function nearest<T>(wanted: string, candidates: Iterable<T>, nameOf: (candidate: T) => string): T | undefined {
  let best: T | undefined;
  let least = Infinity;
  for (const candidate of candidates) {
    const name = nameOf(candidate);
    const longest = Math.max(name.length, wanted.length);
    if (longest <= 1) continue;
    const near = longest - Math.min(name.length, wanted.length) <= 1;
    const threshold = near ? Math.max(Math.ceil(longest / 3), 1) : Math.ceil((longest + 2) / 3);
    const far = distance(name, wanted);
    if (far > threshold || far >= least) continue;
    least = far;
    best = candidate;
  }
  return best;
}
