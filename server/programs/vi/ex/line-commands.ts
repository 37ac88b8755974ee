import { columnAt } from "../chars.ts";
import type { Editor } from "../editor.ts";
import { toIndent } from "../files.ts";
import { blanks, shiftLine } from "../indent.ts";
import { joinLines } from "../join.ts";
import type { ExCall, ExCommand } from "./ex-command.ts";
import { readRange } from "./range.ts";

/** `[x] [count]` behind `:d`, `:y`, `:>`: a register and a number of lines. False if there is more. */
function registerAndCount(
  { editor, argument, range, line }: ExCall,
  registers: boolean,
): { from: number; to: number; register: string | undefined } | false {
  // prettier-ignore
  const match = (registers ? /^([a-zA-Z"0-9+*_-]?)\s*(\d*)$/ : /^()(\d*)$/).exec(argument);
  if (!match) return editor.error(`E488: Trailing characters: ${argument}: ${line}`);
  let [, register, digits] = match as unknown as [string, string, string];
  if (/^\d$/.test(register)) [register, digits] = ["", register + digits];
  const { from, to } = range;
  if (digits === "") return { from, to, register: register || undefined };
  return { from: to, to: Math.min(editor.buffer.count - 1, to + Number(digits) - 1), register: register || undefined };
}

export const deleteLines: ExCommand = {
  range: true, argument: true,
  run(call) {
    const { editor } = call;
    const what = registerAndCount(call, true);
    if (!what) return false;
    const { buffer } = editor;
    if (buffer.none) return true;
    const before = buffer.count;
    editor.registers.delete(what.register, { kind: "line", lines: buffer.lines.slice(what.from, what.to + 1) }, true);
    buffer.replace(what.from, what.to - what.from + 1, []);
    if (what.to - what.from + 1 >= before) {
      buffer.none = true;
      editor.say("--No lines in buffer--");
    } else editor.reportLines(buffer.count - before);
    toIndent(editor, Math.min(what.from, buffer.count - 1));
    return true;
  },
}; // prettier-ignore

export const yankLines: ExCommand = {
  range: true, argument: true,
  run(call) {
    const { editor } = call;
    const what = registerAndCount(call, true);
    if (!what) return false;
    const lines = editor.buffer.lines.slice(what.from, what.to + 1);
    editor.registers.yank(what.register, { kind: "line", lines });
    if (lines.length > 2) editor.say(`${lines.length} lines yanked${what.register ? ` into "${what.register}` : ""}`);
    return true;
  },
}; // prettier-ignore

export function shift(direction: 1 | -1): ExCommand {
  return {
    range: true,
    argument: true,
    run(call) {
      const { editor } = call;
      const more = /^[<>]*/.exec(call.argument)![0].length;
      const what = registerAndCount({ ...call, argument: call.argument.slice(more).trim() }, false);
      if (!what) return false;
      for (let line = what.from; line <= what.to; line++) {
        if (editor.buffer.line(line) !== "") shiftLine(editor, line, direction * (more + 1));
      }
      const lines = what.to - what.from + 1;
      toIndent(editor, what.to);
      if (lines > 2)
        editor.say(`${lines} lines ${direction > 0 ? ">" : "<"}ed ${more + 1} ${more === 0 ? "time" : "times"}`);
      return true;
    },
  };
}

function targetLine(call: ExCall): number | false {
  const { editor, argument } = call;
  const target = readRange(editor, argument);
  if (target === false) return false;
  if (target.given === 0) return editor.error("E14: Invalid address");
  if (target.to >= editor.buffer.count || target.to < -1) return editor.error("E16: Invalid range");
  return target.to;
}

export const copy: ExCommand = {
  range: true, argument: true,
  run(call) {
    const { editor, range } = call;
    const to = targetLine(call);
    if (to === false) return false;
    const lines = editor.buffer.lines.slice(range.from, range.to + 1);
    editor.buffer.replace(to + 1, 0, lines);
    toIndent(editor, to + lines.length);
    editor.reportLines(lines.length);
    return true;
  },
}; // prettier-ignore

export const move: ExCommand = {
  range: true, argument: true,
  run(call) {
    const { editor, range } = call;
    const { buffer } = editor;
    const to = targetLine(call);
    if (to === false) return false;
    const { from, to: end } = range;
    if (to >= from && to < end) return editor.error("E134: Cannot move a range of lines into itself");
    const lines = buffer.lines.slice(from, end + 1);
    if (to === end || to === from - 1) {
      toIndent(editor, to === end ? end : end);
      return true;
    }
    if (to > end) {
      buffer.replace(to + 1, 0, lines);
      buffer.replace(from, lines.length, []);
      toIndent(editor, to);
    } else {
      buffer.replace(from, lines.length, []);
      buffer.replace(to + 1, 0, lines);
      toIndent(editor, to + lines.length);
    }
    if (lines.length > 2) editor.say(`${lines.length} lines moved`);
    return true;
  },
}; // prettier-ignore

export const join: ExCommand = {
  range: true, bang: true, argument: true,
  run({ editor, range, bang, argument }) {
    const count = /^\d+$/.test(argument) ? Number(argument) : undefined;
    const from = count === undefined ? range.from : range.to;
    const lines = count ?? (range.given < 2 ? 2 : range.to - range.from + 1);
    if (lines < 2 && range.given === 2) return true;
    if (!joinLines(editor, from, Math.max(2, lines), !bang)) return editor.fail();
    toIndent(editor, from);
    return true;
  },
}; // prettier-ignore

export function insertLines({ buffer }: Editor, at: number, lines: readonly string[]): void {
  buffer.replace(Math.min(at, buffer.count), 0, lines);
}

export const put: ExCommand = {
  range: true, bang: true, argument: true, zero: true,
  run({ editor, range, bang, argument }) {
    const value = editor.registers.get(argument || undefined);
    const special = value ? undefined : editor.registerText(argument);
    if (!value && special === undefined) return editor.error(`E353: Nothing in register ${argument || '"'}`);
    const at = bang ? range.to : range.to + 1;
    const lines = value ? value.lines : [special!];
    editor.buffer.replace(Math.max(0, at), 0, lines);
    toIndent(editor, Math.max(0, at) + lines.length - 1);
    editor.reportLines(lines.length);
    return true;
  },
}; // prettier-ignore

export const print: ExCommand = {
  range: true, argument: true,
  *run(call) {
    const { editor } = call;
    const what = registerAndCount({ ...call, argument: call.argument.replace(/[pl#]+$/, "") }, false);
    if (!what) return false;
    const lines: string[] = [];
    const numbered = call.name === "number" || call.name === "#" || editor.options.on("number");
    for (let line = what.from; line <= what.to; line++) {
      const text = call.name === "list" ? `${editor.buffer.line(line).replace(/\t/g, "^I")}$` : editor.buffer.line(line).replace(/\t/g, (_, at: number) => " ".repeat(8 - (columnAt(editor.buffer.line(line), at, 8) % 8)));
      lines.push(numbered ? `${String(line + 1).padStart(3)} ${text}` : text);
    }
    toIndent(editor, what.to);
    yield* editor.show(lines);
    return true;
  },
}; // prettier-ignore

export const retab: ExCommand = {
  range: true, bang: true, argument: true,
  run({ editor, range, bang, argument }) {
    const given = Number(argument) || editor.options.tabstop;
    const old = editor.options.tabstop;
    const [from, to] = range.given === 0 ? [0, editor.buffer.count - 1] : [range.from, range.to];
    if (given !== old) editor.options.set("tabstop", given);
    for (let line = from; line <= to; line++) {
      const text = editor.buffer.line(line);
      let out = "";
      for (const part of text.match(/[ \t]+|[^ \t]+/g) ?? []) {
        if (!/^[ \t]/.test(part) || (!bang && !part.includes("\t"))) {
          out += part;
          continue;
        }
        const start = columnAt(out, out.length, given);
        const end = start + columnAt(" ".repeat(start % old) + part, (start % old) + part.length, old) - (start % old);
        if (editor.options.on("expandtab")) out += " ".repeat(end - start);
        else out += start === 0 ? blanks(editor, end) : part;
      }
      editor.buffer.set(line, out);
    }
    return true;
  },
}; // prettier-ignore
