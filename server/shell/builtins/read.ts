import { Errno, type OpenFile, type Termios, type Tty } from "../../sim/host/index.ts";
import { decode, encode, incompleteTail, SECOND, type Bytes } from "../../sim/kernel/index.ts";
import { LineEditor } from "../editor/line-editor.ts";
import { assign, assignArray } from "../interpreter/assignment.ts";
import { isName, splitSubscript } from "../interpreter/parameters.ts";
import { readUntil, type ReadUntil } from "../interpreter/read-line.ts";
import type { Shell } from "../interpreter/shell.ts";
import { Trapped } from "../interpreter/signals.ts";
import type { Steps } from "../interpreter/steps.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { splitAll, splitFields, unescapeLine } from "./read-fields.ts";
import { parseOptions } from "./usage.ts";

export const read: PlainBuiltin = {
  name: "read",
  synopsis:
    "[-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]",
  summary: "Reads a line and puts its words into variables.",
  *run(shell, args) {
    const parsed = parseOptions(shell, read, args, "ersa:d:i:n:N:p:t:u:");
    if (!parsed) return 2;
    const { options, rest } = parsed;
    const request = readRequest(shell, options, rest);
    if (typeof request === "number") return request;
    const file = shell.process.fds.find(request.fd);
    if (!file) {
      shell.complainInBuiltin(`${request.fd}: invalid file descriptor: ${new Errno("EBADF").message}`);
      return 1;
    }
    if (request.timeout === 0) return file.readable ? 0 : 1;
    return yield* answer(shell, request, file);
  },
};

interface Request {
  readonly names: readonly string[];
  readonly array: string | undefined;
  readonly delimiter: string;
  readonly raw: boolean;
  readonly silent: boolean;
  /** At most so many characters, and whether a delimiter ends the reading before. */
  readonly characters: number | undefined;
  readonly exact: boolean;
  readonly prompt: string;
  /** Whether the line is edited with readline's keys, and what stands in it already. */
  readonly edited: boolean;
  readonly initial: string;
  readonly timeout: number | undefined;
  readonly fd: number;
}

function readRequest(
  shell: Shell,
  options: ReadonlyMap<string, string | true>,
  names: readonly string[],
): Request | number {
  const text = (letter: string): string | undefined => options.get(letter) as string | undefined;
  const fail = (message: string): number => {
    shell.complainInBuiltin(message);
    return 1;
  };
  const timeout = text("t");
  if (timeout !== undefined && !/^(\d+\.?\d*|\.\d+)$/.test(timeout))
    return fail(`${timeout}: invalid timeout specification`);
  const count = text("N") ?? text("n");
  if (count !== undefined && !/^\d+$/.test(count)) return fail(`${count}: invalid number`);
  const fd = text("u") ?? "0";
  if (!/^\d+$/.test(fd)) return fail(`${fd}: invalid file descriptor specification`);
  const array = text("a");
  for (const name of array === undefined ? names : [array])
    if (!isName(splitSubscript(name).name)) return fail(`\`${name}': not a valid identifier`);
  return {
    names,
    array,
    delimiter: options.has("N") ? "" : options.has("d") ? encode(text("d")!).slice(0, 1) || "\0" : "\n",
    raw: options.has("r"),
    silent: options.has("s"),
    characters: count === undefined ? undefined : Number(count),
    exact: options.has("N"),
    prompt: text("p") ?? "",
    edited: options.has("e"),
    initial: text("i") ?? "",
    timeout: timeout === undefined ? undefined : Number(timeout),
    fd: Number(fd),
  };
}

function* answer(shell: Shell, request: Request, file: OpenFile): Steps<number> {
  const edited = file.tty && isEdited(request) ? new LineEditor(shell, file.tty, file) : undefined;
  const restore = edited ? () => {} : prepareTerminal(request, file.tty);
  let line: Line;
  try {
    if (!edited && request.prompt !== "" && file.tty) shell.writeError(request.prompt);
    line = yield* edited ? editLine(edited, request) : readLine(shell, request, file);
  } catch (error) {
    if (error instanceof Errno && !(error instanceof Trapped)) {
      shell.complainInBuiltin(`read error: ${request.fd}: ${error.message}`);
      return 1;
    }
    if (error instanceof Trapped) return error.status;
    throw error;
  } finally {
    restore();
  }
  store(shell, request, line);
  if (line.end === "timeout") return 142;
  return line.end === "eof" ? 1 : 0;
}

