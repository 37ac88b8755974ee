import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Under which unguessable name the Kubernetes API of a session is served. */
export function apiTokens(): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable("api_tokens")
        .addColumn("session", "text", (column) => column.notNull().primaryKey())
        .addColumn("token", "text", (column) => column.notNull().unique())
        .execute();
    },
  };
}
