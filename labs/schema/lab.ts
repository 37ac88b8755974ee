import { z } from "zod";
import { Check, Question } from "../../grader/index.ts";
import { Fault } from "../faults/index.ts";
import { Id } from "./id.ts";
import { Variant, VariantName } from "./variants.ts";

/** A file of the lab's folder, by its path from there. */
const LabFile = z.string().regex(/^(?!\/)(?!.*\.\.)[\w./-]+$/, "expected a path inside the lab's folder");

export const Hint = z.union([z.string(), z.strictObject({ text: z.string(), costs: z.number().nonnegative() })], {
  error: "expected a text or { text, costs }",
});

/** One step of setting the lab up, done in order. */
export const SetupStep = z
  .strictObject({
    /** Objects to apply, as `kubectl apply -f` would. */
    manifest: LabFile.optional(),
    /** Something that an administrator got wrong, from the catalogue. */
    fault: Fault.optional(),
    /** A file on a machine: its text, or a file of the lab. */
    file: z
      .strictObject({
        on: z.string(),
        path: z.string().startsWith("/"),
        text: z.string().optional(),
        from: LabFile.optional(),
        mode: z
          .string()
          .regex(/^[0-7]{3,4}$/, 'expected a mode such as "644"')
          .default("644"),
      })
      .refine((file) => (file.text === undefined) !== (file.from === undefined), "a file has exactly one of text, from")
      .optional(),
    /** A script that runs on a machine of the lab as root, to its end: a file of the lab, or its text. */
    script: z
      .strictObject({ on: z.string(), file: LabFile.optional(), run: z.string().optional() })
      .refine(
        (script) => (script.file === undefined) !== (script.run === undefined),
        "a script has exactly one of file, run",
      )
      .optional(),
    /** Wait until nothing moves. */
    settle: z.literal(true).optional(),
  })
  .refine(
    (step) => Object.values(step).filter((field) => field !== undefined).length === 1,
    "a step has exactly one of manifest, fault, file, script, settle",
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
    for (const [at, check] of task.checks.entries()) {
      const path = ["checks", at, "needs"];
      for (const id of check.needs)
        if (!task.checks.some((other) => other.id === id))
          context.addIssue({ code: "custom", path, message: `there is no check ${id} in this task` });
      if (needsItself(check.id, task.checks))
        context.addIssue({ code: "custom", path, message: `${check.id} needs itself` });
    }
    const costs = task.hints.reduce((total, hint) => total + (typeof hint === "string" ? 0 : hint.costs), 0);
    if (costs > task.points)
      context.addIssue({
        code: "custom",
        path: ["hints"],
        message: `the hints cost ${costs} points together, the task has ${task.points}`,
      });
  });
export type Task = z.infer<typeof Task>;

function needsItself(id: string, checks: readonly Check[]): boolean {
  const reached = new Set<string>();
  const visit = (from: string): boolean =>
    (checks.find((check) => check.id === from)?.needs ?? []).some((next) => {
      if (next === id) return true;
      if (reached.has(next)) return false;
      reached.add(next);
      return visit(next);
    });
  return visit(id);
}

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
  tasks: z
    .array(Task)
    .min(1)
    .refine((tasks) => new Set(tasks.map((task) => task.id)).size === tasks.length, "two tasks have the same id"),
  explain: LabFile,
});
export type Lab = z.infer<typeof Lab>;
