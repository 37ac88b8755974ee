import { attempt, Errno, join, type Host } from "../host/index.ts";

export interface CopyOptions {
  /** Whose the copies are; as they were if absent. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** What of the source is left out: paths below it, `node_modules/x`. */
  readonly skip?: (path: string) => boolean;
}

/**
 * Copies a file, link or folder with all below it from one host to a path of another, as root: what is there of files is
 * replaced, folders are filled. Throws `Errno`.
 */
export function copyTree(from: Host, source: string, to: Host, target: string, options: CopyOptions = {}): void {
  copy(from, source, to, target, options, "");
}

function copy(from: Host, source: string, to: Host, target: string, options: CopyOptions, below: string): void {
  const stat = from.files.lstat(source);
  const there = attempt(() => to.files.lstat(target));
  const kept = !(there instanceof Errno) && stat.type === "dir" && there.type === "dir";
  if (!(there instanceof Errno) && !kept) {
    if (there.type === "dir") throw new Errno("EISDIR", target);
    to.files.unlink(target);
  }
  if (stat.type === "link") to.files.symlink(from.files.readlink(source), target);
  else if (stat.type === "dir") {
    if (!kept) to.files.mkdir(target);
    for (const name of [...from.files.list(source)].sort()) {
      const path = below === "" ? name : `${below}/${name}`;
      if (!options.skip?.(path)) copy(from, join(source, name), to, join(target, name), options, path);
    }
  } else if (stat.type === "file") {
    const data = from.files.read(source);
    to.files.write(target, data, stat.size === data.length ? {} : { size: stat.size });
  } else
    to.files.mknod(target, {
      type: stat.type,
      mode: stat.mode,
      ...(stat.device === undefined ? {} : { device: stat.device }),
    });
  const { uid, gid } = options.owner ?? stat;
  to.files.chown(target, uid, gid, undefined, false);
  if (stat.type === "link") return;
  to.files.chmod(target, stat.mode);
  to.files.utimes(target, stat.mtime);
}

const BLOCK = 512;

/** The bytes that a tar archive of a tree has: that is how docker carries it. */
export function archiveSize(host: Host, path: string): number {
  return membersSize(host, path) + 2 * BLOCK;
}

function membersSize(host: Host, path: string): number {
  const stat = host.files.lstat(path);
  if (stat.type === "file") return BLOCK + Math.ceil(stat.size / BLOCK) * BLOCK;
  if (stat.type !== "dir") return BLOCK;
  return host.files.list(path).reduce((sum, name) => sum + membersSize(host, join(path, name)), BLOCK);
}
