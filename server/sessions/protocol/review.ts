/** What reviewers read and write: a graded or running attempt as it was, moment by moment. Times are milliseconds since 1970. */
import { z } from "zod";
import { AttemptReport, AttemptState, AttemptSummary } from "./attempt.ts";

const Milliseconds = z.number();
const PartNumber = z.int().min(0);

/** An attempt in the list of those that can be reviewed. */
export const ReviewSummary = AttemptSummary.extend({
  /** Whose attempt it is; null on a server without accounts. */
  learner: z.string().nullable(),
  /** How many checks did not pass; null if it was not graded. */
  failed: z.number().nullable(),
  comments: z.number(),
  /** Points were overridden. */
  overridden: z.boolean(),
});
export type ReviewSummary = z.infer<typeof ReviewSummary>;

export const ReviewFilter = z.strictObject({
  state: AttemptState.optional(),
  kind: z.enum(["lab", "exam"]).optional(),
  /** Id of a class: attempts that were made for what was assigned in it. */
  class: z.string().max(100).optional(),
  /** Somewhere in the title, the lab's or exam's name, or the learner's. */
  search: z.string().max(200).optional(),
});
export type ReviewFilter = z.infer<typeof ReviewFilter>;

export const ReviewList = z.strictObject({ reviews: z.array(ReviewSummary) });
export type ReviewList = z.infer<typeof ReviewList>;

/** What a reviewer says about a moment. */
export const Comment = z.strictObject({
  id: z.int(),
  part: PartNumber,
  at: Milliseconds,
  text: z.string(),
  by: z.string(),
  written: Milliseconds,
});
export type Comment = z.infer<typeof Comment>;

/** Points that a reviewer gives in the place of those of a check. */
export const Override = z.strictObject({
  part: PartNumber,
  task: z.string(),
  check: z.string(),
  points: z.number(),
  reason: z.string(),
  by: z.string(),
  written: Milliseconds,
});
export type Override = z.infer<typeof Override>;

export const AuditEntry = z.strictObject({ at: Milliseconds, by: z.string(), what: z.string(), detail: z.string() });
export type AuditEntry = z.infer<typeof AuditEntry>;

export const WriteComment = z.strictObject({
  part: PartNumber,
  at: Milliseconds,
  text: z.string().trim().min(1).max(4_000),
});
export type WriteComment = z.infer<typeof WriteComment>;

export const WriteOverride = z.strictObject({
  part: PartNumber,
  task: z.string().max(200),
  check: z.string().max(200),
  /** Null takes the override back: the check's own points count again. */
  points: z.number().min(0).nullable(),
  reason: z.string().trim().min(1).max(1_000),
});
export type WriteOverride = z.infer<typeof WriteOverride>;

const ReviewPart = z.strictObject({
  part: PartNumber,
  lab: z.string(),
  title: z.string(),
  /** Numbers of the terminals that have a recording. */
  terminals: z.array(z.int()),
});
export type ReviewPart = z.infer<typeof ReviewPart>;

export const Review = z.strictObject({
  attempt: ReviewSummary,
  /** The last moment that there is something to see of. */
  until: Milliseconds,
  parts: z.array(ReviewPart),
  /** The report as the checks made it; null while it is not graded. */
  report: AttemptReport.nullable(),
  /** With overridden points, of 0 to 100; null while it is not graded. */
  percent: z.number().nullable(),
  comments: z.array(Comment),
  overrides: z.array(Override),
  audit: z.array(AuditEntry),
});
export type Review = z.infer<typeof Review>;

/** What a learner reads of the review of an attempt of theirs. */
export const Remarks = z.strictObject({
  comments: z.array(Comment),
  overrides: z.array(Override),
  startedAt: Milliseconds,
  /** As the checks made it, and with overridden points. */
  percent: z.number(),
  adjusted: z.number(),
});
export type Remarks = z.infer<typeof Remarks>;

