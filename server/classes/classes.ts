import { newId, type Accounts, type Random } from "../accounts/index.ts";
import type { Attempts, Terms } from "../attempts/index.ts";
import type { Clock } from "../sessions/pool/index.ts";
import type {
  Assignment,
  AssignmentProgress,
  AssignmentResults,
  AssignedList,
  AssignedWork,
  AttemptSummary,
  ClassList,
  ClassView,
  Learner,
  NewAssignment,
  StartAttempt,
  User,
} from "../sessions/protocol/index.ts";
import type { AssignmentRow, AttemptRow, OpenStore, Shown } from "../store/index.ts";
import { ClassError } from "./errors.ts";
import { Live } from "./live.ts";
import { progressOf, type ProgressCache } from "./progress.ts";
import { resultsOf } from "./results.ts";

export interface ClassesOptions {
  readonly store: Pick<OpenStore, "attempts" | "attempt" | "report" | "lastTyped" | "classes">;
  readonly attempts: Attempts;
  readonly accounts: Accounts;
  readonly clock: Clock;
  readonly random: Random;
}

/** Classes of learners, and labs and exams that are assigned to them. Throws ClassError, UserError and StorageError. */
export class Classes {
  readonly #options: ClassesOptions;
  readonly #live: Live;
  readonly #off: () => void;

  constructor(options: ClassesOptions) {
    this.#options = options;
    this.#live = new Live(options.attempts, options.clock, (assignment, cache) => this.progress(assignment, cache));
    this.#off = options.accounts.invitations.whenJoined(() => this.#live.again());
  }

  /** Those that somebody may see: who leads them, and admins. */
  async list({ id, role }: User): Promise<ClassList> {
    const rows = await this.#kept.classes(role === "admin" ? undefined : id);
    return { classes: rows.map(({ id, name, learners, assignments }) => ({ id, name, learners, assignments })) };
  }

