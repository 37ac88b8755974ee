import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { Columns } from "../columns.ts";

/** Who leads a class: whoever made it, at first. An assignment that was taken back is kept, for its attempts' sake. */
export function classInstructors({ long }: Columns): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable("class_instructors")
        .addColumn("class", "text", (column) => column.notNull().references("classes.id"))
        .addColumn("account", "text", (column) => column.notNull().references("accounts.id"))
        .addPrimaryKeyConstraint("class_instructors_key", ["class", "account"])
        .execute();
      await db.schema
        .createIndex("class_instructors_by_account")
        .on("class_instructors")
        .columns(["account"])
        .execute();
      await sql`
        insert into class_instructors (class, account)
        select id, "by" from classes where "by" in (select id from accounts)`.execute(db);
      await db.schema.alterTable("assignments").addColumn("removed_at", long).execute();
    },
  };
}
