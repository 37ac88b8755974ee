import type { AuditEntry, Comment, Override } from "../sessions/protocol/index.ts";

/** What a list of reviews says of an attempt: how many comments, overrides, and checks that failed. */
export interface ReviewCounts {
  readonly comments: number;
  readonly overrides: number;
  readonly failed: number;
}

/** Where reviews are kept, beside the attempts. Every method stores all or nothing, and throws StorageError if it could not. */
export interface ReviewStore {
  /** What reviewers said of an attempt, by part and moment. */
  comments(attempt: string): Promise<readonly Comment[]>;
  saveComment(attempt: string, comment: Omit<Comment, "id">): Promise<Comment>;
  /** False if there is none with this number. */
  removeComment(attempt: string, id: number): Promise<boolean>;
  overrides(attempt: string): Promise<readonly Override[]>;
  /** Takes the place of an override of the same check. */
  saveOverride(attempt: string, override: Override): Promise<void>;
  removeOverride(attempt: string, which: Pick<Override, "part" | "task" | "check">): Promise<void>;
  /** Newest first. */
  audit(attempt: string): Promise<readonly AuditEntry[]>;
  saveAudit(attempt: string, entry: AuditEntry): Promise<void>;
  /** What was read out of a session, as JSON. */
  reading(session: string, what: "timeline" | "checks"): Promise<string | undefined>;
  saveReading(session: string, what: "timeline" | "checks", reading: string): Promise<void>;
  /** The percentage with which an attempt stands in lists; its report keeps its own. */
  setPercent(attempt: string, percent: number): Promise<void>;
  /** By attempt. */
  reviewCounts(): Promise<ReadonlyMap<string, ReviewCounts>>;
}
