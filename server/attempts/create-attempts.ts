import type { Clock, Logger, Sessions, View, Viewer } from "../sessions/pool/index.ts";
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
} from "../sessions/protocol/index.ts";
import type { AttemptRow, OwedWorld, PartRow, Store } from "../store/store.ts";
import type { Attempts, DraftOrder, Listener } from "./attempts.ts";
import { Clockwork } from "./clockwork.ts";
import { Endings, type KnownAttempt } from "./endings.ts";
import { UserError } from "./errors.ts";
import { asUser, userError } from "./failures.ts";
import { FirstTerminals } from "./first-terminals.ts";
import { FinalWorlds } from "./final-worlds.ts";
import { Focuses } from "./focus.ts";
import { gradeAttempt, type GradingTools } from "./grading.ts";
import { KubernetesAccess, refuseCall, type KubernetesApi } from "./kubernetes-access.ts";
import { Listeners } from "./listeners.ts";
import { InstructorsDesk, type Management } from "./management.ts";
import { closeAll, openAttempt, type Draft, type Plan, type Random } from "./opening.ts";
import { Plans } from "./plans.ts";
import { attemptView, summary } from "./present.ts";
import { recordingOf } from "./recording-of.ts";
import type { StoredLog } from "./session-log.ts";
import { resetPart } from "./reset-part.ts";
import { Seeds } from "./seeds.ts";
import { placeOf, sessionOf } from "./session-name.ts";
import { LOCAL_TERMS, onTerms, type Terms } from "./terms.ts";

/** The server was away if its last beat is older than this, in milliseconds. */
const AWAY = 2000;
const AHEAD = 4;
const RECENT = 20;

export interface AttemptsOptions {
  readonly store: Store;
  readonly sessions: Sessions;
  /** The log that the sessions write. */
  readonly log: StoredLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Whether learners may reach their clusters with a kubectl of their own; default yes. */
  readonly kubernetesApi?: boolean;
}

/** Takes up what the store has: open attempts go on, those that were being graded are graded. */
export async function createAttempts(options: AttemptsOptions): Promise<Attempts> {
  const attempts = new Learners(options);
  await attempts.recover();
  return attempts;
}

interface Known {
  readonly attempt: AttemptRow;
  readonly parts: readonly PartRow[];
}

/** An attempt that can be worked on: what must be known without asking the store. */
interface Open {
  readonly owner: string;
  readonly kind: AttemptRow["kind"];
  readonly parts: number;
  readonly touched: Set<number>;
  /** `part/task`. */
  readonly tasks: ReadonlySet<string>;
  paused: boolean;
  typed: { readonly at: number; readonly part: number } | undefined;
}

class Learners implements Attempts {
  readonly #store: Store;
  readonly #sessions: Sessions;
  readonly #log: StoredLog;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #seeds: Seeds;
  readonly #logger: Logger;
  readonly #listeners = new Listeners();
  readonly #open = new Map<string, Open>();
  readonly #terminals: FirstTerminals;
  readonly #clockwork: Clockwork;
  readonly #endings: Endings;
  readonly #finalWorlds: FinalWorlds;
  readonly #focuses: Focuses;
  readonly management: Management;
  /** Undefined if nobody may reach a cluster from outside. */
  readonly #kubernetes: KubernetesAccess | undefined;
  readonly #plans: Plans;
  readonly #checks = new Map<string, Promise<AttemptReport>>();
  #stopping = false;

