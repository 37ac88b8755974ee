/** A store in memory, and attempts over it and over workers that follow a script. */
import { createSessions, type Sessions } from "../sessions/pool/index.ts";
import { FakeClock, FakeViewer, Fleet, QuietLogger, settled } from "../sessions/pool/testing.ts";
import type {
  AttemptReport,
  ClockChange,
  JournalEntry,
  KeptWorld,
  LabText,
  Regrade,
} from "../sessions/protocol/index.ts";
import {
  StorageError,
  type AttemptRow,
  type FinalWorld,
  type Focus,
  type NewPart,
  type OwedWorld,
  type OutputChunk,
  type PartRow,
  type Store,
} from "../store/store.ts";
import type { Attempts } from "./attempts.ts";
import type { AttemptsOptions } from "./attempts-options.ts";
import { createAttempts } from "./create-attempts.ts";
import { createSessionLog, type StoredLog } from "./session-log.ts";

interface Kept {
  attempt: AttemptRow;
  parts: readonly NewPart[];
  readonly reports: Map<"final" | "check", AttemptReport>;
  readonly answers: Map<string, string>;
  readonly flags: Set<string>;
  readonly hints: Map<string, number>;
  readonly focus: Focus[];
  readonly changes: ClockChange[];
  readonly regrades: Regrade[];
}

/** What a process that is killed leaves behind is what is in here. */
export class MemoryStore implements Store {
  readonly kept = new Map<string, Kept>();
  readonly journals = new Map<string, JournalEntry[]>();
  chunks: OutputChunk[] = [];
  /** How often something was appended to the log, and how often that was tried. */
  writes = 0;
  tries = 0;
  /** While set, nothing can be written. */
  failing: StorageError | undefined;
  beat: number | undefined;

