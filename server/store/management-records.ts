import { type Kysely, sql, type Transaction } from "kysely";
import { ClockChange, Regrade } from "../sessions/protocol/index.ts";
import { readJson } from "./read-json.ts";
import type { Store } from "./store.ts";
import type { Tables } from "./tables.ts";

type ManagementRecords = Pick<
  Store,
  "saveFocus" | "focus" | "moveEnd" | "pause" | "resume" | "clockChanges" | "saveRegrade" | "regrades"
>;

/** What instructors do with an attempt: its clock, and later gradings; and what was in front of its learner. */
export function managementRecords(db: Kysely<Tables>): ManagementRecords {
  return {
    async saveFocus(attempt, { at, task }) {
      await db
        .insertInto("focus")
        .values({ attempt, at, task })
        .onConflict((conflict) => conflict.columns(["attempt", "at"]).doUpdateSet({ task }))
        .execute();
    },
    focus: (id) => db.selectFrom("focus").select(["at", "task"]).where("attempt", "=", id).orderBy("at").execute(),
    moveEnd: (id, by, change) =>
      db.transaction().execute(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable("attempts")
          .set((eb) => ({ ends_at: eb("ends_at", "+", by) }))
          .where("id", "=", id)
          .where("state", "=", "open")
          .where("ends_at", "is not", null)
          .executeTakeFirst();
        return noted(trx, id, change, numUpdatedRows);
      }),
    pause: (id, change) =>
      db.transaction().execute(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable("attempts")
          .set({ paused_at: change.at })
          .where("id", "=", id)
          .where("state", "=", "open")
          .where("paused_at", "is", null)
          .executeTakeFirst();
        return noted(trx, id, change, numUpdatedRows);
      }),
    resume: (id, change) =>
      db.transaction().execute(async (trx) => {
        const stood = sql<number>`${change.at} - "paused_at"`;
        const { numUpdatedRows } = await trx
          .updateTable("attempts")
          .set((eb) => ({
            away: eb("away", "+", stood),
            ends_at: eb("ends_at", "+", stood),
            paused_at: null,
          }))
          .where("id", "=", id)
          .where("state", "=", "open")
          .where("paused_at", "is not", null)
          .executeTakeFirst();
        return noted(trx, id, change, numUpdatedRows);
      }),
    async clockChanges(id) {
      const rows = await db
        .selectFrom("clock_changes")
        .select("change")
        .where("attempt", "=", id)
        .orderBy("seq")
        .execute();
      return rows.map(({ change }) => readJson(ClockChange, change, `a change of the clock of attempt ${id}`));
    },
    async saveRegrade(attempt, regrade) {
      await db.transaction().execute(async (trx) => {
        const seq = await count(trx, "regrades", attempt);
        await trx
          .insertInto("regrades")
          .values({ attempt, seq, regrade: JSON.stringify(regrade) })
          .execute();
        await trx
          .updateTable("attempts")
          .set({ percent: regrade.report.percent })
          .where("id", "=", attempt)
          .where("state", "=", "graded")
          .execute();
      });
    },
    async regrades(id) {
      const rows = await db.selectFrom("regrades").select("regrade").where("attempt", "=", id).orderBy("seq").execute();
      return rows.map(({ regrade }) => readJson(Regrade, regrade, `a later report of attempt ${id}`));
    },
  };
}

/** Notes a change that took effect; false if it did not. */
async function noted(trx: Transaction<Tables>, attempt: string, change: ClockChange, rows: bigint): Promise<boolean> {
  if (rows === 0n) return false;
  const seq = await count(trx, "clock_changes", attempt);
  await trx
    .insertInto("clock_changes")
    .values({ attempt, seq, change: JSON.stringify(change) })
    .execute();
  return true;
}

async function count(trx: Transaction<Tables>, table: "clock_changes" | "regrades", attempt: string): Promise<number> {
  const { rows } = await trx
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as("rows"))
    .where("attempt", "=", attempt)
    .executeTakeFirstOrThrow();
  return rows;
}
