import { StorageError } from "../store.ts";

/** What SQLite's result codes mean for who runs the server. Extended codes (`SQLITE_IOERR_WRITE`) begin with these. */
const MEANINGS: readonly (readonly [code: string, says: string])[] = [
  ["SQLITE_FULL", "the disk is full. What was stored before is safe; free some space"],
  ["SQLITE_IOERR", "the disk does not take or give it (input/output error). Look at the disk and the system's log"],
  [
    "SQLITE_READONLY",
    "it may not be written. Look at the permissions of the file and its folder, and how the disk is mounted",
  ],
  ["SQLITE_PERM", "it may not be opened. Look at the permissions of the file and its folder"],
  ["SQLITE_CANTOPEN", "it cannot be opened. Look at the permissions of the file and its folder"],
  ["SQLITE_AUTH", "it may not be opened. Look at the permissions of the file and its folder"],
  [
    "SQLITE_NOTADB",
    "it is not a database of Drydock's. Name another file, or move this one away to start with an empty one",
  ],
  [
    "SQLITE_CORRUPT",
    "it is damaged. Put back a copy, or move it away together with its -wal file to start with an empty one ('sqlite3 FILE .recover' may save what is in it)",
  ],
  ["SQLITE_BUSY", "another program has locked it. Close that program"],
  ["SQLITE_LOCKED", "another program has locked it. Close that program"],
  ["SQLITE_NOMEM", "there is no memory left to read or write it"],
];

/** A failure of SQLite's as a StorageError in words for people; anything else (a bug, a broken constraint) as it is. */
export function explain(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  const meaning = MEANINGS.find(([prefix]) => code.startsWith(prefix));
  if (meaning === undefined) return error;
  return new StorageError(`the database ${path}: ${meaning[1]} (${code})`, code.startsWith("SQLITE_FULL"), {
    cause: error,
  });
}

/** `SQLITE_FULL`, or undefined if it is no error of SQLite's. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
  return error.code.startsWith("SQLITE_") ? error.code : undefined;
}
