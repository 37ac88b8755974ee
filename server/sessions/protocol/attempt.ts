/** What the browser reads and writes over HTTP. Times are milliseconds since 1970, by the server's clock. */
import { z } from "zod";
import { Report } from "../../../grader/result.ts";
import { DocumentationPage, ExamSummary, LabSummary, Level, QuestionText } from "./lab.ts";

/** An attempt is of one lab, or of an exam. */
export const AttemptKind = z.enum(["lab", "exam"]);
export type AttemptKind = z.infer<typeof AttemptKind>;

/** `open`: it can be worked on. `grading`: it was submitted. `graded`: its report is there. `abandoned`: it was given up. */
export const AttemptState = z.enum(["open", "grading", "graded", "abandoned"]);
export type AttemptState = z.infer<typeof AttemptState>;

export const AttemptSummary = z.strictObject({
  id: z.string(),
  kind: AttemptKind,
  /** Id of the lab or exam. */
  of: z.string(),
  title: z.string(),
  state: AttemptState,
  startedAt: z.number(),
  /** When it is graded whatever is there: exams only. */
  endsAt: z.number().nullable(),
  submittedAt: z.number().nullable(),
  /** Of 0 to 100, if it was graded. */
  percent: z.number().nullable(),
  /** Since when an instructor has paused it; missing while its time runs. `endsAt` is moved when it goes on. */
  pausedAt: z.number().optional(),
});
export type AttemptSummary = z.infer<typeof AttemptSummary>;

/** What was done with a lab or an exam so far. */
const Progress = { best: z.number().nullable(), attempts: z.number() };

export const Catalogue = z.strictObject({
  labs: z.array(LabSummary.extend(Progress)),
  exams: z.array(ExamSummary.extend(Progress)),
  /** Attempts that can be continued, the newest first. */
  open: z.array(AttemptSummary),
  /** The last graded ones, the newest first. */
  recent: z.array(AttemptSummary),
  problems: z.array(z.string()),
});
export type Catalogue = z.infer<typeof Catalogue>;

export const StartAttempt = z.strictObject({
  kind: AttemptKind,
  of: z.string(),
  /** Draws the variants. Without one the server draws it. */
  seed: z.int().min(1).max(2_147_483_647).optional(),
  /** The assignment of a class that this is for. */
  assignment: z.string().max(100).optional(),
});
export type StartAttempt = z.infer<typeof StartAttempt>;

/** Hints that were read, and what the next one costs; null if there is none. */
const Hints = z.strictObject({
  read: z.array(z.string()),
  total: z.number(),
  next: z.strictObject({ costs: z.number() }).nullable(),
});

export const TaskView = z.strictObject({
  id: z.string(),
  points: z.number(),
  prompt: z.string(),
  questions: z.array(QuestionText.extend({ given: z.string().nullable() })),
  hints: Hints,
  flagged: z.boolean(),
});
export type TaskView = z.infer<typeof TaskView>;

/** One lab of an attempt, with a cluster of its own. An attempt at a lab has one part, that of an exam one for each lab. */
export const PartView = z.strictObject({
  /** Counted from 0. */
  part: z.number(),
  lab: z.string(),
  title: z.string(),
  level: Level,
  minutes: z.number(),
  /** Its share of the exam's score. */
  weight: z.number(),
  host: z.string(),
  user: z.string(),
  /** In an exam: what `ssh` on the base calls its host. */
  ssh: z.string().optional(),
  /** Somebody typed in one of its terminals. */
  touched: z.boolean(),
  docs: z.array(DocumentationPage),
  tasks: z.array(TaskView),
});
export type PartView = z.infer<typeof PartView>;

export const AttemptView = AttemptSummary.extend({
  /** The server's clock when this was written. */
  now: z.number(),
  minutes: z.number(),
  /** In percent; null for labs. */
  pass: z.number().nullable(),
  notes: z.string(),
  /** Minutes that instructors have given it so far; missing if none. */
  extraMinutes: z.number().optional(),
  /** It was assigned in a class: only an instructor can end it without grading. */
  assigned: z.literal(true).optional(),
  parts: z.array(PartView),
  /** Where an exam's terminals are: a part without tasks. Missing for labs, whose terminals are their parts' own. */
  base: z.strictObject({ part: z.number(), host: z.string(), user: z.string() }).optional(),
});
export type AttemptView = z.infer<typeof AttemptView>;

export const GiveAnswer = z.strictObject({
  part: z.int().min(0),
  task: z.string(),
  question: z.string(),
  value: z.string().max(10_000),
});
export type GiveAnswer = z.infer<typeof GiveAnswer>;

export const WriteNotes = z.strictObject({ notes: z.string().max(100_000) });
export type WriteNotes = z.infer<typeof WriteNotes>;

