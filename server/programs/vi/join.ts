import { firstNonBlank } from "./chars.ts";
import type { Editor } from "./editor.ts";

/** `J` and `gJ`: makes one of `count` lines. False if there are not so many. As do_join(). */
export function joinLines(editor: Editor, line: number, count: number, spaces: boolean): boolean {
  const { buffer } = editor;
  if (line + count > buffer.count) {
    // A count that goes beyond the end joins what there is, but one line alone is none.
    if (line + 1 >= buffer.count) return false;
    count = buffer.count - line;
  }
  let text = buffer.line(line);
  let col = 0;
  for (let at = 1; at < count; at++) {
    let more = buffer.line(line + at);
    if (spaces) {
      more = more.slice(firstNonBlank(more));
      const ending = text.at(-1) ?? "";
      const none = more === "" || more.startsWith(")") || text === "" || ending === "\t" || ending === " ";
      const sentence = editor.options.on("joinspaces") && /[.!?]$/.test(text);
      const gap = none ? "" : sentence ? "  " : " ";
      col = text.length;
      text += gap + more;
    } else {
      col = text.length;
      text += more;
    }
  }
  buffer.replace(line, count, [text]);
  editor.cursor = { line, col };
  editor.clampCursor();
  return true;
}
