import type { Editor, Steps } from "./editor.ts";
import { complete } from "./complete.ts";
import { readLiteral } from "./insert.ts";
import { closing, compilePattern, searchFrom } from "./search.ts";

/**
 * Reads a line at the bottom of the screen: a command behind `:`, a pattern behind `/`. Undefined if it was left. `count` is
 * for incremental search.
 */
export function* readLine(editor: Editor, prompt: string, initial: string, count = 1): Steps<string | undefined> {
  const line = { prompt, text: initial, at: initial.length };
  editor.commandLine = line;
  const origin = { cursor: editor.cursor, top: editor.view.top, want: editor.want };
  const history = editor.history.of(prompt);
  let place = history.length;
  let typed = initial;
  let cycle: { names: string[]; index: number; start: number } | undefined;
  const finish = (): void => {
    editor.commandLine = undefined;
    editor.preview = undefined;
    editor.cursor = origin.cursor;
    editor.view.top = origin.top;
    editor.want = origin.want;
  };
  const insert = (text: string): void => {
    line.text = line.text.slice(0, line.at) + text + line.text.slice(line.at);
    line.at += text.length;
  };
  for (;;) {
    const key = yield* editor.key();
    if (key !== "\t" && key !== "<S-Tab>") cycle = undefined;
    switch (key) {
      case "\r":
      case "\x0a":
        finish();
        if (line.text !== "") editor.history.add(prompt, line.text);
        editor.echo(prompt + line.text);
        editor.showcmd = "";
        return line.text;
      case "\x1b":
      case "\x03":
        finish();
        editor.history.add(prompt, line.text);
        editor.say("");
        return undefined;
      case "<BS>":
      case "\x08":
      case "\x7f":
        if (line.text === "") {
          finish();
          editor.say("");
          return undefined;
        }
        if (line.at > 0) {
          line.text = line.text.slice(0, line.at - 1) + line.text.slice(line.at);
          line.at--;
        }
        break;
      case "<Del>":
        if (line.at < line.text.length) line.text = line.text.slice(0, line.at) + line.text.slice(line.at + 1);
        else if (line.at > 0) {
          line.text = line.text.slice(0, -1);
          line.at--;
        }
        break;
      case "\x17": {
        const head = line.text.slice(0, line.at).replace(/(?:[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]+)\s*$|\s+$/u, "");
        line.text = head + line.text.slice(line.at);
        line.at = head.length;
        break;
      }
      case "\x15":
        line.text = line.text.slice(line.at);
        line.at = 0;
        break;
      case "\x02":
      case "<Home>":
        line.at = 0;
        break;
      case "\x05":
      case "<End>":
        line.at = line.text.length;
        break;
      case "<Left>":
        line.at = Math.max(0, line.at - 1);
        break;
      case "<Right>":
        line.at = Math.min(line.text.length, line.at + 1);
        break;
      case "<S-Left>":
      case "<C-Left>":
        line.at = line.text.slice(0, line.at).replace(/\S*\s*$/, "").length;
        break;
      case "<S-Right>":
      case "<C-Right>":
        line.at += /^\S*\s*/.exec(line.text.slice(line.at))![0].length;
        break;
      case "<Up>":
      case "<Down>":
      case "\x10":
      case "\x0e": {
        // Arrows look for what begins as typed, Ctrl-P and Ctrl-N take the next.
        if (place === history.length) typed = line.text;
        const prefix = key === "<Up>" || key === "<Down>" ? typed : "";
        const step = key === "<Up>" || key === "\x10" ? -1 : 1;
        let next = place + step;
        while (next >= 0 && next < history.length && !history[next]!.startsWith(prefix)) next += step;
        if (next < 0 || next > history.length) break;
        place = next;
        line.text = place === history.length ? typed : history[place]!;
        line.at = line.text.length;
        break;
      }
      case "\x12": {
        setPending('"');
        const name = yield* editor.key();
        setPending(undefined);
        if (name === "\x17" || name === "\x01") insert(wordUnderCursor(editor, origin.cursor, name === "\x01"));
        else insert((editor.registerText(name) ?? "").replace(/\n$/, "").replace(/\n/g, "\r"));
        break;
      }
      case "\x16":
      case "\x11":
        setPending("^");
        insert(yield* readLiteral(editor));
        setPending(undefined);
        break;
      case "\t":
      case "<S-Tab>":
        if (prompt !== ":") insert("\t");
        else {
          if (!cycle) {
            const found = complete(editor, line.text.slice(0, line.at));
            if (found.names.length === 0) break;
            cycle = { ...found, index: -1 };
          }
          cycle.index =
            (cycle.index + (key === "\t" ? 1 : cycle.names.length - 1) + cycle.names.length) % cycle.names.length;
          const name = cycle.names[cycle.index]!;
          line.text = line.text.slice(0, cycle.start) + name + line.text.slice(line.at);
          line.at = cycle.start + name.length;
        }
        break;
      default:
        if (key.startsWith("<Paste>")) insert(key.slice(7).replace(/\r?\n/g, "\r").replace(/\r$/, ""));
        else if (!(key.length > 2 && key.startsWith("<")) && (key >= " " || key === "\x1b")) insert(key);
    }
    preview();
  }

  function setPending(text: string | undefined): void {
    if (text === undefined) editor.commandLine = line;
    else editor.commandLine = { ...line, pending: text };
  }

  /** 'incsearch': shows where the pattern would lead. */
  function preview(): void {
    editor.preview = undefined;
    editor.cursor = origin.cursor;
    editor.view.top = origin.top;
    if (prompt === ":" || !editor.options.on("incsearch")) return;
    const source = line.text.slice(0, closing(line.text, prompt));
    if (source === "") return;
    const { message, failed } = editor;
    const typeahead = [...editor.typeahead];
    const pattern = compilePattern(editor, source);
    let found = pattern && searchFrom(editor, pattern, origin.cursor, prompt === "?");
    for (let rest = count; rest > 1 && found && pattern; rest--)
      found = searchFrom(editor, pattern, found.from, prompt === "?");
    editor.message = message;
    editor.failed = failed;
    editor.typeahead.splice(0, editor.typeahead.length, ...typeahead);
    if (!found) return;
    editor.preview = { from: found.from, to: found.to };
    editor.cursor = found.from;
    editor.view.follow();
  }
}

function wordUnderCursor(editor: Editor, { line, col }: { line: number; col: number }, big: boolean): string {
  for (const match of editor.buffer.line(line).matchAll(big ? /\S+/g : /[\p{L}\p{N}_]+/gu)) {
    if (match.index + match[0].length > col) return match[0];
  }
  return "";
}

/** `:` with a text that stands there already, edited and executed; `now` executes it without editing. */
export function* editCommandLine(editor: Editor, initial: string, now = false): Steps {
  const line = now ? initial : yield* readLine(editor, ":", initial);
  if (line === undefined || line === "") {
    editor.failed = line === undefined;
    return;
  }
  yield* editor.hooks.execute(editor, line);
  if (!now) editor.lastEx = line;
}
