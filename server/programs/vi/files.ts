import { Errno } from "../../sim/host/index.ts";
import { decode, encode, type Bytes } from "../../sim/kernel/index.ts";
import { firstNonBlank, last } from "./chars.ts";
import type { Editor } from "./editor.ts";
import { setFiletype } from "./filetype.ts";

const NOT_UTF8 = /[\udc80-\udcff]/;

/** Reads a file into the editor, as `:edit` and the start do, and says so. False if it cannot be read. */
export function loadFile(editor: Editor, name: string): boolean {
  const { buffer, disk, options } = editor;
  if (editor.file !== "" && editor.file !== name) editor.alternate = editor.file;
  editor.file = name;
  editor.latin1 = false;
  editor.notEdited = false;
  editor.warnedReadonly = false;
  options.set("readonly", editor.viewOnly);
  options.set("endofline", true);
  options.set("fileformat", "unix");
  buffer.tick++;
  if (disk.kind(disk.expand(name)) === "dir") {
    buffer.load([], true);
    editor.say(`"${name}" is a directory`, "error");
    return false;
  }
  const found = disk.read(disk.expand(name));
  editor.stamp = disk.stamp(disk.expand(name));
  editor.cursor = { line: 0, col: 0 };
  editor.want = 0;
  editor.view.top = 0;
  editor.view.left = 0;
  if (found instanceof Errno) {
    buffer.load([], true);
    editor.newFile = found.code === "ENOENT";
    setFiletype(editor);
    if (found.code === "ENOENT") editor.say(`${shownName(editor)}[New]`);
    else if (found.code === "EACCES") editor.say(`${shownName(editor)}[Permission Denied]`, "error");
    else editor.say(`${shownName(editor)}${found.message}`, "error");
    return found.code === "ENOENT";
  }
  editor.newFile = false;
  const text = parse(editor, found.bytes);
  buffer.load(text.lines, found.bytes === "");
  if (found.readonly) options.set("readonly", true);
  options.set("endofline", text.endOfLine);
  if (text.dos) options.set("fileformat", "dos");
  setFiletype(editor);
  const flags = `${options.on("readonly") ? "[readonly]" : ""}${text.endOfLine ? "" : "[noeol]"}${text.converted ? "[converted]" : ""}${text.dos ? "[dos]" : ""}`; // prettier-ignore
  editor.say(
    `${shownName(editor)}${flags}${flags === "" ? "" : " "}${counts(found.bytes === "" ? 0 : text.lines.length, found.bytes)}`,
  );
  return true;
}

/** `"a.txt" ` */
function shownName(editor: Editor): string {
  return `"${editor.file}" `;
}

function counts(lines: number, bytes: Bytes): string {
  return `${lines}L, ${bytes.length}B`;
}

interface Parsed {
  readonly lines: string[];
  readonly endOfLine: boolean;
  readonly dos: boolean;
  readonly converted: boolean;
}

/** Bytes as lines: UTF-8, or Latin-1 if they are not ('fileencodings'); with the line ends of DOS if all lines have them. */
export function parse(editor: Pick<Editor, "latin1"> | undefined, bytes: Bytes): Parsed {
  let text = decode(bytes);
  const converted = NOT_UTF8.test(text);
  if (converted) {
    text = bytes;
    if (editor) editor.latin1 = true;
  }
  const lines = text.split("\n");
  const endOfLine = lines.at(-1) === "" && lines.length > 1;
  if (endOfLine) lines.pop();
  const dos = bytes !== "" && lines.every((line, at) => line.endsWith("\r") || (at === lines.length - 1 && !endOfLine && lines.length > 1)) && endOfLine; // prettier-ignore
  return {
    lines: dos ? lines.map((line) => line.slice(0, -1)) : lines,
    endOfLine: endOfLine || bytes === "",
    dos,
    converted,
  };
}

export interface WriteRules {
  readonly name?: string;
  readonly bang: boolean;
  readonly append?: boolean;
  readonly from: number;
  readonly to: number;
}

