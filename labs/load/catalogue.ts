import type { Lab } from "../schema/lab.ts";
import type { ExamSource } from "./exam-source.ts";
import type { LabSource } from "./lab-source.ts";
import type { Library } from "./library.ts";

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

/** A library as lists show it. */
export function catalogueOf(library: Library): Catalogue {
  const labs = new Map([...library.labs].map(([id, source]) => [id, labEntry(source)]));
  const exams = [...library.exams.values()].map((source) => examEntry(source, labs));
  return { labs: [...labs.values()], exams, problems: [...library.problems] };
}

/** Texts are as the lab's seed 1 has them. Throws BadFile. */
export function labEntry(source: LabSource): LabEntry {
  const placed = source.place(1);
  const { id, title, summary, topics, level, minutes, tasks } = placed.lab;
  return { id, title, summary, topics, level, minutes, points: placed.points, tasks: tasks.length };
}

/** `labs` has those of the exam, by id. */
export function examEntry({ exam }: ExamSource, labs: ReadonlyMap<string, LabEntry>): ExamEntry {
  const { id, title, summary, minutes, pass, tasks } = exam;
  const parts = tasks.map(({ lab, weight }) => ({ lab, title: labs.get(lab)?.title ?? lab, weight }));
  return { id, title, summary, minutes, pass, labs: parts };
}
