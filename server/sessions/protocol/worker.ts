/**
 * The messages between the main thread and the workers in which sessions live (DESIGN.md, section 4). A session is one
 * world with its terminals. Bytes of terminals are strings with one character a byte (sim/kernel/bytes.ts). Times are
 * microseconds since 1970 (`Time`) where they belong to the world, milliseconds where they belong to people.
 */
import { z } from "zod";
import { Report } from "../../../grader/result.ts";
import { ApiCall, ApiEvent, ApiInput, OutsideRequest } from "./kubernetes.ts";
import { LabCatalogue, LabText } from "./lab.ts";
import { EnteredAnswer, LineAnswer, LineCall, LineNumber } from "./line.ts";
import { Topology } from "./topology.ts";

const Session = z.string();
/** Terminals of a session are numbered from 1; a number is not used again. */
const Terminal = z.int().min(1).max(255);
const Request = z.int();

/** An input of a session, with the simulated time and the interpreter step at which it took effect. */
export const JournalEntry = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("open"),
    at: z.number(),
    step: z.number(),
    terminal: Terminal,
    cols: z.number(),
    rows: z.number(),
    /** It belongs to this line of the exam's base, and runs this in the place of a login shell. */
    line: LineNumber.optional(),
    command: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal("input"), at: z.number(), step: z.number(), terminal: Terminal, bytes: z.string() }),
  z.strictObject({
    kind: z.literal("resize"),
    at: z.number(),
    step: z.number(),
    terminal: Terminal,
    cols: z.number(),
    rows: z.number(),
  }),
  z.strictObject({ kind: z.literal("close"), at: z.number(), step: z.number(), terminal: Terminal }),
  /** A command over a line from the exam's base, without a terminal. */
  z.strictObject({
    kind: z.literal("command"),
    at: z.number(),
    step: z.number(),
    line: LineNumber,
    command: z.string(),
  }),
  z.strictObject({
    kind: z.literal("command-input"),
    at: z.number(),
    step: z.number(),
    line: LineNumber,
    bytes: z.string(),
  }),
  z.strictObject({
    kind: z.enum(["command-end", "command-cut"]),
    at: z.number(),
    step: z.number(),
    line: LineNumber,
  }),
  /** In the session of a base: what came over one of its lines. */
  z.strictObject({
    kind: z.literal("heard"),
    at: z.number(),
    step: z.number(),
    line: LineNumber,
    answer: EnteredAnswer,
  }),
  /** A request to the Kubernetes API that changed something. Those that open a connection are numbered from 1 in order. */
  z.strictObject({
    kind: z.literal("api"),
    at: z.number(),
    step: z.number(),
    request: OutsideRequest,
    /** How often the server had asked to come again. */
    attempt: z.number(),
  }),
  z.strictObject({
    kind: z.literal("api-frame"),
    at: z.number(),
    step: z.number(),
    connection: z.number(),
    frame: ApiInput,
  }),
  /** The connection was cut by the client. */
  z.strictObject({ kind: z.literal("api-cut"), at: z.number(), step: z.number(), connection: z.number() }),
]);
export type JournalEntry = z.infer<typeof JournalEntry>;

/** What a terminal shows now: bytes that draw its screen and scrollback on an empty terminal of that size. */
export const Screen = z.strictObject({
  terminal: Terminal,
  host: z.string(),
  user: z.string(),
  cols: z.number(),
  rows: z.number(),
  bytes: z.string(),
  /** Bytes of output that the terminal had printed when the screen was taken: its outputs go on from there. */
  offset: z.number(),
  /** The shell has ended, with this exit status. */
  ended: z.number().nullable(),
  /** In an exam's base: the part on whose host it is by ssh. */
  leadsTo: z.int().optional(),
});
export type Screen = z.infer<typeof Screen>;

/** A session's world when it was opened, packed (zstd of JSON). */
const Snapshot = z.instanceof(Uint8Array);

/** A world as it was graded, and the variants that were drawn for it. */
export const KeptWorld = z.strictObject({ snapshot: Snapshot, values: z.record(z.string(), z.unknown()) });
export type KeptWorld = z.infer<typeof KeptWorld>;

