import type { Viewer, View } from "../sessions/pool/pool.ts";
import type { KubernetesApi } from "./kubernetes-access.ts";
import type {
  AttemptReport,
  AttemptView,
  Catalogue,
  FlagTask,
  GiveAnswer,
  ReadHint,
  StartAttempt,
  ToBrowser,
} from "../sessions/protocol/index.ts";

/** Hears what changes in an attempt, besides its terminals. */
export type Listener = (message: Extract<ToBrowser, { type: "changed" | "storage" }>) => void;

/**
 * What learners do with labs and exams, whoever asks. Throws UserError. (The interface; `createAttempts` makes one of a
 * store, the sessions and a clock.)
 */
export interface Attempts {
  catalogue(): Promise<Catalogue>;
  start(order: StartAttempt): Promise<AttemptView>;
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
  report(id: string): Promise<AttemptReport>;
  lastCheck(id: string): Promise<AttemptReport | undefined>;
  /** A terminal's recording as an asciicast v2 file. */
  recording(id: string, part: number, terminal: number): Promise<string>;

  listen(id: string, listener: Listener): () => void;
  /** Sees the terminals of a part from now on. A part without a terminal gets its first one. */
  view(id: string, part: number, viewer: Viewer): Promise<View>;
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
