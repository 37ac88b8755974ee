import type { Kernel } from "../../kernel/index.ts";
import { Errno } from "../errno.ts";
import type { FileSystem } from "./file-system.ts";
import { sizeOf, type Directory, type Inode, type Stat } from "./inode.ts";
import { isAbsolute, join } from "./path.ts";
import type { ViewNode } from "./view.ts";

/** Who accesses files: credentials, and where relative paths start. */
export interface Caller {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly cwd: string;
  readonly umask: number;
  /** The process that looks, for views such as /proc/self. */
  readonly pid?: number;
}

export const ROOT: Caller = { uid: 0, gid: 0, groups: [0], cwd: "/", umask: 0o022 };

/** A file system, or a view, that is visible at a path. */
export interface Mount {
  /** Normal absolute path. */
  readonly at: string;
  /** What `mount` shows: `/dev/vda1`, `overlay`, `proc`. */
  readonly source: string;
  /** `ext4`, `overlay`, `tmpfs`, `proc`, `sysfs`. */
  readonly type: string;
  readonly readOnly?: boolean;
  /** The file system's id and the inode that is seen at the path. */
  readonly files?: { readonly id: string; readonly root: number };
  /** The name of a registered view. */
  readonly view?: string;
}

/** What `Files` needs of the machine it is on. `V` is what views are computed from. */
export interface FilesHost<V> {
  readonly kernel: Kernel;
  readonly mounts: readonly Mount[];
  fileSystem(id: string): FileSystem;
  view(name: string): ViewNode<V>;
  viewContext(caller: Caller): V;
  /** Something was written, made or removed in a directory of a file system. */
  changed(fileSystem: string, directory: number): void;
}

/** Where a path leads: an inode of a file system, or a node of a view. */
export interface Place<V> {
  readonly path: string;
  readonly mount: Mount;
  readonly files?: FileSystem;
  readonly ino?: number;
  readonly node?: ViewNode<V>;
}

/** A name in a directory, whether or not it exists. */
export interface Slot<V> {
  readonly directory: Place<V>;
  readonly name: string;
  readonly place: Place<V> | undefined;
  /** The path as the caller gave it, for the error. */
  readonly given: string;
}

const MAX_LINKS = 40;

/** The tree of files that a host sees: its mounts, and how a path leads through them. Throws `Errno`. */
export class MountNamespace<V> {
  readonly #host: FilesHost<V>;

  constructor(host: FilesHost<V>) {
    this.#host = host;
  }

  find(path: string, as: Caller, follow: boolean): Place<V> {
    const { place } = this.slot(path, as, follow);
    if (!place) throw new Errno("ENOENT", path);
    return place;
  }

  existing(path: string, as: Caller): Slot<V> & { place: Place<V> } {
    const slot = this.slot(path, as, false);
    if (!slot.place) throw new Errno("ENOENT", path);
    return slot as Slot<V> & { place: Place<V> };
  }

