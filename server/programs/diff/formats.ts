import type { Edit } from "./edits.ts";

/** The lines of a file. The last one may lack its newline. */
export interface Side {
  readonly lines: readonly string[];
  readonly endsOpen: boolean;
}

function printed(sign: string, side: Side, at: number): string {
  const open = side.endsOpen && at === side.lines.length - 1;
  return `${sign}${side.lines[at]!}\n${open ? "\\ No newline at end of file\n" : ""}`;
}

function block(sign: string, side: Side, from: number, to: number): string {
  let text = "";
  for (let at = from; at < to; at++) text += printed(sign, side, at);
  return text;
}

/** `2c2`, `< old`, `---`, `> new`. */
export function normal(one: Side, two: Side, changes: readonly Edit[]): string {
  const range = ([from, to]: readonly [number, number]): string => {
    if (to <= from) return String(from);
    return to === from + 1 ? String(to) : `${from + 1},${to}`;
  };
  return changes
    .map((change) => {
      const gone = change.one[1] > change.one[0];
      const come = change.two[1] > change.two[0];
      const letter = gone && come ? "c" : gone ? "d" : "a";
      const old = block("< ", one, ...change.one);
      const fresh = block("> ", two, ...change.two);
      return `${range(change.one)}${letter}${range(change.two)}\n${old}${gone && come ? "---\n" : ""}${fresh}`;
    })
    .join("");
}

/** The hunks of `diff -u`, without the two lines of its head. */
export function unified(one: Side, two: Side, changes: readonly Edit[], context: number): string {
  const hunks: Edit[][] = [];
  for (const change of changes) {
    const last = hunks.at(-1);
    if (last && change.one[0] - last.at(-1)!.one[1] <= 2 * context) last.push(change);
    else hunks.push([change]);
  }
  return hunks.map((hunk) => unifiedHunk(one, two, hunk, context)).join("");
}

function unifiedHunk(one: Side, two: Side, hunk: readonly Edit[], context: number): string {
  const [first, last] = [hunk[0]!, hunk.at(-1)!];
  const before = Math.min(context, first.one[0]);
  const after = Math.min(context, one.lines.length - last.one[1]);
  const range = (from: number, to: number): string =>
    to - from === 1 ? String(to) : `${to === from ? from : from + 1},${to - from}`;
  let text = `@@ -${range(first.one[0] - before, last.one[1] + after)} +${range(first.two[0] - before, last.two[1] + after)} @@\n`;
  let at = first.one[0] - before;
  for (const change of hunk) {
    text += block(" ", one, at, change.one[0]) + block("-", one, ...change.one) + block("+", two, ...change.two);
    at = change.one[1];
  }
  return text + block(" ", one, at, last.one[1] + after);
}
