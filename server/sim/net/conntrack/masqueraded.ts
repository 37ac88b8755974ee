import type { Namespace } from "../namespace.ts";
import { conntrackIndex } from "./index-of-flows.ts";
import type { TupleAddress } from "./row.ts";

/** Forgets the flows that were masqueraded behind a link that went down, or behind an address of it that is gone (nf_nat_masquerade.c). */
export function dropMasqueraded(ns: Namespace, link: number, behind?: TupleAddress): void {
  if (ns.conntrack.size === 0) return;
  for (const row of ns.conntrack.values())
    if (row.masqueradeLink === link && (behind === undefined || row.reply.dst === behind))
      conntrackIndex(ns).delete(row);
}
