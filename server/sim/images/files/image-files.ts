import { buildBaseFiles, deviceFiles, type BaseFiles, type FileSpec, type Inode } from "../../host/index.ts";
import type { Time } from "../../kernel/index.ts";

/** More names of one file in one directory. */
export interface HardLinks {
  /** The file that has a name already. */
  readonly of: string;
  readonly in: string;
  readonly names: readonly string[];
}

/** What is in an image's layers, as data. Later files replace earlier ones of the same path. */
export interface FileSet {
  readonly specs: readonly FileSpec[];
  readonly hardLinks?: readonly HardLinks[];
  /** Files that are older than the image: a package's, whose age shows in an HTTP header. */
  readonly times?: readonly (readonly [path: string, time: Time])[];
}

export function mergeFiles(...sets: readonly FileSet[]): FileSet {
  return {
    specs: sets.flatMap((set) => set.specs),
    hardLinks: sets.flatMap((set) => set.hardLinks ?? []),
    times: sets.flatMap((set) => set.times ?? []),
  };
}

/** What the container runtime puts into every container; here, so that containers share it. */
const RUNTIME_FILES: readonly FileSpec[] = [
  ...deviceFiles,
  { path: "/proc", dir: true, mode: 0o555 },
  { path: "/sys", dir: true, mode: 0o555 },
  { path: "/etc/hosts", text: "" },
  { path: "/etc/hostname", text: "" },
  { path: "/etc/resolv.conf", text: "" },
  { path: "/etc/mtab", link: "/proc/mounts" },
];

/** Builds the files of an image. */
export function buildImageFiles(name: string, set: FileSet, created: Time): BaseFiles {
  const { rows } = buildBaseFiles(name, [...RUNTIME_FILES, ...set.specs], created);
  const inodes = rows as Map<number, Inode>;
  for (const { of, in: directory, names } of set.hardLinks ?? []) {
    const at = locate(inodes, directory);
    const ino = locate(inodes, of);
    const [folder, file] = [inodes.get(at)!, inodes.get(ino)!];
    if (folder.type !== "dir" || file.type !== "file") throw new Error(`${name}: cannot link ${of} in ${directory}`);
    const entries = { ...folder.entries, ...Object.fromEntries(names.map((other) => [other, ino])) };
    inodes.set(at, { ...folder, entries });
    inodes.set(ino, { ...file, links: (file.links ?? 1) + names.length });
  }
  for (const [path, mtime] of set.times ?? []) {
    const ino = locate(inodes, path);
    inodes.set(ino, { ...inodes.get(ino)!, mtime });
  }
  return { name, rows };
}

function locate(inodes: ReadonlyMap<number, Inode>, path: string): number {
  let ino = 1;
  for (const part of path.split("/").filter((word) => word !== "")) {
    const inode = inodes.get(ino);
    const next = inode?.type === "dir" ? inode.entries[part] : undefined;
    if (next === undefined) throw new Error(`image file ${path} does not exist`);
    ino = next;
  }
  return ino;
}
