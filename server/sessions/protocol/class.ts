/** Classes, what is assigned in them, and how it goes. Times are milliseconds since 1970, by the server's clock. */
import { z } from "zod";
import { AttemptKind, AttemptState, AttemptSummary } from "./attempt.ts";

export const ClassName = z.string().trim().min(1, "A class needs a name.").max(100);
export const NewClass = z.strictObject({ name: ClassName });
export type NewClass = z.infer<typeof NewClass>;

export const ClassSummary = z.strictObject({
  id: z.string(),
  name: z.string(),
  learners: z.number(),
  assignments: z.number(),
});
export type ClassSummary = z.infer<typeof ClassSummary>;

export const ClassList = z.strictObject({ classes: z.array(ClassSummary) });
export type ClassList = z.infer<typeof ClassList>;

const MINUTES = z.number().min(1).max(10_000);

export const NewAssignment = z.strictObject({
  kind: AttemptKind,
  /** Id of the lab or exam. */
  of: z.string(),
  opensAt: z.number(),
  /** From then on nobody starts it, and what is still open is graded. Null: never. */
  closesAt: z.number().nullable(),
  /** How long an attempt takes at most; null: as the exam says, or no limit for a lab. */
  minutes: MINUTES.nullable(),
});
export type NewAssignment = z.infer<typeof NewAssignment>;

export const Assignment = NewAssignment.extend({
  id: z.string(),
  title: z.string(),
  /** Minutes more, by learner's id. */
  extra: z.record(z.string(), z.number()),
});
export type Assignment = z.infer<typeof Assignment>;

export const Learner = z.strictObject({ id: z.string(), name: z.string() });
export type Learner = z.infer<typeof Learner>;

export const ClassView = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** Who leads it: they see it, and the attempts that are made for it. So does every admin. */
  instructors: z.array(Learner),
  /** Who else teaches on this server, and could lead it as well. */
  teachers: z.array(Learner),
  learners: z.array(Learner),
  /** The newest first. */
  assignments: z.array(Assignment),
});
export type ClassView = z.infer<typeof ClassView>;

export const AddInstructor = z.strictObject({ instructor: z.string().max(100) });
export type AddInstructor = z.infer<typeof AddInstructor>;

export const SetExtra = z.strictObject({ learner: z.string(), minutes: z.number().min(0).max(10_000) });
export type SetExtra = z.infer<typeof SetExtra>;

export const NewClassInvitation = z.strictObject({ uses: z.int().min(1).max(1000), days: z.int().min(1).max(365) });
export type NewClassInvitation = z.infer<typeof NewClassInvitation>;

/** How far a task is. `points` of `of` as the last check or the final report says; null if it was never looked at. */
export const TaskProgress = z.strictObject({
  part: z.number(),
  task: z.string(),
  points: z.number().nullable(),
  of: z.number(),
});
export type TaskProgress = z.infer<typeof TaskProgress>;

/** A learner's newest attempt at an assignment. */
export const LearnerAttempt = z.strictObject({
  id: z.string(),
  state: AttemptState,
  startedAt: z.number(),
  endsAt: z.number().nullable(),
  percent: z.number().nullable(),
  /** When something was typed last, and in which part; null: never. */
  typed: z.strictObject({ at: z.number(), part: z.number() }).nullable(),
  /** When the last check was made. */
  checkedAt: z.number().nullable(),
  tasks: z.array(TaskProgress),
});
export type LearnerAttempt = z.infer<typeof LearnerAttempt>;

/** How an assignment goes at a moment. */
export const AssignmentProgress = z.strictObject({
  now: z.number(),
  rows: z.array(z.strictObject({ learner: Learner, attempt: LearnerAttempt.nullable() })),
});
export type AssignmentProgress = z.infer<typeof AssignmentProgress>;

/** One check over all graded attempts, and what those who did not pass it had instead. */
export const CheckTally = z.strictObject({
  lab: z.string(),
  check: z.string(),
  says: z.string(),
  passed: z.number(),
  /** Passed or failed. */
  graded: z.number(),
  /** How often it could not be judged. */
  broke: z.number(),
  others: z.array(z.strictObject({ observed: z.string(), learners: z.array(z.string()) })),
});
export type CheckTally = z.infer<typeof CheckTally>;

export const AssignmentResults = z.strictObject({
  class: z.string(),
  assignment: Assignment,
  learners: z.array(
    z.strictObject({
      learner: Learner,
      attempt: z.string().nullable(),
      state: AttemptState.nullable(),
      percent: z.number().nullable(),
      /** Worked time in milliseconds. */
      took: z.number().nullable(),
      checks: z.array(
        z.strictObject({
          lab: z.string(),
          check: z.string(),
          outcome: z.enum(["pass", "fail", "broke"]),
          points: z.number(),
          of: z.number(),
        }),
      ),
    }),
  ),
  checks: z.array(CheckTally),
});
export type AssignmentResults = z.infer<typeof AssignmentResults>;

/** Something assigned, as its learner sees it. */
export const AssignedWork = z.strictObject({
  id: z.string(),
  class: z.string(),
  kind: AttemptKind,
  of: z.string(),
  title: z.string(),
  opensAt: z.number(),
  /** With the learner's extra time. */
  closesAt: z.number().nullable(),
  /** How long an attempt takes at most, with the learner's extra time; null: no limit. */
  minutes: z.number().nullable(),
  /** The newest attempt. */
  attempt: AttemptSummary.nullable(),
});
export type AssignedWork = z.infer<typeof AssignedWork>;

export const AssignedList = z.strictObject({ now: z.number(), assigned: z.array(AssignedWork) });
export type AssignedList = z.infer<typeof AssignedList>;
