import { columnAt, indentOf } from "./chars.ts";

// As vim's runtime/indent/yaml.vim GetYAMLIndent() (2022 Jun 17), which defaults.vim turns on.

const MAP_KEY = /^\s*(?!#)(?=\S)(?:'(?:[^']|'')*'|"(?:[^"\\]|\\.)*"|(?:(?!: ).)*):(?: |$)/;
const LIST_START = /^\s*-(?: |$)/;
const COMMENT = /^\s*#/;

/** The indent of a line (from 0) by the lines above it. */
export function yamlIndent(lines: readonly string[], line: number, tabstop: number, shift: number): number {
  const indent = (at: number): number => indentOf(lines[at] ?? "", tabstop);
  const previousNonBlank = (from: number): number => {
    let at = from;
    while (at >= 0 && /^\s*$/.test(lines[at]!)) at--;
    return at;
  };
  const lessIndented = (from: number, than: number): number => {
    let at = previousNonBlank(from - 1);
    while (at >= 0 && indent(at) >= than && !COMMENT.test(lines[at]!)) at = previousNonBlank(at - 1);
    return at;
  };
  const lessOrEqualMatching = (from: number, pattern: RegExp): number => {
    let at = lessIndented(from, indent(from) + 1);
    while (at >= 0 && !pattern.test(lines[at]!)) at = lessIndented(at, indent(at));
    return at;
  };
  let previous = previousNonBlank(line - 1);
  if (line === 0 || previous < 0) return 0;
  const ownIndent = indent(previous);
  const text = lines[line] ?? "";
  if (COMMENT.test(text) && COMMENT.test(lines[line - 1]!)) return ownIndent;
  if (/^\s*[\]}]/.test(text)) return at0(lessIndented(line, indent(line)), indent);
  while (COMMENT.test(lines[previous]!)) {
    previous = previousNonBlank(previous - 1);
    if (previous < 0) return ownIndent;
  }
  const before = lines[previous]!;
  const beforeIndent = indent(previous);
  if (/[{[:]$|[:-] [|>][+-]?(?:\s+#.*|\s*)$/.test(before)) return beforeIndent + shift;
  if (/[:-] [|>](?:\d+[+-]?|[+-]?\d+)(?:#.*|\s*)$/.test(before)) {
    return beforeIndent + Number(/[:-] [|>][+-]?(\d+)/.exec(before)?.[1] ?? 0);
  }
  const escaped = /"(?:[^"\\]|\\.)*\\$/.exec(before);
  if (escaped) return columnAt(before, escaped.index, tabstop) + 1;
  if (LIST_START.test(text)) return at0(lessOrEqualMatching(line, LIST_START), indent);
  if (MAP_KEY.test(text)) {
    const key = lessOrEqualMatching(line, MAP_KEY);
    if (key >= 0 && /^\s*- /.test(lines[key]!)) return indent(key) + 2;
    return at0(key, indent);
  }
  if (/^\s*- /.test(before)) return beforeIndent + 2;
  // The rest of the pattern there matches the empty text as well.
  return MAP_KEY.test(before) ? beforeIndent + shift : beforeIndent;
}

/** indent() of no line is -1, which leaves the line as it is. */
function at0(line: number, indent: (at: number) => number): number {
  return line < 0 ? -1 : indent(line);
}
