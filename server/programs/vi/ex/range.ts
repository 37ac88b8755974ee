import type { Editor } from "../editor.ts";
import { markAt } from "../search-motions.ts";
import { closing, compilePattern, searchFrom } from "../search.ts";

export interface Range {
  /** Lines from 0; `from` may be -1 for `:0`. */
  readonly from: number;
  readonly to: number;
  /** How many addresses were given. */
  readonly given: number;
  readonly rest: string;
}

/** Reads the lines a command is for; false: said what is wrong. */
export function readRange(editor: Editor, text: string): Range | false {
  let rest = text.replace(/^[ \t:]+/, "");
  const lines: number[] = [];
  const current = editor.cursor;
  let dot = current.line;
  if (rest.startsWith("%")) return { from: 0, to: editor.buffer.count - 1, given: 2, rest: rest.slice(1) };
  if (rest.startsWith("*") && editor.lastVisual) rest = `'<,'>${rest.slice(1)}`;
  for (;;) {
    const address = readAddress(editor, rest, dot);
    if (address === false) return false;
    rest = address.rest.replace(/^[ \t]+/, "");
    const separator = rest[0];
    if (address.line !== undefined) lines.push(address.line);
    else if (separator === "," || separator === ";" || lines.length > 0) lines.push(dot);
    if (separator !== "," && separator !== ";") break;
    if (separator === ";") dot = lines.at(-1)!;
    rest = rest.slice(1);
    // A comma with nothing behind it means the current line.
    if (!/^[ \t]*[\d.$'/?\\+%-]/.test(rest)) {
      lines.push(dot);
      break;
    }
  }
  const to = lines.at(-1) ?? current.line;
  const from = lines.length > 1 ? lines.at(-2)! : to;
  return { from, to, given: Math.min(lines.length, 2), rest };
}

function readAddress(editor: Editor, text: string, dot: number): { line: number | undefined; rest: string } | false {
  let rest = text.replace(/^[ \t]+/, "");
  let line: number | undefined;
  const first = rest[0] ?? "";
  const digits = /^\d+/.exec(rest)?.[0];
  if (digits !== undefined) {
    line = Number(digits) - 1;
    rest = rest.slice(digits.length);
  } else if (first === ".") {
    line = dot;
    rest = rest.slice(1);
  } else if (first === "$") {
    line = editor.buffer.count - 1;
    rest = rest.slice(1);
  } else if (first === "%") {
    line = 0;
  } else if (first === "'" || first === "`") {
    const mark = markAt(editor, rest[1] ?? "");
    if (!mark)
      return editor.error(/[a-zA-Z0-9<>'.^[\]]/.test(rest[1] ?? "") ? "E20: Mark not set" : "E78: Unknown mark");
    line = mark.line;
    rest = rest.slice(2);
  } else if (first === "/" || first === "?") {
    const end = closing(rest.slice(1), first) + 1;
    const source = rest.slice(1, end) || editor.search?.pattern;
    if (source === undefined) return editor.error("E35: No previous regular expression");
    rest = rest.slice(end + 1);
    const pattern = compilePattern(editor, source);
    if (!pattern) return false;
    editor.search = { pattern: source, backwards: first === "?", offset: "" };
    const from = first === "/" ? { line: dot, col: editor.buffer.line(dot).length } : { line: dot, col: 0 };
    const found = searchFrom(editor, pattern, from, first === "?");
    if (!found) return editor.error(`E486: Pattern not found: ${source}`);
    if (found.wrapped)
      editor.say(`search hit ${first === "?" ? "TOP, continuing at BOTTOM" : "BOTTOM, continuing at TOP"}`, "warning");
    line = found.from.line;
  }
  for (;;) {
    const offset = /^[ \t]*([+-])[ \t]*(\d*)/.exec(rest);
    const bare = line === undefined ? undefined : /^\d+/.exec(rest);
    if (offset) {
      line = (line ?? dot) + (offset[1] === "-" ? -1 : 1) * (offset[2] === "" ? 1 : Number(offset[2]));
      rest = rest.slice(offset[0].length);
    } else if (bare) {
      line = line! + Number(bare[0]);
      rest = rest.slice(bare[0].length);
    } else break;
  }
  return { line, rest };
}
