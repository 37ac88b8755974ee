import { basename } from "node:path";
import { BadFile, examEntry, ExamSource, labFolders } from "../../../../labs/index.ts";
import { drawLabs } from "../../../attempts/index.ts";
import { Library } from "../../../sessions/actor/library.ts";
import {
  DRAWS,
  type DraftCheck,
  type ExamPreview,
  type LabCatalogue,
  type LabDraft,
  type LabRoot,
} from "../../../sessions/protocol/index.ts";
import { located } from "./located.ts";

type KnownLab = LabCatalogue["labs"][number];

/** Reads the labs only when one of their files has changed. */
let library: { readonly of: string; readonly it: Library } | undefined;

/** What is wrong with a draft of an exam, beside the labs that there are, and what attempts at it would hold. */
export function checkExam({ name, files }: LabDraft, roots: readonly LabRoot[]): Omit<DraftCheck, "hash"> {
  try {
    const source = new ExamSource({ path: name, files: new Map(Object.entries(files)) });
    const { labs } = knownLabs(roots);
    const known = new Map(labs.map((lab) => [lab.id, lab]));
    const broken = roots.flatMap(({ path }) => labFolders(path)).map((path) => basename(path));
    const problems = source.labProblems(known, new Set(broken.filter((id) => !known.has(id))));
    return { problems: located(name, problems), draws: [], exam: previewOf(source, labs) };
  } catch (error) {
    if (!(error instanceof BadFile)) throw error;
    return { problems: located(name, error.problems), draws: [], exam: null };
  }
}

/** The labs below the folders that can be started. */
export function knownLabs(roots: readonly LabRoot[]): LabCatalogue {
  const of = roots.map(({ path }) => path).join("\n");
  if (library?.of !== of) {
    const [first, second] = roots.map(({ path }) => path);
    library = { of, it: new Library({ labs: second ?? first, authoring: first }) };
  }
  return library.it.catalogue();
}

function previewOf(source: ExamSource, labs: readonly KnownLab[]): ExamPreview {
  const { title, minutes, pass, tasks, draw } = source.exam;
  const known = new Map(labs.map((lab) => [lab.id, lab]));
  const named = new Set(tasks.map(({ lab }) => lab));
  const never = { best: null, attempts: 0 };
  const exam = { ...examEntry(source, known), ...never };
  const summaries = labs.map((lab) => ({ ...lab, ...never }));
  const attempts = Array.from({ length: DRAWS }, (_, at) => {
    const parts = drawLabs(exam, summaries, at + 1).map(({ lab, weight, host }) => {
      const { title = lab, topics = [], level = null, minutes: its = 0 } = known.get(lab) ?? {};
      return { lab, title, topics, level, minutes: its, weight, ...(host === undefined ? {} : { host }) };
    });
    return { seed: at + 1, parts };
  });
  return {
    title,
    minutes,
    pass,
    tasks: tasks.map(({ lab, weight }) => ({ lab, weight })),
    draw: draw.map(({ topics, level, count, weight }) => {
      const fits = labs.filter(
        (lab) =>
          !named.has(lab.id) &&
          (level ?? lab.level) === lab.level &&
          lab.topics.some((topic) => topics.includes(topic)),
      );
      return { topics, level: level ?? null, count, weight, fits: fits.length };
    }),
    attempts,
  };
}
