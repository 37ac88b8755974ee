import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** The files of a lab by their path in its folder. */
export interface LabFolder {
  /** Its path as messages show it: `labs/services/lost-endpoints`. */
  readonly path: string;
  readonly files: ReadonlyMap<string, string>;
}

/** Reads all files below a folder. */
export function readFolder(path: string): LabFolder {
  const names = readdirSync(path, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => statSync(join(path, name)).isFile());
  return { path, files: new Map(files.map((name) => [name, readFileSync(join(path, name), "utf8")])) };
}

/** The folders below `root` that hold a lab, in the order of their paths. */
export function labFolders(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => /(^|\/)lab\.yaml$/.test(name))
    .map((name) => join(root, name.slice(0, -"lab.yaml".length)).replace(/\/$/, ""))
    .sort();
}
