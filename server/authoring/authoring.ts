import type { Readable } from "node:stream";
import type {
  AttemptView,
  AuthoredKind,
  AuthoredLabs,
  DraftCheck,
  LabDraft,
  LabFiles,
  ProveDraft,
  SaveLab,
  StoredLab,
  TryDraft,
} from "../sessions/protocol/index.ts";

/** What instructors do with labs while they write them, whoever asks. Throws UserError. */
export interface Authoring {
  labs(): Promise<AuthoredLabs>;
  /** A lab as it is on disk. */
  lab(name: string): Promise<StoredLab>;
  /** What was saved as that version. */
  version(name: string, number: number): Promise<LabFiles>;
  /** The files of a small lab or exam that is complete. Nothing is written. */
  template(of: AuthoredKind, name: string): Promise<LabFiles>;
  /** The JSON schema of `lab.yaml` or `exam.yaml`. */
  schema(of: AuthoredKind): Promise<string>;
  check(draft: LabDraft): Promise<DraftCheck>;
  /** Plays all proofs: lines of `ProofEvent`, as they come. Ends when the stream is destroyed. `by` is who wants it. */
  prove(order: ProveDraft, by: string): Readable;
  /** An attempt at the draft; it counts for nothing. */
  try(order: TryDraft, owner: string): Promise<AttemptView>;
  save(name: string, order: SaveLab, by: string): Promise<StoredLab>;
  stop(): Promise<void>;
}
