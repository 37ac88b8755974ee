import { existsSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { BadFile, labFolders, LabSource, readFolder } from "../../../labs/index.ts";
import { UsageError } from "../usage.ts";

const ROOT = join(import.meta.dirname, "../../../labs");

/** The labs that come with Drydock, or those in the given folders. Throws BadFile with the problems of all of them. */
export function readLabs(ids: readonly string[] = []): LabSource[] {
  const folders = ids.length > 0 ? ids.map(folderOf) : labFolders(ROOT);
  const read: LabSource[] = [];
  const problems: string[] = [];
  for (const folder of folders) {
    try {
      read.push(new LabSource({ ...readFolder(folder), path: shown(folder) }));
    } catch (error) {
      if (!(error instanceof BadFile)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new BadFile(problems);
  return read;
}

export function readLab(id: string): LabSource {
  return readLabs([id])[0]!;
}

/** A lab's folder by its id, or by its path. */
function folderOf(id: string): string {
  if (existsSync(join(id, "lab.yaml"))) return id.replace(/\/+$/, "");
  const folders = labFolders(ROOT);
  const found = folders.find((folder) => basename(folder) === id);
  if (found !== undefined) return found;
  throw new UsageError(`no lab '${id}'; there are ${folders.map((folder) => basename(folder)).join(", ")}`);
}

/** A path as messages show it: from the current folder if it lies below that. */
function shown(folder: string): string {
  const path = relative(process.cwd(), folder);
  return path.startsWith("..") ? folder : path;
}
