import { Kysely } from "kysely";
import { createStore } from "./create-store.ts";
import { migrate } from "./migrate.ts";
import { Connection } from "./sqlite/connection.ts";
import { columns, SqliteThreadDialect } from "./sqlite/dialect.ts";
import type { ReviewStore } from "./review-store.ts";
import type { Store } from "./store.ts";
import type { Tables } from "./tables.ts";

/**
 * Opens the store in a file, which is made if it is not there, or in memory (`:memory:`). It belongs to this process
 * until it is closed. Throws StorageError, in words for whoever starts the server, if the file is damaged, not Drydock's,
 * of a newer Drydock, in use by another one, or cannot be written.
 */
export async function openStore(path: string): Promise<Store & ReviewStore> {
  const { db, close } = await openTables(path);
  return createStore(db, close);
}

/** The tables of the newest schema in a file or in memory: what stores and their tests stand on. */
export async function openTables(path: string): Promise<{ readonly db: Kysely<Tables>; close(): Promise<void> }> {
  const connection = await Connection.open(path);
  const db = new Kysely<Tables>({ dialect: new SqliteThreadDialect(connection) });
  const close = async (): Promise<void> => {
    await db.destroy();
    await connection.close();
  };
  try {
    await migrate(db, columns, path);
  } catch (error) {
    await close();
    throw error;
  }
  return { db, close };
}
