import type { CreateTableBuilder, ColumnDataType } from "kysely";

/** What databases call differently: all that migrations need to know of the one they run on. */
export interface Columns {
  readonly bytes: ColumnDataType;
  /** Whole numbers of 53 bits at least: milliseconds since 1970, offsets. */
  readonly long: ColumnDataType;
  /** Rows lie in the order of the primary key, where the database can do that. */
  clustered<Table extends string, Column extends string>(
    table: CreateTableBuilder<Table, Column>,
  ): CreateTableBuilder<Table, Column>;
}
