import type { Report } from "../../../grader/result.ts";
import type {
  ApiPort,
  JournalEntry,
  KeptWorld,
  LabCatalogue,
  LabText,
  Screen,
  Topology,
  WorkerErrorCode,
} from "../protocol/index.ts";

/** `not-built`: the session never was there, so nobody did anything in it. */
type SessionErrorCode = WorkerErrorCode | "not-answering" | "not-built";

/** A request that a worker could not fulfil, in words for people. */
export class SessionError extends Error {
  override readonly name = "SessionError";
  readonly code: SessionErrorCode;

  constructor(code: SessionErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Somebody who sees a session's terminals. Calls come in the order of what happened. */
export interface Viewer {
  /** All terminals as they are now; what was known before is void. */
  screens(screens: readonly Screen[]): void;
  output(terminal: number, bytes: string): void;
  opened(terminal: number, host: string, user: string, cols: number, rows: number): void;
  resized(terminal: number, cols: number, rows: number): void;
  /** A terminal of an exam's base is on the host of this part by ssh from now on; undefined: on that of none. */
  leads(terminal: number, leadsTo: number | undefined): void;
  ended(terminal: number, status: number): void;
  gone(terminal: number): void;
  /** The session is built again, or for the first time (`making`); then `screens`. `failed` with the reason. */
  rebuilding(state: "working" | "making" | "failed", message: string): void;
  /** The session's world as it is now: for viewers that want it. */
  topology(topology: Topology): void;
  /** Something that was asked for without waiting for an answer (input) was not done. */
  refused(code: string, message: string): void;
}

/** A viewer's side of a session. */
export interface View {
  /** So many bytes of a terminal's output have been drawn. */
  drawn(terminal: number, bytes: number): void;
  /** The viewer wants the topology, now and when it changes; or no more. */
  topology(on: boolean): void;
  end(): void;
}

export interface Building {
  readonly session: string;
  readonly lab: string;
  readonly seed: number;
}

/** A session's last report, of which version of its lab, and the time in its world (microseconds) at which it was graded. */
export interface Finished {
  readonly report: Report;
  readonly version: string | undefined;
  readonly at: number | undefined;
}

/** A session that is over, as it is built again. */
export interface Over {
  readonly lab: string;
  readonly seed: number;
  readonly snapshot: Uint8Array;
  readonly journal: readonly JournalEntry[];
  /** The time in its world at which it was graded. */
  readonly at: number;
  readonly answers: Readonly<Record<string, string>>;
  /** Points that the hints cost. */
  readonly hints: number;
}

/** The world of a session that was built again, and what came of grading it. */
export interface KeptAgain {
  readonly kept: KeptWorld;
  readonly report: Report;
  readonly version: string;
}

/** Sessions, wherever they run. Sessions that were open before are built again from the log when they are first used. */
export interface Sessions {
  catalogue(): Promise<LabCatalogue>;
  /** Opens a lab. Throws SessionError. */
  open(session: string, lab: string, seed: number): Promise<{ readonly text: LabText; readonly snapshot: Uint8Array }>;
  /** What a lab says; its world is not made. Throws SessionError. */
  text(lab: string, seed: number): Promise<LabText>;
  /** Makes the worlds of sessions that the log knows and that never were open: one after another in each worker. */
  build(sessions: readonly Building[]): void;
  /** Labs with seeds that are likely to be opened soon: opening them is quicker if there is time to make them ahead. */
  prepare(labs: readonly { readonly lab: string; readonly seed: number }[]): void;
  view(session: string, viewer: Viewer): View;
  /** Opens a terminal; its number. All viewers hear of it. */
  terminal(session: string, cols: number, rows: number): Promise<number>;
  input(session: string, terminal: number, bytes: string): void;
  resize(session: string, terminal: number, cols: number, rows: number): void;
  hangUp(session: string, terminal: number): void;
  grade(session: string, answers: Readonly<Record<string, string>>, hints: number): Promise<Report>;
  /** Grades a session that is over; `keep` keeps its world as it was graded. */
  finish(session: string, answers: Readonly<Record<string, string>>, hints: number): Promise<Finished>;
  /** The world of a finished session as it was graded. Throws SessionError if it is not in its worker any more. */
  keep(session: string): Promise<KeptWorld>;
  /** The same from what was stored of the session. */
  keepAgain(over: Over): Promise<KeptAgain>;
  /** Grades what was kept with the lab as its files are now; `hints`: by task, how many were read. */
  regrade(
    lab: string,
    seed: number,
    kept: KeptWorld,
    answers: Readonly<Record<string, string>>,
    hints: Readonly<Record<string, number>>,
  ): Promise<{ readonly report: Report; readonly text: LabText }>;
  /** The Kubernetes API of a session. A call whose worker dies is refused; one that comes meanwhile waits for the rebuild. */
  api(session: string): ApiPort;
  /**
   * Ends a session, and lets `change` change its log. Whoever asks for it meanwhile waits; then it is built again from
   * the log. Its viewers have to view it again.
   */
  reset(session: string, change: () => Promise<void>): Promise<void>;
  /**
   * Takes sessions out of memory, all of them or none: false if somebody needs one, or a program runs in one that does not
   * wait for what is typed. They are built again from the log when they are needed.
   */
  unload(sessions: readonly string[]): Promise<boolean>;
  /** Ends a session; it is not built again. */
  close(session: string): void;
  /** For /healthz. */
  health(): readonly {
    readonly worker: number;
    readonly warm: boolean;
    readonly sessions: number;
    readonly heap: number;
  }[];
  stop(): Promise<void>;
}
