import { z } from "zod";
import { Id } from "./id.ts";

/** A field that exams shall have one day. An author who writes it reads what holds until then. */
const later = (words: string) => z.never({ error: `is not supported yet: ${words}` }).optional();

/** A lab of an exam, and how much of the whole it counts. */
export const ExamTask = z.strictObject({
  /** The id of a lab. */
  lab: Id,
  /** Its share of the whole, in any unit: with weights 5 and 15, the second lab is worth three quarters. */
  weight: z.number().positive(),
  host: later("a task's terminals start where its lab says, take it out"),
});
export type ExamTask = z.infer<typeof ExamTask>;

/** An exam: `exam.yaml`. */
export const Exam = z.strictObject({
  version: z.literal(1, { error: "this Drydock reads exams of version 1" }),
  id: Id,
  title: z.string(),
  summary: z.string(),
  /** For all of it: the labs' own minutes do not count. */
  minutes: z.number().positive(),
  /** The pass line in percent. */
  pass: z.number().positive().max(100),
  /** In the order in which they are shown. */
  tasks: z.array(ExamTask).min(1),
  terminal: later("every lab of an exam has a cluster and terminals of its own, take it out"),
  draw: later("name the labs under tasks"),
});
export type Exam = z.infer<typeof Exam>;
