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
import type { OwedWorld, Store } from "../store/store.ts";
import type { AttemptsOptions } from "./attempts-options.ts";
import { abandonAttempt } from "./abandon.ts";
import type { Attempts, Belonging, DraftExamOrder, DraftOrder, Listener } from "./attempts.ts";
import { isBase } from "./base.ts";
import { catalogueFor } from "./catalogue.ts";
import type { Clockwork } from "./clockwork.ts";
import { storedClockwork } from "./stored-clockwork.ts";
import { healthOf, type Health } from "./health.ts";
import { Endings } from "./endings.ts";
import { UserError } from "./errors.ts";
import { asUser } from "./failures.ts";
import { FirstTerminals } from "./first-terminals.ts";
import { FinalWorlds } from "./final-worlds.ts";
import { Focuses } from "./focus.ts";
import { gradeAttempt, type GradingTools } from "./grading.ts";
import { attemptAtWork, knownAttempt, partOf, paused, type Known } from "./known.ts";
import { KubernetesAccess, type KubernetesApi } from "./kubernetes-access.ts";
import { LearnersKubernetes } from "./kubernetes.ts";
import { Listeners } from "./listeners.ts";
import { InstructorsDesk, type Management } from "./management.ts";
import { OpenAttempts } from "./open-attempts.ts";
import { closeAll, openAttempt, type Draft, type Plan, type Random } from "./opening.ts";
import { Plans } from "./plans.ts";
import { attemptView } from "./present.ts";
import { recoverAttempts } from "./recovery.ts";
import { Reports } from "./reports.ts";
import { resetPart } from "./reset-part.ts";
import { Seeds } from "./seeds.ts";
import type { StoredLog } from "./session-log.ts";
import { placeOf, sessionOf } from "./session-name.ts";
import { TaskDesk } from "./task-desk.ts";
import { Terminals } from "./terminals.ts";
import { LOCAL_TERMS, onTerms, type Terms } from "./terms.ts";
import { IDLE_AFTER, MOST_SESSIONS, Unloading } from "./unloading.ts";

