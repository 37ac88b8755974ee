import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { Columns } from "../columns.ts";

/** Attempts with what was answered, typed, printed and graded in them. */
export function attempts(columns: Columns): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable("attempts")
        .addColumn("id", "text", (column) => column.notNull().primaryKey())
        .addColumn("kind", "text", (column) => column.notNull())
        .addColumn("of", "text", (column) => column.notNull())
        .addColumn("title", "text", (column) => column.notNull())
        .addColumn("minutes", "double precision", (column) => column.notNull())
        .addColumn("pass", "double precision")
        .addColumn("state", "text", (column) => column.notNull())
        .addColumn("started_at", columns.long, (column) => column.notNull())
        .addColumn("ends_at", columns.long)
        .addColumn("submitted_at", columns.long)
        .addColumn("away", columns.long, (column) => column.notNull())
        .addColumn("percent", "double precision")
        .addColumn("notes", "text", (column) => column.notNull())
        .execute();
      await db.schema.createIndex("attempts_by_state").on("attempts").columns(["state", "started_at"]).execute();

      await db.schema
        .createTable("parts")
        .addColumn("attempt", "text", (column) => column.notNull().references("attempts.id"))
        .addColumn("part", "integer", (column) => column.notNull())
        .addColumn("lab", "text", (column) => column.notNull())
        .addColumn("seed", "integer", (column) => column.notNull())
        .addColumn("weight", "double precision", (column) => column.notNull())
        .addColumn("text", "text", (column) => column.notNull())
        .addColumn("touched", "integer", (column) => column.notNull())
        .addPrimaryKeyConstraint("parts_key", ["attempt", "part"])
        .execute();
      await db.schema
        .createTable("snapshots")
        .addColumn("session", "text", (column) => column.notNull().primaryKey())
        .addColumn("lab", "text", (column) => column.notNull())
        .addColumn("seed", "integer", (column) => column.notNull())
        .addColumn("bytes", columns.bytes, (column) => column.notNull())
        .execute();

      await db.schema
        .createTable("answers")
        .addColumn("attempt", "text", (column) => column.notNull().references("attempts.id"))
        .addColumn("key", "text", (column) => column.notNull())
        .addColumn("value", "text", (column) => column.notNull())
        .addPrimaryKeyConstraint("answers_key", ["attempt", "key"])
        .execute();
      await db.schema
        .createTable("flags")
        .addColumn("attempt", "text", (column) => column.notNull().references("attempts.id"))
        .addColumn("key", "text", (column) => column.notNull())
        .addColumn("flagged", "integer", (column) => column.notNull())
        .addPrimaryKeyConstraint("flags_key", ["attempt", "key"])
        .execute();
      await db.schema
        .createTable("hints")
        .addColumn("attempt", "text", (column) => column.notNull().references("attempts.id"))
        .addColumn("key", "text", (column) => column.notNull())
        .addColumn("read", "integer", (column) => column.notNull())
        .addPrimaryKeyConstraint("hints_key", ["attempt", "key"])
        .execute();
      await db.schema
        .createTable("reports")
        .addColumn("attempt", "text", (column) => column.notNull().references("attempts.id"))
        .addColumn("which", "text", (column) => column.notNull())
        .addColumn("report", "text", (column) => column.notNull())
        .addPrimaryKeyConstraint("reports_key", ["attempt", "which"])
        .execute();

      // Without a reference to an attempt: a session may speak before its attempt is stored.
      await columns
        .clustered(db.schema.createTable("journal"))
        .addColumn("session", "text", (column) => column.notNull())
        .addColumn("seq", "integer", (column) => column.notNull())
        .addColumn("entry", "text", (column) => column.notNull())
        .addPrimaryKeyConstraint("journal_key", ["session", "seq"])
        .execute();
      await columns
        .clustered(db.schema.createTable("output"))
        .addColumn("session", "text", (column) => column.notNull())
        .addColumn("terminal", "integer", (column) => column.notNull())
        .addColumn("offset", columns.long, (column) => column.notNull())
        .addColumn("at", columns.long, (column) => column.notNull())
        .addColumn("bytes", columns.bytes, (column) => column.notNull())
        .addPrimaryKeyConstraint("output_key", ["session", "terminal", "offset"])
        .execute();

      await db.schema
        .createTable("server")
        .addColumn("name", "text", (column) => column.notNull().primaryKey())
        .addColumn("value", columns.long, (column) => column.notNull())
        .execute();
    },
  };
}
