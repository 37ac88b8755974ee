import { attempt, dirname, Errno, type OpenFile, type Process } from "../../sim/host/index.ts";
import { chunks, closeOperand, openOperand } from "../gnu/input.ts";
import { shellQuote } from "../gnu/quoting.ts";
import type { Call } from "../gnu/tool.ts";

/** A file that `tail -f` watches. */
export interface Followed {
  readonly path: string;
  /** Its name in headers. */
  readonly shown: string;
  file: OpenFile | undefined;
  /** Its name was said to have become inaccessible. */
  gone: boolean;
  size?: number;
  inode?: string | undefined;
}

export interface FollowRules {
  readonly byName: boolean;
  readonly retry: boolean;
  readonly headers: boolean;
  readonly lastShown: string;
}

/** Writes what is added to files until nobody reads it any more (coreutils src/tail.c tail_forever_inotify). */
export async function follow(call: Call, files: Followed[], rules: FollowRules): Promise<number> {
  const { process, out } = call;
  const changes = new Changes(process, files);
  let shown = rules.lastShown;
  for (const one of files) {
    one.size = one.file?.position?.size ?? 0;
    one.inode = inodeOf(process, one.path);
  }
  try {
    for (;;) {
      for (const one of files) {
        if (rules.byName) await reopen(call, one);
        const { file } = one;
        if (!file) continue;
        const size = file.position?.size ?? 0;
        if (size < one.size!) {
          await call.say(`${one.shown}: file truncated`);
          file.seek(0);
        }
        one.size = size;
        if (file.position && file.position.offset >= size) continue;
        if (rules.headers && shown !== one.shown) await out.print(`\n==> ${one.shown} <==\n`);
        shown = one.shown;
        for await (const chunk of chunks(process, file, out)) await out.put(chunk);
      }
      await out.flush();
      if (rules.byName && !rules.retry && files.every(({ file }) => !file))
        return await call.fail("no files remaining");
      if ((await changes.next()) === "broken") return call.status;
    }
  } finally {
    changes.dispose();
  }
}

/** Looks whether the name leads to another file now. */
async function reopen(call: Call, one: Followed): Promise<void> {
  const { process } = call;
  const inode = inodeOf(process, one.path);
  if (inode === one.inode && (one.file || inode === undefined)) return;
  const had = one.file;
  const before = one.inode;
  one.inode = inode;
  if (inode === undefined) {
    if (had) closeOperand(process, had);
    one.file = undefined;
    if (!one.gone) await call.warn(`${shellQuote(one.path)} has become inaccessible: No such file or directory`);
    one.gone = true;
    return;
  }
  const file = openOperand(process, one.path);
  if (file instanceof Errno) return;
  if (had) closeOperand(process, had);
  one.file = file;
  one.size = 0;
  one.gone = false;
  const how = had && before !== undefined ? "replaced" : "appeared";
  await call.say(`${shellQuote(one.path)} has ${how};  following new file`);
}

function inodeOf({ host: { files } }: Process, path: string): string | undefined {
  const found = attempt(() => files.locate(path));
  return found instanceof Errno || !found ? undefined : `${found.id}/${found.ino}`;
}

/** Notices of changes in the directories of files, and of the end of whoever reads our output. */
class Changes {
  readonly #process: Process;
  readonly #ends: (() => void)[] = [];
  #changed = false;
  #broken = false;
  #wake: () => void = () => {};

  constructor(process: Process, files: readonly Followed[]) {
    this.#process = process;
    const changed = (): void => {
      this.#changed = true;
      this.#wake();
    };
    const watched = new Set<string>();
    for (const { path } of files) {
      const place = attempt(() => process.host.files.locate(path, process));
      const found =
        place instanceof Errno ? directoryOf(process, path) : place && { id: place.id, ino: place.directory };
      if (!found || watched.has(`${found.id}/${found.ino}`)) continue;
      watched.add(`${found.id}/${found.ino}`);
      this.#ends.push(process.host.hosts.watchInode(found.id, found.ino, changed));
    }
    const end = process.fds.find(1)?.onBroken(() => {
      this.#broken = true;
      this.#wake();
    });
    if (end) this.#ends.push(end);
  }

  async next(): Promise<"changed" | "broken"> {
    if (!this.#changed && !this.#broken) {
      await this.#process.block<void>((wake) => {
        this.#wake = wake;
        return () => (this.#wake = () => {});
      });
    }
    this.#changed = false;
    return this.#broken ? "broken" : "changed";
  }

  dispose(): void {
    for (const end of this.#ends) end();
  }
}

function directoryOf(process: Process, path: string): { id: string; ino: number } | undefined {
  const found = attempt(() => process.host.files.locate(dirname(path), process));
  return found instanceof Errno || !found ? undefined : { id: found.id, ino: found.ino };
}