  createAttempt(attempt: AttemptRow, parts: readonly NewPart[]): Promise<void> {
    return this.#write(() => {
      const kept = {
        attempt,
        parts,
        reports: new Map(),
        answers: new Map(),
        flags: new Set<string>(),
        hints: new Map(),
        focus: [],
        changes: [],
        regrades: [],
      };
      this.kept.set(attempt.id, kept);
    });
  }

  attempt(id: string): Promise<{ attempt: AttemptRow; parts: readonly PartRow[] } | undefined> {
    const kept = this.kept.get(id);
    return Promise.resolve(kept === undefined ? undefined : { attempt: kept.attempt, parts: kept.parts });
  }

  attempts(
    filter: {
      states?: readonly string[];
      owner?: string;
      assignments?: readonly string[];
      kind?: string;
      of?: string;
      limit?: number;
    } = {},
  ): Promise<readonly AttemptRow[]> {
    const all = [...this.kept.values()].map(({ attempt }) => attempt).reverse();
    const found = all.filter(
      ({ state, owner, assignment, kind, of }) =>
        (filter.states?.includes(state) ?? true) &&
        (filter.owner ?? owner) === owner &&
        (filter.assignments?.includes(assignment ?? "") ?? true) &&
        (filter.kind ?? kind) === kind &&
        (filter.of ?? of) === of,
    );
    return Promise.resolve(found.slice(0, filter.limit));
  }

  progress(owner: string): Promise<ReadonlyMap<string, { attempts: number; best: number | null }>> {
    const progress = new Map<string, { attempts: number; best: number | null }>();
    for (const { attempt } of this.kept.values()) {
      if (attempt.state !== "graded" || attempt.owner !== owner) continue;
      const key = `${attempt.kind}/${attempt.of}`;
      const { attempts, best } = progress.get(key) ?? { attempts: 0, best: 0 };
      progress.set(key, { attempts: attempts + 1, best: Math.max(best ?? 0, attempt.percent ?? 0) });
    }
    return Promise.resolve(progress);
  }

  readonly tokens = new Map<string, string>();

  apiToken(session: string, offered: string): Promise<string> {
    const token = this.tokens.get(session) ?? offered;
    return this.#write(() => void this.tokens.set(session, token)).then(() => token);
  }

  apiTokens(sessions: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve(new Map([...this.tokens].filter(([session]) => sessions.includes(session))));
  }

  beginGrading(id: string, submittedAt: number): Promise<boolean> {
    return this.#ifOpen(id, (kept) => (kept.attempt = { ...kept.attempt, state: "grading", submittedAt }));
  }

  abandon(id: string, submittedAt: number): Promise<boolean> {
    return this.#ifOpen(id, (kept) => (kept.attempt = { ...kept.attempt, state: "abandoned", submittedAt }));
  }

  reopen(id: string): Promise<void> {
    return this.#write(() => {
      const kept = this.kept.get(id)!;
      kept.attempt = { ...kept.attempt, state: "open", submittedAt: null };
    });
  }

  readonly worlds = new Map<string, KeptWorld>();

  readonly owed = new Map<string, OwedWorld>();

  finish(id: string, report: AttemptReport, owed: readonly OwedWorld[] = []): Promise<void> {
    return this.#write(() => {
      for (const each of owed) this.owed.set(each.session, each);
      const kept = this.kept.get(id)!;
      kept.attempt = { ...kept.attempt, state: "graded", percent: report.percent };
      kept.reports.set("final", report);
    });
  }

  saveCheck(id: string, report: AttemptReport): Promise<void> {
    return this.#write(() => void this.kept.get(id)!.reports.set("check", report));
  }

  report(id: string, which: "final" | "check"): Promise<AttemptReport | undefined> {
    return Promise.resolve(this.kept.get(id)?.reports.get(which));
  }

  answers(id: string): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve(new Map(this.kept.get(id)?.answers));
  }

  saveAnswer(id: string, key: string, value: string): Promise<boolean> {
    return this.#ifOpen(id, (kept) => kept.answers.set(key, value));
  }

  saveNotes(id: string, notes: string): Promise<boolean> {
    return this.#ifOpen(id, (kept) => (kept.attempt = { ...kept.attempt, notes }));
  }

  flags(id: string): Promise<ReadonlySet<string>> {
    return Promise.resolve(new Set(this.kept.get(id)?.flags));
  }

  saveFlag(id: string, key: string, flagged: boolean): Promise<boolean> {
    return this.#ifOpen(id, ({ flags }) => (flagged ? flags.add(key) : flags.delete(key)));
  }

  hints(id: string): Promise<ReadonlyMap<string, number>> {
    return Promise.resolve(new Map(this.kept.get(id)?.hints));
  }

  saveHints(id: string, key: string, read: number): Promise<boolean> {
    return this.#ifOpen(id, (kept) => kept.hints.set(key, read));
  }

  touch(id: string, part: number): Promise<void> {
    return this.#write(() => {
      const kept = this.kept.get(id)!;
      kept.parts = kept.parts.map((each) => (each.part === part ? { ...each, touched: true } : each));
    });
  }

  appendLog(batch: Parameters<Store["appendLog"]>[0]): Promise<void> {
    this.tries++;
    return this.#write(() => {
      this.writes++;
      for (const { session, snapshot } of batch.opened ?? []) {
        const [id, part] = session.split("/");
        const kept = this.kept.get(id!)!;
        kept.parts = kept.parts.map((each) => (each.part === Number(part) ? { ...each, snapshot } : each));
      }
      for (const { session, seq, entry } of batch.journal) {
        const journal = this.journals.get(session) ?? [];
        journal[seq] = entry;
        this.journals.set(session, journal);
      }
      this.chunks.push(...batch.output.map((chunk) => ({ ...chunk })));
    });
  }

  resetPart(id: string, part: number, most: number): Promise<number | undefined> {
    return this.#write(() => {
      const kept = this.kept.get(id);
      const session = `${id}/${part}`;
      const before = [...this.journals.keys()].filter((name) => name.startsWith(`${session}~`)).length;
      if (kept?.attempt.state !== "open" || before >= most) return undefined;
      const name = `${session}~${before + 1}`;
      this.journals.set(name, this.journals.get(session) ?? []);
      this.journals.delete(session);
      this.chunks.splice(
        0,
        Infinity,
        ...this.chunks.map((chunk) => (chunk.session === session ? { ...chunk, session: name } : chunk)),
      );
      kept.parts = kept.parts.map((each) => (each.part === part ? { ...each, touched: false } : each));
      return before + 1;
    });
  }

  lastTyped(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  source(session: string): ReturnType<Store["source"]> {
    const [id, part] = session.split("/");
    const kept = this.kept.get(id!)?.parts[Number(part)];
    if (kept === undefined) return Promise.resolve(undefined);
    const { lab, seed, snapshot } = kept;
    const delivered: Record<string, number> = {};
    for (const chunk of this.chunks) {
      if (chunk.session === session) delivered[chunk.terminal] = chunk.offset + chunk.bytes.length;
    }
    return Promise.resolve({ lab, seed, snapshot, journal: [...(this.journals.get(session) ?? [])], delivered });
  }

  output(session: string, terminal: number): Promise<readonly OutputChunk[]> {
    return Promise.resolve(this.chunks.filter((chunk) => chunk.session === session && chunk.terminal === terminal));
  }

  recorded(session: string): Promise<readonly number[]> {
    const of = this.chunks.filter((chunk) => chunk.session === session).map((chunk) => chunk.terminal);
    return Promise.resolve([...new Set(of)]);
  }

  saveAlive(at: number): Promise<void> {
    return this.#write(() => void (this.beat = at));
  }

  alive(): Promise<number | undefined> {
    return Promise.resolve(this.beat);
  }

  extendOpen(by: number): Promise<void> {
    return this.#write(() => {
      for (const kept of this.kept.values()) {
        const { state, away, endsAt } = kept.attempt;
        if (state !== "open" || kept.attempt.pausedAt !== undefined) continue;
        kept.attempt = { ...kept.attempt, away: away + by, endsAt: endsAt === null ? null : endsAt + by };
      }
    });
  }

  saveFinalWorld({ session, ...kept }: FinalWorld): Promise<void> {
    return this.#write(() => {
      this.worlds.set(session, kept);
      this.owed.delete(session);
    });
  }

  forgoFinalWorld(session: string): Promise<void> {
    return this.#write(() => void this.owed.delete(session));
  }

  owedWorlds(id?: string): Promise<readonly OwedWorld[]> {
    const prefix = id === undefined ? "" : `${id}/`;
    return Promise.resolve([...this.owed.values()].filter(({ session }) => session.startsWith(prefix)));
  }

  finalWorld(session: string): Promise<KeptWorld | undefined> {
    return Promise.resolve(this.worlds.get(session));
  }

  saveRegrade(id: string, regrade: Regrade): Promise<void> {
    return this.#write(() => {
      const kept = this.kept.get(id)!;
      kept.attempt = { ...kept.attempt, percent: regrade.report.percent };
      kept.regrades.push(regrade);
    });
  }

  regrades(id: string): Promise<readonly Regrade[]> {
    return Promise.resolve([...(this.kept.get(id)?.regrades ?? [])]);
  }

  saveFocus(id: string, focus: Focus): Promise<void> {
    return this.#write(() => void this.kept.get(id)!.focus.push(focus));
  }

  focus(id: string): Promise<readonly Focus[]> {
    return Promise.resolve([...(this.kept.get(id)?.focus ?? [])]);
  }

  moveEnd(id: string, by: number, change: ClockChange): Promise<boolean> {
    return this.#clock(id, change, (row) => (row.endsAt === null ? undefined : { ...row, endsAt: row.endsAt + by }));
  }

  pause(id: string, change: ClockChange): Promise<boolean> {
    return this.#clock(id, change, (row) => (row.pausedAt === undefined ? { ...row, pausedAt: change.at } : undefined));
  }

  resume(id: string, change: ClockChange): Promise<boolean> {
    return this.#clock(id, change, ({ pausedAt, ...row }) => {
      if (pausedAt === undefined) return undefined;
      const by = change.at - pausedAt;
      return { ...row, away: row.away + by, endsAt: row.endsAt === null ? null : row.endsAt + by };
    });
  }

  clockChanges(id: string): Promise<readonly ClockChange[]> {
    return Promise.resolve([...(this.kept.get(id)?.changes ?? [])]);
  }

  #clock(id: string, change: ClockChange, next: (row: AttemptRow) => AttemptRow | undefined): Promise<boolean> {
    return this.#write(() => {
      const kept = this.kept.get(id);
      const row = kept?.attempt.state === "open" ? next(kept.attempt) : undefined;
      if (!kept || !row) return false;
      kept.attempt = row;
      kept.changes.push(change);
      return true;
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #ifOpen(id: string, change: (kept: Kept) => void): Promise<boolean> {
    return this.#write(() => {
      const kept = this.kept.get(id);
      if (kept?.attempt.state !== "open") return false;
      change(kept);
      return true;
    });
  }

  async #write<T>(change: () => T): Promise<T> {
    await Promise.resolve();
    if (this.failing !== undefined) throw this.failing;
    return change();
  }
}

