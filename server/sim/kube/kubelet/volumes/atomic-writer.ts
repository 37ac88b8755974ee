import type { Bytes } from "../../../kernel/index.ts";
import { calendar, pad } from "../../../kernel/index.ts";
import { Directory } from "../cri/directory.ts";
import type { Kubelet } from "../kubelet.ts";

/** A file of a volume: its content and mode. */
export interface Projection {
  readonly data: Bytes;
  readonly mode: number;
}

/**
 * Writes the files of a volume so that readers see all of the old ones or all of the new ones: into a directory named by the
 * time, to which `..data` points, and a link for each (pkg/volume/util/atomic_writer.go). Nothing happens if nothing changed.
 */
export function writeAtomically(
  kubelet: Kubelet,
  path: string,
  files: ReadonlyMap<string, Projection>,
  { group, keepOld = false }: { readonly group?: number | undefined; readonly keepOld?: boolean } = {},
): void {
  const fresh = group !== undefined && !kubelet.host.files.exists(path);
  const target = Directory.at(kubelet.host, path, 0o777);
  if (fresh) {
    kubelet.host.files.chown(path, 0, group);
    kubelet.host.files.chmod(path, 0o2777);
  }
  const before = linkTarget(target, "..data");
  // The group may read what is its own (SetVolumeOwnership with the mask of read-only volumes).
  const modeOf = (mode: number): number => (group === undefined ? mode : mode | 0o440);
  if (before !== undefined && same(target, before, files, modeOf)) return;
  const { year, month, day, hour, minute, second } = calendar(kubelet.kernel.now);
  const stamp = [year, month, day, hour, minute, second].map((part) => pad(part, 2)).join("_");
  const name = `..${stamp}.${pad(kubelet.kernel.random.uint32("kubelet/atomic"), 10)}`;
  const made = group === undefined ? ([0o755, 0, 0] as const) : ([0o2755, 0, group] as const);
  const directory = target.make(name, ...made);
  for (const [file, { data, mode }] of files) {
    const parts = file.split("/");
    let at = directory;
    for (const part of parts.slice(0, -1)) at = at.make(part, ...made);
    at.write(parts.at(-1)!, data, modeOf(mode), 0, group ?? 0);
  }
  target.link("..data", name);
  const top = new Set([...files.keys()].map((file) => file.split("/")[0]!));
  for (const entry of top) if (!target.has(entry)) target.link(entry, `..data/${entry}`);
  // Whoever watches the directory (inotify) sees it now.
  kubelet.host.changed(target.files.id, target.ino);
  if (before === undefined) return;
  for (const entry of entriesOf(target)) if (!entry.startsWith("..") && !top.has(entry)) target.remove(entry);
  if (!keepOld) target.remove(before);
}

function linkTarget(directory: Directory, name: string): string | undefined {
  const ino = directory.files.lookup(directory.ino, name);
  const inode = ino === undefined ? undefined : directory.files.get(ino);
  return inode?.type === "link" ? inode.target : undefined;
}

function entriesOf(directory: Directory): string[] {
  return Object.keys(directory.files.directory(directory.ino).entries);
}

function same(
  target: Directory,
  name: string,
  files: ReadonlyMap<string, Projection>,
  modeOf: (mode: number) => number,
): boolean {
  const found = new Map<string, string>();
  const collect = (ino: number, prefix: string): void => {
    for (const [entry, child] of Object.entries(target.files.directory(ino).entries)) {
      const inode = target.files.get(child);
      if (inode.type === "dir") collect(child, `${prefix}${entry}/`);
      else if (inode.type === "file") found.set(prefix + entry, `${inode.mode} ${inode.data}`);
    }
  };
  const ino = target.files.lookup(target.ino, name);
  if (ino === undefined) return false;
  collect(ino, "");
  if (found.size !== files.size) return false;
  for (const [file, { data, mode }] of files) if (found.get(file) !== `${modeOf(mode)} ${data}`) return false;
  return true;
}
