import { basename, relative } from "node:path";
import { BadFile, examFolders, ExamSource, labFolders, LabSource, readFolder } from "../../../../labs/index.ts";
import { isExam, LabFiles, LabName, type LabRoot, type ListedLab } from "../../../sessions/protocol/index.ts";
import { knownLabs } from "./check-exam.ts";

/** Labs that were read before, by their path, with the files that they had then. */
const known = new Map<string, ListedLab>();

/** The labs and exams below some folders. One that stands in two is listed where it stands first. */
export function listLabs(roots: readonly LabRoot[]): { labs: ListedLab[]; problems: string[] } {
  const labs = new Map<string, ListedLab>();
  const problems: string[] = [];
  for (const { origin, path: root } of roots)
    for (const path of [...labFolders(root), ...examFolders(root)]) {
      const name = relative(root, path);
      const files = filesOf(path);
      if (!files || !LabName.safeParse(name).success || !LabFiles.safeParse(files).success) {
        problems.push(
          `${path}: the editor takes labs in TOPIC/NAME, with plain file names, that can be read and are not too large`,
        );
        continue;
      }
      if (labs.has(name)) continue;
      const before = known.get(path);
      const listed = before && same(before.files, files) ? before : listedLab(name, files);
      known.set(path, listed);
      labs.set(name, { ...listed, origin });
    }
  return { labs: withLabs([...labs.values()], roots), problems };
}

/** Exams with the labs that may be in them: which ones depends on all the others. */
function withLabs(listed: readonly ListedLab[], roots: readonly LabRoot[]): ListedLab[] {
  if (!listed.some(({ kind }) => kind === "exam")) return [...listed];
  const known = new Map(knownLabs(roots).labs.map((lab) => [lab.id, lab]));
  return listed.map((each) => {
    if (each.kind === "lab" || each.problems > 0) return each;
    const source = examOf(each);
    return { ...each, labs: [...source.labs(known)], problems: source.labProblems(known, new Set()).length };
  });
}

function examOf({ name, files }: Pick<ListedLab, "name" | "files">): ExamSource {
  return new ExamSource({ path: name, files: new Map(Object.entries(files)) });
}

function listedLab(name: string, files: Record<string, string>): ListedLab {
  const plain: ListedLab = {
    name,
    kind: isExam(files) ? "exam" : "lab",
    labs: [],
    origin: "box",
    files,
    title: basename(name),
    summary: "",
    level: null,
    points: 0,
    problems: 0,
  };
  try {
    if (plain.kind === "exam") {
      const { title, summary } = examOf(plain).exam;
      return { ...plain, title, summary };
    }
    const placed = new LabSource({ path: name, files: new Map(Object.entries(files)) }).place(1, { manifests: false });
    const { title, summary, level } = placed.lab;
    return { ...plain, title, summary, level, points: placed.points };
  } catch (error) {
    if (error instanceof BadFile) return { ...plain, problems: error.problems.length };
    throw error;
  }
}

/** Undefined if they cannot be read. */
function filesOf(path: string): Record<string, string> | undefined {
  try {
    return Object.fromEntries(readFolder(path).files);
  } catch {
    return undefined;
  }
}

function same(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
