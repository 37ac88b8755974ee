import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { Columns } from "../columns.ts";

/** Pauses and extra time of attempts, what their learners looked at, and reports of later gradings with what they need. */
export function clockAndRegrades(columns: Columns): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.alterTable("attempts").addColumn("paused_at", columns.long).execute();
      await db.schema
        .createTable("clock_changes")
        .addColumn("attempt", "text", (column) => column.notNull().references("attempts.id"))
        .addColumn("seq", "integer", (column) => column.notNull())
        .addColumn("change", "text", (column) => column.notNull())
        .addPrimaryKeyConstraint("clock_changes_key", ["attempt", "seq"])
        .execute();
      await columns
        .clustered(db.schema.createTable("focus"))
        .addColumn("attempt", "text", (column) => column.notNull().references("attempts.id"))
        .addColumn("at", columns.long, (column) => column.notNull())
        .addColumn("task", "text")
        .addPrimaryKeyConstraint("focus_key", ["attempt", "at"])
        .execute();
      await db.schema
        .createTable("final_worlds")
        .addColumn("session", "text", (column) => column.notNull().primaryKey())
        .addColumn("values", "text", (column) => column.notNull())
        .addColumn("bytes", columns.bytes, (column) => column.notNull())
        .execute();
      await db.schema
        .createTable("regrades")
        .addColumn("attempt", "text", (column) => column.notNull().references("attempts.id"))
        .addColumn("seq", "integer", (column) => column.notNull())
        .addColumn("regrade", "text", (column) => column.notNull())
        .addPrimaryKeyConstraint("regrades_key", ["attempt", "seq"])
        .execute();
    },
  };
}
