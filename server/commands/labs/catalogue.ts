import { existsSync } from "node:fs";
import { basename, join, relative } from "node:path";
import {
  BadFile,
  examFolders,
  ExamSource,
  labFolders,
  LabSource,
  readFolder,
  type DrawnFrom,
} from "../../../labs/index.ts";
import { UsageError } from "../usage.ts";

export const ROOT = join(import.meta.dirname, "../../../labs");

/** What a command works on. */
export interface Chosen {
  readonly labs: readonly LabSource[];
  readonly exams: readonly ExamSource[];
}

/**
 * The labs and exams that come with Drydock, or those that are named, by id or by folder; an exam brings its labs along.
 * Throws BadFile with the problems of all of them.
 */
export function readChosen(names: readonly string[] = []): Chosen {
  const own = labFolders(ROOT);
  const folders = new Set(foldersOf(names));
  const known = new Map([...own, ...[...folders].filter(holdsLab)].map((folder) => [basename(folder), folder]));
  const labs: LabSource[] = [];
  const exams: ExamSource[] = [];
  const problems: string[] = [];
  // Labs of an exam are put in while this runs.
  for (const folder of folders) {
    try {
      const files = { ...readFolder(folder), path: shown(folder) };
      if (!holdsExam(folder)) {
        labs.push(new LabSource(files));
        continue;
      }
      const exam = new ExamSource(files);
      exams.push(exam);
      const draws = exam.exam.draw.length > 0;
      const placed = new Map([...known].map(([id, lab]) => [id, draws ? placedAs(lab) : NOTHING]));
      problems.push(...exam.labProblems(placed, new Set()));
      for (const lab of exam.labs(placed)) if (known.has(lab)) folders.add(known.get(lab)!);
    } catch (error) {
      if (!(error instanceof BadFile)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new BadFile(problems);
  return { labs, exams };
}

const NOTHING: DrawnFrom = { topics: [], level: "" };

/** A lab's topics and level: nothing else of it need be right for an exam to draw it. */
function placedAs(folder: string): DrawnFrom {
  try {
    return new LabSource(readFolder(folder)).place(1).lab;
  } catch (error) {
    if (error instanceof BadFile) return NOTHING;
    throw error;
  }
}

/** The folders of what is named; of all labs and exams if nothing is. */
export function foldersOf(names: readonly string[]): readonly string[] {
  return names.length > 0 ? names.map(folderOf) : [...labFolders(ROOT), ...examFolders(ROOT)];
}

export function readLabs(): readonly LabSource[] {
  return readChosen(labFolders(ROOT)).labs;
}

export function readLab(id: string): LabSource {
  const folder = holdsLab(id) ? id : labFolders(ROOT).find((candidate) => basename(candidate) === id);
  if (folder === undefined) throw new UsageError(`no lab '${id}'; there are ${names(labFolders(ROOT))}`);
  return readChosen([folder]).labs[0]!;
}

/** A lab's or an exam's folder by its id, or by its path. */
function folderOf(name: string): string {
  if (holdsLab(name) || holdsExam(name)) return name.replace(/\/+$/, "");
  const [labs, exams] = [labFolders(ROOT), examFolders(ROOT)];
  const found = [...labs, ...exams].find((folder) => basename(folder) === name);
  if (found !== undefined) return found;
  if (existsSync(name))
    throw new BadFile([`${name.replace(/\/+$/, "")}/lab.yaml:1:1: there is no such file: a lab is a folder with one`]);
  throw new UsageError(`no lab or exam '${name}'; there are ${names([...labs, ...exams])}`);
}

function holdsLab(folder: string): boolean {
  return existsSync(join(folder, "lab.yaml"));
}

function holdsExam(folder: string): boolean {
  return existsSync(join(folder, "exam.yaml"));
}

function names(folders: readonly string[]): string {
  return folders.map((folder) => basename(folder)).join(", ");
}

/** A path as messages show it: from the current folder if it lies below that. */
function shown(folder: string): string {
  const path = relative(process.cwd(), folder);
  return path.startsWith("..") ? folder : path;
}
