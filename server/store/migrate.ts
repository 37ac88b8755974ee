import type { Kysely } from "kysely";
import { DEFAULT_MIGRATION_TABLE, Migrator } from "kysely/migration";
import type { Columns } from "./columns.ts";
import { MIGRATION_NAMES, migrations } from "./migrations/index.ts";
import { StorageError } from "./store.ts";
import type { Tables } from "./tables.ts";

/** Brings a database to the newest schema, all or nothing. Refuses one that is not Drydock's, or of a newer Drydock. */
export async function migrate(db: Kysely<Tables>, columns: Columns, path: string): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  const names = tables.map((table) => table.name);
  if (names.includes(DEFAULT_MIGRATION_TABLE)) await refuseNewer(db, path);
  else if (names.length > 0)
    throw new StorageError(
      `the database ${path} is not one of Drydock's: it holds ${names.join(", ")}. Name another file`,
      false,
    );
  const { error } = await new Migrator({ db, provider: migrations(columns) }).migrateToLatest();
  if (error === undefined) return;
  if (error instanceof StorageError) throw error;
  throw new StorageError(
    `the database ${path} could not be brought up to date: ${error instanceof Error ? error.message : "unknown"}`,
    false,
    {
      cause: error,
    },
  );
}

async function refuseNewer(db: Kysely<Tables>, path: string): Promise<void> {
  const applied = await db
    .withTables<{ [DEFAULT_MIGRATION_TABLE]: { name: string } }>()
    .selectFrom(DEFAULT_MIGRATION_TABLE)
    .select("name")
    .orderBy("name")
    .execute();
  const unknown = applied.map((row) => row.name).filter((name) => !MIGRATION_NAMES.includes(name));
  if (unknown.length === 0) return;
  throw new StorageError(
    `the database ${path} was written by a newer Drydock (it has ${unknown.join(", ")}). Run that version, or name another file; nothing was changed`,
    false,
  );
}
