import type Sqlite from "better-sqlite3";
import { type Dialect, SqliteAdapter, type SqliteDatabase, SqliteDialect, type SqliteStatement } from "kysely";
import { explain } from "./explain.ts";

/** So many prepared statements are kept; the oldest go first. */
const MAX_STATEMENTS = 200;

/** Kysely's dialect over an open database. */
export function dialect(database: Sqlite.Database, path: string): Dialect {
  return new TransactionalDialect({ database: connection(database, path) });
}

/** SQLite can undo changes of tables. (Kysely says no for all of its dialects of SQLite, so that it would not try.) */
class TransactionalDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter();
  }
}

class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** What Kysely sees: statements are prepared once, and their failures are StorageErrors. */
function connection(database: Sqlite.Database, path: string): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  const attempt = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      throw explain(error, path);
    }
  };
  // A full disk may have ended the transaction already (https://sqlite.org/lang_transaction.html, section 3).
  const rollback: SqliteStatement = {
    reader: false,
    all: () => [],
    run: () => {
      if (database.inTransaction) database.exec("rollback");
      return { changes: 0, lastInsertRowid: 0 };
    },
    iterate: () => [].values(),
  };
  return {
    close: () => {
      statements.clear();
      database.close();
    },
    prepare(sql) {
      if (sql === "rollback") return rollback;
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const made = attempt(() => database.prepare<unknown[]>(sql));
      const statement: SqliteStatement = {
        reader: made.reader,
        all: (parameters) => attempt(() => made.all(...parameters)),
        run: (parameters) => attempt(() => made.run(...parameters)),
        iterate: (parameters) => made.iterate(...parameters),
      };
      if (statements.size >= MAX_STATEMENTS) statements.delete(statements.keys().next().value!);
      statements.set(sql, statement);
      return statement;
    },
  };
}
