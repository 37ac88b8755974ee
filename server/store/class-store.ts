import type { AttemptKind } from "../sessions/protocol/index.ts";

/** A class as it is kept. Times are milliseconds since 1970. */
export interface ClassRow {
  readonly id: string;
  readonly name: string;
  /** Id of the account that made it. */
  readonly by: string;
  readonly createdAt: number;
}

export interface AssignmentRow {
  readonly id: string;
  readonly class: string;
  readonly kind: AttemptKind;
  readonly of: string;
  readonly title: string;
  readonly opensAt: number;
  readonly closesAt: number | null;
  readonly minutes: number | null;
  readonly createdAt: number;
}

/** Where classes are kept. Every method stores all or nothing, and throws StorageError if it could not. */
export interface ClassStore {
  /** By name; all, or those that an account leads. */
  classes(
    leader?: string,
  ): Promise<readonly (ClassRow & { readonly learners: number; readonly assignments: number })[]>;
  class(id: string): Promise<ClassRow | undefined>;
  /** Whoever made it leads it, if that is an account. */
  addClass(row: ClassRow): Promise<void>;
  renameClass(id: string, name: string): Promise<void>;
  /** With its assignments and the places in it. Attempts stay. */
  removeClass(id: string): Promise<void>;
  /** Ids of accounts. */
  learners(id: string): Promise<readonly string[]>;
  removeLearner(id: string, account: string): Promise<void>;
  /** Ids of the accounts that lead it. */
  instructors(id: string): Promise<readonly string[]>;
  addInstructor(id: string, account: string): Promise<void>;
  removeInstructor(id: string, account: string): Promise<void>;

  /** Of a class, the newest first. */
  assignments(of: string): Promise<readonly AssignmentRow[]>;
  assignment(id: string): Promise<AssignmentRow | undefined>;
  /** Of all classes in which the account is, the newest first. */
  assigned(account: string): Promise<readonly AssignmentRow[]>;
  addAssignment(row: AssignmentRow): Promise<void>;
  /** It is nobody's any more, but its attempts stay those of its class. */
  removeAssignment(id: string, at: number): Promise<void>;
  /** Ids of all that was assigned in a class, what was taken back as well. */
  everAssigned(of: string): Promise<readonly string[]>;
  /** Ids of all that was assigned in classes that an account leads, what was taken back as well. */
  ledAssignments(account: string): Promise<readonly string[]>;
  /** Minutes by account. */
  extraTimes(assignment: string): Promise<ReadonlyMap<string, number>>;
  setExtraTime(assignment: string, account: string, minutes: number): Promise<void>;
}
