import type { Editor } from "./editor.ts";

/**
 * What the last line says in busybox' small vi (editors/vi.c format_edit_status, status_line…): its own words for vim's
 * messages. Those it has none for here (how much was deleted or undone) give way to the status. `bold` is reverse video.
 */
export function busyboxStatus(editor: Editor): { readonly text: string; readonly bold: boolean } {
  const { text, style, echo } = editor.message;
  const said = text === "" || echo ? undefined : words(text);
  if (said !== undefined) return { text: said, bold: style === "error" };
  const { buffer, cursor, mode, options } = editor;
  const letter = mode === "insert" ? "I" : mode === "replace" ? "R" : "-";
  const flags = `${options.on("readonly") ? " [Readonly]" : ""}${buffer.modified ? " [Modified]" : ""}`;
  const percent = Math.floor(((cursor.line + 1) * 100) / buffer.count);
  return {
    text: `${letter} ${editor.file || "No file"}${flags} ${cursor.line + 1}/${buffer.count} ${percent}%`,
    bold: false,
  };
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^E37: .*/, "No write since last change (:q! overrides)"],
  [/^E492: Not an editor command: (.*)/, "'$1' is not implemented"],
  [/^E486: .*/, "Pattern not found"],
  [/^E35: .*/, "No previous search"],
  [/^E518: Unknown option: (.*)/, "bad option: $1"],
  [/^E353: Nothing in register ["0]?(.*)/, "Nothing in register D"],
  [/^E173: (\d+) more files? to edit/, "$1 more file(s) to edit"],
  [/^E32: .*/, "No current filename"],
  [/^E13: .*/, "File exists (:w! overrides)"],
  [/^"(.*)" (?:\[.*\] )?(\d+)L, (\d+)B(?: written)?$/, "'$1' $2L, $3C"],
  [
    /^(\d+ substitutions? on \d+ lines?|Already at oldest change|search hit .*|'.*' is not implemented|drydock: .*)$/,
    "$1",
  ],
];

function words(text: string): string | undefined {
  const known = WORDS.find(([pattern]) => pattern.test(text));
  return known && text.replace(known[0], known[1]);
}

/** Commands of vim that busybox' vi does not have. */
const MISSING = /^(?:[vVqU@*#&KQ]|\x16|\x0f|\x18|\x01|\t|g[^g]|z[^.tzb\r-])$/;

/** Says so for a command that busybox' vi does not have. */
export function busyboxRefuses(editor: Editor, name: string): boolean {
  if (editor.flavour !== "busybox" || !MISSING.test(name)) return false;
  const shown = name.replace(/[\0-\x1f]/g, (char) => `^${String.fromCharCode(char.charCodeAt(0) + 64)}`);
  editor.error(`'${shown}' is not implemented`);
  return true;
}
