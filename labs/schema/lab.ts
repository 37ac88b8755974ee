import { z } from "zod";
import { Check } from "../../grader/checks/schemas.ts";
import { Question } from "../../grader/question.ts";
import { Fault } from "../faults/index.ts";
import { Variant, VariantName } from "./variants.ts";

const Id = z.string().regex(/^[a-z][a-z0-9-]*$/, "an id is lower-case words joined by -");

/** A file of the lab's folder, by its path from there. */
const LabFile = z.string().regex(/^(?!\/)(?!.*\.\.)[\w./-]+$/, "expected a path inside the lab's folder");

export const Hint = z.union([z.string(), z.strictObject({ text: z.string(), costs: z.number().nonnegative() })]);

/** One step of setting the lab up, done in order. */
export const SetupStep = z
  .strictObject({
    /** Objects to apply, as `kubectl apply -f` would. */
    manifest: LabFile.optional(),
    /** Something that an administrator got wrong, from the catalogue. */
    fault: Fault.optional(),
    /** A script that runs on a host of the lab, as root. */
    script: z.strictObject({ on: z.string(), file: LabFile }).optional(),
    /** Wait until nothing moves. */
    settle: z.literal(true).optional(),
  })
  .refine(
    (step) => Object.values(step).filter((field) => field !== undefined).length === 1,
    "a step has exactly one of manifest, fault, script, settle",
  );
export type SetupStep = z.infer<typeof SetupStep>;

export const Task = z
  .strictObject({
    id: Id,
    points: z.number().positive(),
    /** A Markdown file. */
    prompt: LabFile,
    hints: z.array(Hint).default([]),
    checks: z.array(Check).default([]),
    questions: z.array(Question).default([]),
  })
  .superRefine((task, context) => {
    const parts = [...task.checks, ...task.questions];
    const sum = parts.reduce((total, part) => total + part.points, 0);
    if (parts.length === 0) context.addIssue({ code: "custom", message: "a task has checks or questions" });
    else if (sum !== task.points)
      context.addIssue({
        code: "custom",
        path: ["points"],
        message: `the task has ${task.points} points, its checks and questions add up to ${sum}`,
      });
    const ids = parts.map((part) => part.id);
    const twice = ids.find((id, at) => ids.indexOf(id) !== at);
    if (twice !== undefined)
      context.addIssue({ code: "custom", message: `two checks or questions have the id ${twice}` });
  });
export type Task = z.infer<typeof Task>;

/** A lab: `lab.yaml`. */
export const Lab = z.strictObject({
  version: z.literal(1, { error: "this Drydock reads labs of version 1" }),
  id: Id,
  title: z.string(),
  summary: z.string(),
  topics: z.array(z.string()).min(1),
  level: z.enum(["easy", "medium", "hard"]),
  minutes: z.int().positive(),
  /** A preset of clusters. */
  cluster: z.enum(["kubeadm"]).default("kubeadm"),
  terminal: z.strictObject({ host: z.string(), user: z.string() }).default({ host: "controlplane", user: "root" }),
  variants: z.record(VariantName, Variant).default({}),
  setup: z.array(SetupStep).default([]),
  tasks: z.array(Task).min(1),
  explain: LabFile,
});
export type Lab = z.infer<typeof Lab>;
