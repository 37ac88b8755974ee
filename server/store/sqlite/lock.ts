import Sqlite from "better-sqlite3";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { StorageError } from "../store.ts";
import { codeOf, explain } from "./explain.ts";

/**
 * Keeps a database for this process alone until the returned function is called, or the process ends in whatever way:
 * the operating system holds the lock, on a database of its own beside it (`<path>.lock`), so that other programs may
 * still read the real one, for a copy. `<path>.pid` only says who it is.
 */
export function lock(path: string): () => void {
  const held = take(path);
  try {
    writeFileSync(`${path}.pid`, `${process.pid}\n`);
  } catch {
    // It is only for the other's error message: a full disk must not keep the server from starting.
  }
  return () => {
    rmSync(`${path}.pid`, { force: true });
    held.close();
  };
}

function take(path: string): Sqlite.Database {
  let database: Sqlite.Database | undefined;
  try {
    database = new Sqlite(`${path}.lock`, { timeout: 0 });
    // Nothing is ever written in it.
    database.pragma("journal_mode = memory");
    database.exec("begin exclusive");
    return database;
  } catch (error) {
    database?.close();
    if (codeOf(error)?.startsWith("SQLITE_BUSY") !== true) throw explain(error, `${path}.lock`);
    throw new StorageError(
      `the database ${path} is in use by another Drydock (${owner(path)}). End that one, or give this one another folder`,
      false,
      { cause: error },
    );
  }
}

function owner(path: string): string {
  try {
    return `process ${readFileSync(`${path}.pid`, "utf8").trim()}`;
  } catch {
    return "process unknown";
  }
}
