import { basename } from "../../sim/host/index.ts";
import type { Editor } from "./editor.ts";

/** What filetype.vim and scripts.vim find out by a file's name or first line; only what changes something here. */
function filetypeOf(name: string, first: string): string {
  const base = basename(name);
  const extension = base.includes(".") ? base.slice(base.lastIndexOf(".") + 1) : "";
  if (/^ya?ml$/.test(extension)) return "yaml";
  const known: Readonly<Record<string, string>> = { sh: "sh", bash: "sh", json: "json", conf: "conf", txt: "text" };
  if (known[extension]) return known[extension];
  // scripts.vim
  if (first.startsWith("%YAML")) return "yaml";
  return /^\.?(?:bashrc|bash_profile|profile)$/.test(base) || /^#!.*\b(?:ba|da)?sh\b/.test(first) ? "sh" : "";
}

/** Sets 'filetype' and, with filetype plugins on, what YAML's sets (runtime/ftplugin/yaml.vim, indent/yaml.vim). */
export function setFiletype(editor: Editor, given?: string): void {
  const { buffer, options } = editor;
  const type = given ?? (editor.filetypeDetection ? filetypeOf(editor.disk.full(editor.file), buffer.line(0)) : "");
  options.set("filetype", type);
  if (given === undefined) autocommands(editor, /^Buf/, basename(editor.file));
  if (options.text("filetype") !== type) return;
  const yaml = type === "yaml";
  editor.indentExpression = yaml && editor.filetypeIndent ? "yaml" : undefined;
  if (yaml && editor.filetypePlugin) {
    options.set("expandtab", true);
    options.set("shiftwidth", 2);
    options.set("softtabstop", 2);
  }
  if (type !== "" && editor.filetypeDetection) autocommands(editor, /^FileType$/, type);
}

/** Runs what a vimrc's `autocmd` lines say for an event. */
function autocommands(editor: Editor, event: RegExp, subject: string): void {
  for (const { events, pattern, command } of editor.autocommands) {
    if (!events.some((one) => event.test(one)) || !globs(pattern).some((glob) => glob.test(subject))) continue;
    editor.hooks.vimrc(editor, command.replace(/^setf(?:iletype)?\s+/, "set ft="));
  }
}

/** `*.yaml,*.yml` and `*.{yaml,yml}` as patterns. */
function globs(text: string): RegExp[] {
  const alternatives = /^(.*)\{(.*)\}(.*)$/.exec(text);
  const all = alternatives
    ? alternatives[2]!.split(",").map((part) => alternatives[1]! + part + alternatives[3]!)
    : text.split(",");
  return all.map(
    (glob) =>
      new RegExp(
        `^${glob
          .replace(/[.+^$()|[\]\\]/g, "\\$&")
          .replaceAll("*", ".*")
          .replaceAll("?", ".")}$`,
      ),
  );
}
