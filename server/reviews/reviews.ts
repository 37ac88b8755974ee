import { asUser, sessionOf, summary, UserError, type StoredLog } from "../attempts/index.ts";
import type { Clock } from "../sessions/pool/index.ts";
import {
  CheckLane,
  Timeline,
  type AttemptReport,
  type Comment,
  type Kept,
  type Remarks,
  type Replay,
  type Review,
  type ReviewFilter,
  type ReviewSummary,
  type StateTable,
  type WriteComment,
  type WriteOverride,
} from "../sessions/protocol/index.ts";
import type { ReviewCounts, ReviewStore } from "../store/review-store.ts";
import type { AttemptRow, PartRow, Shown, Store } from "../store/store.ts";
import { adjustedPercent } from "./adjusted.ts";
import { replayOf, withShown } from "./replay-of.ts";
import { ReplayWorker, type ReplayPort, type SandboxViewer } from "./replay-worker.ts";

/** So many attempts are listed, the newest. */
const MOST_LISTED = 1_000;

export interface ReviewsOptions {
  readonly store: Store & ReviewStore;
  readonly log: StoredLog;
  readonly clock: Clock;
  /** The name of an account, by its id. */
  readonly nameOf?: (id: string) => string | undefined;
  /** Starts the thread in which attempts are played again. */
  readonly spawn: () => ReplayPort;
}

/** A terminal in a copy of a world of the past. */
export interface OpenSandbox {
  readonly host: string;
  readonly user: string;
  input(bytes: string): void;
  resize(cols: number, rows: number): void;
  /** So many bytes of its output are on their way to whoever looks. */
  taken(bytes: number): void;
  close(): void;
}

interface Known {
  readonly attempt: AttemptRow;
  readonly parts: readonly PartRow[];
}

/** What reviewers do with attempts. Throws UserError. `by` is the reviewer's name. */
export class Reviews {
  readonly #store: Store & ReviewStore;
  readonly #log: StoredLog;
  readonly #clock: Clock;
  readonly #worker: ReplayWorker;
  readonly #nameOf: (id: string) => string | undefined;

  constructor({ store, log, clock, spawn, nameOf = () => undefined }: ReviewsOptions) {
    this.#nameOf = nameOf;
    this.#store = store;
    this.#log = log;
    this.#clock = clock;
    this.#worker = new ReplayWorker(spawn);
  }

