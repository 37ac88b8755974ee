import { firstNonBlank, last } from "../chars.ts";
import type { Editor, Steps } from "../editor.ts";
import type { Found, Pattern } from "../pattern.ts";
import { closing, compilePattern } from "../search.ts";
import type { ExCall } from "./ex-command.ts";

/** `:s`, `:&`, `:&&`. As ex_substitute(). */
export function* substitute(call: ExCall): Steps<boolean> {
  const { editor } = call;
  const parsed = parse(call);
  if (!parsed) return false;
  const { source, replacement, flags } = parsed;
  let { from, to } = call.range;
  if (parsed.count !== undefined) {
    from = to;
    to = Math.min(editor.buffer.count - 1, to + parsed.count - 1);
  }
  if (replacement.startsWith("\\=")) return editor.notSimulated(":s with \\=");
  if (/\\n|\\_/.test(source)) return editor.notSimulated("a pattern over more than one line");
  const last_ = editor.lastSubstitute;
  const expanded = replacement.replace(/\\~|~/g, (tilde) => (tilde === "\\~" ? "~" : (last_?.replacement ?? "")));
  const folded = flags.includes("i") ? `\\c${source}` : flags.includes("I") ? `\\C${source}` : source;
  const pattern = compilePattern(editor, folded);
  if (!pattern) return editor.error("E476: Invalid command", editor.message.text);
  editor.search = { pattern: source, backwards: false, offset: "" };
  editor.noHighlight = false;
  editor.lastSubstitute = { pattern: source, replacement: expanded, flags };
  const global = flags.includes("g") !== editor.options.on("gdefault");
  return yield* run(editor, pattern, source, { replacement: expanded, global, flags, from, to });
}

interface Parsed {
  readonly source: string;
  readonly replacement: string;
  readonly flags: string;
  readonly count: number | undefined;
}

