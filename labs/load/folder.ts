import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** The files of a lab by their path in its folder. */
export interface LabFolder {
  /** Its path as messages show it: `labs/services/lost-endpoints`. */
  readonly path: string;
  readonly files: ReadonlyMap<string, string>;
}

/** Reads all files below a folder. */
export function readFolder(path: string): LabFolder {
  const names = readdirSync(path, { recursive: true, encoding: "utf8" }).sort();
  // A link may lead nowhere, and a file may go meanwhile.
  const files = names.filter((name) => statSync(join(path, name), { throwIfNoEntry: false })?.isFile());
  return { path, files: new Map(files.map((name) => [name, readFileSync(join(path, name), "utf8")])) };
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
