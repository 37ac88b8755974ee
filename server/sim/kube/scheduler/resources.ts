import {
  quantityNanos, sameJson, type Container, type ContainerStatus, type Pod, type PodSpec, type QuantityText,
} from "../api/index.ts"; // prettier-ignore
import { isSidecar } from "../kinds/index.ts";

/** Amounts of resources by name: cpu in thousandths, all else in units (bytes, pieces). */
export type Resources = ReadonlyMap<string, number>;

/** What a container counts for that asks for nothing, when nodes are compared (pkg/scheduler/util/pod_resources.go). */
const DEFAULT_CPU = 100;
const DEFAULT_MEMORY = 200 * 1024 * 1024;

export interface PodRequests {
  /** What must fit on the node. */
  readonly requested: Resources;
  /** The same with the defaults: what scores compare. */
  readonly nonZero: { readonly cpu: number; readonly memory: number };
}

const known = new WeakMap<PodSpec, PodRequests>();
const standing = new WeakMap<Pod, PodRequests>();

/**
 * What a Pod that is on a node counts for there: while it is resized, the most of what it wants, was granted and has; what
 * it cannot get does not count (component-helpers/resource determineContainerReqs with UseStatusResources).
 */
export function occupied(pod: Pod): PodRequests {
  let requests = standing.get(pod);
  if (!requests) standing.set(pod, (requests = withResize(pod)));
  return requests;
}

function withResize(pod: Pod): PodRequests {
  const { spec, status } = pod;
  const statuses = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])];
  const changing = (container: Container): ContainerStatus | undefined =>
    statuses.find(
      ({ name, allocatedResources, resources }) =>
        name === container.name &&
        allocatedResources !== undefined &&
        !(
          sameJson(allocatedResources, container.resources.requests) &&
          sameJson(resources?.requests, allocatedResources)
        ),
    );
  const all = [...spec.containers, ...(spec.initContainers ?? [])];
  if (!all.some((container) => container.resources.requests && changing(container))) return podRequests(pod);
  const infeasible = status.conditions?.some(
    ({ type, reason }) => type === "PodResizePending" && reason === "Infeasible",
  );
  const resized = (container: Container): Container => {
    const at = changing(container);
    if (!at) return container;
    const { requests } = container.resources;
    const sources = [at.allocatedResources, at.resources?.requests, ...(infeasible ? [] : [requests])];
    return { ...container, resources: { ...container.resources, requests: most(sources) } };
  };
  const { initContainers } = spec;
  return podRequests({
    ...pod,
    spec: {
      ...spec,
      containers: spec.containers.map(resized),
      ...(initContainers ? { initContainers: initContainers.map(resized) } : {}),
    },
  });
}

function most(sources: readonly (Readonly<Record<string, QuantityText>> | undefined)[]): Record<string, QuantityText> {
  const result: Record<string, QuantityText> = {};
  for (const source of sources)
    for (const [name, quantity] of Object.entries(source ?? {}))
      if (result[name] === undefined || quantityNanos(quantity) > quantityNanos(result[name])) result[name] = quantity;
  return result;
}

/** What a Pod asks of its node. */
export function podRequests({ spec }: Pod): PodRequests {
  let requests = known.get(spec);
  if (!requests) {
    const nonZero = computed(spec, true);
    requests = {
      requested: computed(spec, false),
      nonZero: { cpu: nonZero.get("cpu") ?? 0, memory: nonZero.get("memory") ?? 0 },
    };
    known.set(spec, requests);
  }
  return requests;
}

/** Containers run together, init containers one after the other, sidecars beside all that follow (resource.PodRequests). */
function computed({ containers, initContainers = [], overhead }: PodSpec, defaults: boolean): Resources {
  const sum = new Map<string, number>();
  for (const container of containers) add(sum, requestsOf(container, defaults));
  const sidecars = new Map<string, number>();
  const initial = new Map<string, number>();
  for (const container of initContainers) {
    const requests = requestsOf(container, defaults);
    const beside = new Map(sidecars);
    add(beside, requests);
    if (isSidecar(container)) {
      add(sum, requests);
      add(sidecars, requests);
    }
    for (const [name, amount] of beside) initial.set(name, Math.max(initial.get(name) ?? 0, amount));
  }
  for (const [name, amount] of initial) sum.set(name, Math.max(sum.get(name) ?? 0, amount));
  if (overhead) add(sum, amounts(overhead));
  return sum;
}

function requestsOf({ resources }: Container, defaults: boolean): Resources {
  const requests = amounts(resources.requests ?? {});
  if (!defaults) return requests;
  return new Map([["cpu", DEFAULT_CPU], ["memory", DEFAULT_MEMORY], ...requests]);
}

function add(to: Map<string, number>, more: Resources): void {
  for (const [name, amount] of more) to.set(name, (to.get(name) ?? 0) + amount);
}

const NANO = 1_000_000_000n;
const MILLI = 1_000_000n;

/** Quantities as numbers, rounded up as Quantity.Value and MilliValue are. */
export function amounts(quantities: Readonly<Record<string, QuantityText>>): Resources {
  const result = new Map<string, number>();
  for (const name in quantities) {
    const unit = name === "cpu" ? MILLI : NANO;
    result.set(name, Number((quantityNanos(quantities[name]) + unit - 1n) / unit));
  }
  return result;
}