function parse({ editor, argument, raw, name, line }: ExCall): Parsed | undefined {
  const text = raw.replace(/^[ \t]+/, "");
  const repeat = name !== "substitute" || text === "" || /^[cegriIp|"\d\s]/.test(text);
  const known = editor.lastSubstitute;
  let [source, replacement, rest] = ["", "", argument];
  if (repeat) {
    if (!known) return void editor.error("E33: No previous substitute regular expression");
    [source, replacement] = [
      name === "~" ? (editor.search?.pattern ?? known.pattern) : known.pattern,
      known.replacement,
    ];
  } else {
    const delimiter = text[0]!;
    if (/[a-zA-Z0-9"|\\]/.test(delimiter))
      return void editor.error(`E146: Regular expressions can't be delimited by letters`);
    const end = closing(text.slice(1), delimiter) + 1;
    source = text.slice(1, end);
    const second = text.slice(end + 1);
    let stop = 0;
    while (stop < second.length && second[stop] !== delimiter) stop += second[stop] === "\\" ? 2 : 1;
    replacement = second.slice(0, stop);
    rest = second.slice(stop + 1).trim();
    source = source.replaceAll(`\\${delimiter}`, delimiter);
    replacement = replacement.replaceAll(`\\${delimiter}`, delimiter);
    if (source === "") {
      if (!editor.search) return void editor.error("E35: No previous regular expression");
      source = editor.search.pattern;
    }
    if (replacement === "%") replacement = known?.replacement ?? "";
  }
  const match = /^([cegriInp#l&]*)\s*(\d*)\s*(.*)$/.exec(rest);
  if (!match || match[3] !== "") return void editor.error(`E488: Trailing characters: ${match?.[3] ?? rest}: ${line}`);
  let flags = match[1]!;
  if (flags.includes("&") || name === "&&") flags = (known?.flags ?? "") + flags.replace("&", "");
  if (match[2] === "0") return void editor.error("E939: Positive count required");
  return { source, replacement, flags, count: match[2] === "" ? undefined : Number(match[2]) };
}

interface Rules {
  readonly replacement: string;
  readonly global: boolean;
  readonly flags: string;
  readonly from: number;
  readonly to: number;
}

function* run(editor: Editor, pattern: Pattern, source: string, rules: Rules): Steps<boolean> {
  const { buffer } = editor;
  const { flags, global } = rules;
  const confirm = flags.includes("c") && !flags.includes("n");
  let [count, lines, matched] = [0, 0, 0];
  let all = false;
  let quit = false;
  let refused = false;
  const before = buffer.count;
  let end = rules.to;
  let lastLine: number | undefined;
  for (let line = rules.from; line <= end && line < buffer.count && !quit; line++) {
    const text = buffer.line(line);
    let out = "";
    let done = 0;
    let changes = 0;
    let at = 0;
    while (at <= text.length) {
      const found = pattern.find(text, at);
      if (!found) break;
      matched++;
      if (flags.includes("n")) changes++;
      else {
        let yes = !confirm || all;
        if (!yes) {
          const shown = out + text.slice(done);
          const answer = yield* askFor(editor, rules.replacement, line, shown, found, out.length - done);
          yes = answer === "y" || answer === "a" || answer === "l";
          refused = !yes;
          if (answer === "a") all = true;
          if (answer === "l" || answer === "q") quit = true;
        }
        if (yes) {
          out += text.slice(done, found.start) + replaced(rules.replacement, found);
          done = found.end;
          changes++;
          if (confirm) buffer.set(line, (out + text.slice(done)).replace(/\n/g, "\r"));
        }
        if (quit) break;
      }
      if (!global) break;
      at = found.end > found.start ? found.end : found.end + 1;
      if (at >= text.length) break;
      // An empty match right behind another one is none.
      if (found.end > found.start && found.end <= text.length) {
        const next = pattern.find(text, at);
        if (next && next.start === found.end && next.end === next.start) at++;
      }
    }
    if (changes === 0) continue;
    count += changes;
    lines++;
    if (flags.includes("n")) continue;
    const parts = (out + text.slice(done)).split("\n");
    buffer.replace(line, 1, parts);
    line += parts.length - 1;
    end += parts.length - 1;
    lastLine = line;
  }
  editor.preview = undefined;
  if (matched === 0) {
    if (flags.includes("e") || editor.quiet > 0) {
      if (editor.quiet > 0) return true;
      return true;
    }
    return editor.error(`E486: Pattern not found: ${source}`);
  }
  if (flags.includes("n")) {
    editor.say(`${matched} ${matched === 1 ? "match" : "matches"} on ${lines} ${lines === 1 ? "line" : "lines"}`);
    return true;
  }
  // As do_sub(): the cursor stays at a match that was refused last, and who was asked to the end is at a line's start.
  if (refused) editor.moveTo(editor.cursor);
  else if (lastLine !== undefined) {
    const text = buffer.line(lastLine);
    editor.moveTo({ line: lastLine, col: confirm && !all ? 0 : Math.min(firstNonBlank(text), last(text)) });
  }
  editor.substituted.count += count;
  editor.substituted.lines += lines;
  if (editor.quiet === 0) {
    if (count > 2) editor.say(`${count} substitutions on ${lines} ${lines === 1 ? "line" : "lines"}`);
    else if (confirm) editor.say("");
    if (count <= 2) editor.reportLines(buffer.count - before);
    if (/[p#l]/.test(flags) && lastLine !== undefined) editor.say(buffer.line(lastLine));
  }
  return true;
}

/** Asks for one match, which is shown; gives `y`, `n`, `a`, `q` or `l`. */
function* askFor(
  editor: Editor,
  replacement: string,
  line: number,
  _text: string,
  found: Found,
  shift: number,
): Steps<string> {
  const { message } = editor;
  editor.cursor = { line, col: found.start + shift };
  editor.preview = { from: { line, col: found.start + shift }, to: { line, col: found.end + shift } };
  for (;;) {
    editor.say(`replace with ${replacement} (y/n/a/q/l/^E/^Y)?`, "question");
    editor.asking = true;
    const key = yield* editor.key();
    editor.asking = false;
    editor.message = message;
    if (key === "\x1b" || key === "\x03" || key === "q") return "q";
    if (/^[ynal]$/.test(key)) return key;
    if (key === "\x05" || key === "\x19") editor.view.scroll(key === "\x05" ? 1 : -1);
  }
}

/** The replacement with what it stands for; a newline breaks the line. As vim_regsub(). */
export function replaced(replacement: string, found: Found): string {
  let out = "";
  let once: "u" | "l" | undefined;
  let all: "U" | "L" | undefined;
  const put = (text: string): void => {
    for (const char of text) {
      let made = all === "U" ? char.toUpperCase() : all === "L" ? char.toLowerCase() : char;
      if (once) made = once === "u" ? made.toUpperCase() : made.toLowerCase();
      once = undefined;
      out += made;
    }
  };
  for (let at = 0; at < replacement.length; at++) {
    const char = replacement[at]!;
    if (char === "&") put(found.groups[0]!);
    else if (char === "\r") out += "\n";
    else if (char !== "\\") put(char);
    else {
      const next = replacement[++at] ?? "\\";
      if (/\d/.test(next)) put(found.groups[Number(next)] ?? "");
      else if (next === "r") out += "\n";
      else if (next === "n") out += "\0";
      else if (next === "t") out += "\t";
      else if (next === "u" || next === "l") once = next;
      else if (next === "U" || next === "L") all = next;
      else if (next === "e" || next === "E") {
        once = undefined;
        all = undefined;
      } else put(next);
    }
  }
  return out;
}
