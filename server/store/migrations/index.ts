import type { Migration, MigrationProvider } from "kysely/migration";
import type { Columns } from "../columns.ts";
import { attempts } from "./0001-attempts.ts";
import { apiTokens } from "./0002-api-tokens.ts";
import { clockAndRegrades } from "./0003-clock-and-regrades.ts";
import { accounts } from "./0004-accounts.ts";
import { reviews } from "./0005-reviews.ts";
import { classInstructors } from "./0006-class-instructors.ts";

/** All migrations by name, in order. A released one is never changed; what comes later gets the next number. */
const MIGRATIONS: Readonly<Record<string, (columns: Columns) => Migration>> = {
  "0001-attempts": attempts,
  "0002-api-tokens": apiTokens,
  "0003-clock-and-regrades": clockAndRegrades,
  "0004-accounts": accounts,
  "0005-reviews": reviews,
  "0006-class-instructors": classInstructors,
};

export const MIGRATION_NAMES: readonly string[] = Object.keys(MIGRATIONS);

export function migrations(columns: Columns): MigrationProvider {
  const made = Object.entries(MIGRATIONS).map(([name, make]) => [name, make(columns)] as const);
  return { getMigrations: async () => Object.fromEntries(made) };
}
