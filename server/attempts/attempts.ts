import type { Viewer, View } from "../sessions/pool/pool.ts";
import type { KubernetesApi } from "./kubernetes-access.ts";
import type { Management } from "./management.ts";
import type { Plan } from "./opening.ts";
import type { Terms } from "./terms.ts";
import type {
  AttemptReport,
  AttemptSummary,
  AttemptView,
  Catalogue,
  FlagTask,
  GiveAnswer,
  Gradings,
  ReadHint,
  StartAttempt,
  ToBrowser,
} from "../sessions/protocol/index.ts";

/** Hears what changes in an attempt, besides its terminals. */
export type Listener = (message: Extract<ToBrowser, { type: "changed" | "storage" }>) => void;

/** Whose an attempt is. */
export interface Belonging {
  /** Id of the account. */
  readonly owner: string;
  /** Id of the assignment that it was started for. */
  readonly assignment: string | null;
}

/** A draft of a lab that was put where workers find it. */
export interface DraftOrder {
  /** `services/lost-endpoints` */
  readonly of: string;
  /** Its name for the workers: `draft:<hash>/<id>`. */
  readonly lab: string;
  readonly seed: number;
}

/** A draft of an exam, of labs that there are. */
export interface DraftExamOrder {
  /** `exams/networking-mock-a` */
  readonly of: string;
  readonly seed: number;
  readonly plan: Plan;
}

/**
 * What learners do with labs and exams, whoever asks. Throws UserError. (The interface; `createAttempts` makes one of a
 * store, the sessions and a clock.)
 */
export interface Attempts {
  /** All labs and exams, with what the owner (an account's id; default `local`) did with them. */
  catalogue(owner?: string): Promise<Catalogue>;
  /** Somebody is about to start this: its clusters are made while they think it over. */
  prepare(order: StartAttempt): Promise<void>;
  /** The terms are `local`'s if none are given. */
  start(order: StartAttempt, terms?: Terms): Promise<AttemptView>;
  belonging(id: string): Promise<Belonging>;
  /** Starts an attempt at a draft of a lab: it is called so, and counts for nobody's progress. */
  startDraft(order: DraftOrder, terms?: Terms): Promise<AttemptView>;
  /** The same for a draft of an exam. */
  startDraftExam(order: DraftExamOrder, terms?: Terms): Promise<AttemptView>;
  get(id: string): Promise<AttemptView>;
  answer(id: string, given: GiveAnswer): Promise<void>;
  notes(id: string, notes: string): Promise<void>;
  flag(id: string, flag: FlagTask): Promise<void>;
  /** Reads the task's next hint; the attempt as it is then. */
  hint(id: string, which: ReadHint): Promise<AttemptView>;
  /** Checks without submitting: labs only. */
  check(id: string): Promise<AttemptReport>;
  /** Puts a part's cluster back to how the lab began: labs only. What was done in it is kept for the review. */
  reset(id: string, part: number): Promise<void>;
  /** Submits, once. A second one gets `already-submitted`, while the first is graded or afterwards. */
  submit(id: string): Promise<AttemptReport>;
  /** Ends it without grading: nothing of it counts. An assigned one is given up by an instructor only. */
  abandon(id: string, by: "learner" | "instructor"): Promise<void>;
  /** The report that counts: of the last grading. */
  report(id: string): Promise<AttemptReport>;
  /** All reports of a graded attempt. */
  gradings(id: string): Promise<Gradings>;
  /** Other graded attempts at the same lab or exam, the newest first. */
  earlier(id: string): Promise<readonly AttemptSummary[]>;
  lastCheck(id: string): Promise<AttemptReport | undefined>;
  /** A terminal's recording as an asciicast v2 file. */
  recording(id: string, part: number, terminal: number): Promise<string>;

  /** What instructors do with an attempt. */
  readonly management: Management;

  /** A window of the learner shows a task from now on; null: none any more. */
  focus(id: string, window: object, on: { readonly part: number; readonly task: string } | null): void;
  listen(id: string, listener: Listener): () => void;
  /** Hears of every attempt that something happens in, each key included. */
  listenAnywhere(listener: (id: string) => void): () => void;
  /** When somebody typed last, and in which part; undefined if nobody did since the server started. */
  typed(id: string): { readonly at: number; readonly part: number } | undefined;
  /** Sees the terminals of a part from now on. A part without a terminal gets its first one, unless one only watches. */
  view(id: string, part: number, viewer: Viewer, watching?: boolean): Promise<View>;
  openTerminal(id: string, part: number, cols: number, rows: number): Promise<number>;
  input(id: string, part: number, terminal: number, bytes: string): void;
  resize(id: string, part: number, terminal: number, cols: number, rows: number): void;
  closeTerminal(id: string, part: number, terminal: number): void;

  /**
   * The token under which the Kubernetes API of a part is reached. Throws UserError: where the server does not offer it, in
   * exams, and when the attempt is over.
   */
  kubernetesToken(id: string, part: number): Promise<string>;
  /** The Kubernetes API behind a token, while its attempt is open. */
  kubernetesApi(token: string): KubernetesApi | undefined;

  health(): Promise<{ readonly ok: boolean; readonly storage: string; readonly workers: readonly object[] }>;
  stop(): Promise<void>;
}
