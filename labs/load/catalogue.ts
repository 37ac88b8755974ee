import type { Draw } from "../schema/exam.ts";
import type { Lab } from "../schema/lab.ts";
import type { ExamSource } from "./exam-source.ts";
import { TOPICS } from "../schema/topics.ts";
import type { LabSource, PlacedLab } from "./lab-source.ts";
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
  readonly labs: { readonly lab: string; readonly title: string; readonly weight: number; readonly host?: string }[];
  /** Labs that each attempt draws behind those. */
  readonly draw: Draw[];
}

/** All labs and exams that can be started, and the problems of the others: the shape of the protocol's LabCatalogue. */
export interface Catalogue {
  readonly labs: LabEntry[];
  readonly exams: ExamEntry[];
  readonly problems: string[];
}

/** A library as lists show it. */
export function catalogueOf(library: Library): Catalogue {
  const labs = new Map([...library.placed].map(([id, placed]) => [id, entryOf(placed)]));
  const exams = [...library.exams.values()].map((source) => examEntry(source, labs));
  return { labs: [...labs.values()].sort(inOrder), exams, problems: [...library.problems] };
}

const LEVELS = ["easy", "medium", "hard"];

/** By main topic in the order of the syllabus, then the easier ones first. */
function inOrder(a: LabEntry, b: LabEntry): number {
  const place = ({ topics: [topic] }: LabEntry): number => (TOPICS as readonly string[]).indexOf(topic ?? "") >>> 0;
  return place(a) - place(b) || LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level);
}

/** Texts are as the lab's seed 1 has them. Throws BadFile. */
export function labEntry(source: LabSource): LabEntry {
  return entryOf(source.place(1));
}

function entryOf(placed: PlacedLab): LabEntry {
  const { id, title, summary, topics, level, minutes, tasks } = placed.lab;
  return { id, title, summary, topics, level, minutes, points: placed.points, tasks: tasks.length };
}

/** `labs` has those of the exam, by id. */
export function examEntry({ exam }: ExamSource, labs: ReadonlyMap<string, LabEntry>): ExamEntry {
  const { id, title, summary, minutes, pass, tasks, draw } = exam;
  const parts = tasks.map(({ lab, weight, host }) => ({
    lab,
    title: labs.get(lab)?.title ?? lab,
    weight,
    ...(host === undefined ? {} : { host }),
  }));
  return { id, title, summary, minutes, pass, labs: parts, draw };
}
