import { firstNonBlank, last } from "../chars.ts";
import type { Editor, Steps } from "../editor.ts";
import { EX_COMMANDS } from "./commands.ts";
import type { ExCall } from "./ex-command.ts";
import { commandName } from "./names.ts";
import { readRange } from "./range.ts";

/** Commands whose argument goes on over `|`: it is theirs. */
const TAKES_BAR = new Set(["global", "vglobal", "normal", "!", "help", "echo", "let", "autocmd", "map", "nmap", "noremap", "nnoremap", "imap", "inoremap", "vmap", "vnoremap", "execute", "if", "call"]); // prettier-ignore
const NOT_SIMULATED = new Set([
  "help", "split", "vsplit", "new", "vnew", "tabedit", "tabnew", "tabnext", "close", "only", "let", "map", "noremap", "nmap", "nnoremap", "imap", "inoremap", "vmap", "vnoremap",
  "unmap", "autocmd", "augroup", "colorscheme", "highlight", "source", "terminal", "append", "insert", "change", "messages", "history", "jumps", "diffupdate", "fold",
  "abbreviate", "abclear", "make", "grep", "vimgrep", "cnext", "copen", "clist", "execute", "call", "if", "Explore", "buffer", "bnext", "bprevious", "bdelete", "version",
  "center", "left", "right", "z", "wundo", "undolist", "spellgood", "plug", "earlier", "later", "ex",
]); // prettier-ignore

/** Runs what was typed behind `:`, with its parts between bars. False if one of them failed. */
export function* executeLine(editor: Editor, line: string): Steps<boolean> {
  let rest = line;
  for (let depth = 0; depth < 1000; depth++) {
    const next = yield* one(editor, rest);
    if (next === false || editor.exit !== undefined) return false;
    if (next === undefined) return true;
    rest = next;
  }
  return true;
}

/** Runs the first command; what stands behind its bar, undefined at the end, false if it failed. */
function* one(editor: Editor, text: string): Steps<string | undefined | false> {
  if (/^[ \t:]*"/.test(text) || /^[ \t:]*$/.test(text)) return undefined;
  const range = readRange(editor, text);
  if (range === false) return false;
  const { count } = editor.buffer;
  let { from, to } = range;
  const rest = range.rest;
  const match = /^(?:&&|[&~<>!=#@*]|k(?![a-zA-Z])|[a-zA-Z]+)/.exec(rest);
  let word = match?.[0] ?? "";
  // `:s/x/y/`, `:g!`, `:dl`: letters that directly follow are theirs for a few.
  if (/^s(?:[cgriInp&]+)$/.test(word) && commandName(word) === undefined) word = "s";
  if (/^k[a-zA-Z]$/.test(word)) word = "k";
  if (/^d[lp]$/.test(word)) word = "d";
  if (rest.trim() === "" || rest.startsWith("|")) {
    if (range.given === 0 && rest.startsWith("|")) return rest.slice(1);
    if (to >= count || to < -1) return bad(editor);
    const line = Math.max(0, to);
    editor.jumpFrom();
    editor.moveTo({ line, col: Math.min(firstNonBlank(editor.buffer.line(line)), last(editor.buffer.line(line))) });
    return rest.startsWith("|") ? rest.slice(1) : undefined;
  }
  if (word === "") return editor.error(`E492: Not an editor command: ${text.trim()}`);
  const name = commandName(word);
  if (name === undefined) return editor.error(`E492: Not an editor command: ${text.trim()}`);
  let after = rest.slice(word.length);
  if (NOT_SIMULATED.has(name)) return editor.notSimulated(`:${name}`);
  const command = EX_COMMANDS[name];
  if (!command) return editor.notSimulated(`:${name}`);
  if (from > to) {
    if (command.range && range.given > 1) {
      editor.commandLine = undefined;
      editor.showcmd = "";
      editor.say("Backwards range given, OK to swap (y/n)?", "question");
      editor.asking = true;
      const key = yield* editor.key();
      editor.asking = false;
      if (key !== "y" && key !== "Y") {
        editor.say("");
        return false;
      }
    }
    [from, to] = [to, from];
  }
  if (range.given > 0 && !command.range) return editor.error(`E481: No range allowed: ${text.trim()}`);
  if (to >= count || from < -1) return bad(editor);
  if (from < 0 && !command.zero) [from, to] = [Math.max(0, from), Math.max(0, to)];
  let bang = false;
  if (after.startsWith("!") && name !== "!") {
    if (!command.bang) return editor.error(`E477: No ! allowed: ${text.trim()}`);
    bang = true;
    after = after.slice(1);
  }
  let next: string | undefined;
  if (!TAKES_BAR.has(name) && !(name === "write" && /^\s*!/.test(after)) && !(name === "read" && /^\s*!/.test(after))) {
    [after, next] = splitBar(after);
  }
  const call: ExCall = { editor, name, range: { from, to, given: range.given }, bang, argument: after.replace(/^[ \t]+/, "").trimEnd(), raw: after, line: text.trim() }; // prettier-ignore
  if (!command.argument && call.argument !== "" && !call.argument.startsWith('"')) return editor.error(`E488: Trailing characters: ${call.argument}: ${text.trim()}`); // prettier-ignore
  const result = command.run(call);
  const fine = typeof result === "object" ? yield* result : result;
  if (!fine) return false;
  return next;
}

function bad(editor: Editor): false {
  return editor.error("E16: Invalid range");
}

/** Cuts at the first bar that is not escaped; a pattern's own bars belong to it. */
function splitBar(text: string): [string, string | undefined] {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") {
      at++;
      continue;
    }
    if (text[at] === "\x16") {
      at++;
      continue;
    }
    if (text[at] === "|") return [text.slice(0, at), text.slice(at + 1)];
  }
  return [text, undefined];
}
