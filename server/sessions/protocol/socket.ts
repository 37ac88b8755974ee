/**
 * The frames of `/api/attempts/:id/socket`. Binary frames are bytes of terminals: one byte for the part, one for the
 * terminal, then what was typed (from the browser) or printed (to the browser). Text frames are JSON of the types below.
 */
import { z } from "zod";
import { Topology } from "./topology.ts";

const Place = { part: z.int().min(0).max(254), terminal: z.int().min(1).max(255) };
const Size = { cols: z.int().min(2).max(500), rows: z.int().min(1).max(300) };

export const FromBrowser = z.discriminatedUnion("type", [
  /** The part's screens are wanted, and its output from now on. Answered by `screens`. */
  z.strictObject({ type: z.literal("attach"), part: Place.part }),
  /** A new terminal in a part. Answered by `opened` to everybody. */
  z.strictObject({ type: z.literal("open"), part: Place.part, ...Size }),
  z.strictObject({ type: z.literal("resize"), ...Place, ...Size }),
  z.strictObject({ type: z.literal("close"), ...Place }),
  /** So many bytes of output were drawn since the last `drawn`. */
  z.strictObject({ type: z.literal("drawn"), ...Place, bytes: z.int().min(0) }),
  /** The task that is in front of the learner; null: none, the page is in the background. */
  z.strictObject({
    type: z.literal("focus"),
    on: z.strictObject({ part: Place.part, task: z.string().max(100) }).nullable(),
  }),
  /** The part's topology is wanted, now and whenever it changes; or no more. Refused in exams. */
  z.strictObject({ type: z.literal("topology"), part: Place.part, on: z.boolean() }),
  z.strictObject({ type: z.literal("ping"), id: z.int() }),
]);
export type FromBrowser = z.infer<typeof FromBrowser>;

const TerminalScreen = z.strictObject({
  terminal: Place.terminal,
  host: z.string(),
  user: z.string(),
  cols: z.number(),
  rows: z.number(),
  /** Base64 of the bytes that draw screen and scrollback. */
  screen: z.string(),
  ended: z.number().nullable(),
  /** In an exam's base: the part on whose host it is by ssh. */
  leadsTo: z.int().optional(),
});

export const ToBrowser = z.discriminatedUnion("type", [
  /** All terminals of a part as they are now: replaces what the browser knew of them. Output follows from there. */
  z.strictObject({ type: z.literal("screens"), part: Place.part, terminals: z.array(TerminalScreen) }),
  z.strictObject({ type: z.literal("opened"), ...Place, host: z.string(), user: z.string(), ...Size }),
  z.strictObject({ type: z.literal("resized"), ...Place, ...Size }),
  /** A terminal of an exam's base leads to the host of another part; none: to that of no part. */
  z.strictObject({ type: z.literal("leads"), ...Place, leadsTo: z.int().optional() }),
  /** The shell has ended; the terminal stays to be read until it is closed. */
  z.strictObject({ type: z.literal("ended"), ...Place, status: z.number() }),
  z.strictObject({ type: z.literal("closed"), ...Place }),
  /**
   * A part's cluster is built again after a failure (`working`) or for the first time (`making`), then `screens` follow;
   * `failed`: it could not be built.
   */
  z.strictObject({
    type: z.literal("rebuilding"),
    part: Place.part,
    state: z.enum(["working", "making", "failed"]),
    message: z.string(),
  }),
  /**
   * Answers, notes, flags, hints, checks or the state of the attempt changed: read it again. `cluster`: it was put back
   * to its start; `screens` follow for parts that are attached.
   */
  z.strictObject({
    type: z.literal("changed"),
    what: z.enum(["answers", "notes", "flags", "hints", "check", "state", "clock", "cluster"]),
  }),
  z.strictObject({ type: z.literal("topology"), part: Place.part, topology: Topology }),
  z.strictObject({ type: z.literal("pong"), id: z.int(), now: z.number() }),
  /** Something was not done; the connection stays. */
  z.strictObject({ type: z.literal("error"), code: z.string(), message: z.string() }),
  /** What is typed and answered cannot be stored at the moment (`ok: false`), or can again. */
  z.strictObject({ type: z.literal("storage"), ok: z.boolean(), message: z.string() }),
]);
export type ToBrowser = z.infer<typeof ToBrowser>;

/** A browser sends at most so many bytes in a frame; longer input goes in several. */
export const MAX_FRAME = 65_536;
/** So many bytes that were sent and not yet drawn make the server wait. */
export const MAX_UNDRAWN = 131_072;