export const diskFull = new StorageError("database or disk is full", true);
export const diskBroken = new StorageError("disk I/O error", false);

/** Two tasks: the first with a question and two hints, the second with neither. 10 points. */
export function labText(id: string): LabText {
  return {
    id,
    title: `The ${id} lab`,
    level: "medium",
    minutes: 15,
    seed: 1,
    host: "controlplane",
    user: "root",
    tasks: [
      {
        id: "find",
        points: 6,
        prompt: "Find it.",
        questions: [{ id: "where", ask: "Where?", kind: "text", points: 2 }],
        hints: [
          { text: "Look at the endpoints.", costs: 1 },
          { text: "Look at the labels.", costs: 2 },
        ],
      },
      { id: "mend", points: 4, prompt: "Mend it.", questions: [], hints: [] },
    ],
    explain: "The labels differ.",
  };
}

export interface Desk {
  readonly attempts: Attempts;
  readonly sessions: Sessions;
  readonly log: StoredLog;
  readonly store: MemoryStore;
  readonly fleet: Fleet;
  readonly clock: FakeClock;
  readonly logger: QuietLogger;
  view(id: string, part?: number): Promise<FakeViewer>;
}

interface DeskOptions extends Pick<AttemptsOptions, "kubernetesApi" | "idleAfter" | "mostSessions" | "nameOf"> {
  /** Prepares the workers before the server takes up what is stored. */
  readonly begin?: (fleet: Fleet) => void;
}

