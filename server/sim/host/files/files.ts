import type { Bytes, Time } from "../../kernel/index.ts";
import { Errno } from "../errno.ts";
import { emptyDirectory, type FileSystem } from "./file-system.ts";
import { ROOT_INODE, type Inode, type RegularFile, type Stat } from "./inode.ts";
import {
  MountNamespace,
  permits,
  ROOT,
  type Caller,
  type FilesHost,
  type Mount,
  type Place,
  type Slot,
} from "./mount-namespace.ts";
import { isAbsolute, isWithin, join } from "./path.ts";
import type { ViewNode } from "./view.ts";

export interface WriteOptions {
  readonly append?: boolean;
  /** Fail if the file exists (O_EXCL). */
  readonly exclusive?: boolean;
  /** Fail if it does not exist (no O_CREAT). */
  readonly existing?: boolean;
  /** Permissions of a new file, before the umask. */
  readonly mode?: number;
  /** The size that is shown, for a copy of a program's stub. */
  readonly size?: number;
}

/** The files that a host sees: paths, symbolic links, mounts and permissions over its file systems. Throws `Errno`. */
export class Files<V> {
  readonly #host: FilesHost<V>;
  readonly #names: MountNamespace<V>;

  constructor(host: FilesHost<V>) {
    this.#host = host;
    this.#names = new MountNamespace(host);
  }

  // Looking

  stat(path: string, as: Caller = ROOT): Stat {
    return this.#names.stat(this.#names.find(path, as, true));
  }

  lstat(path: string, as: Caller = ROOT): Stat {
    return this.#names.stat(this.#names.find(path, as, false));
  }

  exists(path: string, as: Caller = ROOT): boolean {
    const slot = this.#names.look(path, as, true);
    return typeof slot !== "string" && slot.place !== undefined;
  }

  /** The inode of a directory or file in a file system, or undefined if there is none. */
  inodeOf(path: string, as: Caller = ROOT): number | undefined {
    const directory = this.#names.directory(path, as);
    if (directory) return directory.ino;
    const slot = this.#names.look(path, as, true);
    return typeof slot === "string" ? undefined : slot.place?.ino;
  }

