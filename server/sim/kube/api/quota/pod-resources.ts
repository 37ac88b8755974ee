import type { Quantity } from "../quantity.ts";
import type { PodSpec } from "../types/pod.ts";
import { add, amountsOf, raise } from "./amounts.ts";

/**
 * What a Pod asks for, or is limited to, in all: containers run together, init containers one after the other, sidecars
 * beside all that follow (component-helpers/resource PodRequests and PodLimits).
 */
export function podResources(
  { containers, initContainers = [], overhead }: PodSpec,
  member: "requests" | "limits",
): Map<string, Quantity> {
  const sum = new Map<string, Quantity>();
  for (const { resources } of containers) add(sum, amountsOf(resources[member]));
  const sidecars = new Map<string, Quantity>();
  const initial = new Map<string, Quantity>();
  for (const { resources, restartPolicy } of initContainers) {
    const amounts = amountsOf(resources[member]);
    const beside = new Map(sidecars);
    add(beside, amounts);
    if (restartPolicy === "Always") {
      add(sum, amounts);
      add(sidecars, amounts);
    }
    raise(initial, beside);
  }
  raise(sum, initial);
  if (!overhead) return sum;
  // A limit of overhead is none of its own: it counts only where containers are limited.
  const extra = amountsOf(overhead);
  if (member === "limits") for (const name of extra.keys()) if (!sum.has(name)) extra.delete(name);
  add(sum, extra);
  return sum;
}
