import type { Bytes, Kernel, SharedRows, Table, Time } from "../../kernel/index.ts";
import { Errno } from "../errno.ts";
import { lostNames, type LostNames } from "./lost-names.ts";
import { ROOT_INODE, type Directory, type Inode, type RegularFile } from "./inode.ts";

/** The files of an image, shared by all that start from it. */
export type BaseFiles = SharedRows<number, Inode>;

const highest = new WeakMap<BaseFiles, number>();

/** The highest inode of an image, which is looked for once for all containers. */
function highestInode(base: BaseFiles): number {
  let found = highest.get(base);
  if (found === undefined) {
    found = ROOT_INODE;
    for (const ino of base.rows.keys()) if (ino > found) found = ino;
    highest.set(base, found);
  }
  return found;
}

/**
 * One file system: a tree of inodes in a table. It knows no paths, mounts or permissions (those are `Files`'); it keeps
 * the tree consistent. Names are valid entries; callers check them.
 */
export class FileSystem {
  readonly id: string;
  readonly #kernel: Kernel;
  readonly #inodes: Table<number, Inode>;
  readonly #next: Table<string, number>;
  /** By id: the bytes that file systems may hold which have less room than the disk. */
  readonly #room: Table<string, number>;
  readonly #make: (deferred: NonNullable<RegularFile["deferred"]>) => Bytes;
  #grown = 0;
  readonly #lost: LostNames;
  /** Directories and links on the way to places that somebody remembers, since this many names were lost. */
  readonly #walked = new Set<number>();
  #walkedSince = 0;

  constructor(
    kernel: Kernel,
    id: string,
    base?: BaseFiles,
    make: (deferred: NonNullable<RegularFile["deferred"]>) => Bytes = () => "",
  ) {
    this.id = id;
    this.#kernel = kernel;
    this.#make = make;
    this.#lost = lostNames(kernel);
    this.#inodes = kernel.state.table<number, Inode>(`files/${id}`, base ? { base } : {});
    this.#next = kernel.state.table<string, number>("file-systems");
    this.#room = kernel.state.table<string, number>("file-system-room");
    if (this.#next.get(id) === undefined) {
      this.#next.set(id, (base ? highestInode(base) : Math.max(ROOT_INODE, ...this.#inodes.keys())) + 1);
      if (!this.#inodes.has(ROOT_INODE)) this.#inodes.set(ROOT_INODE, emptyDirectory(0o755, 0, 0, kernel.now));
    }
  }

  /** Forgets all files. */
  remove(): void {
    this.#lost.count++;
    this.#kernel.state.drop(`files/${this.id}`);
    this.#next.delete(this.id);
    if (this.#room.has(this.id)) this.#room.delete(this.id);
  }

  /** From now on it holds so many bytes, in whole pages, and no more: a tmpfs with a size. */
  limit(bytes: number): void {
    this.#room.set(this.id, bytes);
  }

  get(ino: number): Inode {
    const inode = this.#inodes.get(ino);
    if (!inode) throw new Error(`file system ${this.id} has no inode ${ino}`);
    return inode.type === "file" && inode.deferred ? this.#made(ino, inode, inode.deferred) : inode;
  }

  #made(ino: number, inode: RegularFile, deferred: NonNullable<RegularFile["deferred"]>): RegularFile {
    const { deferred: _, ...kept } = inode;
    const made = { ...kept, data: this.#make(deferred) };
    this.#inodes.set(ino, made);
    return made;
  }

  /** Somebody remembers where a path leads that goes through this directory or link. */
  walked(ino: number): void {
    if (this.#walkedSince !== this.#lost.count) {
      this.#walked.clear();
      this.#walkedSince = this.#lost.count;
    }
    this.#walked.add(ino);
  }

  /** An inode has lost a name. */
  #nameLost(ino: number): void {
    if (this.#walkedSince === this.#lost.count && this.#walked.has(ino)) this.#lost.count++;
  }

  /** The same without making its data: for whoever wants to know what it is, not what is in it. */
  peek(ino: number): Inode {
    const inode = this.#inodes.get(ino);
    if (!inode) throw new Error(`file system ${this.id} has no inode ${ino}`);
    return inode;
  }

  directory(ino: number): Directory {
    const inode = this.get(ino);
    if (inode.type !== "dir") throw new Errno("ENOTDIR");
    return inode;
  }

  lookup(directory: number, name: string): number | undefined {
    const ino: unknown = this.directory(directory).entries[name];
    // What every object has is no number.
    return typeof ino === "number" ? ino : undefined;
  }

  /** Replaces an inode's row. */
  update(ino: number, inode: Inode): void {
    this.#inodes.set(ino, inode);
  }

  /** Makes a new inode under a name that is free. */
  create(directory: number, name: string, inode: Inode): number {
    const ino = this.#next.get(this.id)!;
    this.#next.set(this.id, ino + 1);
    this.#inodes.set(ino, inode);
    this.#setEntry(directory, name, ino);
    return ino;
  }

  /** Gives a file one more name. */
  link(directory: number, name: string, ino: number): void {
    const inode = this.get(ino);
    if (inode.type !== "dir") this.update(ino, { ...inode, links: (inode.links ?? 1) + 1 });
    this.#setEntry(directory, name, ino);
  }

  /** Takes a name away; the inode goes with its last name. An open file keeps its data (`OpenRegularFile`). */
  unlink(directory: number, name: string): void {
    const { [name]: ino, ...entries } = this.directory(directory).entries;
    this.update(directory, { ...this.directory(directory), entries, mtime: this.#kernel.now });
    if (ino === undefined) return;
    this.#nameLost(ino);
    const inode = this.get(ino);
    if (inode.type !== "dir" && (inode.links ?? 1) > 1) this.update(ino, { ...inode, links: inode.links! - 1 });
    else this.#inodes.delete(ino);
  }

  move(from: number, name: string, to: number, newName: string): void {
    const { [name]: ino, ...entries } = this.directory(from).entries;
    this.update(from, { ...this.directory(from), entries, mtime: this.#kernel.now });
    this.#setEntry(to, newName, ino!);
    this.#nameLost(ino!);
  }

  has(ino: number): boolean {
    return this.#inodes.has(ino);
  }

  /**
   * May a file of `before` bytes grow to `after`, if all may hold `limit` together? All files are counted once a megabyte,
   * or each time where there is less room.
   */
  grow(before: number, after: number, limit: number): boolean {
    const room = this.#room.get(this.id);
    if (room !== undefined && this.#taken() - pages(before) + pages(after) > Math.ceil(room / PAGE) * PAGE)
      return false;
    const bytes = after - before;
    this.#grown += bytes;
    if (this.#grown < 1_048_576) return true;
    let sum = bytes;
    for (const inode of this.#inodes.values()) if (inode.type === "file") sum += inode.data.length;
    if (sum > limit) return false;
    this.#grown = 0;
    return true;
  }

  /** The bytes that the files take, in whole pages. */
  #taken(): number {
    let sum = 0;
    for (const inode of this.#inodes.values()) if (inode.type === "file") sum += pages(inode.data.length);
    return sum;
  }

  #setEntry(directory: number, name: string, ino: number): void {
    const inode = this.directory(directory);
    this.update(directory, { ...inode, entries: { ...inode.entries, [name]: ino }, mtime: this.#kernel.now });
  }
}

const PAGE = 4096;

function pages(bytes: number): number {
  return Math.ceil(bytes / PAGE) * PAGE;
}

export function emptyDirectory(mode: number, uid: number, gid: number, mtime: Time): Directory {
  return { type: "dir", mode, uid, gid, mtime, entries: {} };
}