export const ToWorker = z.discriminatedUnion("kind", [
  /** Which labs and exams are there? Answered by `catalogue`. */
  z.strictObject({ kind: z.literal("catalogue"), request: Request }),
  /** What does a lab say? Its world is not made. Answered by `placed` or `error`. */
  z.strictObject({ kind: z.literal("place"), request: Request, lab: z.string(), seed: z.int() }),
  /** Opens a lab in a new session, at once if somebody waits for it. Answered by `opened` or `error`. */
  z.strictObject({
    kind: z.literal("open"),
    request: Request,
    session: Session,
    lab: z.string(),
    seed: z.int(),
    urgent: z.boolean(),
  }),
  /** These are likely to be opened soon: whoever has time makes their worlds ahead. Not answered. */
  z.strictObject({
    kind: z.literal("prepare"),
    labs: z.array(z.strictObject({ lab: z.string(), seed: z.int() })),
  }),
  /** Builds a session again from what it was when it was opened and all that came in since. Answered by `restored` or `error`. */
  z.strictObject({
    kind: z.literal("restore"),
    request: Request,
    session: Session,
    lab: z.string(),
    seed: z.int(),
    snapshot: Snapshot,
    journal: z.array(JournalEntry),
    /** Bytes of output by terminal that were already delivered: they are not sent again. */
    delivered: z.record(z.string(), z.number()),
  }),
  /** Wants the screens of all terminals. Answered by `screens`, in order with `output`. */
  z.strictObject({ kind: z.literal("screens"), request: Request, session: Session }),
  /** Does everybody in it wait for what is typed? Answered by `rests`. */
  z.strictObject({ kind: z.literal("rests"), request: Request, session: Session }),
  /** Opens a terminal with a login shell. Answered by `terminal` or `error`. */
  z.strictObject({
    kind: z.literal("terminal"),
    request: Request,
    session: Session,
    cols: z.int(),
    rows: z.int(),
    /** It is for this line of the exam's base: the same again if it has one already. */
    line: LineNumber.optional(),
    /** In the place of a login shell. */
    command: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal("input"), session: Session, terminal: Terminal, bytes: z.string() }),
  z.strictObject({ kind: z.literal("resize"), session: Session, terminal: Terminal, cols: z.int(), rows: z.int() }),
  /** The terminal's line is cut (SIGHUP); it is gone afterwards. */
  z.strictObject({ kind: z.literal("hang-up"), session: Session, terminal: Terminal }),
  /** Runs a command without a terminal for a line of the exam's base; none (`""`): a login shell that reads its input. Answered by `command-output`, and `command-ended` or `command-refused`. */
  z.strictObject({ kind: z.literal("command"), session: Session, line: LineNumber, command: z.string() }),
  z.strictObject({ kind: z.literal("command-input"), session: Session, line: LineNumber, bytes: z.string() }),
  z.strictObject({ kind: z.literal("command-end"), session: Session, line: LineNumber }),
  z.strictObject({ kind: z.literal("command-cut"), session: Session, line: LineNumber }),
  /** In the session of a base: something came over one of its lines. */
  z.strictObject({ kind: z.literal("heard"), session: Session, line: LineNumber, answer: LineAnswer }),
  /** In the session of a base: the other end was built again; `again` is wanted. */
  z.strictObject({ kind: z.literal("sync"), session: Session, line: LineNumber }),
  /** Nobody can take more output: the session's programs wait at their next yield, until `resume` or an input. */
  z.strictObject({ kind: z.literal("pause"), session: Session }),
  z.strictObject({ kind: z.literal("resume"), session: Session }),
  /** The session's topology is wanted: `topology` is posted now and when it has changed, until it is wanted no more. */
  z.strictObject({ kind: z.literal("topology"), session: Session, on: z.boolean() }),
  /** Grades a fork of the session's world. Answered by `graded` or `error`. */
  z.strictObject({
    kind: z.literal("grade"),
    request: Request,
    session: Session,
    /** By `task/question`. */
    answers: z.record(z.string(), z.string()),
    /** Points that the hints cost which were read. */
    hints: z.number(),
    /** It is over: `keep` will ask for the world as it was graded. */
    keep: z.boolean().optional(),
  }),
  /** Wants the world as it was graded last to be kept. Answered by `kept` or `error`. */
  z.strictObject({ kind: z.literal("keep"), request: Request, session: Session }),
  /** Builds a session that is over again as it was at `at`, only to grade it and to keep it. Answered by `kept` or `error`. */
  z.strictObject({
    kind: z.literal("keep-again"),
    request: Request,
    lab: z.string(),
    seed: z.int(),
    snapshot: Snapshot,
    journal: z.array(JournalEntry),
    at: z.number(),
    answers: z.record(z.string(), z.string()),
    hints: z.number(),
  }),
  /** Grades a world that was kept, with the lab as its files are now. Answered by `regraded` or `error`. */
  z.strictObject({
    kind: z.literal("regrade"),
    request: Request,
    lab: z.string(),
    seed: z.int(),
    kept: KeptWorld,
    answers: z.record(z.string(), z.string()),
    /** By task: how many hints were read. */
    hints: z.record(z.string(), z.int()),
  }),
  /** A call to the Kubernetes API from outside. What becomes of it is in `api`. */
  z.strictObject({ kind: z.literal("api-call"), session: Session, call: ApiCall, asked: OutsideRequest }),
  z.strictObject({ kind: z.literal("api-frame"), session: Session, call: ApiCall, frame: ApiInput }),
  /** So many bytes of chunks were written to the client. */
  z.strictObject({ kind: z.literal("api-taken"), session: Session, call: ApiCall, bytes: z.int().min(0) }),
  /** The client is gone. Nothing more is posted about this call. */
  z.strictObject({ kind: z.literal("api-cut"), session: Session, call: ApiCall }),
  /** Ends a session; nothing of it is left. */
  z.strictObject({ kind: z.literal("close"), session: Session }),
  /** Are you alive? Answered by `pong` at once. */
  z.strictObject({ kind: z.literal("ping"), request: Request }),
]);
export type ToWorker = z.infer<typeof ToWorker>;

