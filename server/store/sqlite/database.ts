import Sqlite from "better-sqlite3";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { StorageError } from "../store.ts";
import { explain } from "./explain.ts";
import { lock } from "./lock.ts";
import type { FromDatabase, ToDatabase } from "./messages.ts";

/** How long a write waits for other programs that read the file, in milliseconds. */
const BUSY_TIMEOUT = 2_000;

/** Pages (of 4 KiB) in the write-ahead log before they are moved into the database. */
const CHECKPOINT_PAGES = 4_000;

/** So many prepared statements are kept; the oldest go first. */
const MAX_STATEMENTS = 200;

/** An open database, which belongs to this process alone. */
export interface Database {
  /** Never throws. */
  answer(request: ToDatabase): FromDatabase;
}

/** Opens a database and makes its folder. Throws StorageError. */
export function openDatabase(path: string): Database {
  const unlock = path === ":memory:" ? () => {} : claim(path);
  let database: Sqlite.Database | undefined;
  try {
    database = new Sqlite(path, { timeout: BUSY_TIMEOUT });
    database.pragma("journal_mode = wal");
    // With the write-ahead log a killed process loses nothing; a machine without power the last moments.
    database.pragma("synchronous = normal");
    database.pragma("foreign_keys = on");
    database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  } catch (error) {
    database?.close();
    unlock();
    throw explain(error, path);
  }
  return serve(database, path, unlock);
}

function serve(database: Sqlite.Database, path: string, unlock: () => void): Database {
  const statements = new Map<string, Sqlite.Statement>();
  const prepare = (sql: string): Sqlite.Statement => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const made = database.prepare(sql);
    if (statements.size >= MAX_STATEMENTS) statements.delete(statements.keys().next().value!);
    statements.set(sql, made);
    return made;
  };
  const perform = (request: ToDatabase): FromDatabase => {
    switch (request.kind) {
      case "query": {
        const statement = prepare(request.sql);
        if (statement.reader) return { kind: "done", rows: statement.all(...request.parameters), changes: null };
        return { kind: "done", rows: [], changes: statement.run(...request.parameters).changes };
      }
      case "rollback":
        // A full disk may have ended the transaction already (https://sqlite.org/lang_transaction.html, section 3).
        if (database.inTransaction) database.exec("rollback");
        return { kind: "done", rows: [], changes: 0 };
      case "close":
        database.close();
        unlock();
        return { kind: "done", rows: [], changes: 0 };
    }
  };
  return {
    answer(request) {
      try {
        return perform(request);
      } catch (error) {
        return failure(explain(error, path));
      }
    },
  };
}

/** An error in the form in which it crosses threads. */
export function failure(error: unknown): FromDatabase {
  return {
    kind: "failed",
    message: error instanceof Error ? error.message : "unknown",
    full: error instanceof StorageError ? error.full : null,
  };
}

/** The lock on a file in a folder that is there. */
function claim(path: string): () => void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    const full = error instanceof Error && "code" in error && error.code === "ENOSPC";
    const why = error instanceof Error ? error.message : "unknown";
    throw new StorageError(`the folder ${dirname(path)} cannot be made: ${why}`, full, { cause: error });
  }
  return lock(path);
}
