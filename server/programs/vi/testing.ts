import { Errno } from "../../sim/host/index.ts";
import { encode, type Bytes } from "../../sim/kernel/index.ts";
import type { Disk } from "./disk.ts";
import { Editor } from "./editor.ts";
import { frame } from "./frame.ts";
import { KeyReader } from "./keys.ts";
import { edit, HOOKS } from "./main.ts";
import { readVimrc } from "./vimrc.ts";

/** Files in memory, for editors without a machine. */
export function memoryDisk(files: Map<string, Bytes>, directories: readonly string[] = ["/", "/w", "/tmp"]): Disk {
  const full = (path: string): string => (path.startsWith("/") ? path : `/w/${path}`);
  const stamps = new Map<string, number>();
  return {
    full,
    expand: (path) => path.replace(/^~/, "/root"),
    kind: (path) =>
      files.has(full(path)) ? "file" : directories.includes(full(path).replace(/(?<=.)\/$/, "")) ? "dir" : undefined,
    read(path) {
      const bytes = files.get(full(path));
      return bytes === undefined ? new Errno("ENOENT", path) : { bytes, readonly: path.includes("readonly") };
    },
    write(path, bytes, append) {
      const at = full(path);
      const directory = at.slice(0, Math.max(1, at.lastIndexOf("/")));
      if (!directories.includes(directory)) return new Errno("ENOENT", path);
      files.set(at, append ? (files.get(at) ?? "") + bytes : bytes);
      stamps.set(at, (stamps.get(at) ?? 0) + 1);
      return undefined;
    },
    stamp: (path) => (files.has(full(path)) ? (stamps.get(full(path)) ?? 0) : undefined),
    matches: (path) => [...files.keys()].filter((name) => name.startsWith(full(path))).map((name) => name.slice(3)),
  };
}

export interface Shown {
  /** Rows without colours or blanks at their ends. */
  readonly rows: string[];
  readonly cursor: readonly [row: number, column: number];
  readonly file: Bytes | undefined;
  readonly exit: number | undefined;
}

export interface EditCase {
  readonly text: string;
  readonly keys: string;
  readonly name?: string;
  readonly vimrc?: string;
  readonly flavour?: "busybox";
  readonly rows?: number;
  readonly commands?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
}

/** Types keys into an editor with one file and gives what is to be seen. */
export function type(given: EditCase): Shown {
  const name = given.name ?? "a.txt";
  const files = new Map<string, Bytes>([[`/w/${name}`, encode(given.text)]]);
  if (given.text === "\0") files.clear();
  for (const [path, text] of Object.entries(given.files ?? {})) files.set(`/w/${path}`, encode(text));
  if (given.vimrc !== undefined) files.set("/root/.vimrc", encode(given.vimrc));
  const editor = new Editor(memoryDisk(files), () => 0, given.rows ?? 24, 80, HOOKS);
  editor.args = [name];
  if (given.flavour) editor.flavour = given.flavour;
  else readVimrc(editor, "/root", undefined);
  const reader = new KeyReader();
  reader.push(given.keys);
  const steps = edit(editor, { commands: given.commands ?? [] });
  let next = steps.next();
  while (!next.done) {
    if (next.value.kind !== "key") {
      const { value } = next;
      const lines = value.kind === "shell" ? (value.input ?? "").split("\n").slice(0, -1) : [];
      next = steps.next({
        output: lines
          .toSorted()
          .map((line) => `${line}\n`)
          .join(""),
        code: 0,
      });
      continue;
    }
    const key = reader.next(true);
    if (key === undefined) break;
    next = steps.next({ key });
  }
  const { rows, cursor } = frame(editor);
  return {
    // oxlint-disable-next-line no-control-regex
    rows: rows.map((row) => row.replace(/\x1b\[[0-9;]*m/g, "").trimEnd()),
    cursor: [cursor.row, cursor.column],
    file: files.get(`/w/${name}`),
    exit: editor.exit,
  };
}
