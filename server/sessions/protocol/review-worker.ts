/** The messages between the main thread and the worker in which attempts are played again for their reviewers. */
import { z } from "zod";
import { CheckLane, Keyframe, ReplayEvent, StateTable, Timeline } from "./review.ts";
import { JournalEntry } from "./worker.ts";

const Request = z.int();
const Sandbox = z.int();

/** A session as it was kept. Times of the journal are microseconds. */
const Kept = z.strictObject({
  /** Names it: the same name is the same session, and what was made of it can be used again. */
  session: z.string(),
  lab: z.string(),
  seed: z.int(),
  snapshot: z.instanceof(Uint8Array),
  journal: z.array(JournalEntry),
  /** When it ended, or until when it is known, in milliseconds. */
  until: z.number(),
});
export type Kept = z.infer<typeof Kept>;

export const ToReviewer = z.discriminatedUnion("kind", [
  /** What was typed and changed. Answered by `timeline`. */
  z.strictObject({ kind: z.literal("timeline"), request: Request, kept: Kept }),
  /** How the checks stood after the commands. Answered by `checks`, later than what is asked behind it. */
  z.strictObject({ kind: z.literal("checks"), request: Request, kept: Kept }),
  /** The objects of a resource (`pods`, `deployments.apps`) at a moment, of all namespaces. Answered by `state`. */
  z.strictObject({ kind: z.literal("state"), request: Request, kept: Kept, at: z.number(), resource: z.string() }),
  /** Screens of a recording to begin from. Answered by `keyframes`. */
  z.strictObject({
    kind: z.literal("keyframes"),
    request: Request,
    cols: z.int(),
    rows: z.int(),
    events: z.array(ReplayEvent),
  }),
  /** A terminal in a copy of the world at a moment. Answered by `sandbox`. */
  z.strictObject({
    kind: z.literal("sandbox"),
    request: Request,
    sandbox: Sandbox,
    kept: Kept,
    at: z.number(),
    cols: z.int(),
    rows: z.int(),
  }),
  z.strictObject({ kind: z.literal("sandbox-input"), sandbox: Sandbox, bytes: z.string() }),
  z.strictObject({ kind: z.literal("sandbox-resize"), sandbox: Sandbox, cols: z.int(), rows: z.int() }),
  /** So many bytes of its output were sent on. */
  z.strictObject({ kind: z.literal("sandbox-taken"), sandbox: Sandbox, bytes: z.int() }),
  z.strictObject({ kind: z.literal("sandbox-close"), sandbox: Sandbox }),
]);
export type ToReviewer = z.infer<typeof ToReviewer>;

export const FromReviewer = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("timeline"), request: Request, timeline: Timeline }),
  z.strictObject({ kind: z.literal("checks"), request: Request, checks: CheckLane }),
  z.strictObject({ kind: z.literal("state"), request: Request, state: StateTable }),
  z.strictObject({ kind: z.literal("keyframes"), request: Request, keyframes: z.array(Keyframe) }),
  z.strictObject({ kind: z.literal("sandbox"), request: Request, host: z.string(), user: z.string() }),
  z.strictObject({ kind: z.literal("sandbox-output"), sandbox: Sandbox, bytes: z.string() }),
  z.strictObject({ kind: z.literal("sandbox-ended"), sandbox: Sandbox, status: z.int() }),
  z.strictObject({ kind: z.literal("error"), request: Request.optional(), message: z.string() }),
]);
export type FromReviewer = z.infer<typeof FromReviewer>;