  /** The newest first; `shown` goes by the filter's class, too. */
  list({ state, kind, search = "" }: ReviewFilter, shown: Shown = {}): Promise<ReviewSummary[]> {
    return asUser(async () => {
      const filter = {
        limit: MOST_LISTED,
        ...(state === undefined ? {} : { states: [state] }),
        ...shown,
      };
      const [rows, counts] = await Promise.all([this.#store.attempts(filter), this.#store.reviewCounts()]);
      const wanted = search.trim().toLowerCase();
      return rows
        .map((row) => this.#summary(row, counts.get(row.id)))
        .filter((each) => kind === undefined || each.kind === kind)
        .filter(({ title, of, learner }) => `${title}\n${of}\n${learner ?? ""}`.toLowerCase().includes(wanted));
    });
  }

  get(id: string): Promise<Review> {
    return asUser(async () => {
      const { attempt, parts } = await this.#known(id);
      const [report, counts, comments, overrides, audit] = await Promise.all([
        this.#newest(id),
        this.#store.reviewCounts(),
        this.#store.comments(id),
        this.#store.overrides(id),
        this.#store.audit(id),
      ]);
      const [terminals, ends] = await Promise.all([
        Promise.all(parts.map((part) => this.#store.recorded(sessionOf(part)))),
        Promise.all(parts.map(async (part) => (await this.#kept(attempt, part)).until)),
      ]);
      return {
        attempt: this.#summary(attempt, counts.get(id)),
        until: Math.max(attempt.startedAt, ...ends),
        parts: parts.map(({ part, lab, text }, index) => {
          return { part, lab, title: text.title, terminals: [...terminals[index]!] };
        }),
        report: report ?? null,
        percent: report === undefined ? null : adjustedPercent(report, overrides),
        comments: [...comments],
        overrides: [...overrides],
        audit: [...audit],
      };
    });
  }

  /** What a terminal showed, from its beginning. */
  replay(id: string, part: number, terminal: number): Promise<Replay> {
    return asUser(async () => {
      const { kept } = await this.#part(id, part);
      const output = await this.#store.output(kept.session, terminal);
      const replay = replayOf(terminal, output, kept.journal);
      if (replay === undefined)
        throw new UserError("unknown-terminal", `There is no recording of terminal ${terminal}.`);
      const { cols, rows, events } = replay;
      const { keyframes } = await this.#worker.ask({ kind: "keyframes", cols, rows, events }, "keyframes");
      return { ...replay, keyframes };
    });
  }

  /** What was typed and changed. That of a graded attempt is read once. */
  timeline(id: string, part: number): Promise<Timeline> {
    return this.#reading(id, part, "timeline", Timeline, async (kept) => {
      const { timeline } = await this.#worker.ask({ kind: "timeline", kept }, "timeline");
      const terminals = await this.#store.recorded(kept.session);
      const recorded = await Promise.all(terminals.map((each) => this.#store.output(kept.session, each)));
      return { ...timeline, commands: timeline.commands.map((each) => withShown(each, recorded.flat())) };
    });
  }

  /** How the checks stood behind each command. */
  checks(id: string, part: number): Promise<CheckLane> {
    return this.#reading(id, part, "checks", CheckLane, async (kept) => {
      return (await this.#worker.ask({ kind: "checks", kept }, "checks")).checks;
    });
  }

  /** The objects of a resource (`pods`, `deployments.apps`) at a moment. */
  state(id: string, part: number, at: number, resource: string): Promise<StateTable> {
    return asUser(async () => {
      const { kept } = await this.#part(id, part);
      return (await this.#worker.ask({ kind: "state", kept, at, resource }, "state")).state;
    });
  }

  sandbox(
    id: string,
    { part, at, cols, rows }: { part: number; at: number; cols: number; rows: number },
    by: string,
    viewer: SandboxViewer,
  ): Promise<OpenSandbox> {
    return asUser(async () => {
      const { attempt, kept } = await this.#part(id, part);
      const sandbox = this.#worker.sandbox(viewer);
      const tell = this.#worker.tell.bind(this.#worker);
      try {
        const order = { kind: "sandbox", sandbox, kept, at, cols, rows } as const;
        const { host, user } = await this.#worker.ask(order, "sandbox");
        await this.#audit(
          id,
          by,
          "sandbox",
          `part ${part + 1}, ${Math.round((at - attempt.startedAt) / 1000)} s after the start`,
        );
        return {
          host,
          user,
          input: (bytes) => tell({ kind: "sandbox-input", sandbox, bytes }),
          resize: (width, height) => tell({ kind: "sandbox-resize", sandbox, cols: width, rows: height }),
          taken: (bytes) => tell({ kind: "sandbox-taken", sandbox, bytes }),
          close: () => tell({ kind: "sandbox-close", sandbox }),
        };
      } catch (error) {
        tell({ kind: "sandbox-close", sandbox });
        throw error;
      }
    });
  }

  comment(id: string, { part, at, text }: WriteComment, by: string): Promise<Comment> {
    return asUser(async () => {
      partOf(await this.#known(id), part);
      const comment = await this.#store.saveComment(id, { part, at, text, by, written: this.#clock.now() });
      await this.#audit(id, by, "comment", text);
      return comment;
    });
  }

  removeComment(id: string, number: number, by: string): Promise<void> {
    return asUser(async () => {
      await this.#known(id);
      const text = (await this.#store.comments(id)).find((each) => each.id === number)?.text ?? "";
      if (!(await this.#store.removeComment(id, number)))
        throw new UserError("unknown-comment", "There is no such comment any more.");
      await this.#audit(id, by, "comment removed", text);
    });
  }

  /** Gives points in the place of a check's own, or takes that back. The report stays as it is. */
  override(id: string, order: WriteOverride, by: string): Promise<void> {
    return asUser(async () => {
      const { part, task, check, points, reason } = order;
      const report = await this.#report(id);
      const results = report.parts.find((each) => each.part === part)?.report.results ?? [];
      const result = results.find((each) => each.task === task && each.id === check);
      if (result === undefined) throw new UserError("unknown-check", `Task '${task}' has no check '${check}'.`);
      if (points !== null && points > result.of)
        throw new UserError("too-many-points", `This check brings ${result.of} points at most.`);
      if (points === null) await this.#store.removeOverride(id, order);
      else await this.#store.saveOverride(id, { part, task, check, points, reason, by, written: this.#clock.now() });
      const given = points === null ? `${result.points} again` : `${points} in the place of ${result.points}`;
      await this.#audit(
        id,
        by,
        points === null ? "override taken back" : "override",
        `${task}/${check}: ${given}. ${reason}`,
      );
      await this.#store.setPercent(id, adjustedPercent(report, await this.#store.overrides(id)));
    });
  }

  /** After another grading: points that were given in the place of checks' own still are. */
  regraded(id: string, by: string): Promise<void> {
    return asUser(async () => {
      const report = await this.#report(id);
      await this.#audit(id, by, "graded again", `${report.percent} %`);
      await this.#store.setPercent(id, adjustedPercent(report, await this.#store.overrides(id)));
    });
  }

  /** What the learner reads when the attempt is graded. */
  remarks(id: string): Promise<Remarks> {
    return asUser(async () => {
      const report = await this.#report(id);
      const [comments, overrides] = await Promise.all([this.#store.comments(id), this.#store.overrides(id)]);
      return {
        comments: [...comments],
        overrides: [...overrides],
        startedAt: report.startedAt,
        percent: report.percent,
        adjusted: adjustedPercent(report, overrides),
      };
    });
  }

  exported(id: string, by: string, format: string): Promise<Review> {
    return asUser(async () => {
      await this.#known(id);
      await this.#audit(id, by, "export", format);
      return await this.get(id);
    });
  }

  stop(): Promise<void> {
    return this.#worker.stop();
  }

  #reading<T>(
    id: string,
    part: number,
    what: "timeline" | "checks",
    schema: { parse(value: unknown): T },
    read: (kept: Kept) => Promise<T>,
  ): Promise<T> {
    return asUser(async () => {
      const { attempt, kept } = await this.#part(id, part);
      const known = await this.#store.reading(kept.session, what);
      if (known !== undefined) return schema.parse(JSON.parse(known));
      const reading = await read(kept);
      if (attempt.state === "graded") await this.#store.saveReading(kept.session, what, JSON.stringify(reading));
      return reading;
    });
  }

  #audit(id: string, by: string, what: string, detail: string): Promise<void> {
    return this.#store.saveAudit(id, { at: this.#clock.now(), by, what, detail });
  }

  async #known(id: string): Promise<Known> {
    const known = await this.#store.attempt(id);
    if (known === undefined) throw new UserError("unknown-attempt", `There is no attempt '${id}'.`);
    return known;
  }

  async #report(id: string): Promise<AttemptReport> {
    await this.#known(id);
    const report = await this.#newest(id);
    if (report === undefined) throw new UserError("not-graded", "This attempt has not been graded yet.");
    return report;
  }

  /** The report that counts: of the last grading. */
  async #newest(id: string): Promise<AttemptReport | undefined> {
    const [first, again] = await Promise.all([this.#store.report(id, "final"), this.#store.regrades(id)]);
    return again.at(-1)?.report ?? first;
  }

  async #part(id: string, part: number): Promise<{ readonly attempt: AttemptRow; readonly kept: Kept }> {
    const known = await this.#known(id);
    return { attempt: known.attempt, kept: await this.#kept(known.attempt, partOf(known, part)) };
  }

  /** A session as it is kept. One that runs is known until the last thing that came in. */
  async #kept(attempt: AttemptRow, part: PartRow): Promise<Kept> {
    const session = sessionOf(part);
    // If that cannot be written now, there is what was written before.
    if (attempt.state !== "graded") await this.#log.flush().catch(() => {});
    const source = await this.#store.source(session);
    if (source === undefined) throw new UserError("unknown-part", `Nothing is kept of part ${part.part + 1}.`);
    const { lab, seed, snapshot, journal } = source;
    if (snapshot === undefined)
      throw new UserError("unknown-part", `The cluster of part ${part.part + 1} was never made.`);
    const last = Math.ceil((journal.at(-1)?.at ?? attempt.startedAt * 1000) / 1000);
    const until = attempt.state === "open" ? last : Math.max(last, attempt.submittedAt ?? last);
    return { session, lab, seed, snapshot: new Uint8Array(snapshot), journal: [...journal], until };
  }

  #summary(row: AttemptRow, counts?: ReviewCounts): ReviewSummary {
    return {
      ...summary(row),
      learner: this.#nameOf(row.owner) ?? null,
      failed: row.state === "graded" ? (counts?.failed ?? 0) : null,
      comments: counts?.comments ?? 0,
      overridden: (counts?.overrides ?? 0) > 0,
    };
  }
}

function partOf({ attempt, parts }: Known, part: number): PartRow {
  const found = parts.find((each) => each.part === part);
  if (found === undefined) throw new UserError("unknown-part", `Attempt '${attempt.id}' has no part ${part}.`);
  return found;
}
