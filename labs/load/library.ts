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

/** Reads all labs and exams below `root`. A file with a mistake hides nothing but what it describes. */
export function readLibrary(root: string): Library {
  const problems: string[] = [];
  const shown = (path: string): LabFolder => ({ ...readFolder(path), path: relative(dirname(root), path) });
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
  for (const path of labFolders(root)) {
    const id = basename(path);
    const source = attempt(() => {
      const read = new LabSource(shown(path));
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
  for (const path of examFolders(root)) {
    const exam = attempt(() => new ExamSource(shown(path)));
    if (!exam) continue;
    const wrong = exam.labProblems(drawn, broken);
    const first = exams.get(exam.id);
    if (first) wrong.push(exam.yaml.problem(["id"], `${first.folder.path} has the same id`));
    if (wrong.length > 0) problems.push(...wrong);
    else exams.set(exam.id, exam);
  }
  return { labs, placed, exams, problems };
}
