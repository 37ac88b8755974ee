import { Errno, dirname, basename, type FileSystem, type Host } from "../../../host/index.ts";
import type { Bytes } from "../../../kernel/index.ts";

/** A directory by its place, for those who make many files in it: no path is walked again. */
export class Directory {
  readonly files: FileSystem;
  readonly ino: number;
  readonly #host: Host;

  constructor(host: Host, files: FileSystem, ino: number) {
    this.#host = host;
    this.files = files;
    this.ino = ino;
  }

  /** The directory at a path of a host, made with those above it if it is missing. */
  static at(host: Host, path: string, mode = 0o755): Directory {
    let place: ReturnType<Host["files"]["locate"]>;
    try {
      place = host.files.locate(path);
    } catch (error) {
      if (!(error instanceof Errno) || error.code !== "ENOENT") throw error;
      return Directory.at(host, dirname(path)).make(basename(path), mode);
    }
    if (!place) throw new Errno("EPERM", path);
    return new Directory(host, host.fileSystem(place.id), place.ino);
  }

  /** A directory in it, made if it is missing. */
  make(name: string, mode = 0o755, uid = 0, gid = 0): Directory {
    const known = this.files.lookup(this.ino, name);
    const { now } = this.#host.kernel;
    const ino = known ?? this.files.create(this.ino, name, { type: "dir", mode, uid, gid, mtime: now, entries: {} });
    return new Directory(this.#host, this.files, ino);
  }

  /** Makes a file in it, or replaces what it holds; the inode. */
  write(name: string, data: Bytes, mode = 0o644, uid = 0, gid = 0): number {
    const { now } = this.#host.kernel;
    const known = this.files.lookup(this.ino, name);
    const inode = { type: "file", mode, uid, gid, mtime: now, data } as const;
    if (known === undefined) return this.files.create(this.ino, name, inode);
    this.files.update(known, inode);
    return known;
  }

  link(name: string, target: string): void {
    const { now } = this.#host.kernel;
    if (this.files.lookup(this.ino, name) !== undefined) this.files.unlink(this.ino, name);
    this.files.create(this.ino, name, { type: "link", mode: 0o777, uid: 0, gid: 0, mtime: now, target });
  }

  has(name: string): boolean {
    return this.files.lookup(this.ino, name) !== undefined;
  }

  /** Removes an entry with all that is below it. */
  remove(name: string): void {
    const ino = this.files.lookup(this.ino, name);
    if (ino === undefined) return;
    const inode = this.files.get(ino);
    if (inode.type === "dir") {
      const below = new Directory(this.#host, this.files, ino);
      for (const entry of Object.keys(inode.entries)) below.remove(entry);
    }
    this.files.unlink(this.ino, name);
  }
}
