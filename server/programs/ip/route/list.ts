import { listRoutes, type RouteRow } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { printRoute } from "./print.ts";
import { readSelector, requireTable, selects, type Selector } from "./selector.ts";

/** `ip route show`. */
export function listMatching(call: IpCall, words: readonly string[]): number {
  const selector = readSelector(call, words);
  requireTable(call, selector);
  call.printer.openList();
  for (const row of matching(call, selector)) printRoute(call, row, selector);
  call.printer.closeList();
  return 0;
}

/** The routes that are meant, IPv4 first, in the kernel's order. */
export function matching(call: IpCall, selector: Selector): RouteRow[] {
  const families = selector.family === undefined ? ([4, 6] as const) : ([selector.family] as const);
  return families.flatMap((family) => listRoutes(call.ns, family)).filter((row) => selects(selector, row));
}
