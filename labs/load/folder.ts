import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { BadFile } from "../schema/bad-file.ts";

/** The files of a lab by their path in its folder. */
export interface LabFolder {
  /** Its path as messages show it: `labs/services/lost-endpoints`. */
  readonly path: string;
  readonly files: ReadonlyMap<string, string>;
}

/** Reads all files below a folder. Throws BadFile if a link leads out of it: a lab is whole by itself. */
export function readFolder(path: string): LabFolder {
  const files = filesBelow(path, "").sort();
  return { path, files: new Map(files.map((name) => [name, readText(join(path, name))])) };
}

/** Their paths from the folder. A link may lead nowhere, and a file may go meanwhile. */
function filesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(root, name);
    if (!entry.isSymbolicLink()) return entry.isFile() ? [name] : [];
    const what = statSync(join(root, name), { throwIfNoEntry: false });
    if (!what) return [];
    const outside = relative(realpathSync(root), realpathSync(join(root, name))).startsWith("..");
    if (outside || what.isDirectory())
      throw new BadFile([
        `${root}/${name}:1:1: a link ${outside ? "that leads out of the lab's folder" : "to a folder"}: copy what is meant`,
      ]);
    return what.isFile() ? [name] : [];
  });
}

/** A byte order mark at its beginning is no part of the text. */
function readText(path: string): string {
  return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
}

/** The folders below `root` that hold a lab, in the order of their paths. */
export function labFolders(root: string): string[] {
  return foldersWith(root, "lab.yaml");
}

/** The folders below `root` that hold an exam, in the order of their paths. */
export function examFolders(root: string): string[] {
  return foldersWith(root, "exam.yaml");
}

function foldersWith(root: string, file: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => basename(name) === file)
    .map((name) => dirname(join(root, name)))
    .sort();
}
