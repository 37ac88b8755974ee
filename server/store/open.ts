import { createStore } from "./create-store.ts";
import { migrate } from "./migrate.ts";
import { columns, openSqlite } from "./sqlite/open.ts";
import type { Store } from "./store.ts";

/**
 * Opens the store in a file, which is made if it is not there, or in memory. It belongs to this process until it is
 * closed. Throws StorageError, in words for whoever starts the server, if the file is damaged, not Drydock's, of a newer
 * Drydock, in use by another one, or cannot be written.
 */
export async function openStore(path: string): Promise<Store> {
  const opened = openSqlite(path);
  try {
    await migrate(opened.db, columns, path);
  } catch (error) {
    await opened.close();
    throw error;
  }
  return createStore(opened.db, () => opened.close());
}
