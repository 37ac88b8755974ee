import { decode, encode } from "../../../sim/kernel/index.ts";
import type { Editor, Steps } from "../editor.ts";
import { toIndent } from "../files.ts";

/** A command's text with `%`, `#` and `!` put in; undefined: said what is missing. */
function expanded(editor: Editor, command: string): string | undefined {
  let failed: string | undefined;
  const text = command.replace(/\\([%#!])|[%#!]/g, (whole, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    if (whole === "!") {
      if (editor.lastShell === undefined) failed = "E34: No previous command";
      return editor.lastShell ?? "";
    }
    const name = whole === "%" ? editor.file : editor.alternate;
    if (name === "") failed = whole === "%" ? "E499: Empty file name for '%' or '#', only works with \":p:h\"" : "E194: No alternate file name to substitute for '#'"; // prettier-ignore
    return name;
  });
  if (failed !== undefined) return void editor.error(failed);
  editor.lastShell = text;
  return text;
}

/** `:!command`: runs on the terminal below the text; with input the lines are its standard input. */
export function* shellCommand(editor: Editor, command: string, input?: string): Steps<boolean> {
  const text = expanded(editor, command);
  if (text === undefined) return false;
  const answer = yield { kind: "shell", command: text, ...(input === undefined ? {} : { input: encode(input) }) };
  editor.say("");
  if (input !== undefined) {
    const lines = decode(answer.output ?? "")
      .replace(/\n$/, "")
      .split("\n");
    yield* editor.show([`:w !${text}`, ...lines], true);
    return true;
  }
  editor.pressEnter = answer.code ?? 0;
  yield* editor.key();
  editor.pressEnter = undefined;
  editor.redraw = true;
  return true;
}

/** `:1,3!sort`: the lines become what a command makes of them. */
export function* filterLines(editor: Editor, from: number, to: number, command: string): Steps<boolean> {
  const text = expanded(editor, command);
  if (text === undefined) return false;
  const { buffer } = editor;
  const lines = to - from + 1;
  const input = `${buffer.lines.slice(from, to + 1).join("\n")}\n`;
  const answer = yield { kind: "shell", command: text, input: encode(input) };
  const output = decode(answer.output ?? "");
  const made = output === "" ? [] : output.replace(/\n$/, "").split("\n");
  buffer.replace(from, lines, made);
  toIndent(editor, Math.min(from, buffer.count - 1));
  editor.redraw = true;
  if (lines > 2) editor.say(`${lines} lines filtered`);
  else editor.say(`:${from + 1},${to + 1}!${text}`);
  if ((answer.code ?? 0) !== 0) editor.say(`shell returned ${answer.code}`);
  return true;
}