  constructor({ store, sessions, log, clock, random, logger, kubernetesApi = true }: AttemptsOptions) {
    this.#store = store;
    this.#sessions = sessions;
    this.#log = log;
    this.#clock = clock;
    this.#random = random;
    this.#seeds = new Seeds(random);
    this.#plans = new Plans(sessions, this.#seeds);
    this.#logger = logger;
    this.#terminals = new FirstTerminals(sessions);
    this.#focuses = new Focuses(store, clock, logger);
    this.#finalWorlds = new FinalWorlds({ store, sessions, logger });
    this.#kubernetes = kubernetesApi ? new KubernetesAccess(store, sessions, random) : undefined;
    this.#clockwork = new Clockwork(clock, {
      // If it cannot be stored, the log has said so already, and the next beat comes in a second.
      alive: (at) => void store.saveAlive(at).catch(() => {}),
      asleep: (by) => {
        logger.warn({ by }, "the machine slept; the ends of open attempts are moved");
        this.#quietly(store.extendOpen(by), "the ends of attempts were not moved");
        this.#focuses.slept(by);
        for (const id of this.#open.keys()) this.#listeners.changed(id, "clock");
      },
      ended: (id) => this.#endings.timeUp(id),
    });
    this.management = new InstructorsDesk({
      store,
      sessions,
      clock,
      clockChanged: (row) => this.#clockChanged(row),
      kept: (id) => this.#finalWorlds.kept(id),
      regraded: (id) => this.#listeners.changed(id, "state"),
    });
    this.#endings = new Endings({
      ...this.#grading,
      clock,
      closed: (id) => this.#closed(id),
      reopened: (known) => this.#opened(known),
      graded: (known, owed) => this.#quietly(this.#graded(known, owed), "an attempt was not closed"),
      changed: (id) => this.#listeners.changed(id, "state"),
    });
    log.onStorage((trouble) => this.#listeners.storage(trouble));
  }

  /** What was open or being graded when the server went away. */
  async recover(): Promise<void> {
    const alive = await this.#store.alive();
    const away = alive === undefined ? 0 : this.#clock.now() - alive;
    if (away > AWAY) await this.#store.extendOpen(away);
    await this.#store.saveAlive(this.#clock.now());
    for (const { id, state } of await this.#store.attempts({ states: ["open", "grading"] })) {
      const known = await this.#known(id);
      // Nobody looked at a task while there was no server.
      if (alive !== undefined && (await this.#store.focus(id)).at(-1)?.task) this.#focuses.end(id, alive);
      if (state === "open") {
        this.#opened(known);
        await this.#kubernetes?.recover(known.parts.map(({ part }) => sessionOf({ attempt: id, part })));
      } else this.#endings.again(known.attempt);
    }
    this.#quietly(this.#finalWorlds.recover(), "worlds that were graded were not kept");
  }

  catalogue(owner = LOCAL_TERMS.owner): Promise<Catalogue> {
    return asUser(async () => {
      const [{ labs, exams, problems }, progress, open, recent] = await Promise.all([
        this.#sessions.catalogue(),
        this.#store.progress(owner),
        this.#store.attempts({ states: ["open", "grading"], owner }),
        this.#store.attempts({ states: ["graded"], owner, limit: RECENT }),
      ]);
      const done = (key: string): { best: number | null; attempts: number } => {
        const { best, attempts } = progress.get(key) ?? { best: null, attempts: 0 };
        return { best, attempts };
      };
      const likely = labs.filter(({ id }) => !open.some(({ kind, of }) => kind === "lab" && of === id));
      this.#sessions.prepare(likely.slice(0, AHEAD).map(({ id }) => ({ lab: id, seed: this.#seeds.next(id) })));
      return {
        labs: labs.map((lab) => ({ ...lab, ...done(`lab/${lab.id}`) })),
        exams: exams.map((exam) => ({ ...exam, ...done(`exam/${exam.id}`) })),
        open: open.map(summary),
        recent: recent.map(summary),
        problems,
      };
    });
  }

  prepare(order: StartAttempt): Promise<void> {
    return asUser(() => this.#plans.prepare(order));
  }

  start(order: StartAttempt, terms = LOCAL_TERMS): Promise<AttemptView> {
    if (order.of.startsWith("draft:"))
      return Promise.reject(
        new UserError("unknown-lab", "This was a draft of a lab.", "Try it again where labs are written: /authoring."),
      );
    return this.#start(order, this.#plans.take(order), terms);
  }

  startDraft(order: DraftOrder, terms = LOCAL_TERMS): Promise<AttemptView> {
    return this.#start({ kind: "draft", ...order }, undefined, terms);
  }

  #start(order: StartAttempt | Draft, plan: Plan | undefined, terms: Terms): Promise<AttemptView> {
    return asUser(async () => {
      const now = (): number => this.#clock.now();
      const opened = await openAttempt(this.#sessions, order, this.#random, this.#seeds, now, plan);
      const { parts } = opened;
      const attempt = onTerms(opened.attempt, terms);
      try {
        // Otherwise the time before it would count as time in which the server was away.
        if (this.#open.size === 0) await this.#store.saveAlive(now());
        await this.#store.createAttempt(attempt, parts);
      } catch (error) {
        closeAll(this.#sessions, attempt.id, parts.length);
        throw error;
      }
      this.#opened({ attempt, parts });
      this.#sessions.build(
        parts.filter(({ snapshot }) => snapshot === undefined).map((part) => ({ ...part, session: sessionOf(part) })),
      );
      // Whoever started it looks at once; if this fails, they hear why when they do.
      this.#terminals.open(sessionOf({ attempt: attempt.id, part: 0 }), () => {});
      this.#listeners.changed(attempt.id, "state");
      return await this.get(attempt.id);
    });
  }

  get(id: string): Promise<AttemptView> {
    return asUser(async () => {
      const [{ attempt, parts }, answers, flags, hints] = await Promise.all([
        this.#known(id),
        this.#store.answers(id),
        this.#store.flags(id),
        this.#store.hints(id),
      ]);
      return attemptView(attempt, parts, { answers, flags, hints }, this.#clock.now());
    });
  }

  owner(id: string): Promise<string> {
    return asUser(async () => this.#open.get(id)?.owner ?? (await this.#known(id)).attempt.owner);
  }

  answer(id: string, { part, task, question, value }: GiveAnswer): Promise<void> {
    return asUser(async () => {
      const { questions } = taskOf(await this.#mustBeOpen(id), part, task);
      if (!questions.some((each) => each.id === question)) {
        throw new UserError("unknown-question", `Task '${task}' has no question '${question}'.`);
      }
      await this.#save(id, "answers", this.#store.saveAnswer(id, `${part}/${task}/${question}`, value));
    });
  }

  notes(id: string, notes: string): Promise<void> {
    return asUser(async () => {
      await this.#mustBeOpen(id, { evenPaused: true });
      await this.#save(id, "notes", this.#store.saveNotes(id, notes));
    });
  }

  flag(id: string, { part, task, flagged }: FlagTask): Promise<void> {
    return asUser(async () => {
      taskOf(await this.#mustBeOpen(id, { evenPaused: true }), part, task);
      await this.#save(id, "flags", this.#store.saveFlag(id, `${part}/${task}`, flagged));
    });
  }

  hint(id: string, { part, task }: ReadHint): Promise<AttemptView> {
    return asUser(async () => {
      const { hints } = taskOf(await this.#mustBeOpen(id), part, task);
      const key = `${part}/${task}`;
      const read = (await this.#store.hints(id)).get(key) ?? 0;
      if (read >= hints.length) throw new UserError("no-hint", `There is no further hint for task '${task}'.`);
      await this.#save(id, "hints", this.#store.saveHints(id, key, read + 1));
      return await this.get(id);
    });
  }

  check(id: string): Promise<AttemptReport> {
    return asUser(async () => {
      const known = await this.#mustBeOpen(id);
      if (known.attempt.kind === "exam") {
        throw new UserError("not-in-exam", "An exam cannot be checked before it is submitted.");
      }
      const running = this.#checks.get(id) ?? this.#check(known).finally(() => this.#checks.delete(id));
      this.#checks.set(id, running);
      return await running;
    });
  }

  reset(id: string, part: number): Promise<void> {
    return asUser(async () => {
      const { attempt, parts } = await this.#mustBeOpen(id);
      partOf(parts, id, part);
      if (attempt.kind === "exam") throw new UserError("not-in-exam", "In an exam a cluster cannot be put back.");
      await resetPart({ store: this.#store, sessions: this.#sessions, log: this.#log }, id, part);
      this.#open.get(id)?.touched.delete(part);
      this.#listeners.changed(id, "cluster");
      this.#listeners.changed(id, "state");
    });
  }

  submit(id: string): Promise<AttemptReport> {
    return asUser(async () => {
      if ((await this.#known(id)).attempt.pausedAt !== undefined && this.#open.has(id)) throw paused();
      return await this.#endings.submit(id);
    });
  }

  report(id: string): Promise<AttemptReport> {
    return asUser(async () => {
      await this.#known(id);
      const { first, again } = await this.gradings(id);
      return again.at(-1)?.report ?? first;
    });
  }

  gradings(id: string): Promise<Gradings> {
    return asUser(async () => {
      await this.#known(id);
      const [first, again] = await Promise.all([this.#store.report(id, "final"), this.#store.regrades(id)]);
      if (first === undefined) throw new UserError("not-graded", "This attempt has not been graded yet.");
      return { first, again: [...again] };
    });
  }

  earlier(id: string): Promise<readonly AttemptSummary[]> {
    return asUser(async () => {
      const { kind, of, owner } = (await this.#known(id)).attempt;
      const rows = await this.#store.attempts({ states: ["graded"], kind, of, owner, limit: RECENT });
      return rows.filter((row) => row.id !== id).map(summary);
    });
  }

  lastCheck(id: string): Promise<AttemptReport | undefined> {
    return asUser(async () => {
      await this.#known(id);
      return await this.#store.report(id, "check");
    });
  }

  recording(id: string, part: number, terminal: number): Promise<string> {
    return asUser(async () => {
      const { attempt, parts } = await this.#known(id);
      const session = sessionOf(partOf(parts, id, part));
      // If that cannot be written now, there is what was written before.
      await this.#log.flush().catch(() => {});
      const source = await this.#store.source(session);
      const output = await this.#store.output(session, terminal);
      const recording = recordingOf(`${attempt.title}, terminal ${terminal}`, terminal, output, source?.journal ?? []);
      if (recording === undefined)
        throw new UserError("unknown-terminal", `There is no recording of terminal ${terminal}.`);
      return recording;
    });
  }

  focus(id: string, window: object, on: { readonly part: number; readonly task: string } | null): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    if (on === null) return this.#focuses.set(id, window, null);
    const task = `${on.part}/${on.task}`;
    if (open.tasks.has(task)) this.#focuses.set(id, window, task);
  }

  listen(id: string, listener: Listener): () => void {
    return this.#listeners.add(id, listener, this.#log.trouble);
  }

  listenAnywhere(listener: (id: string) => void): () => void {
    return this.#listeners.anywhere(listener);
  }

  typed(id: string): { readonly at: number; readonly part: number } | undefined {
    return this.#open.get(id)?.typed;
  }

  view(id: string, part: number, viewer: Viewer, watching = false): Promise<View> {
    return asUser(async () => {
      const session = await this.#session(id, part);
      const view = watching ? this.#sessions.view(session, viewer) : this.#terminals.view(session, viewer);
      return { ...view, topology: (on) => this.#now(id, part, (_, open) => showTopology(view, open, on)) };
    });
  }

  openTerminal(id: string, part: number, cols: number, rows: number): Promise<number> {
    return asUser(async () => {
      const session = await this.#session(id, part);
      if (this.#open.get(id)?.paused) throw paused();
      return await this.#sessions.terminal(session, cols, rows);
    });
  }

  input(id: string, part: number, terminal: number, bytes: string): void {
    this.#now(id, part, (session, open) => {
      if (open.paused) throw paused();
      this.#touch(id, part, open);
      this.#sessions.input(session, terminal, bytes);
      open.typed = { at: this.#clock.now(), part };
      this.#listeners.typed(id);
    });
  }

  resize(id: string, part: number, terminal: number, cols: number, rows: number): void {
    this.#now(id, part, (session) => this.#sessions.resize(session, terminal, cols, rows));
  }

  closeTerminal(id: string, part: number, terminal: number): void {
    this.#now(id, part, (session, open) => {
      if (open.paused) throw paused();
      this.#sessions.hangUp(session, terminal);
    });
  }

  kubernetesToken(id: string, part: number): Promise<string> {
    return asUser(async () => {
      const { attempt } = await this.#mustBeOpen(id);
      if (this.#kubernetes === undefined)
        throw new UserError("kubernetes-api-off", "This server does not let other programs reach its clusters.");
      if (attempt.kind === "exam")
        throw new UserError("not-in-exam", "In an exam the cluster is reached from its terminals only.");
      return await this.#kubernetes.token(await this.#session(id, part));
    });
  }

  kubernetesApi(token: string): KubernetesApi | undefined {
    const found = this.#kubernetes?.find(token);
    if (found === undefined) return undefined;
    const { attempt, part } = placeOf(found.session);
    const open = this.#open.get(attempt);
    if (open === undefined) return undefined;
    const { api, session } = found;
    return {
      session,
      api: {
        call: (asked, hear) => {
          if (open.paused) return refuseCall(hear);
          if (asked.upgrade || asked.method !== "GET") this.#touch(attempt, part, open);
          return api.call(asked, hear);
        },
      },
    };
  }

  async health(): Promise<{ ok: boolean; storage: string; workers: readonly object[] }> {
    const workers = this.#sessions.health();
    const { trouble } = this.#log;
    const storage = trouble === undefined ? "ok" : trouble.full ? "full" : "failed";
    return Promise.resolve({ ok: trouble === undefined && workers.some((each) => each.warm), storage, workers });
  }

  /** Ends the sessions and writes what is not written yet. The store is its owner's to close. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#clockwork.stop();
    this.#endings.stop();
    await this.#finalWorlds.stop();
    await this.#sessions.stop();
    await this.#endings.done();
    await this.#log.stop();
    if (this.#open.size > 0) {
      await this.#store.saveAlive(this.#clock.now()).catch((error: unknown) => {
        this.#logger.warn({ err: error }, "the last beat was not stored");
      });
    }
  }

  async #check({ attempt, parts }: Known): Promise<AttemptReport> {
    const { report } = await gradeAttempt(this.#grading, attempt, parts, "check", this.#clock.now());
    await this.#store.saveCheck(attempt.id, report);
    this.#listeners.changed(attempt.id, "check");
    return report;
  }

  get #grading(): GradingTools {
    // If it cannot be written now, there is what was written before.
    const written = (): Promise<void> => this.#log.flush().catch(() => {});
    return {
      store: this.#store,
      sessions: this.#sessions,
      logger: this.#logger,
      stopping: () => this.#stopping,
      written,
      journal: async (session) => {
        await written();
        return (await this.#store.source(session))?.journal ?? [];
      },
    };
  }

  /** Time was given, or the clock stopped or went on. */
  #clockChanged({ id, endsAt, pausedAt }: AttemptRow): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    const now = this.#clock.now();
    if (pausedAt === undefined) this.#focuses.resume(id, now);
    else if (!open.paused) this.#focuses.pause(id, pausedAt);
    open.paused = pausedAt !== undefined;
    this.#clockwork.add(id, open.paused ? null : endsAt);
    this.#listeners.changed(id, "clock");
  }

  async #known(id: string): Promise<Known> {
    const known = await this.#store.attempt(id);
    if (known === undefined) throw new UserError("unknown-attempt", `There is no attempt '${id}'.`);
    return known;
  }

  /** What does no work for a task may be done `evenPaused`. */
  async #mustBeOpen(id: string, { evenPaused = false } = {}): Promise<Known> {
    const known = await this.#known(id);
    if (known.attempt.state !== "open") throw notOpen();
    if (known.attempt.pausedAt !== undefined && !evenPaused) throw paused();
    return known;
  }

  /** The session of a part that can be worked on. */
  async #session(id: string, part: number): Promise<string> {
    if (!this.#open.has(id)) {
      await this.#known(id);
      throw notOpen();
    }
    return this.#sessionOf(id, part, this.#open.get(id)!);
  }

  /** Somebody does something in a part. */
  #touch(id: string, part: number, { touched }: Open): void {
    if (touched.has(part)) return;
    touched.add(part);
    const stored = this.#store.touch(id, part).then(() => this.#listeners.changed(id, "state"));
    this.#quietly(stored, "that a part was touched was not stored");
  }

  /** For what is done at once and not answered. */
  #now(id: string, part: number, work: (session: string, open: Open) => void): void {
    const open = this.#open.get(id);
    if (open === undefined) throw notOpen();
    const session = this.#sessionOf(id, part, open);
    try {
      work(session, open);
    } catch (error) {
      throw userError(error);
    }
  }

  #sessionOf(id: string, part: number, { parts }: Open): string {
    if (!Number.isInteger(part) || part < 0 || part >= parts) throw unknownPart(id, part);
    return sessionOf({ attempt: id, part });
  }

  async #save(id: string, what: "answers" | "notes" | "flags" | "hints", saving: Promise<boolean>): Promise<void> {
    if (!(await saving)) throw notOpen();
    this.#listeners.changed(id, what);
  }

  #opened({ attempt, parts }: Known): void {
    const touched = new Set(parts.filter((part) => part.touched).map(({ part }) => part));
    const tasks = new Set(parts.flatMap(({ part, text }) => text.tasks.map((task) => `${part}/${task.id}`)));
    const stands = attempt.pausedAt !== undefined;
    this.#open.set(attempt.id, {
      owner: attempt.owner,
      kind: attempt.kind,
      parts: parts.length,
      touched,
      tasks,
      paused: stands,
      typed: undefined,
    });
    if (stands) this.#focuses.pause(attempt.id, attempt.pausedAt);
    this.#clockwork.add(attempt.id, stands ? null : attempt.endsAt);
  }

  /** Its report is out: what is left of it is kept and put away. */
  async #graded({ attempt: { id }, parts }: KnownAttempt, owed: readonly OwedWorld[]): Promise<void> {
    await this.#finalWorlds.keep(id, owed);
    closeAll(this.#sessions, id, parts.length);
    for (const part of parts) {
      this.#log.forget(sessionOf(part));
      this.#kubernetes?.forget(sessionOf(part));
    }
  }

  #closed(id: string): void {
    this.#open.delete(id);
    this.#focuses.end(id);
    this.#clockwork.remove(id);
  }

  #quietly(work: Promise<unknown>, otherwise: string): void {
    work.catch((error: unknown) => this.#logger.warn({ err: error }, otherwise));
  }
}

/** It shows what a learner would have to find out. */
function showTopology(view: View, { kind }: Open, on: boolean): void {
  if (kind === "exam") throw new UserError("not-in-exam", "There is no topology in an exam.");
  view.topology(on);
}

function taskOf({ attempt, parts }: Known, part: number, task: string): PartRow["text"]["tasks"][number] {
  const found = partOf(parts, attempt.id, part).text.tasks.find((each) => each.id === task);
  if (found === undefined) throw new UserError("unknown-task", `There is no task '${task}' in part ${part}.`);
  return found;
}

function partOf(parts: readonly PartRow[], id: string, part: number): PartRow {
  const found = parts.find((each) => each.part === part);
  if (found === undefined) throw unknownPart(id, part);
  return found;
}

function unknownPart(id: string, part: number): UserError {
  return new UserError("unknown-part", `Attempt '${id}' has no part ${part}.`);
}

function paused(): UserError {
  return new UserError(
    "paused",
    "This attempt is paused: its time does not run, and nothing can be done in it.",
    "It goes on when an instructor lets it.",
  );
}

function notOpen(): UserError {
  return new UserError("not-open", "This attempt is over: nothing in it can be changed any more.");
}
