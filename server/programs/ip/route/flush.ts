import { deleteRoute } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { Exit, talk } from "../exit.ts";
import { matching } from "./list.ts";
import { printRoute } from "./print.ts";
import { readSelector, requireTable } from "./selector.ts";

/** `ip route flush`: deletes what `show` would list (ip/iproute.c: iproute_list_flush_or_save). */
export function flushMatching(call: IpCall, words: readonly string[]): number {
  if (words.length === 0) throw new Exit(1, '"ip route flush" requires arguments.\n');
  const selector = readSelector(call, words);
  call.requireAdmin();
  // `ip route flush cache`: only what ICMP told of the way is kept (rt_cache_flush).
  if (selector.cached) {
    call.ns.pathMtu.clear();
    call.ns.redirects.clear();
    return 0;
  }
  requireTable(call, selector, "Flush");
  const rows = matching(call, selector);
  for (const row of rows) {
    if (call.options.stats > 1) printRoute(call, row, selector);
    const [hop] = row.hops;
    talk(
      deleteRoute(call.ns, {
        to: row.to,
        table: row.table,
        type: row.type,
        metric: row.metric,
        protocol: row.protocol,
        ...(row.tos === undefined ? {} : { tos: row.tos }),
        ...(hop ? { link: hop.link, ...(hop.via === undefined ? {} : { via: hop.via }) } : {}),
      }),
    );
  }
  if (call.options.stats > 0) {
    call.printer.text(
      rows.length === 0
        ? "Nothing to flush.\n"
        : `\n*** Round 1, deleting ${rows.length} entries ***\n*** Flush is complete after 1 round ***\n`,
    );
  }
  return 0;
}
