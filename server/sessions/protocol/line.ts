/**
 * Lines between sessions: `ssh HOST` on an exam's base leads to a host in the session of a task. The base numbers its lines
 * from 1. A line with a terminal is a terminal of the other session like any other; one without runs a command there.
 */
import { z } from "zod";

/** Number of a line among those of its base. */
export const LineNumber = z.int().min(1);

/** What the base says of one of its lines. */
export const LineCall = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("open"),
    /** The part of the attempt in whose session the host is. */
    part: z.int().min(0),
    /** Undefined: a login shell. */
    command: z.string().optional(),
    /** The caller's terminal; missing: the command runs without one. */
    size: z.strictObject({ cols: z.int(), rows: z.int() }).optional(),
  }),
  z.strictObject({ type: z.literal("input"), bytes: z.string() }),
  /** Nothing more is sent. */
  z.strictObject({ type: z.literal("end") }),
  z.strictObject({ type: z.literal("resize"), cols: z.int(), rows: z.int() }),
  z.strictObject({ type: z.literal("cut") }),
  /** So many bytes of output have found their place. */
  z.strictObject({ type: z.literal("taken"), bytes: z.int().min(0) }),
  /**
   * The base was built again, or lacks output: the line is open in this terminal of the part's session (null: it has none),
   * and this much output has come.
   */
  z.strictObject({
    type: z.literal("again"),
    part: z.int().min(0),
    terminal: z.number().nullable(),
    received: z.int().min(0),
  }),
]);
export type LineCall = z.infer<typeof LineCall>;

/** What comes to the base over a line. */
export const LineAnswer = z.discriminatedUnion("type", [
  /** The login is there, in this terminal of the part's session; null: it has none. */
  z.strictObject({ type: z.literal("opened"), part: z.int(), terminal: z.number().nullable() }),
  /** `offset`: bytes of output before it. */
  z.strictObject({
    type: z.literal("output"),
    stream: z.union([z.literal(1), z.literal(2)]),
    offset: z.number(),
    bytes: z.string(),
  }),
  /** Output up to this offset is not to be had any more. */
  z.strictObject({ type: z.literal("skip"), offset: z.number() }),
  z.strictObject({ type: z.literal("ended"), status: z.number() }),
  /** There is no login, with words why. */
  z.strictObject({ type: z.literal("refused"), message: z.string() }),
  /** The login is gone, nobody knows how it ended. */
  z.strictObject({ type: z.literal("lost") }),
]);
export type LineAnswer = z.infer<typeof LineAnswer>;

/** What of it took effect in the base. */
export const EnteredAnswer = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("opened"),
    part: z.number(),
    terminal: z.number().nullable(),
    /** The base's own terminal from which it was called. */
    from: z.number().nullable(),
  }),
  z.strictObject({ type: z.literal("output"), stream: z.union([z.literal(1), z.literal(2)]), bytes: z.string() }),
  /** So many bytes of output were left out: there was too much of it. */
  z.strictObject({ type: z.literal("left-out"), bytes: z.number() }),
  z.strictObject({ type: z.literal("ended"), status: z.number() }),
  z.strictObject({ type: z.literal("refused"), message: z.string() }),
  z.strictObject({ type: z.literal("lost") }),
]);
