import { z } from "zod";
import { Words } from "../../grader/index.ts";
import { Id } from "./id.ts";
import { DAY, Line } from "./lab.ts";

/** A lab of an exam, and how much of the whole it counts. */
export const ExamTask = z.strictObject({
  /** The id of a lab. */
  lab: Id,
  /** Its share of the whole, in any unit: with weights 5 and 15, the second lab is worth three quarters. */
  weight: z.number().positive().max(1_000_000),
  /** What it is called on the exam's base: `ssh HOST` leads there. By default a name is drawn. */
  host: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/, "expected the name of a host, such as cka1024")
    .refine((host) => host !== "base" && host !== "localhost", "the base itself is called so")
    .optional(),
});
export type ExamTask = z.infer<typeof ExamTask>;

/** Labs that are drawn for each attempt: so many of those with one of the topics, and of the level if one is said. */
export const Draw = z.strictObject({
  topics: z.array(z.string()).min(1),
  level: z.enum(["easy", "medium", "hard"]).optional(),
  count: z.int().positive(),
  /** The weight of each. */
  weight: z.number().positive().max(1_000_000),
});
export type Draw = z.infer<typeof Draw>;

/** An exam: `exam.yaml`. */
export const Exam = z
  .strictObject({
    version: z.literal(1, { error: "this Drydock reads exams of version 1" }),
    id: Id,
    title: Line,
    summary: Words,
    /** For all of it: the labs' own minutes do not count. */
    minutes: z.number().positive().max(DAY),
    /** The pass line in percent. */
    pass: z.number().positive().max(100),
    /** In the order in which they are shown. */
    tasks: z.array(ExamTask).default([]),
    /** Behind the tasks, in this order; no lab is in an exam twice. */
    draw: z.array(Draw).default([]),
    /** Where its terminals begin: on a host with ssh and without kubectl. */
    terminal: z
      .strictObject({ host: z.literal("base"), user: z.literal("candidate") })
      .default({ host: "base", user: "candidate" }),
  })
  .refine(({ tasks, draw }) => tasks.length + draw.length > 0, "an exam has tasks, or draws them");
export type Exam = z.infer<typeof Exam>;
