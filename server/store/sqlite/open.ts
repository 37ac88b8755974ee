import Sqlite from "better-sqlite3";
import { Kysely, sql } from "kysely";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Columns } from "../columns.ts";
import { StorageError } from "../store.ts";
import type { Tables } from "../tables.ts";
import { dialect } from "./connection.ts";
import { explain } from "./explain.ts";
import { lock } from "./lock.ts";

/** A database that is open: for queries, and as SQLite's own. */
export interface Opened {
  readonly db: Kysely<Tables>;
  readonly raw: Sqlite.Database;
  close(): Promise<void>;
}

/** How long a write waits for other programs that read the file, in milliseconds. */
const BUSY_TIMEOUT = 2_000;

/** Pages (of 4 KiB) in the write-ahead log before they are moved into the database, which waits for the disk. */
const CHECKPOINT_PAGES = 4_000;

/** What migrations need to know of SQLite. */
export const columns: Columns = {
  bytes: "blob",
  long: "bigint",
  clustered: (table) => table.modifyEnd(sql`without rowid`),
};

/** Opens a database, for this process alone. Makes its folder. Throws StorageError. */
export function openSqlite(path: string): Opened {
  const unlock = path === ":memory:" ? () => {} : prepare(path);
  let raw: Sqlite.Database | undefined;
  try {
    raw = new Sqlite(path, { timeout: BUSY_TIMEOUT });
    raw.pragma("journal_mode = wal");
    // With the write-ahead log a killed process loses nothing; a machine without power the last moments.
    raw.pragma("synchronous = normal");
    raw.pragma("foreign_keys = on");
    raw.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  } catch (error) {
    raw?.close();
    unlock();
    throw explain(error, path);
  }
  const db = new Kysely<Tables>({ dialect: dialect(raw, path) });
  return {
    db,
    raw,
    async close() {
      await db.destroy();
      raw.close();
      unlock();
    },
  };
}

function prepare(path: string): () => void {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw new StorageError(`the folder ${dirname(path)} cannot be made: ${String(error)}`, isFull(error), {
      cause: error,
    });
  }
  return lock(path);
}

function isFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOSPC";
}
