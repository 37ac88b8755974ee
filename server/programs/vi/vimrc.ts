import { decode } from "../../sim/kernel/index.ts";
import { Errno } from "../../sim/host/index.ts";
import type { Editor } from "./editor.ts";
import { setOption } from "./ex/set.ts";

/** What Debian's /etc/vim/vimrc sets (debian.vim) is the table's; defaults.vim comes if there is no vimrc of the user's. */
const DEFAULTS = [
  "history=200",
  "ruler",
  "showcmd",
  "display=truncate",
  "scrolloff=5",
  "incsearch",
  "nrformats=bin,hex",
];

/** Reads ~/.vimrc, or does as defaults.vim without one. `file` is that of `-u`: NONE reads nothing. */
export function readVimrc(editor: Editor, home: string, file: string | undefined): void {
  if (file === "NONE" || file === "NORC") return;
  editor.options.set("ruler", true);
  for (const path of file === undefined
    ? [`${home}/.vimrc`, `${home}/.vim/vimrc`]
    : file === "DEFAULTS"
      ? []
      : [file]) {
    const found = editor.disk.read(path);
    if (found instanceof Errno) continue;
    for (const [at, line] of decode(found.bytes).split("\n").entries()) {
      const problem = vimrcLine(editor, line.trim());
      if (problem !== undefined) editor.vimrcProblems.push(`line ${String(at + 1).padStart(4)}:`, problem);
    }
    if (editor.vimrcProblems.length > 0) editor.vimrcProblems.unshift(`Error detected while processing ${path}:`);
    return;
  }
  for (const option of DEFAULTS) setOption(editor, option);
  editor.filetypeDetection = true;
  editor.filetypePlugin = true;
  editor.filetypeIndent = true;
}

/** A line of a vimrc; what is wrong with it, or not simulated. */
export function vimrcLine(editor: Editor, text: string): string | undefined {
  const line = text.replace(/^:+\s*/, "").replace(/^(?:silent!?\s+)/, "");
  if (line === "" || line.startsWith('"')) return undefined;
  const set = /^(?:se|set|setl|setlocal|setg|setglobal)\s+(.*)$/.exec(line);
  if (set) {
    for (const word of set[1]!.replace(/\s".*$/, "").match(/(?:\\.|\S)+/g) ?? []) {
      if (setOption(editor, word) !== false) continue;
      const { text: problem } = editor.message;
      editor.message = { text: "", style: "plain" };
      editor.failed = false;
      return problem;
    }
    return undefined;
  }
  const filetype = /^filet(?:y|yp|ype)?\s+(.*)$/.exec(line);
  if (filetype) {
    const on = !/\boff\b/.test(filetype[1]!);
    if (on) editor.filetypeDetection = true;
    if (filetype[1]!.includes("plugin")) editor.filetypePlugin = on;
    if (filetype[1]!.includes("indent")) editor.filetypeIndent = on;
    return undefined;
  }
  if (/^(?:syn|synt|synta|syntax|sy)\s+(?:on|enable)\b/.test(line)) {
    // Turns detection on as well; there are no colours.
    editor.filetypeDetection = true;
    return undefined;
  }
  if (/^(?:syn|syntax|sy)\s+off\b/.test(line)) return undefined;
  const command = /^au(?:tocmd)?!?\s+(\S+)\s+(\S+)\s+(.*)$/.exec(line);
  if (command) {
    const [, events, pattern, run] = command as unknown as [string, string, string, string];
    if (
      /^(?:FileType|BufNewFile|BufRead|BufReadPost|BufEnter)(?:,|$)/.test(events) &&
      /^(?:set?|setl|setlocal|setf)\b/.test(run)
    ) {
      editor.autocommands.push({ events: events.split(","), pattern, command: run });
      return undefined;
    }
  }
  if (/^aug(?:roup)?\b|^au(?:tocmd)?!$/.test(line)) return undefined;
  return `drydock: vim: '${line.split(/\s+/)[0]!}' is not simulated`;
}
