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

/** Labs that are drawn for each attempt: so many of those with one of the topics, and of the level if one is said. */
export const Draw = z.strictObject({
  topics: z.array(z.string()).min(1),
  level: z.enum(["easy", "medium", "hard"]).optional(),
  count: z.int().positive(),
  /** The weight of each. */
  weight: z.number().positive(),
});
export type Draw = z.infer<typeof Draw>;

/** An exam: `exam.yaml`. */
export const Exam = z
  .strictObject({
    version: z.literal(1, { error: "this Drydock reads exams of version 1" }),
    id: Id,
    title: z.string(),
    summary: z.string(),
    /** For all of it: the labs' own minutes do not count. */
    minutes: z.number().positive(),
    /** The pass line in percent. */
    pass: z.number().positive().max(100),
    /** In the order in which they are shown. */
    tasks: z.array(ExamTask).default([]),
    /** Behind the tasks, in this order; no lab is in an exam twice. */
    draw: z.array(Draw).default([]),
    terminal: later("every lab of an exam has a cluster and terminals of its own, take it out"),
  })
  .refine(({ tasks, draw }) => tasks.length + draw.length > 0, "an exam has tasks, or draws them");
export type Exam = z.infer<typeof Exam>;
