import { after, columnAt, endColumnAt, firstNonBlank, type Pos } from "./chars.ts";
import { readLine } from "./command-line.ts";
import type { Editor, Steps, Visual } from "./editor.ts";
import type { Extent, Target } from "./motion.ts";
import { MOTIONS } from "./motions.ts";
import { OPERATORS } from "./operators.ts";
import type { Region } from "./region.ts";
import { TEXT_OBJECTS } from "./text-objects.ts";
import { compare } from "./walker.ts";

export interface Aimed extends Target {
  readonly extent: Extent;
  /** A motion that makes even small deletions big: `%`, `/`, `n`, `(`, `{`, a mark. */
  readonly big: boolean;
  readonly jump: boolean;
}

export interface AimRules {
  readonly count: number | undefined;
  readonly operator: string | undefined;
  readonly visual: boolean;
}

/** Reads a count; `0` only continues one. Returns it with the key behind it. */
export function* readCount(editor: Editor): Steps<{ count: number | undefined; key: string }> {
  let digits = "";
  for (;;) {
    const key = yield* editor.key();
    if (!/^[0-9]$/.test(key) || (key === "0" && digits === "")) return { count: digits === "" ? undefined : Math.min(Number(digits), 999_999_999), key }; // prettier-ignore
    editor.log.pop();
    digits += key;
    editor.showcmd += key;
  }
}

/** Keys that need another one to name a command. */
const PREFIXES = new Set(["g", "z", "Z", "[", "]"]);

/** A key, or two for those that begin with `g`, `z`, `Z`, `[`, `]`. */
export function* wholeKey(editor: Editor, key: string): Steps<string> {
  if (!PREFIXES.has(key)) return key;
  editor.showcmd += shownKey(key);
  return key + (yield* editor.key());
}

export function shownKey(key: string): string {
  if (key.length > 2 && key.startsWith("<")) return "";
  return key < " " ? `^${String.fromCharCode(key.charCodeAt(0) + 64)}` : key;
}

