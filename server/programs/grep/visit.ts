import { attempt, Errno, join, type OpenFile } from "../../sim/host/index.ts";
import { matchesGlob } from "../gnu/glob.ts";
import { closeOperand, openOperand } from "../gnu/input.ts";
import type { Call } from "../gnu/tool.ts";

export interface VisitRules {
  readonly directories: "read" | "skip" | "recurse" | "follow";
  /** --include and --exclude in order: the last that matches decides, else whether the first is an exclusion. */
  readonly include: readonly { readonly glob: string; readonly include: boolean }[];
  readonly excludeDirectories: readonly string[];
  readonly silent: boolean;
}

/** Opens a file, or all files below a directory, and gives each to `search`. */
export async function visit(
  call: Call<string>,
  path: string,
  rules: VisitRules,
  search: (path: string, file: OpenFile, depth: number) => Promise<void>,
  depth = 0,
): Promise<void> {
  const { process } = call;
  const { files } = process.host;
  const fail = async (error: Errno): Promise<void> => {
    if (rules.silent) call.status = 2;
    else await call.warn(`${path}: ${error.message}`, 2);
  };
  if (path === "-") {
    const stdin = process.fds.find(0);
    return stdin ? search(path, stdin, 0) : fail(new Errno("EBADF"));
  }
  const recursive = rules.directories === "recurse" || rules.directories === "follow";
  const stat = attempt(() =>
    depth > 0 && rules.directories === "recurse" ? files.lstat(path, process) : files.stat(path, process),
  );
  if (stat instanceof Errno) return fail(stat);
  if (stat.type === "dir") {
    if (rules.directories === "skip") return;
    if (!recursive) return fail(new Errno("EISDIR"));
    if (rules.excludeDirectories.some((glob) => matchesEnd(glob.replace(/(.)\/+$/, "$1"), path))) return;
    const names = attempt(() => files.list(path, process));
    if (names instanceof Errno) return fail(names);
    for (const child of names) {
      const below = path === "." && call.operands.every((operand) => operand !== ".") ? child : join(path, child);
      await visit(call, below, rules, search, depth + 1);
    }
    return;
  }
  // Below a starting point links and devices are passed over.
  if (depth > 0 && stat.type !== "file") return;
  if (isExcluded(path, rules)) return;
  const file = openOperand(process, path);
  if (file instanceof Errno) return fail(file);
  try {
    const output = process.fds.find(1);
    if (stat.type === "file" && output?.name === file.name) {
      await call.warn(`${path}: input file is also the output`, 2);
      return;
    }
    await search(path, file, depth);
  } catch (error) {
    if (!(error instanceof Errno) || error.code === "ENOSPC" || error.code === "EPIPE") throw error;
    await fail(error);
  } finally {
    closeOperand(process, file);
  }
}

function isExcluded(path: string, { include }: VisitRules): boolean {
  const last = include.findLast(({ glob }) => matchesEnd(glob, path));
  if (last) return !last.include;
  return include.length > 0 && include.every((rule) => rule.include);
}

/** Whether the path, or what stands behind one of its slashes, matches. */
function matchesEnd(glob: string, path: string): boolean {
  const parts = path.split("/");
  return parts.some((_, at) => matchesGlob(glob, parts.slice(at).join("/")));
}
