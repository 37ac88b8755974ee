import type { Generated } from "kysely";
import type { AttemptKind, AttemptState, Role } from "../sessions/protocol/index.ts";

/** JSON, checked by the protocol's schemas when it is read. */
type Json = string;
/** Milliseconds since 1970. */
type Milliseconds = number;
/** SQLite has no booleans. */
type Flag = 0 | 1;

interface Attempts {
  id: string;
  owner: string;
  assignment: string | null;
  kind: AttemptKind;
  of: string;
  title: string;
  minutes: number;
  pass: number | null;
  state: AttemptState;
  started_at: Milliseconds;
  ends_at: Milliseconds | null;
  submitted_at: Milliseconds | null;
  away: Milliseconds;
  percent: number | null;
  notes: string;
  paused_at: Milliseconds | null;
}

interface Parts {
  attempt: string;
  part: number;
  lab: string;
  seed: number;
  weight: number;
  /** LabText. */
  text: Json;
  touched: Flag;
}

/** Apart from the parts, which are read often. */
interface Snapshots {
  /** `<attempt>/<part>`. */
  session: string;
  lab: string;
  seed: number;
  bytes: Uint8Array;
}

interface Answers {
  attempt: string;
  /** `part/task/question`. */
  key: string;
  value: string;
}

interface Flags {
  attempt: string;
  /** `part/task`. */
  key: string;
  flagged: Flag;
}

interface Hints {
  attempt: string;
  /** `part/task`. */
  key: string;
  read: number;
}

interface Reports {
  attempt: string;
  which: "final" | "check";
  /** AttemptReport. */
  report: Json;
}

interface Journal {
  session: string;
  seq: number;
  /** JournalEntry. */
  entry: Json;
}

interface Output {
  session: string;
  terminal: number;
  offset: number;
  at: Milliseconds;
  bytes: Uint8Array;
}

/** Under which name a session's Kubernetes API is served. */
interface ApiTokens {
  session: string;
  token: string;
}

interface ClockChanges {
  attempt: string;
  /** Counted from 0. */
  seq: number;
  /** ClockChange. */
  change: Json;
}

/** From `at` on a task was in front of the learner. */
interface Focus {
  attempt: string;
  at: Milliseconds;
  /** `part/task`; null: none. */
  task: string | null;
}

/** The worlds of graded attempts as they were then. */
interface FinalWorlds {
  /** `<attempt>/<part>`. */
  session: string;
  /** Its variants: an object. */
  values: Json;
  bytes: Uint8Array;
}

interface Regrades {
  attempt: string;
  /** Counted from 0. */
  seq: number;
  /** Regrade. */
  regrade: Json;
}

interface Accounts {
  id: string;
  name: string;
  /** Names that people take for the same have the same key. */
  key: string;
  role: Role;
  password: string;
  created_at: Milliseconds;
}

interface AccountSessions {
  id: string;
  /** SHA-256 of the cookie's secret. So for invitations. */
  token: string;
  account: string;
  agent: string;
  created_at: Milliseconds;
  seen_at: Milliseconds;
  expires_at: Milliseconds;
}

interface Invitations {
  id: string;
  token: string;
  role: Role;
  class: string | null;
  by: string;
  uses: number;
  left: number;
  created_at: Milliseconds;
  expires_at: Milliseconds;
}

interface Classes {
  id: string;
  name: string;
  by: string;
  created_at: Milliseconds;
}

interface ClassLearners {
  class: string;
  account: string;
}

interface ClassInstructors {
  class: string;
  account: string;
}

interface Assignments {
  id: string;
  class: string;
  kind: AttemptKind;
  of: string;
  title: string;
  opens_at: Milliseconds;
  closes_at: Milliseconds | null;
  minutes: number | null;
  created_at: Milliseconds;
  /** When it was taken back. */
  removed_at: Milliseconds | null;
}

interface ExtraTimes {
  assignment: string;
  account: string;
  minutes: number;
}

interface ReviewComments {
  id: Generated<number>;
  attempt: string;
  part: number;
  at: Milliseconds;
  text: string;
  by: string;
  written: Milliseconds;
}

interface ReviewOverrides {
  attempt: string;
  part: number;
  task: string;
  check: string;
  points: number;
  reason: string;
  by: string;
  written: Milliseconds;
}

interface ReviewAudit {
  id: Generated<number>;
  attempt: string;
  at: Milliseconds;
  by: string;
  what: string;
  detail: string;
}

/** What was read out of a session by playing it again. */
interface ReviewReadings {
  session: string;
  what: "timeline" | "checks";
  /** Timeline or CheckLane. */
  reading: Json;
}

/** What the server knows about itself, by name. */
interface Server {
  /** The last beat, in milliseconds; or of a session whose final world is owed, the time in that world. */
  name: "alive" | `final/${string}`;
  value: number;
}

/** The tables after the last migration. */
export interface Tables {
  attempts: Attempts;
  parts: Parts;
  snapshots: Snapshots;
  answers: Answers;
  flags: Flags;
  hints: Hints;
  reports: Reports;
  journal: Journal;
  output: Output;
  api_tokens: ApiTokens;
  clock_changes: ClockChanges;
  focus: Focus;
  final_worlds: FinalWorlds;
  regrades: Regrades;
  review_comments: ReviewComments;
  review_overrides: ReviewOverrides;
  review_audit: ReviewAudit;
  review_readings: ReviewReadings;
  server: Server;
  accounts: Accounts;
  account_sessions: AccountSessions;
  invitations: Invitations;
  classes: Classes;
  class_learners: ClassLearners;
  class_instructors: ClassInstructors;
  assignments: Assignments;
  extra_times: ExtraTimes;
}
