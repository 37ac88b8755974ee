import type { Kernel } from "../../kernel/index.ts";
import type { Capability } from "../capabilities.ts";
import { Errno, type ErrnoCode } from "../errno.ts";
import type { FileSystem } from "./file-system.ts";
import { lostNames, type LostNames } from "./lost-names.ts";
import { sizeOf, type Directory, type Inode, type Stat } from "./inode.ts";
import { isAbsolute, join } from "./path.ts";
import { endsOf, namesOf } from "./path-names.ts";
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
  /** What /proc/mounts shows besides `ro` or `rw`; `relatime` if absent. */
  readonly options?: string;
  /** What a tmpfs may hold, in KiB; half of the memory if absent. */
  readonly size?: number;
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
  /** Root lacks that capability there. */
  lacks?(capability: Capability): boolean;
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

/** A place in a file system. */
type FilePlace<V> = Place<V> & { readonly files: FileSystem; readonly ino: number };

/** A name in a directory, whether or not it exists. */
export interface Slot<V> {
  readonly directory: Place<V>;
  readonly name: string;
  readonly place: Place<V> | undefined;
  /** The path as the caller gave it, for the error. */
  readonly given: string;
}

const MAX_LINKS = 40;
/** So many directories a host remembers. */
const MOST_KNOWN = 1024;