/** Whole lines only: with a count, a delimiter, a time or without echo `-e` reads as it does without. */
function isEdited({ edited, silent, characters, delimiter, timeout }: Request): boolean {
  return edited && !silent && characters === undefined && delimiter === "\n" && timeout === undefined;
}

function* editLine(editor: LineEditor, { prompt, initial, raw }: Request): Steps<Line> {
  const read = yield* editor.read(prompt, () => {}, initial);
  if (read.type !== "line") return { text: "", escaped: undefined, end: read.type === "end" ? "eof" : "full" };
  const line = raw || !read.text.includes("\\") ? { text: read.text, escaped: undefined } : unescapeLine(read.text);
  return { ...line, end: "delimiter" };
}

/** For single characters or without echo the terminal's modes change meanwhile. */
function prepareTerminal({ silent, characters, delimiter }: Request, tty: Tty | undefined): () => void {
  if (!tty || (!silent && characters === undefined && delimiter === "\n")) return () => {};
  const before = tty.termios;
  const changed: Termios = {
    ...before,
    echo: before.echo && !silent,
    icanon: before.icanon && characters === undefined && delimiter === "\n",
  };
  tty.termios = changed;
  return () => (tty.termios = before);
}

interface Line {
  readonly text: string;
  /** For every character whether a backslash stood before it; undefined: nowhere. */
  readonly escaped: readonly boolean[] | undefined;
  readonly end: ReadUntil["end"];
}

/** Reads up to the delimiter; without `-r` a backslash at its end takes the next line as well. */
function* readLine(shell: Shell, request: Request, file: OpenFile): Steps<Line> {
  const { characters, timeout, delimiter, raw } = request;
  const deadline = timeout === undefined ? undefined : shell.kernel.now + timeout * SECOND;
  if (characters !== undefined) {
    const { bytes, end } = yield* readCharacters(shell, file, request, characters, deadline);
    return { text: decode(bytes).replaceAll("\0", ""), escaped: undefined, end };
  }
  let bytes: Bytes = "";
  for (;;) {
    const piece = yield* readUntil(shell, file, delimiter, { deadline });
    bytes += piece.bytes;
    const continued = !raw && piece.end === "delimiter" && delimiter === "\n" && /(?:^|[^\\])(?:\\\\)*\\$/.test(bytes);
    if (continued) {
      bytes = bytes.slice(0, -1);
      continue;
    }
    const text = decode(bytes).replaceAll("\0", "");
    if (raw || !text.includes("\\")) return { text, escaped: undefined, end: piece.end };
    return { ...unescapeLine(text), end: piece.end };
  }
}

/** Reads so many characters, which may be several bytes each. */
function* readCharacters(
  shell: Shell,
  file: OpenFile,
  { delimiter }: Request,
  count: number,
  deadline: number | undefined,
): Steps<ReadUntil> {
  let bytes: Bytes = "";
  for (;;) {
    const have = [...decode(bytes)].length - (incompleteTail(bytes) > 0 ? 1 : 0);
    if (have >= count) return { bytes, end: "full" };
    const piece = yield* readUntil(shell, file, delimiter, { most: 1, deadline });
    bytes += piece.bytes;
    if (piece.end !== "full") return { bytes, end: piece.end };
  }
}

function store(shell: Shell, { names, array, exact }: Request, { text, escaped }: Line): void {
  const ifs = shell.variables.get("IFS") ?? " \t\n";
  if (array !== undefined) {
    const elements = splitAll(text, escaped, ifs).map((value) => ({ key: undefined, append: false, value }));
    shell.variables.unset(array);
    return assignArray(shell, array, elements, false);
  }
  if (names.length === 0) return assign(shell, { name: "REPLY", subscript: undefined }, text);
  const fields = exact ? [text] : splitFields(text, escaped, ifs, names.length);
  for (const [at, name] of names.entries()) assign(shell, splitSubscript(name), fields[at] ?? "");
}
