import { after, before, firstNonBlank, type Pos } from "./chars.ts";
import type { Editor } from "./editor.ts";
import { Pattern } from "./pattern.ts";

/** The last search: `n` and `N` repeat it. */
export interface Search {
  readonly pattern: string;
  readonly backwards: boolean;
  /** `e+1`, `+2`, … */
  readonly offset: string;
}

export interface SearchResult {
  readonly from: Pos;
  readonly to: Pos;
  readonly wrapped: boolean;
}

export function compilePattern(editor: Editor, source: string): Pattern | undefined {
  const { options } = editor;
  const made = Pattern.of(source, {
    ignorecase: options.on("ignorecase"),
    smartcase: options.on("smartcase"),
    magic: options.on("magic"),
    tilde: editor.lastSubstitute?.replacement ?? "",
  });
  if (typeof made !== "string") return made;
  editor.error(made);
  return undefined;
}

/** The next match from a place on, or back from it, around the end of the text with 'wrapscan'. */
export function searchFrom(
  editor: Editor,
  pattern: Pattern,
  from: Pos,
  backwards: boolean,
  atCursor = false,
): SearchResult | undefined {
  const { buffer, options } = editor;
  const count = buffer.count;
  const turns = options.on("wrapscan") ? count : backwards ? from.line : count - 1 - from.line;
  for (let step = 0; step <= turns; step++) {
    const line = backwards ? (from.line - step + count) % count : (from.line + step) % count;
    const text = buffer.line(line);
    const wrapped = backwards
      ? line > from.line || (step > 0 && line === from.line)
      : line < from.line || (step > 0 && line === from.line);
    if (!backwards) {
      const start = step === 0 ? (atCursor ? from.col : after(text, from.col)) : 0;
      if (step === 0 && !atCursor && start >= text.length) continue;
      const found = pattern.find(text, start);
      if (found)
        return result(
          line,
          found.start > 0 && found.start === text.length ? { start: before(text, text.length), end: found.end } : found,
          wrapped,
        );
    } else {
      const found = pattern.all(text).findLast((one) => step > 0 || one.start < from.col);
      if (found) return result(line, found, wrapped);
    }
  }
  return undefined;
}

function result(line: number, found: { start: number; end: number }, wrapped: boolean): SearchResult {
  return { from: { line, col: found.start }, to: { line, col: found.end }, wrapped };
}

/**
 * Where a search goes, `count` times, its offset applied; says in vim's words why it goes nowhere. `sideways` searches against
 * its direction (`N`).
 */
export function runSearch(
  editor: Editor,
  search: Search,
  count: number,
  opposite = false,
): { to: Pos; line: boolean; inclusive: boolean } | undefined {
  // prettier-ignore
  const pattern = compilePattern(editor, search.pattern);
  if (!pattern) return undefined;
  const backwards = search.backwards !== opposite;
  let from = editor.cursor;
  // With an offset to the end the search goes on behind the match that it stands on.
  const offset = /^([esb]?)([+-]?)(\d*)$/.exec(search.offset);
  const byLine = offset !== null && offset[1] === "" && search.offset !== "";
  if (byLine)
    from = backwards ? { line: from.line, col: 0 } : { line: from.line, col: Math.max(0, editor.line.length) };
  else if (offset?.[1] === "e" && !backwards) from = { line: from.line, col: from.col };
  let found: SearchResult | undefined;
  let wrapped = false;
  for (let rest = count; rest > 0; rest--) {
    found = searchFrom(editor, pattern, from, backwards);
    if (!found) break;
    wrapped ||= found.wrapped;
    from = found.from;
  }
  if (!found) {
    if (editor.options.on("wrapscan")) editor.error(`E486: Pattern not found: ${search.pattern}`);
    else
      editor.error(
        `${backwards ? "E384: Search hit TOP without match for" : "E385: Search hit BOTTOM without match for"}: ${search.pattern}`,
      );
    return undefined;
  }
  if (wrapped)
    editor.say(`search hit ${backwards ? "TOP, continuing at BOTTOM" : "BOTTOM, continuing at TOP"}`, "warning");
  if (!offset || search.offset === "") return { to: found.from, line: false, inclusive: false };
  const [, kind, sign, digits] = offset;
  const by = (sign === "-" ? -1 : 1) * (digits === "" ? (sign === "" ? 0 : 1) : Number(digits));
  if (byLine) {
    const line = Math.max(0, Math.min(editor.buffer.count - 1, found.from.line + by));
    return { to: { line, col: firstNonBlank(editor.buffer.line(line)) }, line: true, inclusive: false };
  }
  const text = editor.buffer.line(found.from.line);
  let col = kind === "e" ? before(text, found.to.col) : found.from.col;
  for (let rest = Math.abs(by); rest > 0; rest--) col = by > 0 ? after(text, col) : before(text, col);
  return { to: { line: found.from.line, col }, line: false, inclusive: kind === "e" };
}

/** Reads `pattern/offset` as typed; an empty pattern is the last one. Undefined if there is none: said. */
export function readSearch(editor: Editor, typed: string, prompt: "/" | "?"): Search | undefined {
  const end = closing(typed, prompt);
  const source = typed.slice(0, end);
  const offset = typed.slice(end + 1);
  const pattern = source === "" ? editor.search?.pattern : prompt === "?" ? source.replace(/\\\?/g, "?") : source.replace(/\\\//g, "/"); // prettier-ignore
  if (pattern === undefined) {
    editor.error("E35: No previous regular expression");
    return undefined;
  }
  const sameAgain = source === "" && end >= typed.length;
  return { pattern, backwards: prompt === "?", offset: sameAgain ? (editor.search?.offset ?? "") : offset };
}

/** Where a pattern ends: at the first delimiter that is not escaped or in brackets. */
export function closing(text: string, delimiter: string): number {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "[") {
      const rest = /^\[\^?\]?(?:\\.|[^\]\\])*\]/.exec(text.slice(at))?.[0];
      if (rest !== undefined && rest.length > 1) at += rest.length - 1;
    } else if (text[at] === delimiter) return at;
  }
  return text.length;
}
