import { attempt, Errno, resolve, type Process } from "../../sim/host/index.ts";
import type { Disk } from "./disk.ts";

/** The files of a process, as an editor sees them. */
export function hostDisk(process: Process): Disk {
  const { files } = process.host;
  const kind = (path: string): "file" | "dir" | "other" | undefined => {
    const stat = attempt(() => files.stat(path, process));
    if (stat instanceof Errno) return undefined;
    return stat.type === "file" || stat.type === "dir" ? stat.type : "other";
  };
  return {
    kind,
    read(path) {
      const stat = attempt(() => files.stat(path, process));
      if (stat instanceof Errno) return stat;
      if (stat.type === "dir") return new Errno("EISDIR", path);
      const bytes = attempt(() => files.read(path, process));
      if (bytes instanceof Errno) return bytes;
      return { bytes, readonly: (stat.mode & 0o222) === 0 || !files.access(path, 2, process) };
    },
    write(path, bytes, append) {
      const done = attempt(() => files.write(path, bytes, { append }, process));
      return done instanceof Errno ? done : undefined;
    },
    stamp(path) {
      const stat = attempt(() => files.stat(path, process));
      return stat instanceof Errno ? undefined : stat.mtime;
    },
    matches(path) {
      const slash = path.lastIndexOf("/");
      const directory = path.slice(0, slash + 1);
      const names = attempt(() => files.list(this.expand(directory) || ".", process));
      if (names instanceof Errno) return [];
      const prefix = path.slice(slash + 1);
      return names
        .filter((name) => name.startsWith(prefix) && (prefix.startsWith(".") || !name.startsWith(".")))
        .toSorted()
        .map((name) => `${directory}${name}${kind(this.expand(directory + name)) === "dir" ? "/" : ""}`);
    },
    expand(path) {
      const home = process.env["HOME"] ?? "";
      return path
        .replace(/^~(?=\/|$)/, home)
        .replace(
          /\$(\w+)|\$\{(\w+)\}/g,
          (whole, plain?: string, braced?: string) => process.env[plain ?? braced ?? ""] ?? whole,
        );
    },
    full(path) {
      return resolve(process.cwd, path);
    },
  };
}
