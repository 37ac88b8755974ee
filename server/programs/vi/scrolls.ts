import { firstNonBlank, last } from "./chars.ts";
import type { Editor } from "./editor.ts";

export type Scroll = (editor: Editor, count: number | undefined) => void;

function toIndent(editor: Editor): void {
  editor.moveTo({ line: editor.cursor.line, col: Math.min(firstNonBlank(editor.line), last(editor.line)) });
}

function half(direction: 1 | -1): Scroll {
  return (editor, count) => {
    if (!editor.view.half(direction, count)) editor.fail();
    else toIndent(editor);
  };
}

function page(direction: 1 | -1): Scroll {
  return (editor, count) => {
    if (!editor.view.page(direction, count ?? 1)) editor.fail();
    else toIndent(editor);
  };
}

function place(where: "top" | "middle" | "bottom", indent: boolean): Scroll {
  return (editor, count) => {
    if (count !== undefined) editor.moveTo({ line: Math.min(count, editor.buffer.count) - 1, col: editor.cursor.col });
    editor.view.follow();
    editor.view.place(where);
    if (indent) toIndent(editor);
  };
}

/** Commands that move the window over the text, the cursor staying in it. */
export const SCROLLS: Readonly<Record<string, Scroll>> = {
  "\x04": half(1), "\x15": half(-1), "\x06": page(1), "\x02": page(-1), "<PageDown>": page(1), "<PageUp>": page(-1), "<S-Down>": page(1), "<S-Up>": page(-1),
  "\x05": (editor, count) => editor.view.scroll(count ?? 1), "\x19": (editor, count) => editor.view.scroll(-(count ?? 1)),
  zt: place("top", false), "z\r": place("top", true), zz: place("middle", false), "z.": place("middle", true), zb: place("bottom", false), "z-": place("bottom", true),
}; // prettier-ignore
