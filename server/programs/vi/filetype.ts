import { basename } from "../../sim/host/index.ts";
import type { Editor } from "./editor.ts";
import { vimrcLine } from "./vimrc.ts";

/** What filetype.vim and scripts.vim find out by a file's name or first line; only what changes something here. */
function filetypeOf(name: string, first: string, second: string): string {
  const base = basename(name);
  if (/\.ya?ml$/i.test(base) || /\/\.kube\/config$/.test(name)) return "yaml";
  // scripts.vim
  if (/^%YAML/.test(first) || (/^---(?:\s|$)/.test(first) && /^[\w-]+:/.test(second)))
    return /^%YAML/.test(first) ? "yaml" : "";
  if (/\.(?:sh|bash)$/.test(base) || /^\.?(?:bashrc|bash_profile|profile)$/.test(base) || /^#!.*\b(?:ba|da)?sh\b/.test(first)) return "sh"; // prettier-ignore
  if (/\.json$/.test(base)) return "json";
  if (/\.conf$/.test(base)) return "conf";
  return "";
}

/** Sets 'filetype' and, with filetype plugins on, what YAML's sets (runtime/ftplugin/yaml.vim, indent/yaml.vim). */
export function setFiletype(editor: Editor, given?: string): void {
  const { buffer, options } = editor;
  const type =
    given ??
    (editor.filetypeDetection ? filetypeOf(editor.disk.full(editor.file), buffer.line(0), buffer.line(1)) : "");
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
    vimrcLine(editor, command.replace(/^setf(?:iletype)?\s+/, "set ft="));
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
