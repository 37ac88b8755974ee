import { attempt, Errno, isAbsolute, join, resolve, type Process } from "../../sim/host/index.ts";

/** Which parts of a path must exist: all, all but the last, or none (gnulib lib/canonicalize.c). */
export type Existing = "all" | "all but last" | "none";

/** The path without links, `.` and `..`. */
export function canonical(process: Process, path: string, existing: Existing): string | Errno {
  if (path === "") return new Errno("ENOENT");
  const { files } = process.host;
  const rest = (isAbsolute(path) ? path : join(process.cwd, path))
    .split("/")
    .filter((part) => part !== "" && part !== ".");
  const trailing = path.endsWith("/");
  let here = "/";
  for (let links = 0; rest.length > 0;) {
    const part = rest.shift()!;
    if (part === "..") {
      here = resolve(here, "..");
      continue;
    }
    const next = join(here, part);
    const stat = attempt(() => files.lstat(next, process));
    if (stat instanceof Errno) {
      if (existing === "none") {
        here = next;
        continue;
      }
      if (existing === "all but last" && stat.code === "ENOENT" && rest.length === 0) return next;
      return stat;
    }
    if (stat.type !== "link") {
      if (stat.type !== "dir" && (rest.length > 0 || (trailing && existing !== "none")) && existing !== "none")
        return new Errno("ENOTDIR");
      here = next;
      continue;
    }
    if (++links > 40) return new Errno("ELOOP");
    const target = attempt(() => files.readlink(next, process));
    if (target instanceof Errno) return target;
    if (isAbsolute(target)) here = "/";
    rest.unshift(...target.split("/").filter((each) => each !== "" && each !== "."));
  }
  return here;
}

/** The way from a directory to a path, both without links. */
export function relativePath(process: Process, path: string, from: string): string {
  const to = canonical(process, path, "none");
  const base = canonical(process, from, "none");
  return relative(base instanceof Errno ? from : base, to instanceof Errno ? path : to);
}

export function relative(from: string, to: string): string {
  const [a, b] = [from, to].map((path) => path.split("/").filter((part) => part !== "")) as [string[], string[]];
  let shared = 0;
  while (shared < a.length && shared < b.length && a[shared] === b[shared]) shared++;
  return [...a.slice(shared).map(() => ".."), ...b.slice(shared)].join("/") || ".";
}