export const FromWorker = z.discriminatedUnion("kind", [
  /** The worker has loaded its code and booted its presets: opening a lab is quick from now on. */
  z.strictObject({ kind: z.literal("warm") }),
  z.strictObject({ kind: z.literal("catalogue"), request: Request, catalogue: LabCatalogue }),
  z.strictObject({ kind: z.literal("placed"), request: Request, lab: LabText }),
  z.strictObject({ kind: z.literal("opened"), request: Request, session: Session, lab: LabText, snapshot: Snapshot }),
  z.strictObject({ kind: z.literal("restored"), request: Request, session: Session }),
  z.strictObject({ kind: z.literal("screens"), request: Request, session: Session, screens: z.array(Screen) }),
  z.strictObject({
    kind: z.literal("terminal"),
    request: Request,
    session: Session,
    terminal: Terminal,
    host: z.string(),
    user: z.string(),
  }),
  z.strictObject({ kind: z.literal("rests"), request: Request, session: Session, rests: z.boolean() }),
  /** What a terminal prints, from byte `offset` of all that it has printed. */
  z.strictObject({
    kind: z.literal("output"),
    session: Session,
    terminal: Terminal,
    offset: z.number(),
    bytes: z.string(),
  }),
  /** A terminal of a base leads to the host of another part; none: to that of no part. */
  z.strictObject({ kind: z.literal("leads"), session: Session, terminal: Terminal, leadsTo: z.int().optional() }),
  z.strictObject({
    kind: z.literal("resized"),
    session: Session,
    terminal: Terminal,
    cols: z.number(),
    rows: z.number(),
  }),
  /** A terminal's shell has ended; its screen stays. */
  z.strictObject({ kind: z.literal("ended"), session: Session, terminal: Terminal, status: z.number() }),
  /** A terminal is gone. */
  z.strictObject({ kind: z.literal("gone"), session: Session, terminal: Terminal }),
  /** In the session of a base: what goes over one of its lines. */
  z.strictObject({ kind: z.literal("line"), session: Session, line: LineNumber, call: LineCall }),
  z.strictObject({
    kind: z.literal("command-output"),
    session: Session,
    line: LineNumber,
    stream: z.union([z.literal(1), z.literal(2)]),
    offset: z.number(),
    bytes: z.string(),
  }),
  z.strictObject({ kind: z.literal("command-ended"), session: Session, line: LineNumber, status: z.number() }),
  /** It was ended, with words why. */
  z.strictObject({ kind: z.literal("command-refused"), session: Session, line: LineNumber, message: z.string() }),
  /** What came into the session, from entry `from` (counted from 0) on. */
  z.strictObject({ kind: z.literal("journal"), session: Session, from: z.number(), entries: z.array(JournalEntry) }),
  /** What became of calls to the Kubernetes API from outside. */
  z.strictObject({ kind: z.literal("api"), session: Session, events: z.array(ApiEvent) }),
  z.strictObject({ kind: z.literal("topology"), session: Session, topology: Topology }),
  z.strictObject({
    kind: z.literal("graded"),
    request: Request,
    session: Session,
    report: Report,
    /** Of the lab's files that it was graded with. */
    version: z.string().optional(),
    /** The world's time at which it was graded. */
    at: z.number().optional(),
  }),
  z.strictObject({
    kind: z.literal("kept"),
    request: Request,
    kept: KeptWorld,
    /** Of a session that was built again: what came of grading it. */
    again: z.strictObject({ report: Report, version: z.string() }).optional(),
  }),
  z.strictObject({ kind: z.literal("regraded"), request: Request, report: Report, lab: LabText }),
  z.strictObject({
    kind: z.literal("error"),
    /** The request that failed, if it was one. */
    request: Request.optional(),
    session: Session.optional(),
    /** `unknown-lab`, `bad-lab`, `unknown-session`, `too-many-terminals`, `input-too-large`, `internal`. */
    code: z.enum(["unknown-lab", "bad-lab", "unknown-session", "too-many-terminals", "input-too-large", "internal"]),
    /** For people. */
    message: z.string(),
  }),
  z.strictObject({ kind: z.literal("pong"), request: Request, sessions: z.number(), heap: z.number() }),
]);
export type FromWorker = z.infer<typeof FromWorker>;
export type WorkerErrorCode = Extract<FromWorker, { kind: "error" }>["code"];