/** Writes lines to a file, in vim's words. As buf_write(). */
export function writeFile(editor: Editor, rules: WriteRules): boolean {
  const { buffer, disk, options } = editor;
  const name = rules.name ?? editor.file;
  if (name === "") return editor.error("E32: No file name");
  const path = disk.expand(name);
  const own = disk.full(path) === disk.full(disk.expand(editor.file)) && editor.file !== "";
  const whole = rules.from === 0 && rules.to === buffer.count - 1;
  const kind = disk.kind(path);
  if (kind === "dir") return editor.error(`E17: "${name}" is a directory`);
  if (!own && editor.file === "" && rules.name !== undefined && !rules.append) editor.file = name;
  if (kind !== undefined && !rules.bang && !rules.append) {
    if (!own) {
      if (editor.file === name && rules.name === name) editor.file = "";
      return editor.error("E13: File exists (add ! to override)");
    }
    if (options.on("readonly")) return editor.error("E45: 'readonly' option is set (add ! to override)");
    if (!whole) return editor.error("E140: Use ! to write partial buffer");
  }
  const lines =
    buffer.none && buffer.count === 1 && buffer.line(0) === "" ? [] : buffer.lines.slice(rules.from, rules.to + 1);
  const end = options.text("fileformat") === "dos" ? "\r\n" : "\n";
  const noEol = !options.on("endofline") && rules.to === buffer.count - 1 && !options.on("fixendofline");
  const text = lines.join(end) + (lines.length > 0 && !noEol ? end : "");
  const bytes = editor.latin1 ? text : encode(text);
  const failed = disk.write(path, bytes, rules.append === true);
  if (failed) {
    const full = failed.code === "EFBIG" || failed.code === "ENOSPC";
    const why = full ? "E514: Write error (file system full?)" : "E212: Can't open file for writing";
    return editor.error(`"${name}" ${why}`, `"${name}"`);
  }
  const fresh = kind === undefined ? "[New]" : "";
  const flags = `${fresh}${noEol ? "[noeol]" : ""}${editor.latin1 ? "[converted]" : ""}${end === "\r\n" ? "[dos]" : ""}`;
  editor.say(
    `"${name}" ${flags}${flags === "" ? "" : " "}${counts(lines.length, bytes)} ${rules.append ? "appended" : "written"}`,
  );
  if (!rules.append && whole && (own || editor.file === name)) {
    buffer.written();
    editor.newFile = false;
    editor.stamp = disk.stamp(path);
    if (rules.bang) options.set("readonly", false);
    if (!noEol) options.set("endofline", true);
    if (editor.options.text("filetype") === "") setFiletype(editor);
  }
  return true;
}

/** Somebody else has written the file since it was read. */
export function changedOutside(editor: Editor): boolean {
  return editor.stamp !== undefined && editor.disk.stamp(editor.disk.expand(editor.file)) !== editor.stamp;
}

/** Ctrl-G and `:file`. As fileinfo(). */
export function fileInfo(editor: Editor): void {
  const { buffer, options, cursor } = editor;
  const name = editor.file === "" ? '"[No Name]"' : `"${editor.file}"`;
  const flags = `${buffer.modified ? "[Modified]" : ""}${editor.notEdited ? "[Not edited]" : ""}${editor.newFile ? "[New]" : ""}${options.on("readonly") ? "[readonly]" : ""}`;
  const count = buffer.count;
  const spaced = `${name} ${flags}${flags === "" ? "" : " "}`;
  if (buffer.none) return editor.say(`${spaced}--No lines in buffer--`);
  const percent = Math.floor(((cursor.line + 1) * 100) / count);
  if (options.on("ruler")) editor.say(`${spaced}${count} ${count === 1 ? "line" : "lines"} --${percent}%--`);
  else editor.say(`${spaced}line ${cursor.line + 1} of ${count} --${percent}%-- col ${columnText(editor)}`);
}

export function columnText(editor: Editor): string {
  const byte = encode(editor.line.slice(0, editor.cursor.col)).length + 1;
  const column = editor.view.columnOf(editor.cursor) + 1;
  if (editor.line === "") return editor.mode === "insert" || editor.mode === "replace" ? "1" : "0-1";
  return byte === column ? String(byte) : `${byte}-${column}`;
}

export function toIndent(editor: Editor, line: number): void {
  const text = editor.buffer.line(line);
  editor.moveTo({ line, col: Math.min(firstNonBlank(text), last(text)) });
}
