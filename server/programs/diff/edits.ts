/** A run of lines that differ: `[from, to)` of the one file in the place of `[from, to)` of the other, counted from 0. */
export interface Edit {
  readonly one: readonly [from: number, to: number];
  readonly two: readonly [from: number, to: number];
}

/** Past this many differing lines the search for the shortest script ends, and all that is left counts as changed. */
const MOST_CHANGES = 4000;

/**
 * The shortest script that makes one list of lines the other (Myers 1986), its runs where GNU diff has them: joined and as
 * far down as they can be moved (diffutils src/analyze.c shift_boundaries).
 */
export function edits(one: readonly string[], two: readonly string[]): Edit[] {
  const gone = Array.from(one, () => false);
  const come = Array.from(two, () => false);
  mark(one, two, gone, come);
  shift(one, gone, come);
  shift(two, come, gone);
  const found: Edit[] = [];
  for (let a = 0, b = 0; a < one.length || b < two.length; a++, b++) {
    const [from, start] = [a, b];
    while (gone[a]) a++;
    while (come[b]) b++;
    if (a > from || b > start) found.push({ one: [from, a], two: [start, b] });
  }
  return found;
}

/** Marks the lines that are not in the longest common sequence. */
function mark(one: readonly string[], two: readonly string[], gone: boolean[], come: boolean[]): void {
  let head = 0;
  let [endOne, endTwo] = [one.length, two.length];
  while (head < endOne && head < endTwo && one[head] === two[head]) head++;
  while (endOne > head && endTwo > head && one[endOne - 1] === two[endTwo - 1]) {
    endOne--;
    endTwo--;
  }
  const [n, m] = [endOne - head, endTwo - head];
  const steps = search(n, m, (x, y) => one[head + x] === two[head + y]);
  if (!steps) {
    gone.fill(true, head, endOne);
    come.fill(true, head, endTwo);
    return;
  }
  let [x, y] = [n, m];
  for (let d = steps.length - 1; d > 0; d--) {
    const before = steps[d - 1]!;
    const k = x - y;
    const down = k === -d || (k !== d && (before.get(k - 1) ?? -1) < (before.get(k + 1) ?? -1));
    const from = down ? before.get(k + 1)! : before.get(k - 1)!;
    if (down) come[head + from - (k + 1)] = true;
    else gone[head + from] = true;
    x = from;
    y = from - (down ? k + 1 : k - 1);
  }
}

/** How far each diagonal was reached after 0, 1, 2… changes, until the end was. */
function search(n: number, m: number, same: (x: number, y: number) => boolean): Map<number, number>[] | undefined {
  const steps: Map<number, number>[] = [];
  for (let d = 0; d <= Math.min(n + m, MOST_CHANGES); d++) {
    const before = steps[d - 1];
    const now = new Map<number, number>();
    steps.push(now);
    for (let k = -d; k <= d; k += 2) {
      const [left, above] = [before?.get(k - 1) ?? -1, before?.get(k + 1) ?? -1];
      let x = d === 0 ? 0 : k === -d || (k !== d && left < above) ? above : left + 1;
      if (x > n || x - k > m || (d > 0 && x < 0)) continue;
      while (x < n && x - k < m && same(x, x - k)) x++;
      now.set(k, x);
      if (x >= n && x - k >= m) return steps;
    }
  }
  return undefined;
}

/** Moves runs of changes: up to meet others, then down as far as lines repeat, then back to where the other file changes. */
function shift(lines: readonly string[], changed: boolean[], other: readonly boolean[]): void {
  let at = 0;
  let beside = 0;
  for (;;) {
    while (at < lines.length && !changed[at]) {
      while (other[beside++]);
      at++;
    }
    if (at >= lines.length) return;
    let start = at;
    while (changed[at]) at++;
    while (other[beside]) beside++;
    let meeting: number;
    let length: number;
    do {
      length = at - start;
      while (start > 0 && lines[start - 1] === lines[at - 1]) {
        changed[--start] = true;
        changed[--at] = false;
        while (changed[start - 1]) start--;
        while (other[--beside]);
      }
      meeting = other[beside - 1] ? at : lines.length;
      while (at < lines.length && lines[start] === lines[at]) {
        changed[start++] = false;
        changed[at++] = true;
        while (changed[at]) at++;
        while (other[++beside]) meeting = at;
      }
    } while (length !== at - start);
    while (meeting < at) {
      changed[--start] = true;
      changed[--at] = false;
      while (other[--beside]);
    }
  }
}
