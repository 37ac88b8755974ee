import { compilePattern, closing } from "../search.ts";
import type { ExCall } from "./ex-command.ts";

/** `:sort` with its options i, n, u, r and a pattern. As ex_sort(). */
export function sortLines({ editor, range, bang, argument, line }: ExCall): boolean {
  const { buffer } = editor;
  const [from, to] = range.given === 0 ? [0, buffer.count - 1] : [range.from, range.to];
  let flags = "";
  let source: string | undefined;
  for (let at = 0; at < argument.length; at++) {
    const char = argument[at]!;
    if (/[inur\s]/.test(char)) flags += char;
    else if (/[xofb]/.test(char)) return editor.notSimulated(`:sort ${char}`);
    else if (/[^a-zA-Z0-9"|]/.test(char)) {
      const end = closing(argument.slice(at + 1), char);
      source = argument.slice(at + 1, at + 1 + end);
      at += end + 1;
    } else return editor.error(`E474: Invalid argument: ${argument.slice(at)}: ${line}`);
  }
  const pattern = source === undefined ? undefined : compilePattern(editor, source);
  if (source !== undefined && !pattern) return false;
  const key = (text: string): string => {
    const found = pattern?.find(text);
    const part = !pattern ? text : flags.includes("r") ? (found ? text.slice(found.start, found.end) : "") : found ? text.slice(found.end) : text; // prettier-ignore
    return flags.includes("i") ? part.toLowerCase() : part;
  };
  const number = (text: string): number => Number(/-?\d+/.exec(key(text))?.[0] ?? -Infinity);
  const compare = (a: string, b: string): number =>
    flags.includes("n") ? number(a) - number(b) || 0 : key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
  let lines = buffer.lines.slice(from, to + 1).toSorted((a, b) => (bang ? compare(b, a) : compare(a, b)));
  if (flags.includes("u")) lines = lines.filter((text, at) => at === 0 || compare(lines[at - 1]!, text) !== 0);
  const before = buffer.count;
  buffer.replace(from, to - from + 1, lines);
  editor.reportLines(buffer.count - before);
  editor.moveTo({ line: Math.min(from, buffer.count - 1), col: 0 });
  return true;
}