/** The tree of files that a host sees: its mounts, and how a path leads through them. Throws `Errno`. */
export class MountNamespace<V> {
  readonly #host: FilesHost<V>;
  readonly #lost: LostNames;
  /** Directories by path: as long as there are these mounts, and no name on the way to one of them was lost. */
  #known: {
    readonly mounts: readonly Mount[] | undefined;
    readonly lost: number;
    readonly places: Map<string, FilePlace<V>>;
  } = { mounts: undefined, lost: 0, places: new Map() };

  constructor(host: FilesHost<V>) {
    this.#host = host;
    this.#lost = lostNames(host.kernel);
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
    const slot = this.look(path, as, follow);
    if (typeof slot === "string") throw new Errno(slot, path);
    return slot;
  }

  /** The same, where a path that leads nowhere is an everyday answer. */
  look(path: string, as: Caller, follow: boolean): Slot<V> | ErrnoCode {
    const straight = this.overrides(as, "DAC_OVERRIDE") ? this.#straight(path, follow, 0) : undefined;
    return straight ?? this.#walk(path, as, follow);
  }

  /** What most paths are: absolute, without dots and views on the way, looked at by root. Undefined for all others. */
  #straight(path: string, follow: boolean, links: number): Slot<V> | ErrnoCode | undefined {
    const ends = endsOf(path);
    if (!ends) return undefined;
    const { name } = ends;
    const { mounts } = this.#host;
    const directory = this.#directory(ends.parent, mounts, links);
    if (directory === undefined || typeof directory === "string") return directory;
    const inode = directory.files.peek(directory.ino);
    if (inode.type !== "dir") return "ENOTDIR";
    const points = mountPoints(mounts);
    const mounted = points.names.has(name) ? this.#mounted(points, join(directory.path, name)) : undefined;
    if (mounted) return mounted.files && { directory, name, place: mounted, given: path };
    const ino = entryOf(inode, name);
    if (ino === undefined) return { directory, name, place: undefined, given: path };
    const { files, mount } = directory;
    const found = files.peek(ino);
    if (found.type === "link" && follow) {
      if (links >= MAX_LINKS) return undefined;
      files.walked(ino);
      const target = isAbsolute(found.target) ? found.target : join(directory.path, found.target);
      const slot = this.#straight(target, follow, links + 1);
      return slot === undefined || typeof slot === "string" ? slot : { ...slot, given: path };
    }
    return { directory, name, place: { path: join(directory.path, name), mount, files, ino }, given: path };
  }

  /** The directory that such a path leads to, which is remembered: most paths lead to the same few. */
  #directory(path: string, mounts: readonly Mount[], links: number): FilePlace<V> | ErrnoCode | undefined {
    const places = this.#places(mounts);
    const known = places.get(path);
    if (known) return known;
    let place: Place<V> | undefined;
    if (path === "/") place = this.#mounted(mountPoints(mounts), "/");
    else {
      const slot = this.#straight(path, true, links);
      if (slot === undefined || typeof slot === "string") return slot;
      if (!slot.place) return "ENOENT";
      ({ place } = slot);
    }
    if (!place?.files) return undefined;
    if (place.files.peek(place.ino!).type !== "dir") return "ENOTDIR";
    place.files.walked(place.ino!);
    places.set(path, place as FilePlace<V>);
    return place as FilePlace<V>;
  }

  /** The directory at a path that root goes straight; it is remembered. Undefined if there is none, or another way to it. */
  directory(path: string, as: Caller): Place<V> | undefined {
    if (!this.overrides(as, "DAC_OVERRIDE")) return undefined;
    const found = this.#directory(path, this.#host.mounts, 0);
    return typeof found === "string" ? undefined : found;
  }

  /** The directories that are remembered as long as there are these mounts. */
  #places(mounts: readonly Mount[]): Map<string, FilePlace<V>> {
    const { count } = this.#lost;
    if (this.#known.mounts !== mounts || this.#known.lost !== count || this.#known.places.size >= MOST_KNOWN)
      this.#known = { mounts, lost: count, places: new Map() };
    return this.#known.places;
  }

  #walk(path: string, as: Caller, follow: boolean): Slot<V> | ErrnoCode {
    if (path === "") return "ENOENT";
    const points = mountPoints(this.#host.mounts);
    const rest = [...namesOf(isAbsolute(path) ? path : join(as.cwd, path))];
    const wantsDirectory = asksForDirectory(path) || rest[0] === "..";
    const overrides = this.overrides(as, "DAC_OVERRIDE");
    const parents: Place<V>[] = [];
    const root = this.#mounted(points, "/")!;
    let here = root;
    let inode = here.files?.peek(here.ino!);
    let links = 0;
    let name = ".";
    let directory = here;
    let place: Place<V> | undefined = here;
    while (rest.length > 0) {
      name = rest.pop()!;
      if ((inode ?? here.node!).type !== "dir") return "ENOTDIR";
      if (!overrides && !permits(inode ?? this.stat(here), 1, as, false)) return "EACCES";
      if (name.length > 255) return "ENAMETOOLONG";
      if (name === "..") {
        place = here = parents.pop() ?? here;
        inode = here.files?.peek(here.ino!);
        directory = parents.at(-1) ?? here;
        name = here.path.slice(here.path.lastIndexOf("/") + 1);
        continue;
      }
      directory = here;
      place = this.#child(points, here, inode, name, as);
      if (!place) return rest.length > 0 ? "ENOENT" : { directory, name, place, given: path };
      const found: Inode | undefined = place.files?.peek(place.ino!);
      const target =
        (found ?? place.node!).type === "link" && (rest.length > 0 || follow || wantsDirectory)
          ? this.linkTarget(place, as)
          : undefined;
      if (target === undefined) {
        parents.push(here);
        here = place;
        inode = found;
        continue;
      }
      if (++links > MAX_LINKS) return "ELOOP";
      rest.push(...namesOf(target));
      if (isAbsolute(target)) {
        parents.length = 0;
        here = root;
        inode = here.files?.peek(here.ino!);
        if (rest.length === 0) [directory, name, place] = [here, ".", here];
      }
    }
    if (wantsDirectory && (inode ?? here.node!).type !== "dir") return "ENOTDIR";
    return { directory, name, place, given: path };
  }

  /** `inode`: the directory's, if it is in a file system. */
  #child(
    points: MountPoints,
    parent: Place<V>,
    inode: Inode | undefined,
    name: string,
    as: Caller,
  ): Place<V> | undefined {
    const path = join(parent.path, name);
    const mounted = points.names.has(name) ? this.#mounted(points, path) : undefined;
    if (mounted) return mounted;
    if (parent.node) {
      const node = parent.node.type === "dir" ? parent.node.child(this.#host.viewContext(as), name) : undefined;
      return node && { path, mount: parent.mount, node };
    }
    const ino = entryOf(inode as Directory, name);
    return ino === undefined ? undefined : { path, mount: parent.mount, files: parent.files!, ino };
  }

  #mounted(points: MountPoints, path: string): Place<V> | undefined {
    for (const mount of points.at.get(path) ?? []) {
      if (!mount.files) return { path, mount, node: this.#host.view(mount.view!) };
      const files = this.#host.fileSystem(mount.files.id);
      // A bind mount whose source was removed shows what lies below it.
      if (files.has(mount.files.root)) return { path, mount, files, ino: mount.files.root };
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
    const ino = place.ino!;
    if (type !== "dir") {
      const stat: Stat = { type, mode, uid, gid, mtime, size: sizeOf(inode), ino, links: inode.links ?? 1 };
      const device = type === "char" || type === "block" ? inode.device : undefined;
      return device === undefined ? stat : { ...stat, device };
    }
    const size = sizeOf(inode);
    // Counted when asked for: most want to know a directory's other facts.
    return {
      type,
      mode,
      uid,
      gid,
      mtime,
      size,
      ino,
      get links(): number {
        return 2 + subdirectories(place.files!, inode);
      },
    };
  }

  /** What decides who may do what with it. */
  rights(place: Place<V>): Pick<Stat, "type" | "mode" | "uid" | "gid"> {
    return place.files ? place.files.peek(place.ino!) : this.stat(place);
  }

  /** Is the caller root with that capability? The kernel itself, which is no process, always is. */
  overrides(as: Caller, capability: Capability): boolean {
    return as.uid === 0 && (as.pid === undefined || !this.#host.lacks?.(capability));
  }

  require(place: Place<V>, mask: number, as: Caller, path: string): void {
    if (!this.overrides(as, "DAC_OVERRIDE") && !permits(this.rights(place), mask, as, false))
      throw new Errno("EACCES", path);
    if (mask & 2 && place.mount.readOnly) throw new Errno("EROFS", path);
  }

  requireWritable(slot: Slot<V>, as: Caller): void {
    this.require(slot.directory, 3, as, slot.given);
    // proc finds no such name, the others have no way to make one.
    if (!slot.directory.files) throw new Errno(slot.directory.mount.type === "proc" ? "ENOENT" : "EPERM", slot.given);
  }
}

/** Where something is mounted: by path, the last one first since it hides the others, and the last names of those paths. */
interface MountPoints {
  readonly at: ReadonlyMap<string, readonly Mount[]>;
  readonly names: ReadonlySet<string>;
}

const mountPointsOf = new WeakMap<readonly Mount[], MountPoints>();

function mountPoints(mounts: readonly Mount[]): MountPoints {
  let points = mountPointsOf.get(mounts);
  if (!points) {
    const at = new Map<string, Mount[]>();
    for (const mount of mounts) at.set(mount.at, [mount, ...(at.get(mount.at) ?? [])]);
    const names = new Set(mounts.map((mount) => mount.at.slice(mount.at.lastIndexOf("/") + 1)));
    mountPointsOf.set(mounts, (points = { at, names }));
  }
  return points;
}

function entryOf({ entries }: Directory, name: string): number | undefined {
  const ino: unknown = entries[name];
  // What every object has is no number.
  return typeof ino === "number" ? ino : undefined;
}

function asksForDirectory(path: string): boolean {
  return path.endsWith("/") || path.endsWith("/.") || path === ".";
}

function subdirectories(files: FileSystem, { entries }: Directory): number {
  let count = 0;
  for (const name in entries) if (files.has(entries[name]!) && files.get(entries[name]!).type === "dir") count++;
  return count;
}

/** `overrides`: the caller is root with CAP_DAC_OVERRIDE. */
export function permits(
  stat: Pick<Stat, "type" | "mode" | "uid" | "gid">,
  mask: number,
  as: Caller,
  overrides = as.uid === 0,
): boolean {
  if (overrides) return !(mask & 1) || stat.type === "dir" || (stat.mode & 0o111) !== 0;
  const shift = as.uid === stat.uid ? 6 : as.gid === stat.gid || as.groups.includes(stat.gid) ? 3 : 0;
  return ((stat.mode >> shift) & mask) === mask;
}
