import type { EndpointSubset } from "../../api/index.ts";

/** More addresses than that do not fit into one object. */
const CAPACITY = 1_000;

/** Leaves out addresses beyond the capacity, those that are not ready first (truncateEndpoints). */
export function truncated(subsets: readonly EndpointSubset[]): {
  readonly subsets: readonly EndpointSubset[];
  readonly over: boolean;
} {
  const ready = sum(subsets, "addresses");
  const notReady = sum(subsets, "notReadyAddresses");
  if (ready + notReady <= CAPACITY) return { subsets, over: false };
  const member = ready > CAPACITY ? "addresses" : "notReadyAddresses";
  const room = ready > CAPACITY ? CAPACITY : CAPACITY - ready;
  const total = ready > CAPACITY ? ready : notReady;
  let left = room;
  const cut = subsets.map((subset) => {
    const list = subset[member] ?? [];
    const kept = list.slice(0, Math.min(left, Math.ceil((list.length / total) * room)));
    left -= kept.length;
    const { notReadyAddresses: _, ...others } = subset;
    const base: EndpointSubset = member === "addresses" ? others : subset;
    return { ...base, [member]: kept };
  });
  return { subsets: cut, over: true };
}

function sum(subsets: readonly EndpointSubset[], member: "addresses" | "notReadyAddresses"): number {
  return subsets.reduce((count, subset) => count + (subset[member]?.length ?? 0), 0);
}
