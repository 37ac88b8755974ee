import { basename, dirname, relative } from "node:path";
import { BadFile } from "../schema/bad-file.ts";
import { ExamSource } from "./exam-source.ts";
import { examFolders, labFolders, readFolder, type LabFolder } from "./folder.ts";
import { LabSource, type PlacedLab } from "./lab-source.ts";

/** The labs and exams below a folder that can be started, in the order of their paths, and what is wrong with others. */
export interface Library {
  readonly labs: ReadonlyMap<string, LabSource>;
  /** Those labs as they are for seed 1: what lists show. */
  readonly placed: ReadonlyMap<string, PlacedLab>;
  readonly exams: ReadonlyMap<string, ExamSource>;
  /** `labs/exams/mock/exam.yaml:9:5: tasks[0].lab: there is no lab …`: paths begin with the name of the folder. */
  readonly problems: readonly string[];
}

interface Place {
  readonly path: string;
  /** As messages show it. */
  readonly shown: string;
}

/**
 * Reads all labs and exams below some folders. A file with a mistake hides nothing but what it describes; an id that two
 * labs have is the first one's.
 */
export function readLibrary(...roots: readonly string[]): Library {
  const problems: string[] = [];
  const below = (folders: (root: string) => string[]): Place[] =>
    roots.flatMap((root) => folders(root).map((path) => ({ path, shown: relative(dirname(root), path) })));
  const shown = ({ path, shown: named }: Place): LabFolder => ({ ...readFolder(path), path: named });
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof BadFile)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const labs = new Map<string, LabSource>();
  const broken = new Set<string>();
  const placed = new Map<string, PlacedLab>();
  for (const place of below(labFolders)) {
    const id = basename(place.path);
    const source = attempt(() => {
      const read = new LabSource(shown(place));
      // Some mistakes are only seen with values for the variants; those in manifests, by who opens the lab.
      const first = read.place(1, { manifests: false });
      if (!placed.has(id)) placed.set(id, first);
      return read;
    });
    const first = labs.get(id);
    if (!source) broken.add(id);
    else if (first) problems.push(source.yaml.problem(["id"], `${first.folder.path} has the same id`));
    else labs.set(id, source);
  }
  const drawn = new Map([...placed].map(([id, { lab }]) => [id, lab]));
  const exams = new Map<string, ExamSource>();
  for (const place of below(examFolders)) {
    const exam = attempt(() => new ExamSource(shown(place)));
    if (!exam) continue;
    const wrong = exam.labProblems(drawn, broken);
    const first = exams.get(exam.id);
    if (first) wrong.push(exam.yaml.problem(["id"], `${first.folder.path} has the same id`));
    if (wrong.length > 0) problems.push(...wrong);
    else exams.set(exam.id, exam);
  }
  return { labs, placed, exams, problems };
}
