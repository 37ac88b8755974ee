import { z } from "zod";
import { PacketTrace } from "./trace.ts";

/** What speaks for a result: a packet trace (DESIGN.md 3.2), a difference, or text. */
export const Evidence = z.union([
  z.strictObject({ kind: z.literal("trace"), title: z.string(), trace: PacketTrace }),
  z.strictObject({ kind: z.literal("diff"), title: z.string(), before: z.string(), after: z.string() }),
  z.strictObject({ kind: z.literal("text"), title: z.string(), text: z.string() }),
]);
export type Evidence = z.infer<typeof Evidence>;

/** What a check found: whether it holds, and everything that a learner needs to believe it. */
export interface Finding {
  readonly holds: boolean;
  readonly expected: string;
  readonly observed: string;
  /** The cause, where the check knows it. */
  readonly why?: string;
  readonly evidence?: readonly Evidence[];
  /** The command that would have shown it. */
  readonly see?: string;
  /** Of the places or objects that it was asked of, the part for which it holds: for partial credit. */
  readonly share?: number;
}

export const CheckResult = z.strictObject({
  id: z.string(),
  task: z.string(),
  /** `broke`: the check itself failed; it never costs points. */
  outcome: z.enum(["pass", "fail", "broke"]),
  points: z.number(),
  of: z.number(),
  says: z.string(),
  expected: z.string(),
  observed: z.string(),
  why: z.string().optional(),
  evidence: z.array(Evidence),
  see: z.string().optional(),
});
export type CheckResult = z.infer<typeof CheckResult>;

/** A graded attempt. Points of broken checks are in neither `score` nor `of`. */
export const Report = z.strictObject({
  lab: z.string(),
  title: z.string(),
  seed: z.number(),
  score: z.number(),
  of: z.number(),
  /** What hints cost; taken off `score`, which is never below 0. */
  hints: z.number(),
  /** False: the cluster was still changing when it was graded. */
  settled: z.boolean(),
  results: z.array(CheckResult),
});
export type Report = z.infer<typeof Report>;
