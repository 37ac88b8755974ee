import { encode, type Time } from "../kernel/index.ts";
import { Errno } from "./errno.ts";
import { emptyDirectory, type BaseFiles } from "./files/file-system.ts";
import { ROOT_INODE, type Inode } from "./files/inode.ts";
import { dirname, basename } from "./files/path.ts";
import { parseGroup, parsePasswd } from "./users.ts";
import { programStub } from "./process/executable.ts";
import type { FileSpec } from "./profiles/file-spec.ts";

/**
 * Builds the shared files of a profile or an image. A later file of the same path replaces an earlier one; directories
 * above a file are made. Owners are names of the /etc/passwd and /etc/group among the files.
 */
export function buildBaseFiles(name: string, specs: readonly FileSpec[], mtime: Time): BaseFiles {
  const last = new Map(specs.map((spec) => [spec.path, spec]));
  const text = (path: string): string => {
    const spec = last.get(path);
    return spec && "text" in spec ? spec.text : "root:x:0:0:root:/root:/bin/sh\n";
  };
  const users = new Map(parsePasswd(text("/etc/passwd")).map((user) => [user.name, user.uid]));
  const groups = new Map(parseGroup(text("/etc/group")).map((group) => [group.name, group.gid]));
  const rows = new Map<number, Inode>([[ROOT_INODE, emptyDirectory(0o755, 0, 0, mtime)]]);
  const byPath = new Map<string, number>([["/", ROOT_INODE]]);

  const add = (path: string, inode: Inode): number => {
    const parent = directory(dirname(path));
    const row = rows.get(parent)!;
    if (row.type !== "dir") throw new Errno("ENOTDIR", path);
    const ino = rows.size + 1;
    (row.entries as Record<string, number>)[basename(path)] = ino;
    rows.set(ino, inode);
    byPath.set(path, ino);
    return ino;
  };
  const directory = (path: string): number => byPath.get(path) ?? add(path, emptyDirectory(0o755, 0, 0, mtime));

  for (const spec of last.values()) {
    const uid = users.get(spec.owner ?? "root") ?? 0;
    const gid = groups.get(spec.group ?? spec.owner ?? "root") ?? 0;
    const attributes = { uid, gid, mtime };
    if ("dir" in spec) {
      const ino = directory(spec.path);
      const row = rows.get(ino)!;
      if (row.type === "dir") rows.set(ino, { ...row, ...attributes, mode: spec.mode ?? 0o755 });
    } else if ("link" in spec) add(spec.path, { type: "link", ...attributes, mode: 0o777, target: spec.link });
    else if ("device" in spec)
      add(spec.path, { type: "char", ...attributes, mode: spec.mode ?? 0o666, device: spec.device });
    else if ("program" in spec)
      add(spec.path, {
        type: "file",
        ...attributes,
        mode: spec.mode ?? 0o755,
        data: programStub(spec.program, spec.version),
        size: spec.size ?? 100_000,
      });
    else add(spec.path, { type: "file", ...attributes, mode: spec.mode ?? 0o644, data: encode(spec.text) });
  }
  return { name, rows };
}
