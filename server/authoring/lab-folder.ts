import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, realpath, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { UserError } from "../attempts/index.ts";
import { isExam, LabFile, LabName } from "../sessions/protocol/index.ts";

type Files = Readonly<Record<string, string>>;

/** The files of a lab or an exam below `root`, but not those that begin with a dot; undefined if it is not there. */
export async function readLab(root: string, name: string): Promise<Files | undefined> {
  const folder = await inside(root, LabName.parse(name));
  if (folder === undefined) return undefined;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: Record<string, string> = {};
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const file = path.slice(folder.length + 1).replaceAll(sep, "/");
    if (entry.isFile() && LabFile.safeParse(file).success) files[file] = await readFile(path, "utf8");
  }
  return Object.hasOwn(files, "lab.yaml") || isExam(files) ? files : undefined;
}

/**
 * Makes the files of a lab below `root` what `files` has; `before` is what is there. All new texts are on disk before the
 * first of them is put in place, so that a full disk leaves the lab as it was.
 */
export async function writeLab(root: string, name: string, files: Files, before: Files): Promise<void> {
  const folder = join(root, LabName.parse(name));
  const changed = Object.keys(files).filter((file) => files[file] !== before[LabFile.parse(file)]);
  const removed = Object.keys(before).filter((file) => !Object.hasOwn(files, file));
  await mkdir(folder, { recursive: true });
  const real = await inside(root, name);
  if (real === undefined) throw outside(name);
  const waiting = join(root, `.drydock-saving-${randomBytes(6).toString("hex")}`);
  await mkdir(waiting);
  try {
    for (const [at, file] of changed.entries()) await writeThrough(join(waiting, String(at)), files[file]!);
    // A folder where a file was, or the other way round, needs the room first.
    for (const file of removed) await rm(join(real, file), { force: true });
    for (const file of removed) await dropEmpty(real, dirname(file));
    for (const [at, file] of changed.entries()) {
      await mkdir(dirname(join(real, file)), { recursive: true });
      const parent: string = await realpath(dirname(join(real, file)));
      if (parent !== real && !parent.startsWith(real + sep)) throw outside(`${name}/${file}`);
      await rename(join(waiting, String(at)), join(real, file));
    }
  } finally {
    await rm(waiting, { recursive: true, force: true });
  }
}

/** Writes a file as a whole or not at all. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const waiting = `${path}.${randomBytes(6).toString("hex")}.new`;
  try {
    await writeThrough(waiting, text);
    await rename(waiting, path);
  } finally {
    await rm(waiting, { force: true });
  }
}

async function writeThrough(path: string, text: string): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The lab's real folder, if it is there and below the root: a link may lead elsewhere. */
async function inside(root: string, name: string): Promise<string | undefined> {
  try {
    const [top, folder] = await Promise.all([realpath(root), realpath(join(root, name))]);
    if (!folder.startsWith(top + sep)) throw outside(name);
    return folder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function outside(what: string): UserError {
  return new UserError("bad-draft", `${what} is a link to another folder: nothing was written there.`);
}

async function dropEmpty(folder: string, file: string): Promise<void> {
  if (file === ".") return;
  try {
    await rmdir(join(folder, file));
    await dropEmpty(folder, dirname(file));
  } catch {
    // It is not empty, or gone already.
  }
}
