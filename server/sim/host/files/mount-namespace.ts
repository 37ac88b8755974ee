import type { Kernel } from "../../kernel/index.ts";
import type { Capability } from "../capabilities.ts";
import { Errno, type ErrnoCode } from "../errno.ts";
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
    const slot = this.look(path, as, follow);
    if (typeof slot === "string") throw new Errno(slot, path);
    return slot;
  }

  /** The same, where a path that leads nowhere is an everyday answer. */
  look(path: string, as: Caller, follow: boolean): Slot<V> | ErrnoCode {
    return this.#straight(path, as, follow) ?? this.#walk(path, as, follow);
  }

  /** What most paths are: absolute, without dots and views on the way, looked at by root. Undefined for all others. */
  #straight(path: string, as: Caller, follow: boolean, links = 0): Slot<V> | ErrnoCode | undefined {
    if (!this.overrides(as, "DAC_OVERRIDE")) return undefined;
    const { names, plain } = partsOf(path);
    if (!plain) return undefined;
    const points = mountPoints(this.#host.mounts);
    let { mount, files, ino } = this.#mounted(points, "/")!;
    if (!files) return undefined;
    let inode = files.peek(ino!);
    let end = 0;
    for (let left = names.length - 1; ; left--) {
      const name = names[left]!;
      const start = end;
      end += 1 + name.length;
      if (inode.type !== "dir") return "ENOTDIR";
      const directory = { files, ino: ino!, mount };
      const mounted = points.names.has(name) ? this.#mounted(points, path.slice(0, end)) : undefined;
      if (mounted) {
        if (!mounted.files) return undefined;
        ({ mount, files, ino } = mounted);
      } else ino = entryOf(inode, name);
      const found: Inode | undefined = ino === undefined ? undefined : files!.peek(ino);
      if (left === 0) {
        if (found?.type === "link" && follow) return this.#past(found.target, path, start, end, as, follow, links);
        return {
          directory: { path: path.slice(0, start) || "/", ...directory },
          name,
          place: found && { path, mount, files: files!, ino: ino! },
          given: path,
        };
      }
      if (!found) return "ENOENT";
      if (found.type === "link") return this.#past(found.target, path, start, end, as, follow, links);
      inode = found;
    }
  }

  /** The same path with what a link stands for in its place: the name between `start` and `end`. */
  #past(
    target: string,
    path: string,
    start: number,
    end: number,
    as: Caller,
    follow: boolean,
    links: number,
  ): Slot<V> | ErrnoCode | undefined {
    if (links >= MAX_LINKS) return undefined;
    const directory = isAbsolute(target) ? "" : `${path.slice(0, start)}/`;
    const slot = this.#straight(`${directory}${target}${path.slice(end)}`, as, follow, links + 1);
    return slot === undefined || typeof slot === "string" ? slot : { ...slot, given: path };
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

  /** Is the caller root with that capability? The kernel itself, which is no process, always is. */
  overrides(as: Caller, capability: Capability): boolean {
    return as.uid === 0 && (as.pid === undefined || !this.#host.lacks?.(capability));
  }

  require(place: Place<V>, mask: number, as: Caller, path: string): void {
    if (!this.overrides(as, "DAC_OVERRIDE") && !permits(this.stat(place), mask, as, false))
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

interface PathParts {
  /** The last one first. */
  readonly names: readonly string[];
  /** Absolute, with names alone: no dots, no doubled slashes, none at the end. */
  readonly plain: boolean;
}

/** Paths that were taken apart: most are looked at again and again, and the same names are found faster than equal ones. */
const partsOfPaths = new Map<string, PathParts>();
const PATHS = 4096;

function partsOf(path: string): PathParts {
  let parts = partsOfPaths.get(path);
  if (parts === undefined) {
    if (partsOfPaths.size >= PATHS) partsOfPaths.clear();
    const names = takeApart(path);
    const length = names.reduce((sum, name) => sum + 1 + name.length, 0);
    const plain = length > 0 && length === path.length && isAbsolute(path) && names.every(isPlain);
    partsOfPaths.set(path, (parts = { names, plain }));
  }
  return parts;
}

function isPlain(name: string): boolean {
  return name !== ".." && name.length <= 255;
}

/** The names in a path, the last one first. */
function namesOf(path: string): readonly string[] {
  return partsOf(path).names;
}

function takeApart(path: string): string[] {
  const names: string[] = [];
  for (let end = path.length; end > 0;) {
    const slash = path.lastIndexOf("/", end - 1);
    const name = path.slice(slash + 1, end);
    if (name !== "" && name !== ".") names.push(name);
    end = slash;
  }
  return names;
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
