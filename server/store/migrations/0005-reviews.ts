import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { Columns } from "../columns.ts";

/** What reviewers say about attempts, the points that they give, who did what, and what was read out of sessions. */
export function reviews(columns: Columns): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable("review_comments")
        .addColumn("id", "integer", (column) => column.notNull().primaryKey())
        .addColumn("attempt", "text", (column) => column.notNull().references("attempts.id"))
        .addColumn("part", "integer", (column) => column.notNull())
        .addColumn("at", columns.long, (column) => column.notNull())
        .addColumn("text", "text", (column) => column.notNull())
        .addColumn("by", "text", (column) => column.notNull())
        .addColumn("written", columns.long, (column) => column.notNull())
        .execute();
      await db.schema.createIndex("review_comments_by_attempt").on("review_comments").columns(["attempt"]).execute();
      await db.schema
        .createTable("review_overrides")
        .addColumn("attempt", "text", (column) => column.notNull().references("attempts.id"))
        .addColumn("part", "integer", (column) => column.notNull())
        .addColumn("task", "text", (column) => column.notNull())
        .addColumn("check", "text", (column) => column.notNull())
        .addColumn("points", "double precision", (column) => column.notNull())
        .addColumn("reason", "text", (column) => column.notNull())
        .addColumn("by", "text", (column) => column.notNull())
        .addColumn("written", columns.long, (column) => column.notNull())
        .addPrimaryKeyConstraint("review_overrides_key", ["attempt", "part", "task", "check"])
        .execute();
      await db.schema
        .createTable("review_audit")
        .addColumn("id", "integer", (column) => column.notNull().primaryKey())
        .addColumn("attempt", "text", (column) => column.notNull().references("attempts.id"))
        .addColumn("at", columns.long, (column) => column.notNull())
        .addColumn("by", "text", (column) => column.notNull())
        .addColumn("what", "text", (column) => column.notNull())
        .addColumn("detail", "text", (column) => column.notNull())
        .execute();
      await db.schema.createIndex("review_audit_by_attempt").on("review_audit").columns(["attempt"]).execute();
      await db.schema
        .createTable("review_readings")
        .addColumn("session", "text", (column) => column.notNull())
        .addColumn("what", "text", (column) => column.notNull())
        .addColumn("reading", "text", (column) => column.notNull())
        .addPrimaryKeyConstraint("review_readings_key", ["session", "what"])
        .execute();
    },
  };
}
