import { readdir, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../attempts/index.ts";
import { writeWhole } from "./lab-folder.ts";

/** So many are kept. Those that were tried longest ago go first, but none in which somebody works. */
const MOST = 500;

export interface TriedDrafts {
  /** The folder that they are in. */
  readonly root: string;
  /** Places of those that an open attempt needs. */
  readonly inUse: () => Promise<ReadonlySet<string>>;
  readonly most?: number;
}

/**
 * Puts the files of a draft where workers find it by `<hash>/<id>`: also after a restart, for as long as somebody works on
 * it. Throws UserError if there is no room: nothing is put there then.
 */
export async function keepTried(
  { root, inUse, most = MOST }: TriedDrafts,
  place: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  await makeRoom(root, dirname(place), most, inUse);
  for (const [file, text] of Object.entries(files)) await writeWhole(join(root, place, file), text);
  const now = new Date();
  await utimes(join(root, dirname(place)), now, now);
}

/** An attempt at a draft that had to go can be read, but not played or graded again. */
async function makeRoom(root: string, coming: string, most: number, inUse: TriedDrafts["inUse"]): Promise<void> {
  const there = await readdir(root).catch(() => [] as string[]);
  if (there.includes(coming) || there.length < most) return;
  const used = new Set([...(await inUse())].map(dirname));
  const free = there.filter((hash) => !used.has(hash));
  const ages = await Promise.all(free.map(async (hash) => ({ hash, at: (await stat(join(root, hash))).mtimeMs })));
  const going = ages.sort((a, b) => a.at - b.at).slice(0, there.length - most + 1);
  if (going.length === 0)
    throw new UserError(
      "too-many-drafts",
      `${there.length} drafts are being tried, and there is room for no more: this one was not opened.`,
      "What you wrote is kept. Submit attempts at drafts in which nobody works any more, then try it again.",
    );
  for (const { hash } of going) await rm(join(root, hash), { recursive: true, force: true });
}
