import {
  type DatabaseIntrospector,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryCompiler,
  CompiledQuery,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from "kysely";
import type { Columns } from "../columns.ts";
import type { Connection } from "./connection.ts";

/** What migrations need to know of SQLite. */
export const columns: Columns = {
  bytes: "blob",
  long: "bigint",
  clustered: (table) => table.modifyEnd(sql`without rowid`),
};

/** SQLite for Kysely, over one connection. */
export class SqliteThreadDialect implements Dialect {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  createDriver(): Driver {
    const connection = this.#connection;
    return {
      init: async () => {},
      acquireConnection: async () => connection,
      releaseConnection: async () => {},
      beginTransaction: async () => void (await connection.executeQuery(CompiledQuery.raw("begin immediate"))),
      commitTransaction: async () => void (await connection.executeQuery(CompiledQuery.raw("commit"))),
      rollbackTransaction: () => connection.rollback(),
      destroy: () => connection.close(),
    };
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler();
  }

  createAdapter(): SqliteAdapter {
    return new TransactionalAdapter();
  }

  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(db);
  }
}

/** SQLite can undo changes of tables. (Kysely says no, so that migrations would run without a transaction.) */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}
