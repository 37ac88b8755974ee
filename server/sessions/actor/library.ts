import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import {
  BadFile,
  catalogueOf,
  labFolders,
  LabSource,
  readFolder,
  readLibrary,
  type Library as Read,
  type PlacedLab,
} from "../../../labs/index.ts";
import type { LabCatalogue } from "../protocol/index.ts";
import { Refused } from "./refused.ts";

/** The labs and exams below a folder, as their files are when somebody asks. */
export class Library {
  readonly #root: string;
  #known: { readonly stamp: string; readonly read: Read; readonly catalogue: LabCatalogue } | undefined;

  constructor(root = join(import.meta.dirname, "../../../labs")) {
    this.#root = root;
  }

  /** All labs and exams; those that are broken are told as problems. */
  catalogue(): LabCatalogue {
    return this.#now().catalogue;
  }

  /** A lab's files as they are now, if nothing is wrong with them. */
  source(id: string): LabSource | undefined {
    return this.#now().read.labs.get(id);
  }

  /** A lab with its variants drawn. Throws Refused. */
  place(id: string, seed: number): PlacedLab {
    try {
      return (this.source(id) ?? this.#broken(id)).place(seed);
    } catch (error) {
      throw error instanceof BadFile ? badLab(id, error) : error;
    }
  }

  /** What there is. Files that are the same as before are not read again. */
  #now(): { readonly read: Read; readonly catalogue: LabCatalogue } {
    const stamp = stampOf(this.#root);
    if (this.#known?.stamp !== stamp) {
      const read = readLibrary(this.#root);
      this.#known = { stamp, read, catalogue: catalogueOf(read) };
    }
    return this.#known;
  }

  /** A lab that is not in the library: it does not exist, or reading it tells what is wrong with it. */
  #broken(id: string): LabSource {
    const folder = labFolders(this.#root).find((candidate) => basename(candidate) === id);
    if (folder === undefined) throw new Refused("unknown-lab", `There is no lab '${id}'.`);
    return new LabSource(readFolder(folder));
  }
}

export function badLab(id: string, { problems }: BadFile): Refused {
  return new Refused("bad-lab", `The lab '${id}' has errors:\n${problems.join("\n")}`);
}

/** Changes whenever a file below the folder does. */
function stampOf(root: string): string {
  const names = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  return names
    .map((name) => {
      const { mtimeMs, size } = statSync(join(root, name));
      return `${name}:${mtimeMs}:${size}`;
    })
    .join("\n");
}