/** Takes up what the store has: open attempts go on, those that were being graded are graded. */
export async function createAttempts(options: AttemptsOptions): Promise<Attempts> {
  const attempts = new Learners(options);
  await attempts.recover();
  return attempts;
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
  readonly #open: OpenAttempts;
  readonly #first: FirstTerminals;
  readonly #unloading: Unloading;
  readonly #terminals: Terminals;
  readonly #work: TaskDesk;
  readonly #reports: Reports;
  readonly #clockwork: Clockwork;
  readonly #endings: Endings;
  readonly #finalWorlds: FinalWorlds;
  readonly #focuses: Focuses;
  readonly management: Management;
  /** Undefined if nobody may reach a cluster from outside. */
  readonly #access: KubernetesAccess | undefined;
  readonly #kubernetes: LearnersKubernetes;
  readonly #plans: Plans;
  readonly #checks = new Map<string, Promise<AttemptReport>>();
  #stopping = false;

  constructor({ store, sessions, log, clock, random, logger, nameOf, ...options }: AttemptsOptions) {
    const { kubernetesApi = true, idleAfter = IDLE_AFTER, mostSessions = MOST_SESSIONS } = options;
    this.#store = store;
    this.#sessions = sessions;
    this.#log = log;
    this.#clock = clock;
    this.#random = random;
    this.#logger = logger;
    this.#seeds = new Seeds(random);
    this.#plans = new Plans(sessions, this.#seeds);
    this.#focuses = new Focuses(store, clock, logger);
    this.#finalWorlds = new FinalWorlds({ store, sessions, logger });
    this.#clockwork = storedClockwork(
      { store, clock, logger },
      { slept: (by) => this.#slept(by), ended: (id) => this.#endings.timeUp(id) },
    );
    const listeners = this.#listeners;
    const clocks = { clockwork: this.#clockwork, focuses: this.#focuses };
    this.#open = new OpenAttempts({ store, clock, logger, listeners, ...clocks });
    this.#unloading = new Unloading({ sessions, open: this.#open, clock, logger, idleAfter, mostSessions });
    this.#first = new FirstTerminals(sessions);
    this.#terminals = new Terminals({
      sessions,
      clock,
      open: this.#open,
      first: this.#first,
      listeners,
      unloading: this.#unloading,
    });
    this.#work = new TaskDesk(store, listeners);
    this.#reports = new Reports(store, log);
    this.#access = kubernetesApi ? new KubernetesAccess(store, sessions, random) : undefined;
    this.#kubernetes = new LearnersKubernetes(store, this.#open, this.#access);
    this.management = new InstructorsDesk({
      store,
      sessions,
      clock,
      nameOf: nameOf ?? (() => undefined),
      clockChanged: (row) => this.#open.clockChanged(row),
      kept: (id) => this.#finalWorlds.kept(id),
      regraded: (id) => listeners.changed(id, "state"),
    });
    this.#endings = new Endings({
      ...this.#grading,
      clock,
      closed: (id) => this.#open.remove(id),
      reopened: (known) => this.#open.add(known),
      graded: (known, owed) => void this.#graded(known, owed),
      changed: (id) => listeners.changed(id, "state"),
    });
    log.onJournal((session, entries) => {
      const { attempt, part } = placeOf(session);
      if (entries.some(({ kind }) => kind === "input" || kind === "command")) this.#open.workedOn(attempt, part);
    });
    log.onStorage((trouble) => listeners.storage(trouble));
  }

  async recover(): Promise<void> {
    await recoverAttempts({
      store: this.#store,
      clock: this.#clock,
      open: this.#open,
      focuses: this.#focuses,
      endings: this.#endings,
      access: this.#access,
    });
    this.#finalWorlds.recover().catch((error: unknown) => {
      this.#logger.warn({ err: error }, "worlds that were graded were not kept");
    });
  }

  catalogue(owner = LOCAL_TERMS.owner): Promise<Catalogue> {
    const tools = { store: this.#store, sessions: this.#sessions, seeds: this.#seeds };
    return asUser(() => catalogueFor(owner, tools));
  }

  prepare(order: StartAttempt): Promise<void> {
    return asUser(() => this.#plans.prepare(order));
  }

  start(order: StartAttempt, terms = LOCAL_TERMS): Promise<AttemptView> {
    if (order.of.startsWith("draft:"))
      return Promise.reject(
        new UserError("unknown-lab", "This was a draft.", "Try it again where labs are written: /authoring."),
      );
    return this.#start(order, this.#plans.take(order), terms);
  }

  startDraft(order: DraftOrder, terms = LOCAL_TERMS): Promise<AttemptView> {
    return this.#start({ kind: "draft", ...order }, undefined, terms);
  }

  startDraftExam({ of, seed, plan }: DraftExamOrder, terms = LOCAL_TERMS): Promise<AttemptView> {
    // No exam has such an id, so it counts for none. Its labs are those of everybody.
    return this.#start({ kind: "exam", of: `draft:${of}`, seed }, { ...plan, title: `Draft: ${plan.title}` }, terms);
  }

  #start(order: StartAttempt | Draft, plan: Plan | undefined, terms: Terms): Promise<AttemptView> {
    return asUser(async () => {
      const now = (): number => this.#clock.now();
      await this.#unloading.room(order.kind === "exam" && plan ? plan.labs.length + 1 : 1);
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
      this.#open.add({ attempt, parts });
      this.#sessions.build(
        parts.filter(({ snapshot }) => snapshot === undefined).map((part) => ({ ...part, session: sessionOf(part) })),
      );
      // Whoever started it looks at once; if this fails, they hear why when they do.
      this.#first.open(sessionOf({ attempt: attempt.id, part: parts.find(isBase)?.part ?? 0 }), () => {});
      this.#unloading.sign(attempt.id);
      this.#listeners.changed(attempt.id, "state");
      return await this.get(attempt.id);
    });
  }

  get(id: string): Promise<AttemptView> {
    return asUser(async () => {
      this.#sign(id);
      const [{ attempt, parts }, answers, flags, hints, changes] = await Promise.all([
        knownAttempt(this.#store, id),
        this.#store.answers(id),
        this.#store.flags(id),
        this.#store.hints(id),
        this.#store.clockChanges(id),
      ]);
      return attemptView(attempt, parts, { answers, flags, hints, changes }, this.#clock.now());
    });
  }

  belonging(id: string): Promise<Belonging> {
    return asUser(async () => {
      const { owner, assignment } = this.#open.get(id) ?? (await knownAttempt(this.#store, id)).attempt;
      return { owner, assignment };
    });
  }

  answer(id: string, given: GiveAnswer): Promise<void> {
    return this.#work.answer(id, given);
  }

  notes(id: string, notes: string): Promise<void> {
    return this.#work.notes(id, notes);
  }

  flag(id: string, flag: FlagTask): Promise<void> {
    return this.#work.flag(id, flag);
  }

  async hint(id: string, which: ReadHint): Promise<AttemptView> {
    await this.#work.hint(id, which);
    return await this.get(id);
  }

  check(id: string): Promise<AttemptReport> {
    return asUser(async () => {
      const known = await attemptAtWork(this.#store, id);
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
      const { attempt, parts } = await attemptAtWork(this.#store, id);
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
      if ((await knownAttempt(this.#store, id)).attempt.pausedAt !== undefined && this.#open.get(id) !== undefined)
        throw paused();
      return await this.#endings.submit(id);
    });
  }

  abandon(id: string, by: "learner" | "instructor"): Promise<void> {
    return asUser(async () => {
      const parts = await abandonAttempt(this.#store, id, by, this.#clock.now());
      this.#open.remove(id);
      this.#ended(id, parts);
      this.#listeners.changed(id, "state");
    });
  }

  report(id: string): Promise<AttemptReport> {
    return this.#reports.report(id);
  }

  gradings(id: string): Promise<Gradings> {
    return this.#reports.gradings(id);
  }

  earlier(id: string): Promise<readonly AttemptSummary[]> {
    return this.#reports.earlier(id);
  }

  lastCheck(id: string): Promise<AttemptReport | undefined> {
    return this.#reports.lastCheck(id);
  }

  recording(id: string, part: number, terminal: number): Promise<string> {
    return this.#reports.recording(id, part, terminal);
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
    return this.#terminals.view(id, part, viewer, watching);
  }

  openTerminal(id: string, part: number, cols: number, rows: number): Promise<number> {
    return this.#terminals.open(id, part, cols, rows);
  }

  input(id: string, part: number, terminal: number, bytes: string): void {
    this.#terminals.input(id, part, terminal, bytes);
  }

  resize(id: string, part: number, terminal: number, cols: number, rows: number): void {
    this.#terminals.resize(id, part, terminal, cols, rows);
  }

  closeTerminal(id: string, part: number, terminal: number): void {
    this.#terminals.close(id, part, terminal);
  }

  kubernetesToken(id: string, part: number): Promise<string> {
    return this.#kubernetes.token(id, part);
  }

  kubernetesApi(token: string): KubernetesApi | undefined {
    const found = this.#kubernetes.find(token);
    if (found) this.#sign(placeOf(found.session).attempt);
    return found;
  }

  health(): Promise<Health> {
    return Promise.resolve(healthOf(this.#sessions, this.#log));
  }

  /** Ends the sessions and writes what is not written yet. The store is its owner's to close. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#clockwork.stop();
    this.#unloading.stop();
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

  #slept(by: number): void {
    this.#focuses.slept(by);
    for (const id of this.#open.ids) this.#listeners.changed(id, "clock");
  }

  /** Somebody asks for it. */
  #sign(id: string): void {
    if (this.#open.get(id) !== undefined) this.#unloading.sign(id);
  }

  /** Its report is out: what is left of it is kept and put away. */
  async #graded({ attempt: { id }, parts }: Known, owed: readonly OwedWorld[]): Promise<void> {
    try {
      await this.#finalWorlds.keep(id, owed);
      this.#ended(id, parts.length);
    } catch (error) {
      this.#logger.warn({ err: error }, "an attempt was not closed");
    }
  }

  /** Nothing needs its sessions any more. */
  #ended(id: string, parts: number): void {
    this.#unloading.forget(id);
    closeAll(this.#sessions, id, parts);
    for (let part = 0; part < parts; part++) {
      const session = sessionOf({ attempt: id, part });
      this.#log.forget(session);
      this.#access?.forget(session);
    }
  }
}