  /** Whether somebody may see a class and what is in it. */
  async leads({ id, role }: User, of: string): Promise<boolean> {
    return role === "admin" || (role === "instructor" && (await this.#kept.instructors(of)).includes(id));
  }

  /** The same for an assignment, and for one that is not there any more. */
  async leadsAssignment({ id, role }: User, assignment: string): Promise<boolean> {
    return role === "admin" || (role === "instructor" && (await this.#kept.ledAssignments(id)).includes(assignment));
  }

  /** Which attempts somebody is shown: all that they see, or those of a class among them. */
  async shownTo({ id, role }: User, of?: string): Promise<Shown> {
    const [led, made] = await Promise.all([
      role === "admin" ? undefined : this.#kept.ledAssignments(id),
      of === undefined ? undefined : this.#kept.everAssigned(of),
    ]);
    return {
      ...(led === undefined ? {} : { seenBy: { owner: id, assignments: led } }),
      ...(made === undefined ? {} : { assignments: made }),
    };
  }

  async addInstructor(id: string, account: string): Promise<void> {
    await this.#known(id);
    if (!this.#teachers().some((each) => each.id === account))
      throw new ClassError("unknown-instructor", "There is no such instructor; nothing was changed.");
    await this.#kept.addInstructor(id, account);
  }

  async removeInstructor(id: string, account: string): Promise<void> {
    await this.#known(id);
    const leading = await this.#kept.instructors(id);
    if (leading.includes(account) && leading.length === 1)
      throw new ClassError(
        "last-instructor",
        "Nobody else leads this class; nothing was changed.",
        "Add another instructor first, or remove the class.",
      );
    await this.#kept.removeInstructor(id, account);
  }

  async make(name: string, by: string): Promise<ClassView> {
    const id = newId(this.#options.random);
    await this.#kept.addClass({ id, name, by, createdAt: this.#options.clock.now() });
    return this.view(id);
  }

  async rename(id: string, name: string): Promise<void> {
    await this.#known(id);
    await this.#kept.renameClass(id, name);
  }

  /** Its learners' accounts and attempts stay. */
  async remove(id: string): Promise<void> {
    await this.#known(id);
    await this.#kept.removeClass(id);
  }

  async view(id: string): Promise<ClassView> {
    const { name } = await this.#known(id);
    const [learners, rows, leading] = await Promise.all([
      this.#learners(id),
      this.#kept.assignments(id),
      this.#kept.instructors(id),
    ]);
    const assignments = await Promise.all(rows.map((row) => this.#assignment(row)));
    const instructors = this.#named(leading);
    const teachers = this.#teachers().filter((each) => !leading.includes(each.id));
    return { id, name, instructors, teachers, learners, assignments };
  }

  /** Null if there is no such class any more. */
  async nameOf(id: string): Promise<string | null> {
    return (await this.#kept.class(id))?.name ?? null;
  }

  async removeLearner(id: string, learner: string): Promise<void> {
    await this.#known(id);
    await this.#kept.removeLearner(id, learner);
    this.#live.again();
  }

  async assign(id: string, order: NewAssignment): Promise<Assignment> {
    await this.#known(id);
    if (order.closesAt !== null && order.closesAt <= order.opensAt)
      throw new ClassError("bad-window", "It would close before it opens; nothing was assigned.");
    const { labs, exams } = await this.#options.attempts.catalogue();
    const found = (order.kind === "lab" ? labs : exams).find((each) => each.id === order.of);
    if (found === undefined) throw new ClassError(`unknown-${order.kind}`, `There is no ${order.kind} '${order.of}'.`);
    const { random, clock } = this.#options;
    const row = { ...order, id: newId(random), class: id, title: found.title, createdAt: clock.now() };
    await this.#kept.addAssignment(row);
    return this.#assignment(row);
  }

  /** Attempts that were made for it stay their owners', and who leads the class still sees them. */
  async unassign(assignment: string): Promise<void> {
    await this.#knownAssignment(assignment);
    await this.#kept.removeAssignment(assignment, this.#options.clock.now());
    this.#live.again();
  }

  /** Holds for attempts that are started from now on. */
  async setExtra(assignment: string, learner: string, minutes: number): Promise<void> {
    const row = await this.#knownAssignment(assignment);
    if (!(await this.#kept.learners(row.class)).includes(learner))
      throw new ClassError("unknown-learner", "There is no such learner in this class.");
    await this.#kept.setExtraTime(assignment, learner, minutes);
  }

  /** What a learner has to do, what ends first at the top. */
  async assigned(learner: string): Promise<AssignedList> {
    const now = this.#options.clock.now();
    const rows = await this.#kept.assigned(learner);
    const [attempts, usual] = await Promise.all([this.#newest(rows, learner), this.#usualMinutes(rows)]);
    const assigned = await Promise.all(
      rows.map((row) => this.#work(row, learner, attempts.get(row.id), usual.get(row.of))),
    );
    return { now, assigned: assigned.toSorted((a, b) => (a.closesAt ?? Infinity) - (b.closesAt ?? Infinity)) };
  }

  /** The terms on which a learner starts what was assigned. Throws ClassError if it cannot be started now. */
  async terms(learner: string, { assignment: id, kind, of }: StartAttempt): Promise<Terms> {
    if (id === undefined) return { owner: learner };
    const row = await this.#knownAssignment(id);
    const { clock, store } = this.#options;
    const now = clock.now();
    if (!(await this.#kept.learners(row.class)).includes(learner))
      throw new ClassError("unknown-assignment", "There is no such assignment.");
    if (row.kind !== kind || row.of !== of)
      throw new ClassError("not-assigned", `That is not what was assigned: ${row.title}.`);
    const extra = (await this.#kept.extraTimes(id)).get(learner) ?? 0;
    const closesAt = closing(row, extra);
    if (now < row.opensAt) throw new ClassError("not-open-yet", `${row.title} is not open yet.`);
    if (closesAt !== null && now >= closesAt) throw new ClassError("closed", `${row.title} is closed.`);
    const made = await store.attempts({ owner: learner, assignments: [id] });
    if (kind === "exam" && made.length > 0)
      throw new ClassError("already-taken", "You have taken this exam already.", "An assigned exam is taken once.");
    if (made.some(({ state }) => state !== "graded"))
      throw new ClassError("already-taken", "You are working on this already.", "Continue it in the catalogue.");
    return { owner: learner, assignment: { id, minutes: row.minutes, extra, closesAt } };
  }

  async progress(assignment: string, cache: ProgressCache = new Map()): Promise<AssignmentProgress> {
    const row = await this.#knownAssignment(assignment);
    const { store, attempts, clock } = this.#options;
    const learners = await this.#learners(row.class);
    const made = await store.attempts({ assignments: [assignment] });
    return { now: clock.now(), rows: await progressOf({ store, attempts }, learners, made, cache) };
  }

  /** Tells how an assignment goes, now and whenever something changes. Returns what ends that. */
  watch(
    assignment: string,
    tell: (progress: AssignmentProgress) => void,
    failed: (error: unknown) => void,
  ): () => void {
    return this.#live.watch(assignment, tell, failed);
  }

  async results(assignment: string): Promise<AssignmentResults> {
    const row = await this.#knownAssignment(assignment);
    const { store } = this.#options;
    const [{ name }, learners, made] = await Promise.all([
      this.#known(row.class),
      this.#learners(row.class),
      store.attempts({ assignments: [assignment] }),
    ]);
    return { class: name, assignment: await this.#assignment(row), ...(await resultsOf(store, learners, made)) };
  }

  stop(): void {
    this.#off();
    this.#live.stop();
  }

  get #kept(): OpenStore["classes"] {
    return this.#options.store.classes;
  }

  async #known(id: string): Promise<{ readonly name: string }> {
    const row = await this.#kept.class(id);
    if (row === undefined) throw new ClassError("unknown-class", "There is no such class.");
    return row;
  }

  async #knownAssignment(id: string): Promise<AssignmentRow> {
    const row = await this.#kept.assignment(id);
    if (row === undefined) throw new ClassError("unknown-assignment", "There is no such assignment.");
    return row;
  }

  async #learners(id: string): Promise<Learner[]> {
    return this.#named(await this.#kept.learners(id));
  }

  /** Accounts by name. */
  #named(accounts: readonly string[]): Learner[] {
    return accounts
      .map((each) => this.#options.accounts.user(each))
      .filter((user) => user !== undefined)
      .map(({ id, name }) => ({ id, name }))
      .sort((a, b) => a.name.localeCompare(b.name, "en"));
  }

  #teachers(): Learner[] {
    const all = this.#options.accounts.list().filter(({ role }) => role !== "learner");
    return this.#named(all.map(({ id }) => id));
  }

  async #assignment(row: AssignmentRow): Promise<Assignment> {
    const { id, kind, of, title, opensAt, closesAt, minutes } = row;
    const extra = await this.#kept.extraTimes(id);
    return {
      id,
      kind,
      of,
      title,
      opensAt,
      closesAt,
      minutes,
      extra: Object.fromEntries([...extra].filter(([, minutes]) => minutes > 0)),
    };
  }

  /** A learner's newest attempts by assignment. */
  async #newest(rows: readonly AssignmentRow[], learner: string): Promise<ReadonlyMap<string, AttemptRow>> {
    if (rows.length === 0) return new Map();
    const made = await this.#options.store.attempts({ owner: learner, assignments: rows.map(({ id }) => id) });
    return new Map(made.toReversed().map((attempt) => [attempt.assignment!, attempt]));
  }

  /** How long exams take by themselves, by their ids. */
  async #usualMinutes(rows: readonly AssignmentRow[]): Promise<ReadonlyMap<string, number>> {
    if (!rows.some(({ kind, minutes }) => kind === "exam" && minutes === null)) return new Map();
    const { exams } = await this.#options.attempts.catalogue();
    return new Map(exams.map(({ id, minutes }) => [id, minutes]));
  }

  /** `usual`: how many minutes an exam of that id takes by itself. */
  async #work(
    row: AssignmentRow,
    learner: string,
    attempt: AttemptRow | undefined,
    usual: number | undefined,
  ): Promise<AssignedWork> {
    const { id, kind, of, title, opensAt } = row;
    const extra = (await this.#kept.extraTimes(id)).get(learner) ?? 0;
    const limit = row.minutes ?? (kind === "exam" ? usual : undefined);
    const minutes = limit === undefined ? null : limit + extra;
    return {
      id,
      class: (await this.nameOf(row.class)) ?? "",
      kind,
      of,
      title,
      opensAt,
      closesAt: closing(row, extra),
      minutes,
      attempt: attempt === undefined ? null : summaryOf(attempt),
    };
  }
}

function closing({ closesAt }: AssignmentRow, extra: number): number | null {
  return closesAt === null ? null : closesAt + extra * 60_000;
}

function summaryOf(row: AttemptRow): AttemptSummary {
  const { id, kind, of, title, state, startedAt, endsAt, submittedAt, percent } = row;
  return { id, kind, of, title, state, startedAt, endsAt, submittedAt, percent };
}
