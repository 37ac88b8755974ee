import { compareAddresses, parsePrefix } from "../ip.ts";
import type { Namespace } from "../namespace.ts";
import type { RouteRow } from "./row.ts";

/**
 * Routes of one family in the order in which the kernel lists them: by address, of one address the longest prefix first, then
 * in the order in which they are tried; main before local before the others, as `ip route show table all` has them.
 */
export function listRoutes(ns: Namespace, family: 4 | 6): RouteRow[] {
  const groups: { rows: readonly RouteRow[]; table: number; prefix: NonNullable<ReturnType<typeof parsePrefix>> }[] =
    [];
  for (const rows of ns.routes.values()) {
    const [first] = rows;
    if (first?.family !== family) continue;
    groups.push({ rows, table: tableOrder(first.table), prefix: parsePrefix(first.to)! });
  }
  groups.sort(
    (a, b) =>
      a.table - b.table || compareAddresses(a.prefix.address, b.prefix.address) || b.prefix.length - a.prefix.length,
  );
  return groups.flatMap((group) => group.rows);
}

function tableOrder(table: number): number {
  return table === 254 ? 0 : table === 255 ? 1 : table + 2;
}
