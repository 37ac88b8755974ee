export interface DiffLine {
  readonly kind: "same" | "gone" | "new";
  readonly text: string;
}

/** The lines of two texts, matched by their longest common subsequence. Made for objects of some hundred lines. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [lines(before), lines(after)];
  const width = b.length + 1;
  /** `common[i * width + j]`: how many lines `a` from i and `b` from j have in common. */
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] =
        a[i] === b[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
  const diff: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length)
    if (i < a.length && j < b.length && a[i] === b[j]) {
      diff.push({ kind: "same", text: a[i++]! });
      j++;
    } else if (j === b.length || (i < a.length && common[(i + 1) * width + j]! >= common[i * width + j + 1]!))
      diff.push({ kind: "gone", text: a[i++]! });
    else diff.push({ kind: "new", text: b[j++]! });
  return diff;
}

function lines(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}
