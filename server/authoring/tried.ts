import { readdir, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeWhole } from "./lab-folder.ts";

/** Drafts that were tried longest ago go first; an attempt at one of these can be looked at, but not built again. */
const MOST = 500;

/** Puts the files of a draft where workers find it by `<hash>/<id>`: also after a restart, for as long as somebody works on it. */
export async function keepTried(root: string, place: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, text] of Object.entries(files)) await writeWhole(join(root, place, file), text);
  const now = new Date();
  await utimes(join(root, dirname(place)), now, now);
  const hashes = await readdir(root);
  if (hashes.length <= MOST) return;
  const ages = await Promise.all(hashes.map(async (hash) => ({ hash, at: (await stat(join(root, hash))).mtimeMs })));
  for (const { hash } of ages.sort((a, b) => b.at - a.at).slice(MOST))
    await rm(join(root, hash), { recursive: true, force: true });
}
