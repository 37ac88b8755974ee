import { basename, join, relative } from "node:path";
import { BadFile, labFolders, LabSource, readFolder, type PlacedLab } from "../../../labs/index.ts";
import type { LabCatalogue } from "../protocol/index.ts";
import { labSummary } from "./lab-text.ts";
import { Refused } from "./refused.ts";

const REPOSITORY = join(import.meta.dirname, "../../..");

/** The labs below a folder, as their files are when somebody asks. */
export class Library {
  readonly #root: string;
  /** By folder: what was read, and from which files. A lab whose files are the same is not checked again. */
  readonly #read = new Map<string, { readonly files: string; readonly source: LabSource }>();

  constructor(root = join(REPOSITORY, "labs")) {
    this.#root = root;
  }

  /** All labs; those that are broken are told as problems. */
  catalogue(): LabCatalogue {
    const problems: string[] = [];
    const labs = labFolders(this.#root).flatMap((folder) => {
      try {
        return [labSummary(this.#source(folder).place(1))];
      } catch (error) {
        if (!(error instanceof BadFile)) throw error;
        problems.push(...error.problems);
        return [];
      }
    });
    return { labs, exams: [], problems };
  }

  /** A lab with its variants drawn. Throws Refused. */
  place(id: string, seed: number): PlacedLab {
    const folder = labFolders(this.#root).find((candidate) => basename(candidate) === id);
    if (folder === undefined) throw new Refused("unknown-lab", `There is no lab '${id}'.`);
    try {
      return this.#source(folder).place(seed);
    } catch (error) {
      throw error instanceof BadFile ? badLab(id, error) : error;
    }
  }

  #source(folder: string): LabSource {
    const read = readFolder(folder);
    const files = JSON.stringify([...read.files]);
    const known = this.#read.get(folder);
    if (known?.files === files) return known.source;
    const source = new LabSource({ ...read, path: relative(REPOSITORY, folder) });
    this.#read.set(folder, { files, source });
    return source;
  }
}

export function badLab(id: string, { problems }: BadFile): Refused {
  return new Refused("bad-lab", `The lab '${id}' has errors:\n${problems.join("\n")}`);
}
