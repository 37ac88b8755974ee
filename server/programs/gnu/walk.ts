import { attempt, Errno, join, type Process, type Stat, WALK_QUANTUM } from "../../sim/host/index.ts";

/** A file below a starting point. */
export interface Visit {
  readonly path: string;
  readonly stat: Stat;
  readonly depth: number;
}

/**
 * Goes through a tree, each directory before its content, without following links. `failed` hears of what cannot be read;
 * `enter` may keep it out of a directory.
 */
export async function* walk(
  process: Process,
  start: string,
  failed: (path: string, error: Errno) => Promise<void>,
  enter: (visit: Visit) => boolean = () => true,
): AsyncGenerator<Visit> {
  const { files } = process.host;
  const stat = attempt(() => files.lstat(start, process));
  if (stat instanceof Errno) return await failed(start, stat);
  const pending: Visit[] = [{ path: start, stat, depth: 0 }];
  while (pending.length > 0) {
    const visit = pending.pop()!;
    if (process.spend(3, WALK_QUANTUM)) await process.pause();
    yield visit;
    if (visit.stat.type !== "dir" || !enter(visit)) continue;
    const names = attempt(() => files.list(visit.path, process));
    if (names instanceof Errno) {
      await failed(visit.path, names);
      continue;
    }
    for (const name of names.reverse()) {
      const path = join(visit.path, name);
      const own = attempt(() => files.lstat(path, process));
      if (!(own instanceof Errno)) pending.push({ path, stat: own, depth: visit.depth + 1 });
    }
  }
}
