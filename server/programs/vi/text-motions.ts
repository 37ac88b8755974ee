import { firstNonBlank, last, type Pos } from "./chars.ts";
import type { Editor } from "./editor.ts";
import { atIndent, times, type Motion } from "./motion.ts";
import { Walker } from "./walker.ts";

/** `{` and `}`: to the empty line behind or before the paragraph. */
export function paragraph(direction: 1 | -1): Motion {
  return {
    extent: "exclusive",
    jump: true,
    go(call) {
      const { buffer, cursor } = call.editor;
      let { line } = cursor;
      for (let rest = times(call); rest > 0; rest--) {
        let skipped = false;
        for (let first = true; ; first = false) {
          if (buffer.line(line) !== "") skipped = true;
          if (!first && skipped && buffer.line(line) === "") break;
          line += direction;
          if (line < 0 || line >= buffer.count) {
            if (rest > 1) return undefined;
            line -= direction;
            if (direction < 0) return line === cursor.line && cursor.col === 0 ? undefined : { to: { line, col: 0 } };
            const text = buffer.line(line);
            return { to: { line, col: last(text) }, ...(text === "" ? {} : { extent: "inclusive" as const }) };
          }
        }
      }
      return { to: { line, col: 0 } };
    },
  };
}

const SENTENCE_END = /[.!?][)\]"']*(?=\s|$)/g;

/** `(` and `)`: to the start of a sentence. Ends of paragraphs end sentences too. */
export function sentence(direction: 1 | -1): Motion {
  return {
    extent: "exclusive",
    jump: true,
    go(call) {
      const { buffer, cursor } = call.editor;
      const starts = (line: number): number[] => {
        const text = buffer.line(line);
        if (text === "") return line === 0 || buffer.line(line - 1) !== "" ? [0] : [];
        const found: number[] = [];
        const begun = line === 0 || buffer.line(line - 1) === "" || /[.!?][)\]"']*\s*$/.test(buffer.line(line - 1));
        if (begun && firstNonBlank(text) < text.length) found.push(firstNonBlank(text));
        for (const match of text.matchAll(SENTENCE_END)) {
          const next = match.index + match[0].length;
          const at = next + firstNonBlank(text.slice(next));
          if (at < text.length) found.push(at);
        }
        return found;
      };
      let [line, col] = [cursor.line, cursor.col];
      for (let rest = times(call); rest > 0; rest--) {
        for (;;) {
          const here = starts(line).filter((at) => (direction > 0 ? at > col : at < col));
          const at = direction > 0 ? here[0] : here.at(-1);
          if (at !== undefined) {
            col = at;
            break;
          }
          line += direction;
          if (line < 0) return cursor.line === 0 && cursor.col === 0 ? undefined : { to: { line: 0, col: 0 } };
          if (line >= buffer.count)
            return { to: { line: line - 1, col: last(buffer.line(line - 1)) }, extent: "inclusive" };
          col = direction > 0 ? -1 : Infinity;
        }
      }
      return { to: { line, col } };
    },
  };
}

const PAIRS: Readonly<Record<string, readonly [string, 1 | -1]>> = {
  "(": [")", 1], "[": ["]", 1], "{": ["}", 1], "<": [">", 1], ">": ["<", -1], ")": ["(", -1], "]": ["[", -1], "}": ["{", -1],
}; // prettier-ignore

/** Where the bracket at a place has its partner. Brackets within double quotes count only for those within. */
export function partner(editor: Editor, from: Pos): Pos | undefined {
  const walker = new Walker(editor.buffer, from);
  const own = walker.char;
  const pair = PAIRS[own];
  if (!pair) return undefined;
  const [other, direction] = pair;
  for (let depth = 1; ;) {
    if ((direction > 0 ? walker.incl() : walker.decl()) === -1) return undefined;
    const { char } = walker;
    if (char === own) depth++;
    else if (char === other && --depth === 0) return walker.pos;
  }
}

export const percent: Motion = {
  extent: "inclusive",
  jump: true,
  go(call) {
    const { editor } = call;
    const { buffer, cursor } = editor;
    if (call.count !== undefined) {
      if (call.count > 100) return undefined;
      return { ...atIndent(editor, Math.floor((call.count * buffer.count + 99) / 100) - 1), extent: "line" };
    }
    const text = editor.line;
    for (let at = cursor.col; at < text.length; at++) {
      if (!/[()[\]{}]/.test(text[at]!)) continue;
      const to = partner(editor, { line: cursor.line, col: at });
      return to && { to };
    }
    return undefined;
  },
};
