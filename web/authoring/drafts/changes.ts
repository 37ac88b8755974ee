import { diffLines, type DiffLine } from "../../results/diff-lines.ts";
import type { Files } from "./drafts.ts";

export interface Change {
  readonly file: string;
  readonly what: "new" | "gone" | "changed";
  /** Lines that differ with some around them; `null` stands for lines that were left out. */
  readonly lines: readonly (DiffLine | null)[];
}

const AROUND = 3;
/** Lines times lines that are compared; larger texts are shown as a whole. */
const MOST = 4_000_000;

/** What became of files: by their names, with the lines that differ. */
export function changes(before: Files, after: Files): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((file) => {
    const [a, b] = [before[file], after[file]];
    if (a === b) return [];
    const what = a === undefined ? "new" : b === undefined ? "gone" : "changed";
    return [{ file, what, lines: near(compare(a ?? "", b ?? "")) }];
  });
}

/** Common lines at both ends are not compared: most changes are small. */
function compare(before: string, after: string): DiffLine[] {
  const [a, b] = [split(before), split(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const same = (text: string): DiffLine => ({ kind: "same", text });
  const [inA, inB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const between =
    inA.length * inB.length > MOST
      ? [
          ...inA.map((text): DiffLine => ({ kind: "gone", text })),
          ...inB.map((text): DiffLine => ({ kind: "new", text })),
        ]
      : diffLines(inA.map((line) => `${line}\n`).join(""), inB.map((line) => `${line}\n`).join(""));
  return [...a.slice(0, start).map(same), ...between, ...a.slice(a.length - end).map(same)];
}

function split(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

function near(lines: readonly DiffLine[]): (DiffLine | null)[] {
  const wanted = new Set<number>();
  for (const [at, { kind }] of lines.entries())
    if (kind !== "same") for (let other = at - AROUND; other <= at + AROUND; other++) wanted.add(other);
  return lines.flatMap((line, at) => {
    if (wanted.has(at)) return [line];
    return at === 0 || wanted.has(at - 1) ? [null] : [];
  });
}
