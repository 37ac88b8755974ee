import { GoError } from "../../errors/go-error.ts";
import { goSort } from "../../output/index.ts";
import type { ResMap } from "../resmap.ts";
import { compareGvk, gvkText, ORDER_FIRST, ORDER_LAST, sameGvk, type ResId } from "../resid.ts";
import { byText } from "../yaml/node.ts";

export interface SortOptions {
  readonly order: string;
  readonly legacySortOptions:
    | { readonly orderFirst: readonly string[]; readonly orderLast: readonly string[] }
    | undefined;
}

/** Puts resources in an order (SortOrderTransformer). */
export function sortResources(map: ResMap, { order, legacySortOptions }: SortOptions): void {
  if (order !== "fifo" && order !== "legacy")
    throw new GoError("the field 'sortOptions.order' must be one of [fifo, legacy]");
  if (order === "fifo") {
    if (legacySortOptions)
      throw new GoError("the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'"); // prettier-ignore
    return;
  }
  const { orderFirst, orderLast } = legacySortOptions ?? { orderFirst: ORDER_FIRST, orderLast: ORDER_LAST };
  const rows = map.list.map((resource) => ({ resource, id: resource.id }));
  goSort(rows, (a, b) => compare(a.id, b.id, orderFirst, orderLast) < 0);
  map.list = rows.map(({ resource }) => resource);
}

function compare(a: ResId, b: ResId, first: readonly string[], last: readonly string[]): number {
  return sameGvk(a, b) ? byText(sortText(a), sortText(b)) : compareGvk(a, b, first, last);
}

function sortText(id: ResId): string {
  return [gvkText(id), id.namespace || "~X", id.name || "~N"].join("|");
}
