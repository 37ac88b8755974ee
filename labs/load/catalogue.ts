import type { Lab } from "../schema/lab.ts";
import { readLibrary } from "./library.ts";

/** A lab as a list shows it. */
export interface LabEntry extends Pick<Lab, "id" | "title" | "summary" | "level" | "minutes"> {
  readonly topics: string[];
  readonly points: number;
  /** How many there are. */
  readonly tasks: number;
}

/** An exam as a list shows it, its labs with their titles. */
export interface ExamEntry {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly minutes: number;
  /** The pass line in percent. */
  readonly pass: number;
  readonly labs: { readonly lab: string; readonly title: string; readonly weight: number }[];
}

/** All labs and exams that can be started, and the problems of the others: the shape of the protocol's LabCatalogue. */
export interface Catalogue {
  readonly labs: LabEntry[];
  readonly exams: ExamEntry[];
  readonly problems: string[];
}

/** What there is below `root`, the folder `labs`. Texts are as the lab's seed 1 has them. */
export function readCatalogue(root: string): Catalogue {
  const library = readLibrary(root);
  const labs = [...library.labs.values()].map((source): LabEntry => {
    const placed = source.place(1);
    const { id, title, summary, topics, level, minutes, tasks } = placed.lab;
    return { id, title, summary, topics, level, minutes, points: placed.points, tasks: tasks.length };
  });
  const titles = new Map(labs.map(({ id, title }) => [id, title]));
  const exams = [...library.exams.values()].map(({ exam }): ExamEntry => {
    const { id, title, summary, minutes, pass, tasks } = exam;
    const parts = tasks.map(({ lab, weight }) => ({ lab, title: titles.get(lab) ?? lab, weight }));
    return { id, title, summary, minutes, pass, labs: parts };
  });
  return { labs, exams, problems: [...library.problems] };
}
