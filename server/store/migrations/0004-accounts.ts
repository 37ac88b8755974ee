import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { Columns } from "../columns.ts";

/** Accounts and classes. Attempts that were there belong to whoever sits at the machine (`local`). */
export function accounts(columns: Columns): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .alterTable("attempts")
        .addColumn("owner", "text", (column) => column.notNull().defaultTo("local"))
        .execute();
      await db.schema.alterTable("attempts").addColumn("assignment", "text").execute();
      await db.schema
        .createIndex("attempts_by_owner")
        .on("attempts")
        .columns(["owner", "state", "started_at"])
        .execute();
      await db.schema.createIndex("attempts_by_assignment").on("attempts").columns(["assignment"]).execute();
      await signIn(db, columns);
      await classes(db, columns);
    },
  };
}

async function signIn(db: Kysely<unknown>, { long }: Columns): Promise<void> {
  await db.schema
    .createTable("accounts")
    .addColumn("id", "text", (column) => column.notNull().primaryKey())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("key", "text", (column) => column.notNull().unique())
    .addColumn("role", "text", (column) => column.notNull())
    .addColumn("password", "text", (column) => column.notNull())
    .addColumn("created_at", long, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("account_sessions")
    .addColumn("id", "text", (column) => column.notNull().primaryKey())
    .addColumn("token", "text", (column) => column.notNull().unique())
    .addColumn("account", "text", (column) => column.notNull().references("accounts.id"))
    .addColumn("agent", "text", (column) => column.notNull())
    .addColumn("created_at", long, (column) => column.notNull())
    .addColumn("seen_at", long, (column) => column.notNull())
    .addColumn("expires_at", long, (column) => column.notNull())
    .execute();
  await db.schema.createIndex("account_sessions_by_account").on("account_sessions").columns(["account"]).execute();
  await db.schema
    .createTable("invitations")
    .addColumn("id", "text", (column) => column.notNull().primaryKey())
    .addColumn("token", "text", (column) => column.notNull().unique())
    .addColumn("role", "text", (column) => column.notNull())
    .addColumn("class", "text")
    .addColumn("by", "text", (column) => column.notNull())
    .addColumn("uses", "integer", (column) => column.notNull())
    .addColumn("left", "integer", (column) => column.notNull())
    .addColumn("created_at", long, (column) => column.notNull())
    .addColumn("expires_at", long, (column) => column.notNull())
    .execute();
}

async function classes(db: Kysely<unknown>, { long }: Columns): Promise<void> {
  await db.schema
    .createTable("classes")
    .addColumn("id", "text", (column) => column.notNull().primaryKey())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("by", "text", (column) => column.notNull())
    .addColumn("created_at", long, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("class_learners")
    .addColumn("class", "text", (column) => column.notNull().references("classes.id"))
    .addColumn("account", "text", (column) => column.notNull().references("accounts.id"))
    .addPrimaryKeyConstraint("class_learners_key", ["class", "account"])
    .execute();
  await db.schema.createIndex("class_learners_by_account").on("class_learners").columns(["account"]).execute();
  await db.schema
    .createTable("assignments")
    .addColumn("id", "text", (column) => column.notNull().primaryKey())
    .addColumn("class", "text", (column) => column.notNull().references("classes.id"))
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("of", "text", (column) => column.notNull())
    .addColumn("title", "text", (column) => column.notNull())
    .addColumn("opens_at", long, (column) => column.notNull())
    .addColumn("closes_at", long)
    .addColumn("minutes", "double precision")
    .addColumn("created_at", long, (column) => column.notNull())
    .execute();
  await db.schema.createIndex("assignments_by_class").on("assignments").columns(["class"]).execute();
  await db.schema
    .createTable("extra_times")
    .addColumn("assignment", "text", (column) => column.notNull().references("assignments.id"))
    .addColumn("account", "text", (column) => column.notNull().references("accounts.id"))
    .addColumn("minutes", "double precision", (column) => column.notNull())
    .addPrimaryKeyConstraint("extra_times_key", ["assignment", "account"])
    .execute();
}
