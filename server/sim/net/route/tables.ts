import type { Namespace } from "../namespace.ts";
import { TABLE_LOCAL, TABLE_MAIN, type RouteRow } from "./row.ts";

/** A table stays once it had a route (fib_new_table): what was flushed is empty, what never was does not exist. */
export function noteTable(ns: Namespace, { family, table }: RouteRow): void {
  if (table === TABLE_MAIN || table === TABLE_LOCAL) return;
  const key = `${family} ${table}`;
  if (!ns.tables.has(key)) ns.tables.set(key, true);
}

/** True if such a table was ever made; the namespace's own are for its first address (inet_rtm_delroute). */
export function hasTable(ns: Namespace, table: number, family: 4 | 6 = 4): boolean {
  if (table === TABLE_MAIN || table === TABLE_LOCAL) for (const { up } of ns.links.values()) if (up) return true;
  return ns.tables.has(`${family} ${table}`);
}