/** The server's attempts, over the store and the clock of an earlier server if one is given (which was killed). */
export async function desk(earlier?: Desk, { begin, ...options }: DeskOptions = {}): Promise<Desk> {
  const store = earlier?.store ?? new MemoryStore();
  const clock = earlier?.clock ?? new FakeClock();
  const logger = new QuietLogger();
  const fleet = new Fleet();
  fleet.time = () => clock.now() * 1000;
  for (const lab of ["alpha", "beta", "gamma"]) fleet.labs.set(lab, labText(lab));
  const { title, level, minutes } = labText("alpha");
  fleet.catalogue = {
    labs: [{ id: "alpha", title, summary: "Mend it.", topics: ["dns"], level, minutes, points: 10, tasks: 2 }],
    exams: [
      {
        id: "mock",
        title: "Mock exam",
        summary: "Two labs.",
        minutes: 10,
        pass: 66,
        labs: [
          { lab: "alpha", title: "The alpha lab", weight: 1 },
          { lab: "beta", title: "The beta lab", weight: 3 },
        ],
        draw: [],
      },
    ],
    problems: ["labs/x/lab.yaml:1:1: no title"],
  };
  begin?.(fleet);
  const log = createSessionLog({ store, clock, logger });
  const sessions = createSessions({ workers: 1, spawn: fleet.spawn, log, clock, logger });
  let drawn = store.kept.size * 100;
  const random = (count: number): Uint8Array => new Uint8Array(count).fill(++drawn);
  const attempts = await createAttempts({ store, sessions, log, clock, random, logger, ...options });
  await settled();
  const view = async (id: string, part = 0): Promise<FakeViewer> => {
    const viewer = new FakeViewer();
    viewer.view = await attempts.view(id, part, viewer);
    await settled();
    return viewer;
  };
  return { attempts, sessions, log, store, fleet, clock, logger, view };
}

/** The server is killed: nothing of it runs any more, what was not stored is gone. */
export async function kill({ fleet, clock, store }: Desk): Promise<void> {
  // Its timers and promises may still run; what they write does not arrive.
  store.failing = new StorageError("killed", false);
  for (const worker of fleet.workers) {
    worker.onExit(() => {});
    worker.onMessage(() => {});
    worker.gone = true;
  }
  await settled();
  clock.clearAll();
  await settled();
  clock.clearAll();
  store.failing = undefined;
}

/** Everything that a listener of an attempt hears. */
export function listen({ attempts }: Desk, id: string): string[] {
  const heard: string[] = [];
  attempts.listen(id, (message) => heard.push(message.type === "changed" ? message.what : `storage ${message.ok}`));
  return heard;
}
