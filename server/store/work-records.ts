import type { Kysely } from "kysely";
import type { Store } from "./store.ts";
import type { Tables } from "./tables.ts";

type WorkRecords = Pick<Store, "answers" | "saveAnswer" | "saveNotes" | "flags" | "saveFlag" | "hints" | "saveHints">;

/**
 * What a learner does besides the terminals. Rows are inserted with a SELECT of their attempt while it is open: nothing
 * can come between looking and writing, on any database.
 */
export function workRecords(db: Kysely<Tables>): WorkRecords {
  /** `[id, key, value]` if the attempt is open, else no row. */
  const whileOpen = (id: string, key: string, value: string | number) =>
    db
      .selectFrom("attempts")
      .select(({ val }) => ["id", val(key).as("key"), val(value).as("value")])
      .where("id", "=", id)
      .where("state", "=", "open");

  return {
    async answers(id) {
      const rows = await db.selectFrom("answers").select(["key", "value"]).where("attempt", "=", id).execute();
      return new Map(rows.map((row) => [row.key, row.value]));
    },
    async saveAnswer(id, key, value) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto("answers")
        .columns(["attempt", "key", "value"])
        .expression(whileOpen(id, key, value))
        .onConflict((conflict) => conflict.columns(["attempt", "key"]).doUpdateSet({ value }))
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },
    async saveNotes(id, notes) {
      const { numUpdatedRows } = await db
        .updateTable("attempts")
        .set({ notes })
        .where("id", "=", id)
        .where("state", "=", "open")
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
    async flags(id) {
      const rows = await db
        .selectFrom("flags")
        .select("key")
        .where("attempt", "=", id)
        .where("flagged", "=", 1)
        .execute();
      return new Set(rows.map((row) => row.key));
    },
    async saveFlag(id, key, flagged) {
      const value = flagged ? 1 : 0;
      const { numInsertedOrUpdatedRows } = await db
        .insertInto("flags")
        .columns(["attempt", "key", "flagged"])
        .expression(whileOpen(id, key, value))
        .onConflict((conflict) => conflict.columns(["attempt", "key"]).doUpdateSet({ flagged: value }))
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },
    async hints(id) {
      const rows = await db.selectFrom("hints").select(["key", "read"]).where("attempt", "=", id).execute();
      return new Map(rows.map((row) => [row.key, row.read]));
    },
    async saveHints(id, key, read) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto("hints")
        .columns(["attempt", "key", "read"])
        .expression(whileOpen(id, key, read))
        .onConflict((conflict) => conflict.columns(["attempt", "key"]).doUpdateSet({ read }))
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },
  };
}
