import type { Kysely, Selectable } from "kysely";
import { AttemptReport, LabText } from "../sessions/protocol/index.ts";
import { readJson } from "./read-json.ts";
import { oweWorld } from "./final-world-records.ts";
import type { AttemptRow, PartRow, Store } from "./store.ts";
import type { Tables } from "./tables.ts";

type AttemptRecords = Pick<
  Store,
  | "createAttempt"
  | "attempt"
  | "attempts"
  | "progress"
  | "beginGrading"
  | "abandon"
  | "reopen"
  | "finish"
  | "saveCheck"
  | "report"
  | "touch"
  | "resetPart"
  | "saveAlive"
  | "alive"
  | "extendOpen"
>;

/** Attempts, their course, and their reports. */
export function attemptRecords(db: Kysely<Tables>): AttemptRecords {
  return {
    async createAttempt(attempt, parts) {
      await db.transaction().execute(async (trx) => {
        await trx.insertInto("attempts").values(columnsOf(attempt)).execute();
        for (const { snapshot, ...part } of parts) {
          await trx
            .insertInto("parts")
            .values({ ...part, text: JSON.stringify(part.text), touched: part.touched ? 1 : 0 })
            .execute();
          const { lab, seed } = part;
          if (snapshot !== undefined)
            await trx
              .insertInto("snapshots")
              .values({ session: `${part.attempt}/${part.part}`, lab, seed, bytes: snapshot })
              .execute();
        }
      });
    },
    async attempt(id) {
      const attempt = await db.selectFrom("attempts").selectAll().where("id", "=", id).executeTakeFirst();
      if (attempt === undefined) return undefined;
      const parts = await db.selectFrom("parts").selectAll().where("attempt", "=", id).orderBy("part").execute();
      return { attempt: attemptOf(attempt), parts: parts.map(partOf) };
    },
    async attempts(filter = {}) {
      let query = db.selectFrom("attempts").selectAll().orderBy("started_at", "desc").orderBy("id", "desc");
      if (filter.states !== undefined) query = query.where("state", "in", filter.states);
      if (filter.kind !== undefined) query = query.where("kind", "=", filter.kind);
      if (filter.of !== undefined) query = query.where("of", "=", filter.of);
      if (filter.owner !== undefined) query = query.where("owner", "=", filter.owner);
      if (filter.assignments !== undefined) query = query.where("assignment", "in", filter.assignments);
      const { seenBy } = filter;
      if (seenBy !== undefined)
        query = query.where(({ or, eb }) =>
          or([eb("owner", "=", seenBy.owner), eb("assignment", "in", seenBy.assignments)]),
        );
      if (filter.limit !== undefined) query = query.limit(filter.limit);
      return (await query.execute()).map(attemptOf);
    },
    async progress(owner) {
      const rows = await db
        .selectFrom("attempts")
        .select(({ fn }) => ["kind", "of", fn.countAll<number>().as("attempts"), fn.max("percent").as("best")])
        .where("owner", "=", owner)
        .where("state", "=", "graded")
        .groupBy(["kind", "of"])
        .execute();
      return new Map(rows.map((row) => [`${row.kind}/${row.of}`, { attempts: row.attempts, best: row.best }]));
    },
    async beginGrading(id, submittedAt) {
      const { numUpdatedRows } = await db
        .updateTable("attempts")
        .set({ state: "grading", submitted_at: submittedAt })
        .where("id", "=", id)
        .where("state", "=", "open")
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async abandon(id, at) {
      const { numUpdatedRows } = await db
        .updateTable("attempts")
        .set({ state: "abandoned", submitted_at: at })
        .where("id", "=", id)
        .where("state", "=", "open")
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async reopen(id) {
      await db
        .updateTable("attempts")
        .set({ state: "open", submitted_at: null })
        .where("id", "=", id)
        .where("state", "=", "grading")
        .execute();
    },
    async finish(id, report, owed = []) {
      await db.transaction().execute(async (trx) => {
        await saveReport(trx, id, "final", report);
        for (const { session, at } of owed) await oweWorld(trx, session, at);
        await trx
          .updateTable("attempts")
          .set({ state: "graded", percent: report.percent })
          .where("id", "=", id)
          .execute();
      });
    },
    saveCheck: (id, report) => saveReport(db, id, "check", report),
    async report(id, which) {
      const row = await db
        .selectFrom("reports")
        .select("report")
        .where("attempt", "=", id)
        .where("which", "=", which)
        .executeTakeFirst();
      return row && readJson(AttemptReport, row.report, `a report of attempt ${id}`);
    },
    async touch(id, part) {
      await db
        .updateTable("parts")
        .set({ touched: 1 })
        .where("attempt", "=", id)
        .where("part", "=", part)
        .where("touched", "=", 0)
        .execute();
    },
    resetPart: (id, part, most) => db.transaction().execute((trx) => resetPart(trx, id, part, most)),
    async saveAlive(at) {
      await db
        .insertInto("server")
        .values({ name: "alive", value: at })
        .onConflict((conflict) => conflict.column("name").doUpdateSet({ value: at }))
        .execute();
    },
    async alive() {
      const row = await db.selectFrom("server").select("value").where("name", "=", "alive").executeTakeFirst();
      return row?.value;
    },
    async extendOpen(by) {
      await db
        .updateTable("attempts")
        .set((eb) => ({ away: eb("away", "+", by), ends_at: eb("ends_at", "+", by) }))
        .where("state", "=", "open")
        .where("paused_at", "is", null)
        .execute();
    },
  };
}

async function resetPart(trx: Kysely<Tables>, id: string, part: number, most: number): Promise<number | undefined> {
  const session = `${id}/${part}`;
  const open = await trx.selectFrom("attempts").select("state").where("id", "=", id).executeTakeFirst();
  if (open?.state !== "open") return undefined;
  const kept = await trx
    .selectFrom("snapshots")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("session", ">=", `${session}~`)
    .where("session", "<", `${session}~~`)
    .executeTakeFirstOrThrow();
  if (kept.count >= most) return undefined;
  const name = `${session}~${kept.count + 1}`;
  const snapshot = await trx
    .selectFrom("snapshots")
    .selectAll()
    .where("session", "=", session)
    .executeTakeFirstOrThrow();
  await trx
    .insertInto("snapshots")
    .values({ ...snapshot, session: name })
    .execute();
  await trx.updateTable("journal").set({ session: name }).where("session", "=", session).execute();
  await trx.updateTable("output").set({ session: name }).where("session", "=", session).execute();
  await trx.updateTable("parts").set({ touched: 0 }).where("attempt", "=", id).where("part", "=", part).execute();
  return kept.count + 1;
}

async function saveReport(
  db: Kysely<Tables>,
  attempt: string,
  which: "final" | "check",
  report: AttemptReport,
): Promise<void> {
  const json = JSON.stringify(report);
  await db
    .insertInto("reports")
    .values({ attempt, which, report: json })
    .onConflict((conflict) => conflict.columns(["attempt", "which"]).doUpdateSet({ report: json }))
    .execute();
}

function columnsOf(row: AttemptRow): Selectable<Tables["attempts"]> {
  const { startedAt, endsAt, submittedAt, pausedAt = null, ...same } = row;
  return { ...same, started_at: startedAt, ends_at: endsAt, submitted_at: submittedAt, paused_at: pausedAt };
}

function attemptOf(row: Selectable<Tables["attempts"]>): AttemptRow {
  const { started_at, ends_at, submitted_at, paused_at, ...same } = row;
  const paused = paused_at === null ? {} : { pausedAt: paused_at };
  return { ...same, startedAt: started_at, endsAt: ends_at, submittedAt: submitted_at, ...paused };
}

function partOf(row: Selectable<Tables["parts"]>): PartRow {
  const text = readJson(LabText, row.text, `a lab text of attempt ${row.attempt}`);
  return { ...row, text, touched: row.touched === 1 };
}
