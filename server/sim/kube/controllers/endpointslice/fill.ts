import { sameJson, type Endpoint, type EndpointSlice } from "../../api/index.ts";
import { endpointKey } from "./desired.ts";

/** How many endpoints a slice has at most (`--max-endpoints-per-slice`). */
export const SLICE_SIZE = 100;

/** What is to become of the slices of one set of ports. */
export interface Filling {
  /** The endpoints of slices to make. */
  readonly create: readonly (readonly Endpoint[])[];
  readonly update: ReadonlyMap<EndpointSlice, readonly Endpoint[]>;
  readonly remove: readonly EndpointSlice[];
}

/**
 * Distributes endpoints over slices with as few writes as possible: what is there stays where it is, changed slices take
 * up new ones, then one that has room for all that is left, then new slices do (reconcileByPortMapping).
 */
export function fillSlices(
  existing: readonly EndpointSlice[],
  desired: readonly Endpoint[],
  relabelled: (slice: EndpointSlice) => boolean,
): Filling {
  const left = new Map(desired.map((endpoint) => [endpointKey(endpoint), endpoint]));
  const update = new Map<EndpointSlice, Endpoint[]>();
  const unchanged: EndpointSlice[] = [];
  const remove: EndpointSlice[] = [];
  for (const slice of existing) {
    const before = slice.endpoints ?? [];
    const kept = before.flatMap((endpoint) => {
      const key = endpointKey(endpoint);
      const wanted = left.get(key);
      left.delete(key);
      return wanted ? [wanted] : [];
    });
    const changed = kept.length !== before.length || !kept.every((endpoint, at) => sameJson(endpoint, before[at]));
    if (changed && kept.length === 0) remove.push(slice);
    else if (changed || relabelled(slice)) update.set(slice, kept);
    else unchanged.push(slice);
  }
  const rest = [...left.values()];
  const fullestFirst = [...update.values()].sort((a, b) => b.length - a.length);
  for (const endpoints of fullestFirst) endpoints.push(...rest.splice(0, SLICE_SIZE - endpoints.length));
  const create: Endpoint[][] = [];
  while (rest.length > 0) {
    const slice = rest.length < SLICE_SIZE ? roomiest(unchanged, rest.length) : undefined;
    const part = rest.splice(0, SLICE_SIZE);
    if (slice) update.set(slice, [...(slice.endpoints ?? []), ...part]);
    else create.push(part);
  }
  return { create, update, remove };
}

/** The slice that `count` more endpoints fill best (getSliceToFill). */
function roomiest(slices: readonly EndpointSlice[], count: number): EndpointSlice | undefined {
  let best: EndpointSlice | undefined;
  let least = SLICE_SIZE;
  for (const slice of slices) {
    const room = SLICE_SIZE - count - (slice.endpoints?.length ?? 0);
    if (room >= 0 && room < least) {
      least = room;
      best = slice;
    }
  }
  return best;
}
