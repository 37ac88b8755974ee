import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import {
  BadFile,
  catalogueOf,
  labFolders,
  LabSource,
  readFolder,
  readLibrary,
  type PlacedLab,
} from "../../../labs/index.ts";
import type { LabCatalogue } from "../protocol/index.ts";
import { Refused } from "./refused.ts";

/** The labs and exams below a folder, as their files are when somebody asks. */
export class Library {
  readonly #root: string;
  readonly #sources = new Map<string, { folder: string; stamp: string; source: LabSource }>();
  /** What was placed last of each lab: an exam's parts are asked for their words, made ahead and opened. */
  readonly #placed = new Map<string, PlacedLab>();
  #known: { readonly stamp: string; readonly catalogue: LabCatalogue } | undefined;

  constructor(root = join(import.meta.dirname, "../../../labs")) {
    this.#root = root;
  }

  /** All labs and exams; those that are broken are told as problems. Files that are the same as before are not read again. */
  catalogue(): LabCatalogue {
    const stamp = stampOf(this.#root);
    if (this.#known?.stamp !== stamp) this.#known = { stamp, catalogue: catalogueOf(readLibrary(this.#root)) };
    return this.#known.catalogue;
  }

  /** A lab's files as they are now, if nothing is wrong with them. Only those of this lab are read. */
  source(id: string): LabSource | undefined {
    const known = this.#sources.get(id);
    if (known && existsSync(known.folder) && known.stamp === stampOf(known.folder)) return known.source;
    const folder = labFolders(this.#root).find((candidate) => basename(candidate) === id);
    if (folder === undefined) return undefined;
    const stamp = stampOf(folder);
    try {
      const source = new LabSource({ ...readFolder(folder), path: relative(dirname(this.#root), folder) });
      this.#sources.set(id, { folder, stamp, source });
      return source;
    } catch (error) {
      if (error instanceof BadFile) return undefined;
      throw error;
    }
  }

  /** A lab with its variants drawn. Throws Refused. */
  place(id: string, seed: number): PlacedLab {
    try {
      const source = this.source(id) ?? this.#broken(id);
      const known = this.#placed.get(id);
      if (known?.source === source && known.seed === seed) return known;
      const placed = source.place(seed);
      this.#placed.set(id, placed);
      return placed;
    } catch (error) {
      throw error instanceof BadFile ? badLab(id, error) : error;
    }
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