/** Where a motion or text object leads; undefined when there is no such motion (`no`) or no such place. */
export function* aim(editor: Editor, name: string, rules: AimRules): Steps<Aimed | "no" | undefined> {
  if ((rules.operator !== undefined || rules.visual) && (name === "i" || name === "a")) {
    editor.showcmd += name;
    const which = yield* editor.key();
    const object = TEXT_OBJECTS[which];
    if (!object) {
      if (/^[ts]$/.test(which)) editor.notSimulated(name + which);
      return undefined;
    }
    const found = object({ editor, count: rules.count ?? 1, around: name === "a" });
    return found && { ...found, extent: found.extent ?? "inclusive", big: false, jump: false };
  }
  const motion = MOTIONS[name];
  if (!motion) return "no";
  let typed = "";
  if (motion.needs === "char") {
    editor.showcmd += shownKey(name);
    typed = yield* editor.key();
    if (typed === "\x1b") return undefined;
    if (typed === "\x16") typed = yield* editor.key();
  } else if (motion.needs === "pattern") {
    const line = yield* readLine(editor, name, "", rules.count ?? 1);
    if (line === undefined) return undefined;
    typed = line;
  }
  const target = motion.go({ editor, count: rules.count, operator: rules.operator, typed, visual: rules.visual });
  return (
    target && {
      ...target,
      extent: target.extent ?? motion.extent,
      big: /^[%/?nN(){}`]$/.test(name),
      jump: motion.jump === true,
    }
  );
}

/** What an operator works on between the cursor and where a motion leads. As do_pending_operator(). */
export function regionOf(editor: Editor, start: Pos, aimed: Aimed, operator: string, force?: string): Region {
  const { buffer } = editor;
  const origin = aimed.from ?? start;
  let extent = aimed.extent;
  const forward = compare(origin, aimed.to) <= 0;
  const from = forward ? origin : aimed.to;
  const to = forward ? aimed.to : origin;
  if (force === "V") extent = "line";
  else if (force === "v") extent = extent === "line" ? "exclusive" : extent === "exclusive" ? "inclusive" : "exclusive";
  else if (force === "\x16") return blockOf(editor, from, to, false);
  if (extent === "line") return { kind: "line", from, to };
  if (
    extent === "exclusive" &&
    to.col === 0 &&
    to.line > from.line &&
    aimed.from === undefined &&
    force === undefined
  ) {
    const line = to.line - 1;
    if (from.col <= firstNonBlank(buffer.line(from.line))) {
      return { kind: "line", from, to: { line, col: 0 } };
    }
    return { kind: "char", from, to: { line, col: buffer.line(line).length } };
  }
  const end = extent === "inclusive" ? { line: to.line, col: after(buffer.line(to.line), to.col) } : to;
  // A deletion over lines that leaves only blanks takes the lines whole.
  if (operator === "d" && end.line > from.line && force === undefined) {
    const rest = buffer.line(end.line).slice(end.col);
    if (firstNonBlank(rest) === rest.length && from.col <= firstNonBlank(buffer.line(from.line))) {
      return { kind: "line", from, to: end };
    }
  }
  return { kind: "char", from, to: end };
}

function blockOf(editor: Editor, a: Pos, b: Pos, toEnd: boolean): Region {
  const { tabstop } = editor.options;
  const [top, low] = a.line <= b.line ? [a, b] : [b, a];
  const text = (pos: Pos): string => editor.buffer.line(pos.line);
  const left = Math.min(columnAt(text(a), a.col, tabstop), columnAt(text(b), b.col, tabstop));
  const right = toEnd ? Infinity : Math.max(endColumnAt(text(a), a.col, tabstop), endColumnAt(text(b), b.col, tabstop));
  return {
    kind: "block",
    from: { line: top.line, col: Math.min(a.col, b.col) },
    to: { line: low.line, col: 0 },
    left,
    right,
  };
}

/** What is selected. With `lines` an end of line at its end is not part of it. */
export function visualRegion(editor: Editor, visual: Visual, cursor: Pos, lines: boolean): Region {
  const { buffer } = editor;
  const [from, to] = compare(visual.start, cursor) <= 0 ? [visual.start, cursor] : [cursor, visual.start];
  if (visual.kind === "V") return { kind: "line", from, to };
  if (visual.kind === "\x16") return blockOf(editor, visual.start, cursor, editor.want === Infinity);
  const text = buffer.line(to.line);
  if (to.col < text.length) return { kind: "char", from, to: { line: to.line, col: after(text, to.col) } };
  if (!lines && to.line + 1 < buffer.count) return { kind: "char", from, to: { line: to.line + 1, col: 0 } };
  return { kind: "char", from, to: { line: to.line, col: text.length } };
}

/** An operator waits for its motion: `d`, with the count before it. */
export function* operatorCommand(
  editor: Editor,
  operator: string,
  before: number | undefined,
  register: string | undefined,
): Steps<boolean> {
  const start = editor.cursor;
  let { count, key } = yield* readCount(editor);
  let force: string | undefined;
  while (key === "v" || key === "V" || key === "\x16") {
    force = key;
    editor.showcmd += shownKey(key);
    ({ count, key } = yield* readCount(editor));
  }
  const total = before === undefined ? count : before * (count ?? 1);
  editor.operatorCount = total;
  if (key === "\x1b") {
    editor.failed = true;
    return false;
  }
  const name = key === "g" || key === "z" ? yield* wholeKey(editor, key) : key;
  let region: Region;
  let big = false;
  const doubled = name === operator || (operator.length === 2 && (name === operator[1] || name === operator));
  if (doubled) {
    const last = start.line + (total ?? 1) - 1;
    if (last >= editor.buffer.count && (total ?? 1) > 1 && start.line === editor.buffer.count - 1 && operator !== "y" && operator !== "c") return editor.fail(); // prettier-ignore
    region = { kind: "line", from: start, to: { line: Math.min(last, editor.buffer.count - 1), col: start.col } };
  } else {
    const aimed = yield* aim(editor, name, { count: total, operator, visual: false });
    if (aimed === "no" || aimed === undefined) return editor.fail();
    region = regionOf(editor, start, aimed, operator, force);
    big = aimed.big;
    if (aimed.jump) editor.buffer.marks.set("'", start);
    if (
      region.kind === "char" &&
      region.from.line === region.to.line &&
      region.from.col === region.to.col &&
      operator !== "c"
    ) {
      editor.cursor = start;
      if (operator === "d" || operator === "y") editor.cursor = region.from;
      return operator === "d" ? (editor.buffer.line(start.line) === "" ? editor.fail() : true) : true;
    }
  }
  if (editor.buffer.none && operator === "d") return true;
  editor.cursor = region.from;
  yield* OPERATORS[operator]!({ editor, region, register, visual: false, count: 1, big });
  return true;
}
