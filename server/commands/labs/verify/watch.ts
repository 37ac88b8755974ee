import { watch, type FSWatcher } from "node:fs";
import { BadFile } from "../../../../labs/index.ts";
import { foldersOf } from "../catalogue.ts";
import { print } from "../print.ts";

/** Editors write a file in several steps. */
const SETTLE_MS = 150;

/**
 * Proves labs, and again each time that one of their files changes, until Ctrl-C; worlds stay booted meanwhile. Mistakes in
 * files are printed, and the next change is waited for.
 */
export async function watchLabs(
  names: readonly string[],
  prove: (names: readonly string[]) => Promise<boolean>,
): Promise<number> {
  const folders = foldersOf(names);
  let changed = Promise.withResolvers<void>();
  const watchers: FSWatcher[] = folders.map((folder) => watch(folder, { recursive: true }, () => changed.resolve()));
  const ended = new Promise<"ended">((resolve) => process.once("SIGINT", () => resolve("ended")));
  try {
    for (;;) {
      changed = Promise.withResolvers();
      try {
        await prove(names);
      } catch (error) {
        if (!(error instanceof BadFile)) throw error;
        for (const problem of error.problems) print(problem);
      }
      print(
        `-- ${folders.length === 1 ? folders[0]! : `${folders.length} folders`}: waiting for a change, Ctrl-C ends`,
      );
      if ((await Promise.race([changed.promise, ended])) === "ended") return 0;
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    }
  } finally {
    for (const watcher of watchers) watcher.close();
  }
}