/** Something that a terminal did, in order: text that it printed, or its new size. `at` counts from the recording's start. */
export const ReplayEvent = z.union([z.tuple([Milliseconds, z.string()]), z.tuple([Milliseconds, z.int(), z.int()])]);
export type ReplayEvent = z.infer<typeof ReplayEvent>;

/** Draws what a terminal showed before event number `event`, on an empty terminal of that size. */
export const Keyframe = z.strictObject({ event: z.int(), cols: z.int(), rows: z.int(), text: z.string() });
export type Keyframe = z.infer<typeof Keyframe>;

/** The recording of a terminal. */
export const Replay = z.strictObject({
  startedAt: Milliseconds,
  cols: z.int(),
  rows: z.int(),
  events: z.array(ReplayEvent),
  keyframes: z.array(Keyframe),
});
export type Replay = z.infer<typeof Replay>;

/** A command that was entered at the prompt of a shell. */
export const TypedCommand = z.strictObject({
  terminal: z.int().nullable(),
  host: z.string(),
  at: Milliseconds,
  text: z.string(),
  /** When its shell was back, and `$?` then; null if it was not until the end. */
  ended: Milliseconds.nullable(),
  status: z.int().nullable(),
  /** Bytes that its terminal had printed when it had ended and all was calm; null if it did not end. */
  printed: z.int().nullable(),
  /** When these were recorded. */
  shown: Milliseconds.nullable(),
});
export type TypedCommand = z.infer<typeof TypedCommand>;

/** A path in an object with what stood there, as JSON; undefined if there was nothing. */
const FieldChange = z.strictObject({ path: z.string(), from: z.string().optional(), to: z.string().optional() });
export type FieldChange = z.infer<typeof FieldChange>;

/** An object that the learner created, changed or deleted over the Kubernetes API. */
export const ObjectChange = z.strictObject({
  at: Milliseconds,
  verb: z.enum(["created", "changed", "deleted"]),
  /** `deployments.apps`, `pods`. */
  resource: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  /** Who asked, as the API server knows them. */
  user: z.string(),
  fields: z.array(FieldChange),
  /** There were more than are listed. */
  more: z.boolean(),
});
export type ObjectChange = z.infer<typeof ObjectChange>;

export const Timeline = z.strictObject({
  commands: z.array(TypedCommand),
  changes: z.array(ObjectChange),
  /** The replay took other steps than the session did, so often: what it tells may differ from what was. */
  differences: z.number(),
});
export type Timeline = z.infer<typeof Timeline>;

/** How the checks stood when so many commands had been entered. Questions are not among them: answers have no time. */
export const CheckMoment = z.strictObject({
  at: Milliseconds,
  commands: z.int(),
  outcomes: z.record(z.string(), z.enum(["pass", "fail", "broke"])),
});
export type CheckMoment = z.infer<typeof CheckMoment>;

export const CheckLane = z.strictObject({
  checks: z.array(z.strictObject({ id: z.string(), task: z.string(), says: z.string() })),
  moments: z.array(CheckMoment),
  /** How many moments there were, if not all of them were checked. */
  of: z.int(),
});
export type CheckLane = z.infer<typeof CheckLane>;

/** A table as `kubectl get` shows it. */
export const StateTable = z.strictObject({
  at: Milliseconds,
  columns: z.array(z.string()),
  rows: z.array(z.array(z.string())),
  /** What is to know about it: that the API server did not run, for instance. */
  note: z.string().nullable(),
});
export type StateTable = z.infer<typeof StateTable>;

/** Frames of a sandbox's websocket: what is typed and printed is in binary frames. */
export const FromSandboxViewer = z.strictObject({
  type: z.literal("resize"),
  cols: z.int().min(2).max(500),
  rows: z.int().min(1).max(300),
});
export const ToSandboxViewer = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("ready"), host: z.string(), user: z.string() }),
  z.strictObject({ type: z.literal("ended"), status: z.int() }),
  z.strictObject({ type: z.literal("error"), message: z.string() }),
]);
export type ToSandboxViewer = z.infer<typeof ToSandboxViewer>;
