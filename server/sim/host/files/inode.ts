import type { Bytes, Time } from "../../kernel/index.ts";

interface Attributes {
  /** Permission bits, with set-uid, set-gid and sticky: 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: Time;
  /** How many names it has, if it is no directory; 1 if absent. */
  readonly links?: number;
}

export interface RegularFile extends Attributes {
  readonly type: "file";
  readonly data: Bytes;
  /** The size that `stat` shows for a program, whose data is only a stub (see ../process/executable.ts). */
  readonly size?: number;
  /** What its data will be made from when somebody first looks at it (`Hosts.deferFile`): a signature costs a millisecond. */
  readonly deferred?: { readonly kind: string; readonly args: unknown };
}

export interface Directory extends Attributes {
  readonly type: "dir";
  /** Name to inode number, in the order in which they were made. */
  readonly entries: Readonly<Record<string, number>>;
}

export interface SymbolicLink extends Attributes {
  readonly type: "link";
  readonly target: string;
}

/** A device, pipe or socket in the file system; what it does is up to who opens it. */
export interface SpecialFile extends Attributes {
  readonly type: "char" | "block" | "fifo" | "socket";
  /** For devices: the driver, named by its usual file name (`null`, `zero`, `tty`…). */
  readonly device?: string;
}

export type Inode = RegularFile | Directory | SymbolicLink | SpecialFile;

export type FileType = Inode["type"];

/** What `stat(2)` tells. */
export interface Stat extends Omit<Attributes, "links"> {
  readonly type: FileType;
  readonly size: number;
  readonly ino: number;
  readonly links: number;
  readonly device?: string;
}

export const ROOT_INODE = 1;

export function sizeOf(inode: Inode): number {
  if (inode.type === "file") return inode.size ?? inode.data.length;
  if (inode.type === "link") return inode.target.length;
  return inode.type === "dir" ? 4096 : 0;
}
