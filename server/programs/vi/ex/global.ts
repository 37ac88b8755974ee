import type { Steps } from "../editor.ts";
import { closing, compilePattern } from "../search.ts";
import type { ExCall } from "./ex-command.ts";

/** `:g/pattern/command` and `:v`. As ex_global(): lines are marked first, then the command runs on each. */
export function* global(call: ExCall): Steps<boolean> {
  const { editor, bang } = call;
  const invert = bang || call.name === "vglobal";
  const text = call.raw.replace(/^[ \t]+/, "");
  if (editor.quiet > 0) return editor.error("E147: Cannot do :global recursive with a range");
  if (text === "") return editor.error("E148: Regular expression missing from :global");
  const delimiter = text[0]!;
  const end = closing(text.slice(1), delimiter) + 1;
  let source = text.slice(1, end).replaceAll(`\\${delimiter}`, delimiter);
  if (source === "") source = editor.search?.pattern ?? "";
  const command = text.slice(end + 1) || "p";
  const pattern = compilePattern(editor, source);
  if (!pattern) return editor.error("E476: Invalid command", editor.message.text);
  editor.search = { pattern: source, backwards: false, offset: "" };
  const { buffer } = editor;
  const whole = call.range.given === 0;
  const [from, to] = whole ? [0, buffer.count - 1] : [call.range.from, call.range.to];
  const marked: string[] = [];
  for (let line = from; line <= to; line++) {
    if ((pattern.find(buffer.line(line)) !== undefined) === invert) continue;
    // Marks follow their lines through the changes.
    buffer.marks.set(`global${marked.length}`, { line, col: 0 });
    marked.push(`global${marked.length}`);
  }
  if (marked.length === 0) {
    editor.say(`${invert ? "Pattern found in every line" : "Pattern not found"}: ${source}`);
    return true;
  }
  const before = buffer.count;
  const printed = editor.printed;
  editor.printed = [];
  editor.quiet++;
  editor.substituted = { count: 0, lines: 0 };
  editor.jumpFrom();
  let last: number | undefined;
  for (const name of marked) {
    const mark = buffer.marks.get(name);
    buffer.marks.delete(name);
    if (!mark) continue;
    editor.cursor = { line: mark.line, col: 0 };
    last = mark.line;
    const fine = yield* editor.hooks.execute(editor, command);
    if (!fine && editor.exit !== undefined) break;
    if (!fine && editor.failed) break;
  }
  for (const name of marked) buffer.marks.delete(name);
  editor.quiet--;
  const lines = editor.printed;
  editor.printed = printed;
  if (last !== undefined) editor.clampCursor();
  editor.aim();
  if (lines.length > 0) yield* editor.show([`:${call.line}`, ...lines], true);
  else if (editor.substituted.count > 2) {
    const { count, lines: on } = editor.substituted;
    editor.say(`${count} substitutions on ${on} ${on === 1 ? "line" : "lines"}`);
  } else editor.reportLines(buffer.count - before);
  return true;
}