  /** Follows a path to its last name. A trailing slash asks for a directory. */
  slot(path: string, as: Caller, follow: boolean): Slot<V> {
    if (path === "") throw new Errno("ENOENT", path);
    const rest = (isAbsolute(path) ? path : join(as.cwd, path))
      .split("/")
      .filter((part) => part !== "" && part !== ".");
    const wantsDirectory = /(\/|\/\.|^\.)$/.test(path) || rest.at(-1) === "..";
    const parents: Place<V>[] = [];
    let here = this.#mounted("/")!;
    let links = 0;
    let name = ".";
    let slot: Slot<V> = { directory: here, name, place: here, given: path };
    while (rest.length > 0) {
      name = rest.shift()!;
      if (this.#type(here) !== "dir") throw new Errno("ENOTDIR", path);
      this.require(here, 1, as, path);
      if (name.length > 255) throw new Errno("ENAMETOOLONG", path);
      if (name === "..") {
        here = parents.pop() ?? here;
        slot = {
          directory: parents.at(-1) ?? here,
          name: here.path.slice(here.path.lastIndexOf("/") + 1),
          place: here,
          given: path,
        };
        continue;
      }
      const child = this.#child(here, name, as);
      slot = { directory: here, name, place: child, given: path };
      if (!child) {
        if (rest.length > 0) throw new Errno("ENOENT", path);
        return slot;
      }
      const target = rest.length > 0 || follow || wantsDirectory ? this.linkTarget(child, as) : undefined;
      if (target === undefined) {
        parents.push(here);
        here = child;
        continue;
      }
      if (++links > MAX_LINKS) throw new Errno("ELOOP", path);
      rest.unshift(...target.split("/").filter((part) => part !== "" && part !== "."));
      if (isAbsolute(target)) {
        parents.length = 0;
        here = this.#mounted("/")!;
        if (rest.length === 0) slot = { directory: here, name: ".", place: here, given: path };
      }
    }
    if (wantsDirectory && slot.place && this.#type(slot.place) !== "dir") throw new Errno("ENOTDIR", path);
    return slot;
  }

  #type(place: Place<V>): Stat["type"] {
    return place.node ? place.node.type : this.inode(place).type;
  }

  #child(parent: Place<V>, name: string, as: Caller): Place<V> | undefined {
    const path = join(parent.path, name);
    const mounted = this.#mounted(path);
    if (mounted) return mounted;
    if (parent.node) {
      const node = parent.node.type === "dir" ? parent.node.child(this.#host.viewContext(as), name) : undefined;
      return node && { path, mount: parent.mount, node };
    }
    const ino = parent.files!.lookup(parent.ino!, name);
    return ino === undefined ? undefined : { path, mount: parent.mount, files: parent.files!, ino };
  }

  #mounted(path: string): Place<V> | undefined {
    // The last mount at a path hides those before it.
    for (let at = this.#host.mounts.length - 1; at >= 0; at--) {
      const mount = this.#host.mounts[at]!;
      if (mount.at !== path) continue;
      if (mount.files) {
        const files = this.#host.fileSystem(mount.files.id);
        // A bind mount whose source was removed shows what lies below it.
        if (!files.has(mount.files.root)) continue;
        return { path, mount, files, ino: mount.files.root };
      }
      return { path, mount, node: this.#host.view(mount.view!) };
    }
    return undefined;
  }

  linkTarget(place: Place<V>, as: Caller): string | undefined {
    if (place.node) return place.node.type === "link" ? place.node.target(this.#host.viewContext(as)) : undefined;
    const inode = this.inode(place);
    return inode.type === "link" ? inode.target : undefined;
  }

  inode(place: Place<V>): Inode {
    return place.files!.get(place.ino!);
  }

  stat(place: Place<V>): Stat {
    if (place.node) {
      const mode = place.node.mode ?? (place.node.type === "dir" ? 0o555 : 0o777);
      return { type: place.node.type, mode, uid: 0, gid: 0, mtime: this.#host.kernel.now, size: 0, ino: 0, links: 1 };
    }
    const inode = this.inode(place);
    const { type, mode, uid, gid, mtime } = inode;
    const device = type === "char" || type === "block" ? inode.device : undefined;
    return {
      type,
      mode,
      uid,
      gid,
      mtime,
      size: sizeOf(inode),
      ino: place.ino!,
      // Counted when asked for: every step of a path looks at a directory's other facts.
      get links(): number {
        return type === "dir" ? 2 + subdirectories(place.files!, inode) : (inode.links ?? 1);
      },
      ...(device === undefined ? {} : { device }),
    };
  }

  require(place: Place<V>, mask: number, as: Caller, path: string): void {
    if (as.uid !== 0 && !permits(this.stat(place), mask, as)) throw new Errno("EACCES", path);
    if (mask & 2 && place.mount.readOnly) throw new Errno("EROFS", path);
  }

  requireWritable(slot: Slot<V>, as: Caller): void {
    this.require(slot.directory, 3, as, slot.given);
    if (!slot.directory.files) throw new Errno("EPERM", slot.given);
  }
}

function subdirectories(files: FileSystem, { entries }: Directory): number {
  let count = 0;
  for (const name in entries) if (files.has(entries[name]!) && files.get(entries[name]!).type === "dir") count++;
  return count;
}

export function permits(stat: Pick<Stat, "type" | "mode" | "uid" | "gid">, mask: number, as: Caller): boolean {
  if (as.uid === 0) return !(mask & 1) || stat.type === "dir" || (stat.mode & 0o111) !== 0;
  const shift = as.uid === stat.uid ? 6 : as.gid === stat.gid || as.groups.includes(stat.gid) ? 3 : 0;
  return ((stat.mode >> shift) & mask) === mask;
}