export const FlagTask = z.strictObject({ part: z.int().min(0), task: z.string(), flagged: z.boolean() });
export type FlagTask = z.infer<typeof FlagTask>;

export const ReadHint = z.strictObject({ part: z.int().min(0), task: z.string() });
export type ReadHint = z.infer<typeof ReadHint>;

/** What a learner did for a task, as far as it was measured. */
export const TaskWork = z.strictObject({
  task: z.string(),
  /** For how many milliseconds the task was in front of them; null: not measured. */
  took: z.number().nullable(),
  /** Lines that were entered in terminals for it; null: of which task they were is not known. */
  lines: z.number().nullable(),
  questions: z.number(),
  answered: z.number(),
  hints: z.number(),
  flagged: z.boolean(),
  /** False: nothing was ever done for it; null: not known. */
  tried: z.boolean().nullable(),
});
export type TaskWork = z.infer<typeof TaskWork>;

/** One lab's report. `explain` is Markdown, and only there when the attempt is over. */
export const PartReport = z.strictObject({
  part: z.number(),
  lab: z.string(),
  title: z.string(),
  weight: z.number(),
  report: Report,
  explain: z.string().nullable(),
  /** What the lab is about; missing in reports of older versions, and so are the two below. */
  topics: z.array(z.string()).optional(),
  /** Which version of the lab's files it was graded with. */
  version: z.string().optional(),
  /** By task; only in final reports. */
  work: z.array(TaskWork).optional(),
});
export type PartReport = z.infer<typeof PartReport>;

/** A graded attempt (`final`), or what "check now" found. */
export const AttemptReport = z.strictObject({
  attempt: z.string(),
  kind: AttemptKind,
  of: z.string(),
  title: z.string(),
  final: z.boolean(),
  /** Why it was graded: somebody submitted, the time ran out, or somebody wanted a check. */
  reason: z.enum(["submitted", "time", "check"]),
  at: z.number(),
  startedAt: z.number(),
  /** Worked time in milliseconds, without the time in which the server was not running. */
  took: z.number(),
  /** Of 0 to 100; an exam's by weight. */
  percent: z.number(),
  /** The pass line in percent; null for labs. */
  pass: z.number().nullable(),
  parts: z.array(PartReport),
});
export type AttemptReport = z.infer<typeof AttemptReport>;

/** An instructor gave time, or stopped or started the clock of an attempt. */
export const ClockChange = z.strictObject({
  at: z.number(),
  /** Name of the instructor. */
  by: z.string(),
  kind: z.enum(["extra-time", "pause", "resume"]),
  /** Of extra time; below 0: taken back. */
  minutes: z.number().optional(),
});
export type ClockChange = z.infer<typeof ClockChange>;

/** An attempt that was graded again as it had ended, with the labs as they were then. */
export const Regrade = z.strictObject({
  at: z.number(),
  /** Name of the instructor. */
  by: z.string(),
  report: AttemptReport,
});
export type Regrade = z.infer<typeof Regrade>;

/** The first report of a graded attempt and those of later gradings, in order. The last one counts. */
export const Gradings = z.strictObject({ first: AttemptReport, again: z.array(Regrade) });
export type Gradings = z.infer<typeof Gradings>;

/** Graded attempts at the same lab or exam, the newest first. */
export const EarlierAttempts = z.strictObject({ attempts: z.array(AttemptSummary) });
export type EarlierAttempts = z.infer<typeof EarlierAttempts>;

export const GiveTime = z.strictObject({
  /** Below 0 takes back what was given before. */
  minutes: z
    .int()
    .min(-600)
    .max(600)
    .refine((minutes) => minutes !== 0, "no minutes are nothing to give"),
});
export type GiveTime = z.infer<typeof GiveTime>;

/** What an instructor sees of an attempt, to manage it. */
export const AttemptManagement = z.strictObject({
  attempt: AttemptSummary,
  /** Whose attempt it is; null on a server without accounts. */
  learner: z.string().nullable(),
  /** The server's clock when this was written. */
  now: z.number(),
  minutes: z.number(),
  changes: z.array(ClockChange),
  regrades: z.array(z.strictObject({ at: z.number(), by: z.string(), percent: z.number() })),
});
export type AttemptManagement = z.infer<typeof AttemptManagement>;

/** What "check now" found last, if it was used. */
export const LastCheck = z.strictObject({ report: AttemptReport.nullable() });
export type LastCheck = z.infer<typeof LastCheck>;

/** Every error that the server answers with. `code` is for programs, `message` and `help` for people. */
export const ApiError = z.strictObject({ code: z.string(), message: z.string(), help: z.string().optional() });
export type ApiError = z.infer<typeof ApiError>;
