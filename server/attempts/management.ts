import type { Clock, Sessions } from "../sessions/pool/index.ts";
import type {
  AttemptManagement,
  AttemptReport,
  ClockChange,
  Gradings,
  PartReport,
} from "../sessions/protocol/index.ts";
import type { AttemptRow, PartRow, Store } from "../store/store.ts";
import { UserError } from "./errors.ts";
import { asUser } from "./failures.ts";
import { answersOf } from "./grading.ts";
import { minutesGiven, summary } from "./present.ts";
import { percentOf } from "./score.ts";
import { sessionOf } from "./session-name.ts";

const MINUTE = 60_000;

/** What instructors do with other people's attempts; `by` is the instructor's name. Throws UserError. */
export interface Management {
  view(id: string): Promise<AttemptManagement>;
  /** Gives an open exam so many minutes more; below 0 takes back what was given before. */
  giveTime(id: string, minutes: number, by: string): Promise<AttemptManagement>;
  /** Stops the clock: nothing can be done in the attempt until it goes on. */
  pause(id: string, by: string): Promise<AttemptManagement>;
  resume(id: string, by: string): Promise<AttemptManagement>;
  /** Grades a graded attempt again, as it ended, with its labs as their files are now. The new report counts. */
  regrade(id: string, by: string): Promise<Gradings>;
}

export interface ManagementTools {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly clock: Clock;
  /** The name of an account, by its id. */
  readonly nameOf: (id: string) => string | undefined;
  /** The attempt's clock was changed, and how it stands now. */
  readonly clockChanged: (row: AttemptRow) => void;
  /** Until nothing more can be kept of how an attempt ended. */
  readonly kept: (id: string) => Promise<void>;
  /** Its report is another one. */
  readonly regraded: (id: string) => void;
}

export class InstructorsDesk implements Management {
  readonly #tools: ManagementTools;
  readonly #regrading = new Map<string, Promise<Gradings>>();

  constructor(tools: ManagementTools) {
    this.#tools = tools;
  }

  view(id: string): Promise<AttemptManagement> {
    return asUser(async () => {
      const { store, clock, nameOf } = this.#tools;
      const { attempt } = await this.#known(id);
      const [changes, regrades] = await Promise.all([store.clockChanges(id), store.regrades(id)]);
      return {
        attempt: summary(attempt),
        learner: nameOf(attempt.owner) ?? null,
        now: clock.now(),
        minutes: attempt.minutes,
        changes: [...changes],
        regrades: regrades.map(({ at, by, report }) => ({ at, by, percent: report.percent })),
      };
    });
  }

  giveTime(id: string, minutes: number, by: string): Promise<AttemptManagement> {
    return asUser(async () => {
      const { attempt } = await this.#known(id);
      mustBeOpen(attempt);
      if (attempt.endsAt === null)
        throw new UserError("no-end", "A lab has no end, so it needs no extra time.", "Only exams end by the clock.");
      const given = minutesGiven(await this.#tools.store.clockChanges(id));
      if (given + minutes < 0)
        throw new UserError("no-extra-time", `Only ${given} minutes were given: ${-minutes} cannot be taken back.`);
      const change = this.#change("extra-time", by, minutes);
      return await this.#apply(id, await this.#tools.store.moveEnd(id, minutes * MINUTE, change), notOpenAnyMore);
    });
  }

  pause(id: string, by: string): Promise<AttemptManagement> {
    return asUser(async () => {
      mustBeOpen((await this.#known(id)).attempt);
      const stood = (): UserError => new UserError("paused", "This attempt is paused already.");
      return await this.#apply(id, await this.#tools.store.pause(id, this.#change("pause", by)), stood);
    });
  }

  resume(id: string, by: string): Promise<AttemptManagement> {
    return asUser(async () => {
      mustBeOpen((await this.#known(id)).attempt);
      const runs = (): UserError => new UserError("not-paused", "This attempt is not paused: its clock runs.");
      return await this.#apply(id, await this.#tools.store.resume(id, this.#change("resume", by)), runs);
    });
  }

  regrade(id: string, by: string): Promise<Gradings> {
    return asUser(async () => {
      const running = this.#regrading.get(id) ?? this.#regrade(id, by).finally(() => this.#regrading.delete(id));
      this.#regrading.set(id, running);
      return await running;
    });
  }

  async #regrade(id: string, by: string): Promise<Gradings> {
    const { store, clock, regraded, kept } = this.#tools;
    const { attempt, parts } = await this.#known(id);
    const first = await store.report(id, "final");
    if (attempt.state !== "graded" || first === undefined)
      throw new UserError("not-graded", "This attempt has not been graded yet.");
    await kept(id);
    const again = await Promise.all(first.parts.map((part) => this.#regradePart(attempt, parts, part)));
    if (again.every((part) => part === undefined))
      throw new UserError(
        "nothing-kept",
        "The final state of this attempt was not kept: it cannot be graded again.",
        "It was graded by an older version of Drydock, or its cluster could not be reached at the end. Its report stays.",
      );
    const graded = first.parts.map((part, index) => again[index] ?? part);
    const report: AttemptReport = { ...first, parts: graded, percent: percentOf(first.kind, graded) };
    await store.saveRegrade(id, { at: clock.now(), by, report });
    regraded(id);
    return { first, again: [...(await store.regrades(id))] };
  }

  async #regradePart(
    { id }: AttemptRow,
    parts: readonly PartRow[],
    before: PartReport,
  ): Promise<PartReport | undefined> {
    const { store, sessions } = this.#tools;
    const row = parts.find(({ part }) => part === before.part)!;
    const kept = await store.finalWorld(sessionOf(row));
    if (kept === undefined) return undefined;
    const answers = answersOf(row, await store.answers(id));
    const read = await store.hints(id);
    const hints = Object.fromEntries(
      row.text.tasks.map((task) => [task.id, read.get(`${row.part}/${task.id}`) ?? 0] as const),
    );
    const { report, text } = await sessions.regrade(row.lab, row.seed, kept, answers, hints);
    const { topics, version } = text;
    return {
      ...before,
      report,
      explain: text.explain,
      ...(topics ? { topics } : {}),
      ...(version === undefined ? {} : { version }),
    };
  }

  #change(kind: ClockChange["kind"], by: string, minutes?: number): ClockChange {
    return { at: this.#tools.clock.now(), by, kind, ...(minutes === undefined ? {} : { minutes }) };
  }

  /** A change of the clock that took effect is told; one that did not is refused. */
  async #apply(id: string, done: boolean, otherwise: () => UserError): Promise<AttemptManagement> {
    if (!done) throw otherwise();
    this.#tools.clockChanged((await this.#known(id)).attempt);
    return await this.view(id);
  }

  async #known(id: string): Promise<{ readonly attempt: AttemptRow; readonly parts: readonly PartRow[] }> {
    const known = await this.#tools.store.attempt(id);
    if (known === undefined) throw new UserError("unknown-attempt", `There is no attempt '${id}'.`);
    return known;
  }
}

function mustBeOpen({ state }: AttemptRow): void {
  if (state !== "open") throw notOpenAnyMore();
}

function notOpenAnyMore(): UserError {
  return new UserError("not-open", "This attempt is over: its clock cannot be changed any more.");
}
