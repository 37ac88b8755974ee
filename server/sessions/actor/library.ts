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
import { baseOrder, type LabCatalogue } from "../protocol/index.ts";
import { placeBase } from "./place-base.ts";
import { Refused } from "./refused.ts";

/** Folders of labs. */
export interface LibraryFolders {
  /** Labs and exams; by default those that come with Drydock. */
  readonly labs?: string | undefined;
  /** Labs that are written in the page. */
  readonly authoring?: string | undefined;
  /** Drafts that somebody tries: `<hash of the files>/<id>/lab.yaml`. They are in no list. */
  readonly drafts?: string | undefined;
}

const OURS = join(import.meta.dirname, "../../../labs");

/** The labs and exams below some folders, as their files are when somebody asks. */
export class Library {
  readonly #roots: readonly string[];
  readonly #drafts: string | undefined;
  readonly #sources = new Map<string, { folder: string; stamp: string; source: LabSource }>();
  /** What was placed last of each lab: an exam's parts are asked for their words, made ahead and opened. */
  readonly #placed = new Map<string, PlacedLab>();
  #known: { readonly stamp: string; readonly catalogue: LabCatalogue } | undefined;

  constructor({ labs = OURS, authoring, drafts }: LibraryFolders = {}) {
    this.#roots = [...new Set([labs, ...(authoring === undefined ? [] : [authoring])])];
    this.#drafts = drafts;
  }

  /** All labs and exams; those that are broken are told as problems. Files that are the same as before are not read again. */
  catalogue(): LabCatalogue {
    const stamp = this.#roots.map(stampOf).join("\n");
    if (this.#known?.stamp !== stamp) this.#known = { stamp, catalogue: catalogueOf(readLibrary(...this.#roots)) };
    return this.#known.catalogue;
  }

  /** A lab's files as they are now, if nothing is wrong with them. Only those of this lab are read. */
  source(id: string): LabSource | undefined {
    const known = this.#sources.get(id);
    if (known && existsSync(known.folder) && known.stamp === stampOf(known.folder)) return known.source;
    const folder = this.#folder(id);
    if (folder === undefined) return undefined;
    const stamp = stampOf(folder);
    try {
      const source = new LabSource({ ...readFolder(folder), path: this.#shown(folder) });
      this.#sources.set(id, { folder, stamp, source });
      return source;
    } catch (error) {
      if (error instanceof BadFile) return undefined;
      throw error;
    }
  }

  /** A lab with its variants drawn. Throws Refused. */
  place(id: string, seed: number): PlacedLab {
    const base = baseOrder(id);
    if (base) return placeBase(base, seed);
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
    const folder = this.#folder(id);
    if (folder === undefined)
      throw new Refused(
        "unknown-lab",
        id.startsWith("draft:")
          ? "The files of this draft are gone: they were tried longest ago, and newer drafts took their place."
          : `There is no lab '${id}'.`,
      );
    return new LabSource({ ...readFolder(folder), path: this.#shown(folder) });
  }

  /** Where a lab stands; `draft:<hash>/<id>` is one that somebody tries. */
  #folder(id: string): string | undefined {
    if (!id.startsWith("draft:"))
      return this.#roots.flatMap(labFolders).find((candidate) => basename(candidate) === id);
    if (this.#drafts === undefined || !/^draft:[0-9a-f]{64}\/[a-z][a-z0-9-]*$/.test(id)) return undefined;
    const folder = join(this.#drafts, id.slice("draft:".length));
    return existsSync(folder) ? folder : undefined;
  }

  /** Its path as messages show it: from the folder that holds the labs. */
  #shown(folder: string): string {
    const root = this.#roots.find((each) => folder.startsWith(`${each}/`));
    return root === undefined ? basename(folder) : relative(dirname(root), folder);
  }
}

export function badLab(id: string, { problems }: BadFile): Refused {
  return new Refused("bad-lab", `The lab '${id}' has errors:\n${problems.join("\n")}`);
}

/** Changes whenever a file below the folder does. */
function stampOf(root: string): string {
  return namesBelow(root)
    .map((name) => {
      const known = statSync(join(root, name), { throwIfNoEntry: false });
      return `${name}:${known?.mtimeMs}:${known?.size}`;
    })
    .join("\n");
}

function namesBelow(root: string, again = true): string[] {
  try {
    return readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    // A folder in it may have gone while it was read: labs are saved at any time.
    return again && existsSync(root) ? namesBelow(root, false) : [];
  }
}