  /** May the caller do that with it? A mask of 4 (read), 2 (write), 1 (execute). As access(2). */
  access(path: string, mask: number, as: Caller = ROOT): boolean {
    const slot = this.#names.look(path, as, true);
    if (typeof slot === "string" || !slot.place) return false;
    return (
      permits(this.#names.rights(slot.place), mask, as, this.#names.overrides(as, "DAC_OVERRIDE")) &&
      !(mask & 2 && slot.place.mount.readOnly === true)
    );
  }

  /** A regular file that the caller may execute, without links on the way to it. Throws EACCES where it may not. */
  executable(path: string, as: Caller = ROOT): { readonly path: string; readonly data: Bytes } {
    const place = this.#names.find(path, as, true);
    if (!this.#executes(place, as)) throw new Errno("EACCES", path);
    if (place.node?.type === "file") return { path: place.path, data: place.node.read(this.#host.viewContext(ROOT)) };
    return { path: place.path, data: (this.#names.inode(place) as RegularFile).data };
  }

  /** Is there such a file at that path? */
  isExecutable(path: string, as: Caller = ROOT): boolean {
    const slot = this.#names.look(path, as, true);
    return typeof slot !== "string" && slot.place !== undefined && this.#executes(slot.place, as);
  }

  #executes(place: Place<V>, as: Caller): boolean {
    const rights = this.#names.rights(place);
    return rights.type === "file" && permits(rights, 1, as, this.#names.overrides(as, "DAC_OVERRIDE"));
  }

  /** The whole content of a regular file or of a file in a view. */
  read(path: string, as: Caller = ROOT): Bytes {
    const place = this.#names.find(path, as, true);
    this.#names.require(place, 4, as, path);
    if (place.node) {
      if (place.node.type === "dir") throw new Errno("EISDIR", path);
      return place.node.type === "file" ? place.node.read(this.#host.viewContext(as)) : "";
    }
    const inode = this.#names.inode(place);
    if (inode.type === "dir") throw new Errno("EISDIR", path);
    if (inode.type !== "file") throw new Errno("EINVAL", path);
    return inode.data;
  }

  /** The names in a directory, in no particular order, without `.` and `..`. */
  list(path: string, as: Caller = ROOT): string[] {
    const place = this.#names.find(path, as, true);
    if (this.#names.rights(place).type !== "dir") throw new Errno("ENOTDIR", path);
    this.#names.require(place, 4, as, path);
    const names =
      place.node?.type === "dir"
        ? [...place.node.list(this.#host.viewContext(as))]
        : Object.keys(place.files!.directory(place.ino!).entries);
    for (const mount of this.#host.mounts) {
      const name = mount.at.slice(mount.at.lastIndexOf("/") + 1);
      if (mount.at !== "/" && join(place.path, name) === mount.at && !names.includes(name)) names.push(name);
    }
    return names;
  }

  /** The regular files of a directory with their contents, by name: those that the caller may read. */
  *contents(path: string, as: Caller = ROOT): IterableIterator<[name: string, data: Bytes]> {
    const place = this.#names.find(path, as, true);
    if (this.#names.rights(place).type !== "dir") throw new Errno("ENOTDIR", path);
    this.#names.require(place, 5, as, path);
    if (!place.files) return;
    const overrides = this.#names.overrides(as, "DAC_OVERRIDE");
    for (const [name, ino] of Object.entries(place.files.directory(place.ino!).entries)) {
      const inode = place.files.get(ino);
      if (inode.type === "file" && permits(inode, 4, as, overrides)) yield [name, inode.data];
    }
  }

  readlink(path: string, as: Caller = ROOT): string {
    const place = this.#names.find(path, as, false);
    const target = this.#names.linkTarget(place, as);
    if (target === undefined) throw new Errno("EINVAL", path);
    return target;
  }

  /** The path without symbolic links. The last part need not exist if `missing` is allowed. */
  realpath(path: string, as: Caller = ROOT, missing = false): string {
    const slot = this.#names.slot(path, as, true);
    if (!slot.place && !missing) throw new Errno("ENOENT", path);
    return slot.place?.path ?? join(slot.directory.path, slot.name);
  }

  /** The mount that a path lies on. */
  mountOf(path: string, as: Caller = ROOT): Mount {
    return this.#names.find(path, as, true).mount;
  }

  /** The file system and inode that a path leads to, for bind mounts and open files. */
  locate(path: string, as: Caller = ROOT): { id: string; ino: number; directory: number } | undefined {
    const slot = this.#names.slot(path, as, true);
    const place = slot.place;
    if (!place) throw new Errno("ENOENT", path);
    return place.files && { id: place.files.id, ino: place.ino!, directory: slot.directory.ino ?? place.ino! };
  }

  // Changing

  write(path: string, data: Bytes, options: WriteOptions = {}, as: Caller = ROOT): void {
    const slot = this.#names.slot(path, as, true);
    const place = slot.place;
    if (!place) {
      if (options.existing) throw new Errno("ENOENT", path);
      if (path.endsWith("/")) throw new Errno("EISDIR", path);
      this.#create(slot, as, {
        type: "file",
        mode: (options.mode ?? 0o666) & ~as.umask,
        uid: as.uid,
        gid: as.gid,
        mtime: this.#now,
        data,
        ...(options.size === undefined ? {} : { size: options.size }),
      });
      return;
    }
    if (options.exclusive) throw new Errno("EEXIST", path);
    if (place.node) return this.#writeView(place.node, data, as, path);
    const inode = this.#names.inode(place);
    if (inode.type === "dir") throw new Errno("EISDIR", path);
    this.#names.require(place, 2, as, path);
    if (inode.type !== "file") throw new Errno("EINVAL", path);
    this.#replace(
      place.files!,
      place.ino!,
      inode,
      options.append ? inode.data + data : data,
      slot.directory.ino ?? ROOT_INODE,
      options.size,
    );
  }

  mkdir(path: string, options: { mode?: number; parents?: boolean } = {}, as: Caller = ROOT): void {
    if (options.parents) {
      const parts = path.split("/").filter((part) => part !== "");
      for (let count = 1; count < parts.length; count++) {
        const parent = (isAbsolute(path) ? "/" : "") + parts.slice(0, count).join("/");
        if (!this.exists(parent, as)) this.mkdir(parent, {}, as);
      }
      if (this.exists(path, as)) {
        if (this.stat(path, as).type !== "dir") throw new Errno("EEXIST", path);
        return;
      }
    }
    const slot = this.#names.slot(path, as, true);
    if (slot.place) throw new Errno("EEXIST", path);
    this.#create(slot, as, emptyDirectory((options.mode ?? 0o777) & ~as.umask, as.uid, as.gid, this.#now));
  }

  symlink(target: string, path: string, as: Caller = ROOT): void {
    const slot = this.#names.slot(path, as, false);
    if (slot.place) throw new Errno("EEXIST", path);
    this.#create(slot, as, { type: "link", mode: 0o777, uid: as.uid, gid: as.gid, mtime: this.#now, target });
  }

  /** Makes a device, pipe or socket file. */
  mknod(
    path: string,
    node: { type: "char" | "block" | "fifo" | "socket"; mode: number; device?: string },
    as: Caller = ROOT,
  ): void {
    const slot = this.#names.slot(path, as, false);
    if (slot.place) throw new Errno("EEXIST", path);
    this.#create(slot, as, { ...node, mode: node.mode & ~as.umask, uid: as.uid, gid: as.gid, mtime: this.#now });
  }

  link(existing: string, path: string, as: Caller = ROOT): void {
    const from = this.#names.find(existing, as, false);
    const slot = this.#names.slot(path, as, false);
    if (slot.place) throw new Errno("EEXIST", path);
    if (!from.files || from.files !== slot.directory.files) throw new Errno("EXDEV", path);
    if (this.#names.inode(from).type === "dir") throw new Errno("EPERM", path);
    this.#names.requireWritable(slot, as);
    from.files.link(slot.directory.ino!, slot.name, from.ino!);
    this.#host.changed(from.files.id, slot.directory.ino!);
  }

  unlink(path: string, as: Caller = ROOT): void {
    const slot = this.#names.existing(path, as);
    if (this.#names.rights(slot.place).type === "dir") throw new Errno("EISDIR", path);
    this.#removeEntry(slot, as);
  }

  rmdir(path: string, as: Caller = ROOT): void {
    const slot = this.#names.existing(path, as);
    if (this.#names.rights(slot.place).type !== "dir") throw new Errno("ENOTDIR", path);
    const name = path.replace(/(.)\/+$/, "$1");
    if (name !== path && this.lstat(name, as).type === "link") throw new Errno("ENOTDIR", path);
    if (this.list(path, as).length > 0) throw new Errno("ENOTEMPTY", path);
    this.#removeEntry(slot, as);
  }

  /** Removes a file or a whole tree; nothing happens if it is not there. */
  removeTree(path: string, as: Caller = ROOT): void {
    const slot = this.#names.slot(path, as, false);
    if (!slot.place) return;
    if (this.#names.rights(slot.place).type !== "dir") return this.#removeEntry(slot, as);
    for (const name of this.list(path, as)) this.removeTree(join(path, name), as);
    this.rmdir(path, as);
  }

  rename(from: string, to: string, as: Caller = ROOT): void {
    const source = this.#names.existing(from, as);
    let target = this.#names.slot(to, as, false);
    if (source.place.mount.at === source.place.path) throw new Errno("EBUSY", from);
    if (source.directory.files !== target.directory.files || !source.directory.files) throw new Errno("EXDEV", from);
    if (
      isWithin(join(target.directory.path, target.name), source.place.path) &&
      target.place?.path !== source.place.path
    )
      throw new Errno("EINVAL", from);
    if (!target.place && to.endsWith("/") && this.#names.rights(source.place).type !== "dir")
      throw new Errno("ENOTDIR", to);
    this.#names.requireWritable(source, as);
    this.#names.requireWritable(target, as);
    if (target.place) {
      if (target.place.mount.at === target.place.path) throw new Errno("EBUSY", to);
      if (target.place.ino === source.place.ino) return;
      const [sourceType, targetType] = [this.#names.rights(source.place).type, this.#names.rights(target.place).type];
      if (targetType === "dir" && sourceType !== "dir") throw new Errno("EISDIR", to);
      if (targetType !== "dir" && sourceType === "dir") throw new Errno("ENOTDIR", to);
      if (targetType === "dir" && this.list(to, as).length > 0) throw new Errno("ENOTEMPTY", to);
      target.directory.files!.unlink(target.directory.ino!, target.name);
      target = this.#names.slot(to, as, false);
    }
    source.directory.files.move(source.directory.ino!, source.name, target.directory.ino!, target.name);
    this.#host.changed(source.directory.files.id, source.directory.ino!);
    this.#host.changed(source.directory.files.id, target.directory.ino!);
  }

  chmod(path: string, mode: number, as: Caller = ROOT): void {
    this.#change(path, as, true, (inode) => {
      if (!this.#names.overrides(as, "FOWNER") && as.uid !== inode.uid) throw new Errno("EPERM", path);
      return { ...inode, mode };
    });
  }

  /** `follow` false changes a symbolic link itself. */
  chown(path: string, uid: number, gid: number, as: Caller = ROOT, follow = true): void {
    this.#change(path, as, follow, (inode) => {
      if (
        !this.#names.overrides(as, "CHOWN") &&
        (uid !== inode.uid || !(as.uid === inode.uid && as.groups.includes(gid)))
      )
        throw new Errno("EPERM", path);
      return { ...inode, uid, gid };
    });
  }

  utimes(path: string, mtime: Time, as: Caller = ROOT, follow = true): void {
    this.#change(path, as, follow, (inode) => {
      if (!this.#names.overrides(as, "FOWNER") && as.uid !== inode.uid && !permits(inode, 2, as))
        throw new Errno("EACCES", path);
      return { ...inode, mtime };
    });
  }

  /** Replaces the content behind an open file descriptor: no path, no permissions. */
  replaceData(id: string, ino: number, directory: number, data: Bytes): void {
    const files = this.#host.fileSystem(id);
    const inode = files.get(ino);
    if (inode.type === "file") this.#replace(files, ino, inode, data, directory);
  }

  // Changing inodes

  #create(slot: Slot<V>, as: Caller, inode: Inode): void {
    if (this.#names.rights(slot.directory).type !== "dir") throw new Errno("ENOTDIR", slot.given);
    this.#names.requireWritable(slot, as);
    if (inode.type === "file") this.#checkSize(slot.directory.files!, inode.data.length, 0);
    slot.directory.files!.create(slot.directory.ino!, slot.name, inode);
    this.#host.changed(slot.directory.files!.id, slot.directory.ino!);
  }

  #removeEntry(slot: Slot<V>, as: Caller): void {
    if (slot.place!.mount.at === slot.place!.path) throw new Errno("EBUSY", slot.given);
    this.#names.requireWritable(slot, as);
    const sticky = (this.#names.rights(slot.directory).mode & 0o1000) !== 0;
    if (sticky && !this.#names.overrides(as, "FOWNER") && as.uid !== this.#names.rights(slot.place!).uid)
      throw new Errno("EPERM", slot.given);
    slot.directory.files!.unlink(slot.directory.ino!, slot.name);
    this.#host.changed(slot.directory.files!.id, slot.directory.ino!);
  }

  #change(path: string, as: Caller, follow: boolean, next: (inode: Inode) => Inode): void {
    const slot = this.#names.slot(path, as, follow);
    if (!slot.place) throw new Errno("ENOENT", path);
    if (!slot.place.files) throw new Errno("EPERM", path);
    if (slot.place.mount.readOnly) throw new Errno("EROFS", path);
    slot.place.files.update(slot.place.ino!, next(this.#names.inode(slot.place)));
    this.#host.changed(slot.place.files.id, slot.directory.ino ?? ROOT_INODE);
  }

  #replace(files: FileSystem, ino: number, inode: RegularFile, data: Bytes, directory: number, size?: number): void {
    this.#checkSize(files, data.length, inode.data.length);
    const { size: _, ...kept } = inode;
    files.update(ino, { ...kept, data, mtime: this.#now, ...(size === undefined ? {} : { size }) });
    this.#host.changed(files.id, directory);
  }

  #checkSize(files: FileSystem, size: number, before: number): void {
    const { fileSize, filesTotal } = this.#host.kernel.limits;
    if (size > fileSize) throw new Errno("EFBIG");
    if (size > before && !files.grow(before, size, filesTotal)) throw new Errno("ENOSPC");
  }

  #writeView(node: ViewNode<V>, data: Bytes, as: Caller, path: string): void {
    if (node.type === "dir") throw new Errno("EISDIR", path);
    if (!this.#names.overrides(as, "DAC_OVERRIDE")) throw new Errno("EACCES", path);
    if (node.type !== "file" || !node.write) throw new Errno("EACCES", path);
    node.write(this.#host.viewContext(as), data);
  }

  get #now(): Time {
    return this.#host.kernel.now;
  }
}
